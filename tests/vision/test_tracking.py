"""People keep their number while they cross, hide for a moment, or are seen more rarely."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.boxes import centre
from vision.tracking import Measured, Tracker, match
from vision.values import Box


def around(x: float, y: float = 200.0, width: float = 60.0, height: float = 160.0) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def walk(tracker: Tracker, moments: list[tuple[float, list[float]]]) -> list[list[int]]:
    """The ids given to people at these x, moment by moment."""
    ids = []
    for at_s, xs in moments:
        tracker.advance(at_s)
        ids.append(tracker.take([Measured(around(x), 0.9) for x in xs], at_s))
    return ids


@pytest.mark.parametrize("fps", [3.0, 5.0, 10.0, 25.0])
def test_two_people_who_cross_keep_their_ids(fps: float) -> None:
    """Where one covers the other wholly nobody can tell them apart; before and after that one can."""
    moments = []
    for index in range(int(5 * fps)):
        at_s = index / fps
        moments.append((at_s, [100 + 60 * at_s, 350 - 60 * at_s]))
    ids = walk(Tracker(), moments)
    told_apart = [one for one, (_, xs) in zip(ids, moments, strict=True) if abs(xs[0] - xs[1]) > 12]
    assert all(one == [1, 2] for one in told_apart)


@pytest.mark.parametrize("fps", [2.0, 5.0, 25.0])
def test_somebody_who_walks_is_one_person_at_any_frame_rate(fps: float) -> None:
    ids = walk(Tracker(), [(index / fps, [100 + 50 * index / fps]) for index in range(int(6 * fps))])
    assert {track_id for one in ids for track_id in one} == {1}


def test_who_is_hidden_shorter_than_the_coast_comes_back_as_the_same() -> None:
    moments = [(t / 5, [100.0] if t < 10 or t > 17 else []) for t in range(25)]
    assert walk(Tracker(coast_s=2.0), moments)[-1] == [1]


def test_who_is_hidden_longer_is_dropped_and_new_afterwards() -> None:
    tracker = Tracker(coast_s=2.0)
    walk(tracker, [(t / 5, [100.0]) for t in range(10)])
    tracker.advance(4.0)
    assert tracker.tracks == ()
    assert tracker.take([Measured(around(100), 0.9)], 4.0) == [2]


def test_who_is_coasting_does_not_fly_away() -> None:
    """Fading velocity: after two seconds unseen a walker of 100 px/s is at most 70 px farther."""
    tracker = Tracker(coast_s=3.0)
    walk(tracker, [(t / 5, [100 + 20.0 * t]) for t in range(10)])
    tracker.advance(3.8)
    (track,) = tracker.tracks
    assert 280 <= centre(track.box)[0] <= 355


def test_a_box_that_shares_nothing_with_a_track_is_somebody_else() -> None:
    assert walk(Tracker(), [(0.0, [100]), (0.2, [100, 400])])[-1] == [1, 2]


def test_one_persons_own_measurement_moves_nobody_else() -> None:
    tracker = Tracker()
    walk(tracker, [(0.0, [100, 300])])
    before = tracker.tracks[1].box
    tracker.advance(0.2)
    tracker.correct_one(1, Measured(around(110), 0.8), 0.2)
    first, second = tracker.tracks
    assert centre(first.box)[0] > 103
    assert second.box == pytest.approx(before)


def test_who_is_dropped_is_gone_and_the_number_is_not_given_again() -> None:
    tracker = Tracker()
    walk(tracker, [(0.0, [100, 300])])
    tracker.drop({2})
    assert [track.id for track in tracker.tracks] == [1]
    assert tracker.take([Measured(around(300), 0.9)], 0.0) == [3]


def test_time_that_stands_still_or_runs_back_carries_nobody() -> None:
    tracker = Tracker()
    walk(tracker, [(1.0, [100])])
    before = tracker.tracks[0].box
    tracker.advance(0.5)
    assert tracker.tracks[0].box == before


@given(st.permutations([100.0, 180.0, 300.0, 420.0]), st.floats(-8, 8))
@settings(max_examples=30, deadline=None)
def test_the_order_of_detections_means_nothing(order: list[float], moved: float) -> None:
    tracker = Tracker()
    tracker.take([Measured(around(x), 0.9) for x in (100.0, 180.0, 300.0, 420.0)], 0.0)
    ids = tracker.take([Measured(around(x + moved), 0.9) for x in order], 0.0)
    assert ids == [(100.0, 180.0, 300.0, 420.0).index(x) + 1 for x in order]


def test_nobody_matches_nothing() -> None:
    assert match([], [Measured(around(100), 0.9)]) == []
