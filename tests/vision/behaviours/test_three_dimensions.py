"""Postures judged in the person's own frame: from every side, mirrored, small or large, and with errors."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.behaviours.clerks import POSTURES, clerk
from tests.vision.builders import history_of, thing_at_hand, view
from vision.behaviours.behaviour import Judged
from vision.behaviours.catalogue import BEHAVIOURS
from vision.values import Evidence, Person, ThingKind

SHOWN = {
    "hands_on_hips": ("hand on hip", "hands on hips"),
    "chin_in_hand": ("chin in hand",),
    "reading": ("reading",),
    "slumped": ("lying",),
}
EVERY_SHOWN = [(code, posture) for code, postures in SHOWN.items() for posture in postures]
NEVER_SHOWN = [
    (code, posture)
    for code, postures in SHOWN.items()
    for posture in POSTURES
    if posture not in postures and (code, posture) != ("chin_in_hand", "call")
]
turns = st.floats(-50, 50)
tilts = st.floats(5, 35)


def judged(code: str, *people: Person) -> Evidence:
    one = view(*people)
    return BEHAVIOURS[code](one, history_of(one))


@pytest.mark.parametrize(("code", "posture"), EVERY_SHOWN)
@given(turned=turns, down=tilts, mirrored=st.booleans(), unit_px=st.floats(30, 120))
@settings(max_examples=25, deadline=None)
def test_a_posture_is_seen_from_every_side_mirrored_and_at_any_size(
    code: str, posture: str, turned: float, down: float, mirrored: bool, unit_px: float
) -> None:
    found = judged(code, clerk(posture, turned, down, mirrored, unit_px))
    assert found.score is not None
    assert found.score >= 0.5


@pytest.mark.parametrize(("code", "posture"), NEVER_SHOWN)
@given(turned=turns, down=tilts, mirrored=st.booleans())
@settings(max_examples=8, deadline=None)
def test_other_postures_are_not_taken_for_it(
    code: str, posture: str, turned: float, down: float, mirrored: bool
) -> None:
    found = judged(code, clerk(posture, turned, down, mirrored))
    assert found.score is None or found.score < 0.5


@given(turned=st.floats(-15, 15), down=tilts, mirrored=st.booleans())
@settings(max_examples=20, deadline=None)
def test_a_call_seen_from_the_front_is_no_propped_chin(turned: float, down: float, mirrored: bool) -> None:
    """From the side a hand at the ear lies over the mouth in the picture: there nobody tells the two."""
    found = judged("chin_in_hand", clerk("call", turned, down, mirrored))
    assert found.score is None or found.score < 0.5


@pytest.mark.parametrize(("code", "posture"), EVERY_SHOWN)
def test_joints_that_err_by_a_twentieth_leave_most_moments_right(code: str, posture: str) -> None:
    scores = [judged(code, clerk(posture, 20, noise=0.05, seed=seed)).score for seed in range(40)]
    assert sum(score is not None and score >= 0.5 for score in scores) >= 27
    work = [judged(code, clerk("typing", 20, noise=0.05, seed=seed)).score for seed in range(40)]
    assert sum(score is not None and score >= 0.5 for score in work) <= 2


@pytest.mark.parametrize("code", sorted(SHOWN))
def test_hidden_joints_say_nothing(code: str) -> None:
    hidden = tuple(
        f"{side}_{joint}" for side in ("left", "right") for joint in ("shoulder", "elbow", "wrist")
    )
    assert judged(code, clerk(SHOWN[code][0], unseen=(*hidden, "nose"))).score is None


@pytest.mark.parametrize("code", ["hands_on_hips", "reading"])
def test_without_depth_nothing_is_said(code: str) -> None:
    flat = clerk(SHOWN[code][0])
    assert flat.pose is not None
    assert judged(code, replace(flat, pose=replace(flat.pose, world=None))).score is None


def test_one_hand_and_both_are_told_apart() -> None:
    assert judged("hands_on_hips", clerk("hand on hip")).variant == "one"
    assert judged("hands_on_hips", clerk("hands on hips")).variant == "both"


def test_printed_matter_seen_makes_reading_surer() -> None:
    reader = clerk("reading")
    with_book = view(reader, things=[thing_at_hand(reader, ThingKind.BOOK)])
    surer = BEHAVIOURS["reading"](with_book, history_of(with_book))
    alone = judged("reading", reader)
    assert alone.score is not None
    assert surer.score is not None
    assert surer.score > alone.score
    assert surer.measures["book_seen"] > 0


def test_a_head_that_sank_out_of_the_engines_sight_is_slumped() -> None:
    upright = clerk("typing")
    views = [view(upright, at_s=second) for second in range(8)]
    x1, y1, x2, y2 = upright.box
    sunk = replace(upright, pose=None, box=(x1, y1 + 90, x2, y2))
    views.append(view(sunk, at_s=9))
    found = BEHAVIOURS["slumped"](views[-1], history_of(*views))
    assert found.score == 1
    still = view(replace(upright, pose=None), at_s=9)
    assert BEHAVIOURS["slumped"](still, history_of(*views[:-1], still)).score == 0


def test_the_public_is_never_judged() -> None:
    for code, (posture, *_) in SHOWN.items():
        one = view(public=[clerk(posture)])
        assert BEHAVIOURS[code](one, history_of(one)).score == 0


def test_what_is_judged_is_told_in_numbers() -> None:
    for code, (posture, *_) in SHOWN.items():
        assert judged(code, clerk(posture)).measures, code
    assert Judged(1.0).measures == {}
