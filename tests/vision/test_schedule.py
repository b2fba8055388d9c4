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


LUNCH = (Hours(720, 810),)
EARLY = timedelta(minutes=10)


def test_lunch_service_joins_morning_and_afternoon_on_working_days_only() -> None:
    saturdays = (*OFFICE.week[:5], (Hours(540, 780),), ())
    serving = Schedule(SHANGHAI, saturdays, makeup=DAY, lunch=LUNCH, calendar=CALENDAR)
    for day in ("2026-03-02", "2026-10-10"):
        assert serving.open_at(at(f"{day}T12:30:00")) is True
        shift = serving.shift_at(at(f"{day}T10:00:00"))
        assert shift is not None
        assert (shift.opens, shift.closes) == (at(f"{day}T08:30:00"), at(f"{day}T17:00:00"))
    assert serving.open_at(at("2026-03-07T12:30:00")) is True
    assert serving.open_at(at("2026-03-07T13:15:00")) is False
    assert serving.open_at(at("2026-10-01T12:30:00")) is False
    assert OFFICE.open_at(at("2026-03-02T12:30:00")) is False


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-02T07:49:59", None),
        ("2026-03-02T07:50:00", "08:30"),
        ("2026-03-02T11:59:59", "08:30"),
        ("2026-03-02T12:00:00", None),
        ("2026-03-02T12:50:00", "13:30"),
        ("2026-03-02T17:00:00", None),
        ("2026-10-01T08:25:00", None),
        ("2027-03-01T09:00:00", None),
    ],
)
def test_a_post_is_followed_from_before_its_opening_until_it_closes(moment: str, opens: str | None) -> None:
    shift = OFFICE.shift_at(at(moment))
    if opens is None:
        assert shift is None
        return
    assert shift is not None
    assert shift.opens == at(f"2026-03-02T{opens}:00")
    assert shift.due == shift.opens - EARLY


def test_of_two_openings_close_together_the_one_that_is_open_is_followed() -> None:
    short = Schedule(SHANGHAI, ((Hours(540, 700), Hours(710, 800)),) * 7)
    found = short.shift_at(at("2026-03-02T11:39:00"))
    assert found is not None
    assert found.closes == at("2026-03-02T11:40:00")


def test_an_opening_over_midnight_is_one_shift() -> None:
    night = Schedule(SHANGHAI, ((Hours(0, 120), Hours(1320, 1440)),) * 7)
    for moment in ("2026-03-02T23:30:00", "2026-03-03T00:00:00", "2026-03-03T01:30:00"):
        shift = night.shift_at(at(moment))
        assert shift is not None
        assert (shift.opens, shift.closes) == (at("2026-03-02T22:00:00"), at("2026-03-03T02:00:00"))


class TestWhereClocksAreChanged:
    """New York: on 2026-03-08 02:00 becomes 03:00, on 2026-11-01 02:00 becomes 01:00."""

    zone = ZoneInfo("America/New_York")
    night = Schedule(zone, ((Hours(30, 240),),) * 7)

    def span(self, day: date, schedule: Schedule) -> tuple[datetime, datetime]:
        spans = schedule.spans_on(day)
        assert spans is not None
        return spans[0]

    @pytest.mark.parametrize(
        ("day", "hours"), [(date(2026, 3, 7), 3.5), (date(2026, 3, 8), 2.5), (date(2026, 11, 1), 4.5)]
    )
    def test_the_opening_is_an_hour_shorter_or_longer(self, day: date, hours: float) -> None:
        opens, closes = self.span(day, self.night)
        assert (closes - opens).total_seconds() == hours * 3600

    def test_an_opening_in_the_hour_that_is_left_out_begins_after_it(self) -> None:
        schedule = Schedule(self.zone, ((Hours(150, 300),),) * 7)
        opens, _ = self.span(date(2026, 3, 8), schedule)
        assert opens == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
        assert schedule.open_at(opens) is True
        assert schedule.open_at(opens - timedelta(seconds=1)) is False

    def test_an_opening_that_falls_into_that_hour_as_a_whole_is_none(self) -> None:
        schedule = Schedule(self.zone, ((Hours(130, 170),),) * 7)
        assert schedule.spans_on(date(2026, 3, 8)) == ()

    @given(st.integers(min_value=0, max_value=30 * 24 * 60))
    def test_open_is_what_the_spans_say_around_either_change(self, minute: int) -> None:
        for begin in (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
            utc = begin + timedelta(minutes=minute)
            shift = self.night.shift_at(utc)
            is_open = shift is not None and shift.opens <= utc < shift.closes
            assert self.night.open_at(utc) is is_open
