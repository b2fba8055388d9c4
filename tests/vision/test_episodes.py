"""Evidence becomes events over time, and only over time: not by frames, not by luck, not by a restart."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.builders import CountedIds, Span, at, evidence, evidence_stream, moved
from vision.article27 import Limits
from vision.episodes import Episode, Phase, advance, close
from vision.values import Ending, Event, Evidence

LIMITS = Limits(hold_s=5, window_s=7, gap_s=2, cooldown_s=10, blind_s=6)
EMPTY = Episode("arms_crossed", "1", "c1")
FRAME_RATES = (2.0, 5.0, 10.0, 25.0)


def judged(
    samples: Iterable[Evidence],
    limits: Limits = LIMITS,
    until: datetime | None = None,
    ending: Ending = Ending.SOURCE_ENDED,
) -> list[Event]:
    """Everything that is told of a stream; with `until`, the stream is closed then."""
    state, told, new_id = EMPTY, [], CountedIds()
    for sample in samples:
        state, events = advance(state, sample, limits, new_id)
        told += events
    if until is not None:
        _, events = close(state, until, ending, limits, new_id)
        told += events
    return told


def final(told: Iterable[Event]) -> list[Event]:
    """The last state of each event, in order of birth."""
    return list({event.id: event for event in told}.values())


def seconds(moment: datetime | None) -> float:
    assert moment is not None
    return (moment - at(0)).total_seconds()


@dataclass(frozen=True)
class Scene:
    """Stretches of a behaviour, and the events (start, end) that they are to become."""

    spans: tuple[Span, ...]
    events: tuple[Span, ...]
    until_s: float


def tenths(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(round(low * 10), round(high * 10)).map(lambda tenth: tenth / 10)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Episodes clear of every limit by more than the slowest sampling: what they become is beyond doubt."""
    now, spans, events = draw(tenths(0, 5)), [], []
    for is_event in draw(st.lists(st.booleans(), min_size=1, max_size=4)):
        began = now
        lasts = draw(tenths(LIMITS.hold_s + 1.2, 20) if is_event else tenths(0.6, LIMITS.hold_s - 1.2))
        spans.append((now, now + lasts))
        now += lasts
        for pause in draw(st.lists(_PAUSES, max_size=3)) if is_event else ():
            again = now + pause
            now = again + draw(tenths(0.6, 8))
            spans.append((again, now))
        if is_event:
            events.append((began, now))
        now += LIMITS.cooldown_s + LIMITS.gap_s + draw(tenths(1.2, 20))
    return Scene(tuple(spans), tuple(events), now)


_PAUSES = tenths(0.6, LIMITS.gap_s - 0.6) | tenths(LIMITS.gap_s + 0.6, LIMITS.cooldown_s - 0.6)
"""Shorter than the gap, or long enough to end the event yet within its cool-down."""


@given(scenes(), st.sampled_from(FRAME_RATES))
@settings(max_examples=120, deadline=None)
def test_the_same_scene_gives_the_same_events_at_any_frame_rate(scene: Scene, fps: float) -> None:
    found = final(judged(evidence_stream(scene.spans, fps, scene.until_s)))
    assert len(found) == len(scene.events)
    for event, (began, ended) in zip(found, scene.events, strict=True):
        assert began - 1e-6 <= seconds(event.started_at) <= began + 1 / fps + 1e-6
        assert ended - 1e-6 <= seconds(event.ended_at) <= ended + 1 / fps + 1e-6
        held_from = seconds(event.started_at) + LIMITS.hold_s
        assert seconds(event.flagged_at) == pytest.approx(held_from, abs=1 / fps)


@given(scenes(), st.lists(st.integers(0, 4), min_size=7, max_size=7))
@settings(max_examples=60, deadline=None)
def test_a_fifth_of_the_frames_lost_changes_no_event(scene: Scene, lost: list[int]) -> None:
    """One of every five frames is missing, another one each time: two in a row at most."""
    samples = enumerate(evidence_stream(scene.spans, 10, scene.until_s))
    kept = [sample for index, sample in samples if index % 5 != lost[index // 5 % len(lost)]]
    found = final(judged(kept, until=at(scene.until_s)))
    assert len(found) == len(scene.events)
    for event, (began, ended) in zip(found, scene.events, strict=True):
        assert seconds(event.started_at) == pytest.approx(began, abs=0.3 + 1e-6)
        assert seconds(event.ended_at) == pytest.approx(ended, abs=0.3 + 1e-6)


@given(scenes(), st.integers(-(10**9), 10**9))
@settings(max_examples=40, deadline=None)
def test_the_hour_of_the_day_changes_nothing(scene: Scene, shift_s: int) -> None:
    samples = list(evidence_stream(scene.spans, 5, scene.until_s))
    shift = timedelta(seconds=shift_s)
    before, later = judged(samples), judged(moved(samples, shift_s))
    assert len(later) == len(before)
    for one, other in zip(before, later, strict=True):
        assert other.started_at == one.started_at + shift
        assert other.flagged_at == one.flagged_at + shift
        assert (other.revision, other.ending, other.measures) == (one.revision, one.ending, one.measures)


@given(scenes(), st.lists(st.integers(0, 1000), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_state_that_was_stored_and_read_back_goes_on_as_if_nothing_had_happened(
    scene: Scene, stored_after: list[int]
) -> None:
    samples = list(evidence_stream(scene.spans, 5, scene.until_s))
    state, told, new_id = EMPTY, [], CountedIds()
    for index, sample in enumerate(samples):
        state, events = advance(state, sample, LIMITS, new_id)
        told += events
        if index in {moment % len(samples) for moment in stored_after}:
            state = Episode.from_dict(json.loads(json.dumps(state.to_dict())))
    assert told == judged(samples)


def any_evidence() -> st.SearchStrategy[list[Evidence]]:
    """Evidence of any kind at any times, not even in order."""
    moment = st.tuples(tenths(0, 90), st.sampled_from((None, 0.0, 0.3, 0.5, 0.8, 1.0)))
    shuffled = st.lists(moment, max_size=80)
    ordered = shuffled.map(lambda pairs: sorted(pairs, key=lambda pair: pair[0]))
    return (shuffled | ordered | ordered).map(lambda pairs: [evidence(*pair) for pair in pairs])


@given(any_evidence(), tenths(0, 100), st.sampled_from(list(Ending)))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_an_event_is_consistent_in_itself(
    samples: list[Evidence], closed_s: float, ending: Ending
) -> None:
    told = judged(samples, until=at(closed_s), ending=ending)
    revisions: dict[str, int] = {}
    for event in told:
        assert event.revision == revisions.get(event.id, 0) + 1
        revisions[event.id] = event.revision
        assert event.started_at <= event.flagged_at
        assert (event.ended_at is None) == (event.ending is None)
        assert event.measures["held_s"] >= LIMITS.hold_s - 0.05
        if event.ended_at is not None:
            assert event.flagged_at <= event.ended_at
            duration_s = (event.ended_at - event.started_at).total_seconds()
            assert event.measures["held_s"] <= duration_s + 0.05
        assert LIMITS.score <= event.peak_score <= 1
    assert all(event.ended_at is not None for event in final(told))


@given(any_evidence())
@settings(max_examples=60, deadline=None)
def test_evidence_that_comes_late_is_left_out(samples: list[Evidence]) -> None:
    in_order: list[Evidence] = []
    for sample in samples:
        if not in_order or sample.captured_at > in_order[-1].captured_at:
            in_order.append(sample)
    assert judged(samples) == judged(in_order)


@given(any_evidence())
@settings(max_examples=60, deadline=None)
def test_nothing_seen_never_makes_an_event(samples: list[Evidence]) -> None:
    assert judged([replace(sample, score=None) for sample in samples], until=at(120)) == []


@pytest.mark.parametrize("fps", FRAME_RATES)
def test_just_under_the_hold_is_silence_and_the_hold_is_an_event(fps: float) -> None:
    below, exactly = (evidence_stream([(3, end)], fps, 30) for end in (8 - 1 / fps, 8))
    assert judged(below) == []
    (event,) = final(judged(exactly))
    assert seconds(event.started_at) == pytest.approx(3)
    assert seconds(event.flagged_at) == pytest.approx(8)
    assert seconds(event.ended_at) == pytest.approx(8)
    assert event.ending is Ending.CEASED


def test_moments_below_the_limits_score_do_not_count() -> None:
    weak = [replace(sample, score=0.49) for sample in evidence_stream([(0, 30)], 5, 30)]
    enough = [replace(sample, score=0.5) for sample in weak]
    assert judged(weak) == []
    assert len(final(judged(enough))) == 1


def test_positive_time_adds_up_within_the_window_only() -> None:
    """Half of every three seconds is at most 4 of any seven; three of every four is at least 5."""
    sparse = [(3 * index, 3 * index + 1.5) for index in range(20)]
    dense = [(4 * index, 4 * index + 3.0) for index in range(20)]
    assert judged(evidence_stream(sparse, 10, 60)) == []
    (event,) = final(judged(evidence_stream(dense, 10, 80), until=at(80)))
    assert seconds(event.ended_at) == pytest.approx(79, abs=0.2)


def test_one_episode_with_pauses_up_to_the_gap_is_one_event() -> None:
    told = judged(evidence_stream([(0, 6), (8, 12), (14, 20)], 10, 40))
    (event,) = final(told)
    assert (seconds(event.started_at), seconds(event.ended_at)) == (0, pytest.approx(20))
    assert [one.ending for one in told].count(Ending.CEASED) == 1
    assert event.measures["held_s"] == pytest.approx(16)


def test_a_pause_beyond_gap_and_cool_down_makes_two_events() -> None:
    found = final(judged(evidence_stream([(0, 6), (16.5, 23)], 10, 60)))
    assert [event.id for event in found] == ["e1", "e2"]


def test_within_the_cool_down_the_same_event_goes_on_without_a_new_hold() -> None:
    told = judged(evidence_stream([(0, 6), (15.5, 17)], 10, 60))
    assert {event.id for event in told} == {"e1"}
    endings = [(event.ending, seconds(event.ended_at)) for event in told if event.ended_at]
    assert endings == [(Ending.CEASED, pytest.approx(6)), (Ending.CEASED, pytest.approx(17))]
    assert [event.revision for event in told] == list(range(1, len(told) + 1))
    reopened = told[2]
    assert reopened.ended_at is None
    assert reopened.ending is None


def test_a_blind_camera_interrupts_what_is_open() -> None:
    told = judged(evidence_stream([(0, 8)], 10, 20, blind=[(8, 20)]))
    (event,) = final(told)
    assert event.ending is Ending.INTERRUPTED
    assert seconds(event.ended_at) == pytest.approx(8)


def test_a_short_blindness_neither_splits_nor_counts() -> None:
    told = judged(evidence_stream([(0, 8), (12, 16)], 10, 40, blind=[(8, 12)]))
    (event,) = final(told)
    assert event.ending is Ending.CEASED
    assert seconds(event.ended_at) == pytest.approx(16)
    assert event.measures["held_s"] == pytest.approx(12)


def test_what_added_up_before_a_blindness_alone_is_no_event() -> None:
    assert judged(evidence_stream([(0, 4)], 10, 60, blind=[(4, 60)]), until=at(60)) == []


@pytest.mark.parametrize("silence_s", [1.6, 4.0, 600.0])
def test_a_silence_without_samples_was_not_observed(silence_s: float) -> None:
    """Two lonely samples far apart are two moments, not a stretch."""
    lonely = [evidence(0), evidence(silence_s), evidence(silence_s + 0.2, 0.0)]
    assert judged(lonely, until=at(silence_s + 10)) == []


def test_a_process_that_comes_back_after_a_long_time_ends_the_event_as_interrupted() -> None:
    told = judged([*evidence_stream([(0, 8)], 5, 8), *evidence_stream([], 5, 62, from_s=60)])
    (event,) = final(told)
    assert event.ending is Ending.INTERRUPTED
    assert seconds(event.ended_at) == pytest.approx(9.3, abs=0.2)


@given(tenths(0, 30), st.sampled_from(list(Ending)))
@settings(max_examples=40, deadline=None)
def test_closing_at_any_time_ends_what_is_open_and_leaves_nothing(closed_s: float, ending: Ending) -> None:
    new_id = CountedIds()
    state, told = EMPTY, []
    for sample in evidence_stream([(0, 12)], 10, closed_s):
        state, events = advance(state, sample, LIMITS, new_id)
        told += events
    state, events = close(state, at(closed_s), ending, LIMITS, new_id)
    told += events
    assert state == EMPTY
    assert len(final(told)) == (1 if closed_s >= LIMITS.hold_s else 0)
    for event in final(told):
        assert seconds(event.ended_at) == pytest.approx(min(closed_s, 12))
        assert event.ending is (ending if closed_s <= 12 + LIMITS.gap_s else Ending.CEASED)


def test_closing_before_the_last_sample_still_ends_the_event() -> None:
    (event,) = final(judged(evidence_stream([(0, 9)], 5, 9), until=at(2), ending=Ending.WINDOW_CLOSED))
    assert event.ending is Ending.WINDOW_CLOSED


def test_an_event_that_goes_on_is_told_every_few_seconds_not_every_frame() -> None:
    told = judged(evidence_stream([(0, 65)], 25, 65))
    assert 10 <= len(told) <= 15


def test_the_variant_is_the_one_that_lasted_longest_and_the_measures_are_the_peaks() -> None:
    call = [replace(sample, variant="call", score=0.6) for sample in evidence_stream([(0, 9)], 5, 9)]
    screen = [
        replace(sample, variant="screen", score=0.9, measures={"phone_seen": 0.9})
        for sample in evidence_stream([(9, 12)], 5, 12, from_s=9)
    ]
    (event,) = final(judged([*call, *screen], until=at(12)))
    assert event.variant == "call"
    assert event.peak_score == 0.9
    assert event.measures["phone_seen"] == 0.9


def test_what_is_told_first_is_told_when_the_rule_is_met_and_not_at_the_end() -> None:
    state, new_id = EMPTY, CountedIds()
    samples: Sequence[Evidence] = list(evidence_stream([(0, 60)], 10, 60))
    for sample in samples:
        state, events = advance(state, sample, LIMITS, new_id)
        if events:
            assert (sample.captured_at - events[0].flagged_at).total_seconds() <= 0.1
            assert state.phase is Phase.OPEN
            return
    pytest.fail("nothing was told")


def test_a_state_is_quiet_only_while_nothing_has_added_up() -> None:
    state, _ = advance(EMPTY, evidence(0, 0.0), LIMITS, CountedIds())
    assert state.quiet
    state, _ = advance(state, evidence(0.2), LIMITS, CountedIds())
    state, _ = advance(state, evidence(0.4), LIMITS, CountedIds())
    assert not state.quiet


def test_what_is_no_state_is_refused() -> None:
    with pytest.raises(ValueError, match="phase"):
        Episode.from_dict({**EMPTY.to_dict(), "phase": "asleep"})
