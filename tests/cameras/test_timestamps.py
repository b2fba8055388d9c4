"""Media time only moves forward, whatever a camera claims."""

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cameras.timestamps import Anchor, TimestampFilter, anchor_of_file

BASE = Fraction(1, 90_000)
STEP = 3600
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)

claims = st.none() | st.integers(-(2**40), 2**40)


@given(st.lists(st.tuples(claims, claims, st.none() | st.integers(0, 10**6)), max_size=60))
def test_decoding_time_strictly_grows_and_showing_follows_it(packets: list[tuple[int | None, ...]]) -> None:
    times = TimestampFilter(BASE)
    last = None
    for pts, dts, duration in packets:
        given_out = times.next(pts, dts, duration)
        assert given_out.pts >= given_out.dts
        assert last is None or given_out.dts > last
        last = given_out.dts


def steady(count: int, start: int = 0) -> list[int]:
    return [start + index * STEP for index in range(count)]


def test_a_good_stream_is_left_as_it_is_but_begins_at_zero() -> None:
    times = TimestampFilter(BASE)
    assert [times.next(tick, tick, STEP).pts for tick in steady(5, 777)] == steady(5)


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(lambda tick: tick - 2**33, id="wrapped"),
        pytest.param(lambda tick: tick + 3600 * 90_000, id="an hour ahead"),
        pytest.param(lambda tick: tick - 20 * STEP, id="clock set back"),
    ],
)
def test_a_jump_is_closed_up_to_one_step(odd: object) -> None:
    times = TimestampFilter(BASE)
    raw = steady(10) + [odd(tick) for tick in steady(10, 10 * STEP)]  # type: ignore[operator]
    assert [times.next(tick, tick, STEP).dts for tick in raw] == steady(20)


def test_missing_times_are_continued() -> None:
    times = TimestampFilter(BASE)
    raw = [0, STEP, None, None, 4 * STEP]
    assert [times.next(tick, tick, STEP).dts for tick in raw] == steady(5)


def test_a_pause_of_some_seconds_is_true_time() -> None:
    times = TimestampFilter(BASE)
    assert [times.next(tick, tick, STEP).dts for tick in (0, 90_000 * 8)] == [0, 90_000 * 8]


def test_a_file_begins_where_the_caller_says() -> None:
    local = NOON.astimezone(timezone(timedelta(hours=8)))
    anchor = anchor_of_file(local, "2017-09-26T16:57:49Z", NOON)
    assert anchor.captured_at(1.5) == NOON + timedelta(seconds=1.5)
    assert anchor.starts_at.tzinfo is UTC


@pytest.mark.parametrize("told", [None, "", "yesterday", "1970-01-01T00:00:00Z", "1904-01-01T00:00:00Z"])
def test_a_file_without_a_believable_time_begins_at_its_opening(told: str | None) -> None:
    assert anchor_of_file(None, told, NOON) == Anchor(NOON)


def test_a_file_that_knows_its_time_is_believed() -> None:
    assert anchor_of_file(None, "2017-09-26T16:57:49Z", NOON).starts_at.year == 2017


Trouble = st.sampled_from(["fine"] * 8 + ["no times", "backward", "ahead", "wrapped", "pause"])


@given(st.lists(Trouble, min_size=1, max_size=200))
def test_a_troubled_stream_lasts_as_long_as_it_was_sent(troubles: list[str]) -> None:
    """Each picture is one step or one true pause after the last, whatever else its times claim."""
    times = TimestampFilter(BASE)
    shift, pauses = 0, 0
    given_out = [times.next(0, 0, STEP).dts]
    for number, trouble in enumerate(troubles, start=1):
        moved = {"backward": -50 * STEP, "ahead": 2**31, "wrapped": -(2**33)}
        shift += moved.get(trouble, 0)
        if trouble == "pause":
            pauses += 90_000
            shift += 90_000
        raw = None if trouble == "no times" else number * STEP + shift
        given_out.append(times.next(raw, raw, STEP).dts)
    assert all(later > sooner for sooner, later in pairwise(given_out))
    # A pause that a missing or broken time hides is not known of.
    assert len(troubles) * STEP <= given_out[-1] <= len(troubles) * STEP + pauses


@given(
    st.sampled_from([Fraction(1, 90_000), Fraction(1, 12_800), Fraction(1, 1000), Fraction(1, 25)]),
    st.integers(1, 50),
    st.integers(-(2**33), 2**33),
)
def test_another_file_goes_on_one_step_later(base: Fraction, count: int, first: int) -> None:
    times = TimestampFilter(BASE)
    last_s = max(float(times.next(tick, tick, STEP).dts * BASE) for tick in steady(count))
    times.rebase(base)
    step = round(Fraction(1, 25) / base)
    next_s = [float(times.next(first + n * step, first + n * step, step).dts * base) for n in range(3)]
    assert next_s[0] - last_s == pytest.approx(0.04, abs=float(base) * 1.01)
    assert next_s[2] - next_s[0] == pytest.approx(0.08, abs=float(base) * 2)
