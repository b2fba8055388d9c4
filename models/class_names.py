"""One name for each kind of thing, whatever the makers of a network called its class.

Kinds that COCO has keep COCO's name; judgement knows things by these names.
"""

from types import MappingProxyType

SAME_AS = {
    "person": ("people", "human", "pedestrian", "人", "行人", "人员"),
    "cell phone": ("phone", "mobile", "mobile phone", "cellphone", "smartphone", "telephone", "using phone",
                   "手机", "电话"),
    "cigarette": ("smoke", "smoking", "cigarettes", "香烟", "抽烟", "吸烟", "烟"),
    "book": ("books", "magazine", "newspaper", "书", "书籍", "报纸", "杂志"),
    "chair": ("seat", "office chair", "椅子", "座椅"),
    "cup": ("mug", "杯子", "水杯"),
    "bottle": ("water bottle", "瓶子", "水瓶"),
    "laptop": ("notebook computer", "笔记本电脑"),
}  # fmt: skip

_KINDS = MappingProxyType({other: kind for kind, others in SAME_AS.items() for other in (kind, *others)})


def kind_of(label: str) -> str:
    """The common name of a network's class; a class that nobody listed keeps its own, in small letters."""
    plain = " ".join(label.casefold().replace("_", " ").replace("-", " ").split())
    return _KINDS.get(plain, plain)
