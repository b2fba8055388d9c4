"""The report shows what went wrong, needs nothing beside it, and trusts no text."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

from datasets.evaluate import ClipScore, evaluate, score_clip
from datasets.report import Pictures, moments_of, report_html
from datasets.timeline_svg import timeline
from tests.datasets.measured import episode, flag, truth

WRONG = score_clip(
    truth(
        episode("phone_use", 5, 19),
        episode("arms_crossed", 20, 30),
        episode("smoking", 40, 42),
        near_misses=[{"like": "smoking", "what": "<b>drinking", "start_s": 30, "end_s": 38}],
    ),
    [flag("phone_use", 5, 19), flag("smoking", 31, 37)],
)
JPEG = b"\xff\xd8 a picture \xff\xd9"


def page(*scores: ClipScore, pictures: Pictures | None = None) -> str:
    return report_html(
        evaluate(scores), scores, pictures or {}, title="<test>", made_at=datetime(2026, 3, 2, tzinfo=UTC)
    )


class Tags(HTMLParser):
    """Which tags stand in a page and whether all are closed."""

    VOID = ("meta", "img", "br", "rect", "path")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.classes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.classes += [value or "" for name, value in attrs if name == "class"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_every_miss_and_every_false_flag_has_its_picture() -> None:
    moments = moments_of(WRONG)
    assert [(moment.kind, moment.behaviour) for moment in moments] == [
        ("miss", "arms_crossed"),
        ("false", "smoking"),
    ]
    shown = page(WRONG, pictures={"clip": dict.fromkeys(moments, JPEG)})
    assert shown.count('src="data:image/jpeg;base64,') == 2
    assert "no picture" not in shown


def test_a_miss_is_shown_in_the_middle_of_what_could_be_flagged() -> None:
    assert moments_of(WRONG)[0].at_s == (25 + 30) / 2


def test_a_picture_that_could_not_be_had_is_said() -> None:
    assert page(WRONG).count("no picture") == 2


def test_the_page_needs_nothing_beside_it_and_runs_nothing() -> None:
    shown = page(WRONG)
    assert re.findall(r"<(?:script|link|iframe)", shown) == []
    assert re.findall(r"(?:src|href)=\"(?!data:)", shown) == []
    assert "url(" not in shown


def test_the_page_is_well_formed_and_both_languages_stand_in_it() -> None:
    tags = Tags()
    tags.feed(page(WRONG))
    assert tags.open == []
    assert 'lang="zh-CN"' in page(WRONG)
    assert all(word in page(WRONG) for word in ("漏报", "missed", "误报", "false flag"))


def test_names_and_titles_are_text_and_no_markup() -> None:
    shown = page(WRONG)
    assert "<b>drinking" not in shown
    assert "<test>" not in shown
    assert "&lt;test&gt;" in shown


def test_the_timeline_tells_truth_and_events_apart() -> None:
    tags = Tags()
    tags.feed(timeline(WRONG))
    for kind in ("due hit", "due miss", "short", "near", "found", "false", "mark"):
        assert tags.classes.count(kind) == 1, kind


def test_a_clip_in_which_nothing_is_due_says_so() -> None:
    quiet = score_clip(truth(), [])
    assert timeline(quiet) == ""
    assert "nothing due" in page(quiet)
