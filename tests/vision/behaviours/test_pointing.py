"""One arm straight out across the picture, from both sides, at any size; and all that must not look so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.behaviours.clerks import clerk
from tests.vision.builders import CountedIds, history_of, observation, view
from vision.article27 import CATALOGUE
from vision.assessable import Unassessable
from vision.behaviours.pointing import score
from vision.judge import Judge, WindowRules
from vision.values import Event, Evidence, Person
from vision.window_view import WindowView

LIMIT = CATALOGUE["pointing"].limits.score
ASIDE = st.floats(50, 70)
DOWN = st.floats(5, 28)


def worked(turned: float, down: float = 20.0, **more: object) -> list[WindowView]:
    """Six seconds at work, twice a second."""
    return [view(clerk("typing", turned, down, **more), at_s=index / 2) for index in range(12)]  # type: ignore[arg-type]


def then(posture: str, turned: float = 45.0, down: float = 20.0, **more: object) -> Evidence:
    """What a posture shows of somebody who has been at work before."""
    now = view(clerk(posture, turned, down, **more), at_s=6.0)  # type: ignore[arg-type]
    return score(now, history_of(*worked(turned, down, **more), now))


@given(turned=ASIDE, down=DOWN, mirrored=st.booleans(), unit_px=st.floats(30, 120))
@settings(max_examples=30, deadline=None)
def test_an_arm_straight_out_is_seen_from_aside(
    turned: float, down: float, mirrored: bool, unit_px: float
) -> None:
    turned = -turned if mirrored else turned
    assert (then("pointing", turned, down, mirrored=mirrored, unit_px=unit_px).score or 0) >= LIMIT


@pytest.mark.parametrize(
    "posture",
    [
        "typing",
        "hand on hip",
        "hands in lap",
        "hanging arms",
        "chin in hand",
        "call",
        "reading",
        "one sheet",
        "lying",
        "writing low",
        "reaching down",
        "both arms out",
    ],
)
@given(turned=st.floats(-70, 70), down=DOWN, mirrored=st.booleans())
@settings(max_examples=12, deadline=None)
def test_nothing_else_points(posture: str, turned: float, down: float, mirrored: bool) -> None:
    found = then(posture, turned, down, mirrored=mirrored).score
    assert found is None or found < LIMIT


def test_from_the_front_nobody_can_tell_and_the_reason_is_told() -> None:
    found = then("pointing", turned=0.0)
    assert (found.score, found.reason) == (None, Unassessable.VIEW_ANGLE)


def test_a_hand_that_is_always_there_points_at_nothing() -> None:
    always = [view(clerk("pointing", 45), at_s=index / 2) for index in range(24)]
    assert score(always[-1], history_of(*always)).score == 0


def test_at_first_sight_it_is_not_known_where_hands_usually_are() -> None:
    only = view(clerk("pointing", 45))
    assert score(only, history_of(only)).score is None


@pytest.mark.parametrize("unseen", ["left_wrist", "right_elbow"])
def test_an_arm_that_is_hidden_leaves_it_open(unseen: str) -> None:
    found = then("pointing", unseen=(unseen,))
    assert (found.score, found.reason) == (None, Unassessable.JOINTS_HIDDEN)


@pytest.mark.parametrize("noise", [0.03, 0.06])
def test_joints_that_scatter_hide_few_moments_and_make_none_up(noise: float) -> None:
    out = [then("pointing", noise=noise, seed=seed).score or 0 for seed in range(20)]
    work = [then("typing", noise=noise, seed=seed).score or 0 for seed in range(20)]
    assert sum(one >= LIMIT for one in out) >= 15
    assert sum(one >= LIMIT for one in work) == 0


def events(seconds_out: float, fps: float) -> list[Event]:
    """The events of somebody who works, points for so long, and works again."""
    rules = WindowRules("1", {"pointing": CATALOGUE["pointing"].limits})
    judge = Judge("c1", [rules], CountedIds())
    found: dict[str, Event] = {}
    for index in range(int(20 * fps)):
        at_s = index / fps
        posture = "pointing" if 10 <= at_s < 10 + seconds_out else "typing"
        who: Person = clerk(posture, 45)
        found |= {event.id: event for event in judge.observe(observation(who, at_s=at_s)).events}
    return list(found.values())


@pytest.mark.parametrize("fps", [5.0, 10.0, 25.0])
def test_two_seconds_are_flagged_at_any_rate_and_one_is_not(fps: float) -> None:
    (event,) = events(2.0, fps)
    assert event.behaviour == "pointing"
    assert event.measures["arm_reach"] > 0.9
    assert events(1.0, fps) == []
