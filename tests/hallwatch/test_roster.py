"""The site's opening hours with the installed calendar of public holidays."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hallwatch.calendar_seed import china_calendar
from hallwatch.roster import schedule_of
from hallwatch.site import EXAMPLE, load_site, whole_frame_site


def test_spring_festival_is_closed_and_its_make_up_saturday_is_a_workday() -> None:
    calendar = china_calendar()
    assert date(2026, 2, 17) in calendar.holidays
    assert date(2026, 2, 14) in calendar.makeup_workdays
    assert date(2026, 3, 2) not in calendar.holidays


def test_a_year_without_an_announcement_is_unknown() -> None:
    assert not china_calendar().knows(date(2039, 1, 4))


def test_the_examples_hours_hold_for_its_windows() -> None:
    schedule = schedule_of(load_site(EXAMPLE), "1", china_calendar())
    assert schedule is not None
    zone = ZoneInfo("Asia/Shanghai")
    assert schedule.open_at(datetime(2026, 2, 14, 16, 0, tzinfo=zone)) is True
    assert schedule.open_at(datetime(2026, 2, 17, 9, 0, tzinfo=zone)) is False
    assert schedule.open_at(datetime(2026, 3, 9, 14, 0, tzinfo=zone)) is False
    assert schedule.open_at(datetime(2026, 3, 14, 12, 59, tzinfo=zone)) is True


def test_a_site_without_hours_has_no_schedule() -> None:
    assert schedule_of(whole_frame_site("0"), "1", china_calendar()) is None
