"""From a site's opening hours to the schedules that judge them."""

from types import MappingProxyType
from zoneinfo import ZoneInfo

from hallwatch.site_models import WEEKDAYS, Interval, Site, WeekSchedule
from vision.schedule import Calendar, Hours, Openings, Schedule


def schedule_of(site: Site, window: str, calendar: Calendar) -> Schedule | None:
    """The schedule of a window, its own before the hall's; None where neither has one (always open)."""
    own = next(entry.schedule for entry in site.windows if entry.id == window)
    given = own or site.schedule
    return _schedule(given, ZoneInfo(site.hall.time_zone), calendar) if given else None


def _schedule(given: WeekSchedule, zone: ZoneInfo, calendar: Calendar) -> Schedule:
    week = tuple(_openings(getattr(given, day)) for day in WEEKDAYS)
    return Schedule(
        zone=zone,
        week=week,
        makeup=week[0] if given.makeup is None else _openings(given.makeup),
        calendar=calendar if given.calendar == "china" else None,
        days=MappingProxyType({day: _openings(hours) for day, hours in given.days.items()}),
    )


def _openings(intervals: tuple[Interval, ...]) -> Openings:
    return tuple(Hours(opens, closes) for opens, closes in intervals)
