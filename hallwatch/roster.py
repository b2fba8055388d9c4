"""From a site's opening hours and posts to the schedules and rules that judge them."""

from collections.abc import Iterable
from datetime import timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hallwatch.site_models import WEEKDAYS, CalendarChanges, Interval, Site, WeekSchedule, Window
from vision.posts import PostRule
from vision.schedule import Calendar, Hours, Openings, Schedule


def schedule_of(site: Site, window: str, calendar: Calendar) -> Schedule | None:
    """The schedule of a window, its own before the hall's; None where neither has one (always open).

    `calendar` is what is known everywhere; what the site knows of single days and years comes before it.
    """
    entry = _window(site, window)
    given = entry.schedule or site.schedule
    if given is None:
        return None
    amended = amended_by(site.calendar, calendar)
    return _schedule(given, ZoneInfo(site.hall.time_zone), amended, lunch_service=entry.lunch_service)


def unknown_years(site: Site, calendar: Calendar, years: Iterable[int]) -> tuple[int, ...]:
    """Those of the years whose holidays nobody knows, though a schedule of the site goes by them.

    Their days are neither judged nor counted.
    """
    given = [site.schedule, *(window.schedule for window in site.windows)]
    if not any(schedule and schedule.calendar == "china" for schedule in given):
        return ()
    known = amended_by(site.calendar, calendar).years
    return tuple(year for year in years if year not in known)


def post_rule_of(site: Site, window: str) -> PostRule:
    """When the post of that window counts as taken."""
    post = site.post
    return PostRule(
        required=_window(site, window).staff_required,
        enter_s=post.enter_s,
        leave_s=post.leave_s,
        duck_s=post.duck_s,
        bridge_s=post.bridge_s,
    )


def amended_by(changes: CalendarChanges, calendar: Calendar) -> Calendar:
    """The calendar with what a hall knows better. A single day of an unknown year is known by itself."""
    holidays, workdays = frozenset(changes.holidays), frozenset(changes.workdays)
    return Calendar(
        calendar.years | frozenset(changes.years),
        (calendar.holidays - workdays) | holidays,
        (calendar.makeup_workdays - holidays) | workdays,
    )


def _window(site: Site, window: str) -> Window:
    return next(entry for entry in site.windows if entry.id == window)


def _schedule(given: WeekSchedule, zone: ZoneInfo, calendar: Calendar, *, lunch_service: bool) -> Schedule:
    week = tuple(_openings(getattr(given, day)) for day in WEEKDAYS)
    return Schedule(
        zone=zone,
        week=week,
        makeup=week[0] if given.makeup is None else _openings(given.makeup),
        lunch=_openings(given.lunch) if lunch_service else (),
        calendar=calendar if given.calendar == "china" else None,
        days=MappingProxyType({day: _openings(hours) for day, hours in given.days.items()}),
        early=timedelta(minutes=given.early_min),
    )


def _openings(intervals: tuple[Interval, ...]) -> Openings:
    return tuple(Hours(opens, closes) for opens, closes in intervals)
