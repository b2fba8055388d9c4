"""Hours, days, weeks and months of a hall: what each is called, and when it begins and ends.

An hour is a UTC hour and called `2026-03-02T01Z`; the others are called by the local date on which they
begin: `2026-03-02`. Weeks begin on Monday. An hour belongs to the local day in which it begins, so that each
belongs to exactly one: a day has 24 hours, or 23 or 25 where clocks are changed.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Grain = Literal["hour", "day", "week", "month"]
LONGER: tuple[Grain, ...] = ("day", "week", "month")
HOUR = timedelta(hours=1)


def hour_name(hour: datetime) -> str:
    """What the UTC hour that begins at `hour` is called."""
    return hour.astimezone(UTC).strftime("%Y-%m-%dT%HZ")


def hour_of(name: str) -> datetime:
    """When the hour called so begins."""
    return datetime.strptime(name, "%Y-%m-%dT%HZ").replace(tzinfo=UTC)


def full_hour(at: datetime) -> datetime:
    """The start of the UTC hour that a moment lies in."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def local_day(hour: datetime, zone: ZoneInfo) -> date:
    """The hall's day that an hour belongs to."""
    return hour.astimezone(zone).date()


def begins(day: date, grain: Grain) -> date:
    """The first day of the day, week or month that `day` lies in."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == "month" else day


def ends(first: date, grain: Grain) -> date:
    """The first day after the day, week or month that begins on `first`."""
    if grain == "month":
        return (first + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=7 if grain == "week" else 1)


def bounds(name: str, grain: Grain, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end of a bucket in UTC."""
    if grain == "hour":
        return hour_of(name), hour_of(name) + HOUR
    first = date.fromisoformat(name)
    return first_hour(first, zone), first_hour(ends(first, grain), zone)


def first_hour(day: date, zone: ZoneInfo) -> datetime:
    """The first UTC hour that begins on that day in that zone."""
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    hour = full_hour(midnight)
    return hour if hour == midnight else hour + HOUR


def hours_between(first: date, end: date, zone: ZoneInfo) -> list[datetime]:
    """The UTC hours that begin on the days from `first` up to, not including, `end`."""
    hour, last = first_hour(first, zone), first_hour(end, zone)
    hours = []
    while hour < last:
        hours.append(hour)
        hour += HOUR
    return hours


def names_between(first: date, last: date, grain: Grain, zone: ZoneInfo) -> list[str]:
    """The buckets that begin on the days from `first` to `last`, both included."""
    if grain == "hour":
        return [hour_name(hour) for hour in hours_between(first, last + timedelta(days=1), zone)]
    day = begins(first, grain)
    if day < first:
        day = ends(day, grain)
    names = []
    while day <= last:
        names.append(day.isoformat())
        day = ends(day, grain)
    return names
