"""Days, weeks and months of reports: leap days, month ends, changed clocks, and when each is ready."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.reports.spans import Kind, Span, latest_ready, ready_at, span_of
from api.reports.words import full_width, span_name

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
HALF_PAST_SEVEN = time(7, 30)


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("daily", "2028-02-29", "2028-02-29", "2028-02-29"),
        ("monthly", "2028-02-29", "2028-02-01", "2028-02-29"),
        ("monthly", "2026-02-14", "2026-02-01", "2026-02-28"),
        ("monthly", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("weekly", "2026-03-01", "2026-02-23", "2026-03-01"),
        ("weekly", "2027-01-01", "2026-12-28", "2027-01-03"),
    ],
)
def test_a_day_belongs_to_one_span_of_each_kind(kind: Kind, day: str, first: str, last: str) -> None:
    span = span_of(kind, date.fromisoformat(day))
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)


def test_the_month_before_march_is_february_also_in_a_leap_year() -> None:
    before = span_of("monthly", date(2028, 3, 31)).before()
    assert before == Span("monthly", date(2028, 2, 1), date(2028, 2, 29))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_has_the_hours_that_the_clocks_of_the_hall_give_it(day: str, hours: int) -> None:
    begin, end = span_of("daily", date.fromisoformat(day)).bounds(BERLIN)
    assert end - begin == timedelta(hours=hours)


def test_a_report_waits_for_its_time_and_for_settled_figures() -> None:
    monday = span_of("daily", date(2026, 3, 2))
    assert ready_at(monday, HALF_PAST_SEVEN, SHANGHAI) == datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert ready_at(monday, time(0, 5), SHANGHAI) == datetime(2026, 3, 2, 16, 10, tzinfo=UTC)


def test_at_a_time_that_a_clock_change_skips_it_is_ready_all_the_same() -> None:
    skipped = ready_at(span_of("daily", date(2026, 3, 28)), time(2, 30), BERLIN)
    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "kind", "first"),
    [
        (datetime(2026, 3, 2, 23, 29, tzinfo=UTC), "daily", "2026-03-01"),
        (datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "daily", "2026-03-02"),
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "weekly", "2026-02-23"),
        (datetime(2026, 2, 28, 23, 29, tzinfo=UTC), "monthly", "2026-01-01"),
        (datetime(2026, 2, 28, 23, 30, tzinfo=UTC), "monthly", "2026-02-01"),
    ],
)
def test_the_latest_that_is_ready(now: datetime, kind: Kind, first: str) -> None:
    assert latest_ready(kind, HALF_PAST_SEVEN, now, SHANGHAI).first.isoformat() == first


def test_spans_are_called_as_people_call_them() -> None:
    week = span_of("weekly", date(2027, 1, 1))
    assert span_name(week, "zh") == "2026年第53周\uff0812月28日至1月3日\uff09"
    assert span_name(week, "en") == "week 53 of 2026, 28 Dec to 3 Jan"
    assert span_name(span_of("monthly", date(2026, 2, 9)), "en") == "February 2026"


def test_chinese_is_printed_with_full_width_punctuation_and_numbers_are_left_alone() -> None:
    assert full_width("大厅(东侧):3 人,共 1,000 次") == "大厅\uff08东侧\uff09\uff1a3 人\uff0c共 1,000 次"
    assert full_width("09:30 (UTC+08:00)") == "09:30 (UTC+08:00)"
