"""Opening hours: weekdays, holidays, make-up workdays, single days, and years nobody knows yet."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.schedule import Calendar, Hours, Schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = (Hours(510, 720), Hours(810, 1020))
CALENDAR = Calendar(
    frozenset({2026}), frozenset({date(2026, 10, 1)}), makeup_workdays=frozenset({date(2026, 10, 10)})
)
OFFICE = Schedule(SHANGHAI, week=(DAY,) * 5 + ((), ()), makeup=(Hours(540, 600),), calendar=CALENDAR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-02T08:29:59", False),
        ("2026-03-02T08:30:00", True),
        ("2026-03-02T11:59:59", True),
        ("2026-03-02T12:00:00", False),
        ("2026-03-02T13:30:00", True),
        ("2026-03-07T09:00:00", False),
        ("2026-10-01T09:00:00", False),
        ("2026-10-10T09:00:00", True),
        ("2026-10-10T10:00:00", False),
        ("2027-03-01T09:00:00", None),
    ],
)
def test_a_window_is_open_by_its_hours(moment: str, is_open: bool | None) -> None:
    assert OFFICE.open_at(at(moment)) is is_open


def test_a_single_day_wins_over_holiday_and_unknown_year() -> None:
    days = {date(2026, 10, 1): DAY, date(2027, 3, 1): ()}
    schedule = Schedule(SHANGHAI, OFFICE.week, calendar=CALENDAR, days=days)
    assert schedule.open_at(at("2026-10-01T09:00:00")) is True
    assert schedule.open_at(at("2027-03-01T09:00:00")) is False


def test_without_a_calendar_only_the_weekday_counts() -> None:
    schedule = Schedule(SHANGHAI, OFFICE.week)
    assert schedule.open_at(at("2026-10-01T09:00:00")) is True
    assert schedule.open_at(at("2030-10-01T09:00:00")) is True


def test_the_halls_own_midnight_counts_not_that_of_utc() -> None:
    monday_only = Schedule(SHANGHAI, ((Hours(0, 1440),), (), (), (), (), (), ()))
    assert monday_only.open_at(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) is True
    assert monday_only.open_at(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) is False
    assert monday_only.open_at(datetime(2026, 3, 2, 16, 0, tzinfo=UTC)) is False


@given(st.integers(min_value=0, max_value=366 * 24 * 60))
def test_open_moments_are_those_inside_the_days_spans(minute: int) -> None:
    utc = datetime(2025, 12, 31, 16, tzinfo=UTC) + timedelta(minutes=minute)
    spans = OFFICE.spans_on(utc.astimezone(SHANGHAI).date())
    expected = None if spans is None else any(start <= utc < end for start, end in spans)
    assert OFFICE.open_at(utc) is expected


def test_hours_may_end_at_midnight() -> None:
    night = Schedule(SHANGHAI, ((Hours(1200, 1440),),) * 7)
    assert night.spans_on(date(2026, 3, 2)) == ((at("2026-03-02T20:00:00"), at("2026-03-03T00:00:00")),)


@pytest.mark.parametrize(("opens", "closes"), [(720, 720), (720, 510), (-1, 10), (10, 1441)])
def test_hours_that_cannot_be_are_refused(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="opening hours"):
        Hours(opens, closes)
