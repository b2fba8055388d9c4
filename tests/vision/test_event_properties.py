"""The same conduct makes the same events, however a camera hangs and however often one looks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.vision.behaviours.clerks import clerk
from tests.vision.builders import NOON, observation
from vision.judge import Judge, WindowRules, default_limits
from vision.values import Event, Observation, Person, ViewQuality

SHOWN = {
    "hands_on_hips": "hands on hips",
    "chin_in_hand": "chin in hand",
    "reading": "reading",
    "slumped": "lying",
    "pointing": "pointing",
}
LASTS_S = {"reading": 34.0, "slumped": 16.0, "chin_in_hand": 14.0, "hands_on_hips": 10.0, "pointing": 4.0}
TURNED = {"pointing": 50.0}
"""An arm that points at the camera cannot be told from one on the desk."""

BEFORE_S, AFTER_S = 8.0, 14.0
NOISE = 0.03
"""An engine's jitter, shoulder breadths."""

Change = Callable[[Person], Person]


def seen(
    posture: str,
    lasts_s: float,
    fps: float = 5.0,
    change: Change = lambda person: person,
    noise: float = NOISE,
    mirrored: bool = False,
    turned: float | None = None,
) -> Iterator[Observation]:
    """Work, the posture, work."""
    turned = TURNED.get(posture, 15.0) if turned is None else turned
    total = BEFORE_S + lasts_s + AFTER_S
    for index in range(round(total * fps)):
        at_s = index / fps
        now = posture if BEFORE_S <= at_s < BEFORE_S + lasts_s else "typing"
        who = clerk(now, turned, mirrored=mirrored, noise=noise, seed=round(at_s * 100))
        yield observation(change(who), at_s=at_s)


def events_of(observations: Sequence[Observation] | Iterator[Observation]) -> list[Event]:
    """Every event that ends in what was seen, as it ended."""
    numbers = iter(range(10_000))
    judge = Judge("c1", [WindowRules("1", default_limits())], lambda _: f"e{next(numbers)}")
    events: dict[str, Event] = {}
    for one in observations:
        events |= {event.id: event for event in judge.observe(one).events}
        last = one.captured_at
    events |= {event.id: event for event in judge.finish(last)}
    return list(events.values())


def only(events: list[Event], code: str) -> Event:
    assert [event.behaviour for event in events] == [code]
    return events[0]


def lies_right(event: Event, lasts_s: float, slack_s: float) -> None:
    begun = (event.started_at - NOON).total_seconds()
    assert event.ended_at is not None
    ended = (event.ended_at - NOON).total_seconds()
    assert begun == pytest.approx(BEFORE_S, abs=slack_s)
    assert ended == pytest.approx(BEFORE_S + lasts_s, abs=slack_s)


@pytest.mark.parametrize(
    ("code", "fps"),
    [(code, fps) for code in SHOWN for fps in (2, 5, 10)] + [("hands_on_hips", 25), ("pointing", 25)],
)
def test_the_rate_of_looking_changes_no_event(code: str, fps: float) -> None:
    lasts_s = LASTS_S[code]
    lies_right(only(events_of(seen(SHOWN[code], lasts_s, fps)), code), lasts_s, 1.5)


@pytest.mark.parametrize("code", SHOWN)
def test_a_mirror_changes_no_event(code: str) -> None:
    event = only(
        events_of(seen(SHOWN[code], LASTS_S[code], mirrored=True, turned=-TURNED.get(code, 15.0))), code
    )
    lies_right(event, LASTS_S[code], 1.0)


def resized(factor: float, shift: tuple[float, float]) -> Change:
    """The same person nearer, farther or elsewhere in the picture."""

    def change(person: Person) -> Person:
        assert person.pose is not None
        keypoints = person.pose.keypoints.copy()
        keypoints[:, :2] = keypoints[:, :2] * factor + np.array(shift, dtype=np.float32)
        x1, y1, x2, y2 = (value * factor for value in person.box)
        box = (x1 + shift[0], y1 + shift[1], x2 + shift[0], y2 + shift[1])
        return replace(person, box=box, pose=replace(person.pose, keypoints=keypoints))

    return change


@pytest.mark.parametrize("code", SHOWN)
@pytest.mark.parametrize(
    ("factor", "shift"), [(0.6, (100.0, 60.0)), (1.0, (-60.0, 20.0)), (1.1, (-30.0, -40.0))]
)
def test_size_and_place_in_the_picture_change_no_event(
    code: str, factor: float, shift: tuple[float, float]
) -> None:
    event = only(events_of(seen(SHOWN[code], LASTS_S[code], change=resized(factor, shift))), code)
    lies_right(event, LASTS_S[code], 1.0)


@pytest.mark.parametrize("code", ["hands_on_hips", "chin_in_hand", "slumped", "pointing"])
def test_joints_that_err_by_a_tenth_of_a_forearm_change_no_event(code: str) -> None:
    """A forearm is 0.7 shoulder breadths long."""
    events = events_of(seen(SHOWN[code], LASTS_S[code], noise=0.07))
    assert [event.behaviour for event in events] == [code]


@pytest.mark.parametrize("code", SHOWN)
def test_a_fifth_of_the_frames_may_be_lost(code: str) -> None:
    random = np.random.default_rng(5)
    kept = [one for one in seen(SHOWN[code], LASTS_S[code]) if random.random() > 0.2]
    lies_right(only(events_of(kept), code), LASTS_S[code], 1.5)


@pytest.mark.parametrize("code", SHOWN)
@pytest.mark.parametrize("view", [view for view in ViewQuality if view is not ViewQuality.OK])
def test_without_a_view_nothing_is_said(code: str, view: ViewQuality) -> None:
    blind = [replace(one, view=view, persons=()) for one in seen(SHOWN[code], LASTS_S[code])]
    assert events_of(blind) == []


@pytest.mark.parametrize("code", SHOWN)
def test_shorter_than_its_limit_is_no_event(code: str) -> None:
    short_s = default_limits()[code].hold_s * 0.6
    assert events_of(seen(SHOWN[code], short_s)) == []


@pytest.mark.parametrize("code", SHOWN)
def test_a_camera_that_fails_in_the_middle_interrupts_and_adds_nothing(code: str) -> None:
    lasts_s, limits = LASTS_S[code], default_limits()[code]
    dark_from = NOON + timedelta(seconds=BEFORE_S + limits.hold_s + 2)
    observations = [
        replace(one, view=ViewQuality.COVERED, persons=()) if one.captured_at >= dark_from else one
        for one in seen(SHOWN[code], lasts_s + 20)
    ]
    event = only(events_of(observations), code)
    assert event.ended_at is not None
    assert event.ended_at <= dark_from + timedelta(seconds=1)


def test_two_minutes_of_work_make_no_event() -> None:
    for turned in (-30.0, 30.0):
        assert events_of(seen("typing", 40.0, turned=turned)) == []
