"""One camera judged: parents, opening hours, restarts and bad views, over time."""

import json
from collections.abc import Iterable
from datetime import datetime

import pytest

from tests.vision.builders import CountedIds, at, observation, person
from vision.article27 import Limits
from vision.judge import Judge, OpenAt, WindowRules, always_open, default_limits
from vision.values import Ending, Event, Observation, Person, ViewQuality

LIMITS = {
    "absence": Limits(hold_s=6, window_s=8, gap_s=2, cooldown_s=5, blind_s=4),
    "empty_post": Limits(hold_s=15, window_s=17, gap_s=2, cooldown_s=5, blind_s=4),
    "arms_crossed": Limits(hold_s=5, window_s=7, gap_s=2, cooldown_s=5, blind_s=4),
}


def judge(open_at: OpenAt = always_open) -> Judge:
    return Judge("c1", [WindowRules("1", LIMITS, open_at)], CountedIds())


def seen(
    until_s: float, *persons: Person, from_s: float = 0.0, quality: ViewQuality = ViewQuality.OK
) -> list[Observation]:
    """The same people twice a second."""
    moments = range(int(from_s * 2), int(until_s * 2))
    return [observation(*persons, at_s=moment / 2, quality=quality) for moment in moments]


def told(judging: Judge, observations: Iterable[Observation]) -> list[Event]:
    return [event for one in observations for event in judging.observe(one).events]


def final(events: Iterable[Event], code: str) -> list[Event]:
    return list({event.id: event for event in events if event.behaviour == code}.values())


def test_an_empty_post_grows_from_the_absence_and_is_linked_to_it() -> None:
    events = told(judge(), seen(30))
    (absence,), (empty_post,) = final(events, "absence"), final(events, "empty_post")
    assert empty_post.parent == absence.id
    assert absence.parent is None
    assert empty_post.started_at == absence.started_at


def test_an_absence_that_ends_early_has_no_empty_post() -> None:
    events = told(judge(), [*seen(10), *seen(30, person(), from_s=10)])
    assert len(final(events, "absence")) == 1
    assert final(events, "empty_post") == []


def test_somebody_there_is_no_absence() -> None:
    assert told(judge(), seen(30, person())) == []


@pytest.mark.parametrize("quality", [one for one in ViewQuality if one is not ViewQuality.OK])
def test_a_camera_that_sees_nothing_tells_of_no_absence(quality: ViewQuality) -> None:
    judging = judge()
    assert told(judging, seen(60, quality=quality)) == []
    assert judging.finish(at(60)) == ()


def test_a_camera_that_goes_dark_interrupts_the_absence() -> None:
    events = told(judge(), [*seen(10), *seen(30, from_s=10, quality=ViewQuality.DARK)])
    (absence,) = final(events, "absence")
    assert absence.ending is Ending.INTERRUPTED
    assert absence.ended_at == at(10)


def until(seconds: float) -> OpenAt:
    def open_at(moment: datetime) -> bool:
        return moment < at(seconds)

    return open_at


def test_a_window_that_closes_ends_its_events() -> None:
    events = told(judge(until(10)), seen(30))
    (absence,) = final(events, "absence")
    assert absence.ending is Ending.WINDOW_CLOSED
    assert absence.ended_at == at(10)
    assert final(events, "empty_post") == []


def test_a_closed_window_is_not_judged() -> None:
    judging = judge(until(0))
    judgements = [judging.observe(one) for one in seen(60, person(arms="crossed"))]
    assert all(not j.evidence and not j.events and not j.open_windows for j in judgements)
    assert judging.snapshot() == {}


def test_unknown_opening_hours_judge_nothing() -> None:
    assert told(judge(lambda _: None), seen(60)) == []


def test_a_window_that_opens_again_starts_anew() -> None:
    def except_lunch(moment: datetime) -> bool:
        return not at(4) <= moment < at(20)

    assert final(told(judge(except_lunch), seen(24)), "absence") == []


@pytest.mark.parametrize("cut_s", [3, 7, 10, 14, 19])
def test_a_restart_in_the_middle_changes_nothing(cut_s: int) -> None:
    observations = [*seen(16, person(arms="crossed")), *seen(30, person(), from_s=16)]
    whole = told(judge(), observations)
    first, second = judge(), judge()
    second.new_id = first.new_id
    events = told(first, observations[: cut_s * 2])
    second.restore(json.loads(json.dumps(first.snapshot())))
    events += told(second, observations[cut_s * 2 :])
    assert events == whole
    (event,) = final(events, "arms_crossed")
    assert event.id == "e1"


def test_a_restart_after_long_ends_the_event_as_interrupted() -> None:
    first, second = judge(), judge()
    (born,) = final(told(first, seen(10, person(arms="crossed"))), "arms_crossed")
    second.restore(first.snapshot())
    (ended,) = final(told(second, seen(70, person(), from_s=60)), "arms_crossed")
    assert ended.id == born.id
    assert ended.revision > born.revision
    assert ended.ending is Ending.INTERRUPTED


def test_what_is_no_longer_judged_is_not_restored() -> None:
    first = judge()
    told(first, seen(10, person(arms="crossed")))
    second = Judge("c1", [WindowRules("2", LIMITS)], CountedIds())
    second.restore(first.snapshot())
    assert second.finish(at(20)) == ()


def test_when_the_source_ends_what_is_open_ends_with_it() -> None:
    judging = judge()
    told(judging, seen(10, person(arms="crossed")))
    (event,) = final(judging.finish(at(10)), "arms_crossed")
    assert event.ending is Ending.SOURCE_ENDED
    assert event.ended_at == at(10)
    assert judging.finish(at(11)) == ()


def test_two_windows_are_judged_apart() -> None:
    judging = Judge("c1", [WindowRules("1", LIMITS), WindowRules("2", LIMITS)], CountedIds())
    events = told(judging, seen(10, person(arms="crossed")))
    assert {(event.window, event.behaviour) for event in events} == {("1", "arms_crossed"), ("2", "absence")}


def test_the_strip_of_an_event_begins_with_it_and_is_nobody_elses() -> None:
    judging = judge()
    events = told(judging, [*seen(5, person()), *seen(15, person(arms="crossed"), from_s=5)])
    strip = judging.strip_of(events[-1])
    assert strip[0][0] == 0
    assert all(score is not None and score >= 0.5 for _, score in strip)
    other = judge()
    assert other.strip_of(events[-1]) == ()


def test_the_catalogue_gives_limits_for_all_that_can_be_seen() -> None:
    limits = default_limits()
    assert {"absence", "empty_post", "arms_crossed", "leaning", "phone_use", "smoking", "queue_line"} <= set(
        limits
    )
    assert limits["absence"].hold_s == 180
