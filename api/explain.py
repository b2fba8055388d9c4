"""Why an event was flagged, in one sentence: what was seen, how long, against which limit.

Measures are the numbers that a rule hands out with its evidence. Those listed here have words; a number
without words would tell a reviewer nothing, and is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from vision.article27 import CATALOGUE, Article


@dataclass(frozen=True, slots=True)
class Phrase:
    """A measure in words; `{}` takes the number, written with `digits` digits after the point.

    `share` numbers (0..1) are written as percent; a value of zero is not worth a word where `silent_zero`.
    """

    zh: str
    en: str
    digits: int = 0
    share: bool = False
    silent_zero: bool = False

    def words(self, value: float) -> tuple[str, str] | None:
        """In Chinese and in English; None where there is nothing to say."""
        if self.silent_zero and not value:
            return None
        number = f"{value * 100 if self.share else value:.{self.digits}f}" + ("%" if self.share else "")
        return self.zh.format(number), self.en.format(number)


PHRASES: Mapping[str, Phrase] = MappingProxyType(
    {
        "torso_tilt_deg": Phrase("躯干偏离坐姿 {}°", "trunk {}° off the working posture"),
        "wrist_to_other_elbow": Phrase(
            "手腕距对侧肘部 {} 个肩宽", "wrists {} shoulder widths from the other elbow", digits=2
        ),
        "hand_to_ear": Phrase("手距耳 {} 个肩宽", "hand {} shoulder widths from the ear", digits=2),
        "nose_above_shoulders": Phrase(
            "头部高出肩线 {} 个肩宽", "head {} shoulder widths above the shoulders", digits=2
        ),
        "phone_seen": Phrase(
            "检出手机(把握 {})", "a phone was seen (certainty {})", share=True, silent_zero=True
        ),
        "posture_only": Phrase("仅凭姿态,未检出物品", "by posture alone, no object seen", silent_zero=True),
        "cigarette_seen": Phrase(
            "检出香烟(把握 {})", "a cigarette was seen (certainty {})", share=True, silent_zero=True
        ),
        "book_seen": Phrase(
            "检出书报(把握 {})", "printed matter was seen (certainty {})", share=True, silent_zero=True
        ),
        "wrist_to_hip": Phrase("手腕距髋 {} 个肩宽", "wrist {} shoulder widths from the hip", digits=2),
        "elbow_out": Phrase("肘部外张 {} 个肩宽", "elbow {} shoulder widths out", digits=2),
        "hand_to_mouth": Phrase("手距口 {} 个肩宽", "hand {} shoulder widths from the mouth", digits=2),
        "head_sunk": Phrase("头部下沉 {} 个肩宽", "head {} shoulder widths below its usual place", digits=2),
        "hands_apart": Phrase("两手相距 {} 个肩宽", "hands {} shoulder widths apart", digits=2),
        "arm_reach": Phrase("手臂伸出 {} 个肩宽", "arm out by {} shoulder widths", digits=2),
        "staff_together": Phrase("{} 名工作人员相聚", "{} staff together"),
        "puffs": Phrase(
            "半分钟内手到嘴边 {} 次", "hand to the mouth {} times in half a minute", silent_zero=True
        ),
        "staff_seen": Phrase("工作区内 {} 人", "{} people on the staff side"),
        "staff_required": Phrase("应有 {} 人在岗", "{} people required"),
        "late_min": Phrase("比应到岗时间晚 {} 分钟", "{} min after the post was due", digits=1),
        "early_min": Phrase("距下班还有 {} 分钟", "{} min before closing", digits=1),
        "people_inside": Phrase("一米线内 {} 人", "{} people inside the 1-metre line"),
        "people_doubtful": Phrase("另有 {} 人在线上,无法断定", "{} more on the line, not told"),
        "beyond_line_m": Phrase("越线 {} 米", "{} m beyond the line", digits=2),
        "error_m": Phrase("位置误差 ±{} 米", "place ± {} m", digits=2),
        "judged_share": Phrase("{} 的画面可判", "{} of the pictures could be judged", share=True),
        "nearest_m": Phrase("最近者距柜台 {} 米", "the nearest {} m from the counter", digits=1),
    }
)

_JOINTS_ZH = MappingProxyType(
    {"wrists": "腕", "elbows": "肘", "ears": "耳", "nose": "鼻", "shoulders": "肩", "hips": "髋"}
)

_SEEN: Mapping[tuple[str, str | None], tuple[str, str]] = MappingProxyType(
    {
        ("absence", None): ("窗口开放而工作区无人", "The window was open with nobody at the post"),
        ("empty_post", None): ("空岗已到须报备的时长", "The post stayed empty"),
        ("late_arrival", None): ("开窗前 10 分钟未到岗", "The post was not taken 10 minutes before opening"),
        ("early_departure", None): ("未到下班时间离岗未归", "The post was left for good before closing time"),
        ("phone_use", None): ("使用手机", "A phone was in use"),
        ("phone_use", "call"): ("手持电话贴近耳边", "A hand or phone was held to the ear"),
        ("phone_use", "screen"): ("手持手机低头观看", "The head was bent to a phone in the hand"),
        ("reading", None): ("手持书报阅读", "Printed matter was held open before the eyes"),
        ("arms_crossed", None): ("双臂交叉于胸前", "Both forearms were folded across the chest"),
        ("hands_on_hips", None): ("手叉腰,肘部外张", "A hand was on the hip, the elbow out"),
        ("chin_in_hand", None): ("以手托腮", "The head was propped on a hand"),
        ("slumped", None): ("上身趴在桌面", "The upper body lay on the desk"),
        ("leaning", None): ("身体倚靠", "The body leaned"),
        ("leaning", "back"): ("身体后仰倚靠椅背", "The body leaned back on the chair"),
        ("leaning", "side"): ("身体侧倾倚靠", "The body leaned to one side"),
        ("leaning", "counter"): ("身体前倾倚靠柜台", "The body leaned on the counter"),
        ("pointing", None): ("单手直指他人或物品", "One arm pointed straight at somebody or something"),
        ("gathering", None): ("多名工作人员离岗聚集", "Several staff stood together away from their posts"),
        ("smoking", None): ("有吸烟动作", "Somebody smoked"),
        ("queue_line", None): ("等候者越过一米线", "People queued inside the 1-metre line"),
    }
)


def explain(
    behaviour: str,
    variant: str | None,
    seconds: float,
    peak_score: float | None,
    measures: Mapping[str, float],
) -> tuple[str, str]:
    """One sentence in Chinese and one in English; `seconds` is how long it is known to have lasted.

    Without a score where it is not to be told.
    """
    article = CATALOGUE.get(behaviour)
    seen = _SEEN.get((behaviour, variant)) or _SEEN.get((behaviour, None)) or _named(behaviour, article)
    lasted = _lasted(seconds, measures, article)
    said = [
        words
        for name, phrase in PHRASES.items()
        if name in measures and (words := phrase.words(measures[name]))
    ]
    if article is not None and article.joints:
        said.append(_told_by(article))
    if peak_score is not None:
        said.append((f"最高得分 {peak_score:.2f}", f"peak score {peak_score:.2f}"))
    parts = [lasted, *said]
    return (
        f"{seen[0]}," + ";".join(zh for zh, _ in parts) + "。",
        f"{seen[1]} " + "; ".join(en for _, en in parts) + ".",
    )


def _told_by(article: Article) -> tuple[str, str]:
    """The joints that tell it."""
    zh = "、".join(_JOINTS_ZH[joint] for joint in article.joints)
    return f"依据{zh}的位置", f"told by {', '.join(article.joints)}"


def _named(behaviour: str, article: Article | None) -> tuple[str, str]:
    return (article.zh, article.en) if article else (behaviour, behaviour)


def _lasted(seconds: float, measures: Mapping[str, float], article: Article | None) -> tuple[str, str]:
    """How long it went on, for how much of that it was seen, and the limit."""
    zh, en = f"持续 {span_zh(seconds)}", f"for {span_en(seconds)}"
    held = measures.get("held_s")
    if held is not None and held < seconds - 0.1:
        zh, en = f"{zh}(其中看到 {span_zh(held)})", f"{en}, seen for {span_en(held)} of it"
    limit = _limit(measures, article)
    return (f"{zh},{limit[0]}", f"{en} ({limit[1]})") if limit else (zh, en)


def _limit(measures: Mapping[str, float], article: Article | None) -> tuple[str, str] | None:
    """The hall's own limit where the measures carry it, else the catalogue's."""
    default = article.limits if article else None
    hold = measures.get("hold_limit_s", default.hold_s if default else None)
    window = measures.get("window_limit_s", default.window_s if default else None)
    if hold is None:
        return None
    if window is None or window <= hold * 1.1:
        return f"阈值 {span_zh(hold)}", f"limit {span_en(hold)}"
    return f"阈值 {span_zh(window)}中 {span_zh(hold)}", f"limit {span_en(hold)} within {span_en(window)}"


def span_zh(seconds: float) -> str:
    """A length of time as people say it, in Chinese."""
    if seconds < 120:
        return f"{seconds:.3g} 秒"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} 分 {rest} 秒" if rest else f"{minutes} 分钟"


def span_en(seconds: float) -> str:
    """The same in English."""
    if seconds < 120:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"
