"""The ledger of time counts what was seen, no more, and in the hour it belongs to."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallwatch.observed_time import LONGEST_SAMPLE, ObservedTime
from hallwatch.wire import LedgerRow
from vision.values import Observation, Person, Side, ViewQuality

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLERK = Person(1, (0.0, 0.0, 10.0, 10.0), 0.9, window="1", zone=Side.STAFF)
CITIZEN = Person(2, (0.0, 0.0, 10.0, 10.0), 0.9, window="1", zone=Side.PUBLIC)


def seen(
    at_s: float, *persons: Person, view: ViewQuality = ViewQuality.OK, since: datetime = NINE
) -> Observation:
    return Observation("1", since + timedelta(seconds=at_s), (640, 360), persons, view=view)


def nothing_known(_window: str, _camera: str, _hour: datetime) -> LedgerRow | None:
    return None


def counted(observations: Iterable[Observation], windows: Iterable[str] = ("1",)) -> dict[int, LedgerRow]:
    """Rows of window 1 by hour of the day."""
    time = ObservedTime("1", nothing_known)
    for observation in observations:
        time.take(observation, windows)
    return {row.hour.hour: row for row in time.changed() if row.window == "1"}


def sums(row: LedgerRow) -> tuple[float, float, float]:
    return row.open_s, row.observed_s, row.present_s


def test_a_manned_second_is_open_observed_and_present() -> None:
    assert sums(counted([seen(0, CLERK), seen(1, CLERK)])[9]) == (1, 1, 1)


def test_somebody_on_the_public_side_does_not_man_the_window() -> None:
    assert sums(counted([seen(0, CITIZEN), seen(1)])[9]) == (1, 1, 0)


def test_a_clerk_at_the_next_window_does_not_man_this_one() -> None:
    neighbour = Person(3, CLERK.box, 0.9, window="2", zone=Side.STAFF)
    assert sums(counted([seen(0, neighbour), seen(1)], ("1", "2"))[9]) == (1, 1, 0)


def test_a_stretch_over_the_full_hour_is_cut_there() -> None:
    rows = counted([seen(3599.5, CLERK), seen(3600.5, CLERK)])
    assert (sums(rows[9]), sums(rows[10])) == ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


def test_hours_are_of_utc_whatever_zone_the_frames_speak_of() -> None:
    kathmandu = NINE.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert list(counted([seen(0, since=kathmandu), seen(1, since=kathmandu)])) == [9]


def test_a_gap_between_frames_is_not_counted_beyond_one_sample() -> None:
    assert counted([seen(0, CLERK), seen(600, CLERK)])[9].open_s == LONGEST_SAMPLE.total_seconds()


@pytest.mark.parametrize("view", [quality for quality in ViewQuality if quality is not ViewQuality.OK])
def test_p15_a_view_that_shows_nothing_is_open_but_not_observed(view: ViewQuality) -> None:
    assert sums(counted([seen(0, CLERK, view=view), seen(1)])[9]) == (1, 0, 0)


def test_a_closed_window_is_not_counted() -> None:
    assert counted([seen(0, CLERK), seen(1, CLERK)], windows=()) == {}


def test_it_goes_on_from_what_an_earlier_process_had_counted() -> None:
    earlier = LedgerRow("1", "1", NINE, 100, 90, 80)
    time = ObservedTime("1", lambda *key: earlier if key == ("1", "1", NINE) else None)
    time.take(seen(200, CLERK), ["1"])
    time.take(seen(201, CLERK), ["1"])
    assert [sums(row) for row in time.changed()] == [(101, 91, 81)]


def test_rows_that_did_not_grow_are_not_told_again() -> None:
    time = ObservedTime("1", nothing_known)
    time.take(seen(0), ["1"])
    time.take(seen(1), ["1"])
    assert time.changed()
    assert not time.changed()


@given(
    steps=st.lists(st.floats(0.05, 1.4), min_size=1, max_size=40),
    starts_s=st.floats(0, 7190),
    manned_at=st.integers(0, 40),
)
def test_finer_frames_of_the_same_scene_give_the_same_sums(
    steps: list[float], starts_s: float, manned_at: int
) -> None:
    coarse = [seen(starts_s, CLERK)]
    fine = [seen(starts_s, CLERK)]
    at_s = starts_s
    for number, step_s in enumerate(steps):
        shown = (CLERK,) if number < manned_at else ()
        fine.append(seen(at_s + step_s / 2, *coarse[-1].persons))
        at_s += step_s
        coarse.append(seen(at_s, *shown))
        fine.append(seen(at_s, *shown))
    one, other = counted(coarse), counted(fine)
    assert one.keys() == other.keys()
    for hour in one:
        assert sums(one[hour]) == pytest.approx(sums(other[hour]), abs=0.002)
    assert sum(row.open_s for row in one.values()) == pytest.approx(sum(steps), abs=0.01)


@given(at_s=st.lists(st.floats(0, 20), min_size=2, max_size=30))
def test_frames_out_of_order_never_count_more_than_the_time_that_passed(at_s: list[float]) -> None:
    rows = counted([seen(second, CLERK) for second in at_s])
    total_s = sum(row.open_s for row in rows.values())
    forward_s = sum(max(later - sooner, 0) for sooner, later in pairwise(at_s))
    assert total_s <= forward_s + 0.01


def test_an_interruption_ends_the_time_that_the_last_picture_stands_for() -> None:
    time = ObservedTime("cam1", nothing_known)
    time.take(seen(0, CLERK), ("1",))
    time.interrupt(seen(0.4).captured_at)
    time.take(seen(600, CLERK), ("1",))
    time.take(seen(600.2, CLERK), ("1",))
    (row,) = time.changed()
    assert sums(row) == pytest.approx((0.6, 0.6, 0.6))
