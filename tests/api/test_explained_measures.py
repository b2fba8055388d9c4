"""Every number that a behaviour hands out has words in both languages, and no words lie about unused."""

import ast
import re
from pathlib import Path

import pytest

from api.explain import PHRASES, explain
from tests.conftest import REPOSITORY
from vision.article27 import ARTICLES, Article

ROOMS = [
    *sorted((REPOSITORY / "vision" / "behaviours").glob("*.py")),
    *[REPOSITORY / "vision" / name for name in ("judge.py", "episodes.py")],
]
LIMITS = {"hold_limit_s", "window_limit_s", "score_limit", "held_s"}
"""Said with how long it lasted, or drawn beside the evidence; `score_limit` is the page's dashed line."""

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _handed_out(room: Path) -> set[str]:
    """The names of numbers in a file that makes evidence: keys of its mappings, whatever those are called."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(room.read_text(encoding="utf-8"))):
        keys: list[ast.expr | None] = []
        if isinstance(node, ast.Dict):
            keys = list(node.keys)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            keys = [node.slice]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
            names |= {keyword.arg for keyword in node.keywords if keyword.arg}
        names |= {k.value for k in keys if isinstance(k, ast.Constant) and isinstance(k.value, str)}
    return names


HANDED_OUT = {room.stem: _handed_out(room) for room in ROOMS}


def test_the_names_are_found_where_they_stand() -> None:
    assert HANDED_OUT["absence"] == {"staff_seen", "staff_required"}
    assert HANDED_OUT["phone_use"] >= {"hand_to_ear", "phone_seen", "posture_only", "nose_above_shoulders"}
    assert HANDED_OUT["judge"] >= {"early_min"}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.stem)
def test_each_measure_has_a_phrase(room: Path) -> None:
    unsaid = HANDED_OUT[room.stem] - LIMITS - set(PHRASES)
    assert not unsaid, f"{room.name} hands out {sorted(unsaid)}: give it words in api/explain.py"


def test_each_phrase_is_said_in_both_languages_and_of_something() -> None:
    handed_out = set().union(*HANDED_OUT.values())
    for name, phrase in PHRASES.items():
        assert name in handed_out, f"nothing hands out {name} any more"
        said = phrase.words(1.0)
        assert said is not None
        assert CHINESE.search(said[0]), name
        assert not CHINESE.search(said[1]), name
        assert ("{}" in phrase.zh) == ("{}" in phrase.en), name


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.code)
def test_each_behaviour_and_variant_is_explained_in_words_of_its_own(article: Article) -> None:
    for variant in (None, *article.variants):
        zh, en = explain(article.code, variant, 30.0, 0.9, {})
        assert article.code not in en
        assert CHINESE.search(zh.split(",", maxsplit=1)[0])
        assert not CHINESE.search(en)
