"""When a window is open: weekly hours, public holidays, make-up workdays, single days.

Reads no clock. What nobody knows stays unknown: a day whose year the calendar does not cover is neither open
nor closed, and is left out of figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from types import MappingProxyType

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """One opening, in minutes after local midnight: from `opens_min` up to, not including, `closes_min`."""

    opens_min: int
    closes_min: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens_min < self.closes_min <= MINUTES_A_DAY:
            raise ValueError(
                f"opening hours run backwards or past midnight: {self.opens_min}-{self.closes_min}"
            )


Openings = tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Public holidays and make-up workdays (调休) of the years it knows.

    Sets the weekday aside: a holiday is closed whatever its weekday, a make-up workday works whatever its.
    """

    years: frozenset[int]
    holidays: frozenset[date] = frozenset()
    makeup_workdays: frozenset[date] = frozenset()

    def knows(self, day: date) -> bool:
        """Whether anything can be said about `day`."""
        return day.year in self.years


@dataclass(frozen=True, slots=True)
class Schedule:
    """The opening hours of one window.

    `week` has seven entries, Monday first. `makeup` are the hours of a make-up workday. `days` fixes single
    dates and wins over everything. Without a `calendar` only the weekday counts.
    """

    zone: tzinfo
    week: tuple[Openings, ...]
    makeup: Openings = ()
    calendar: Calendar | None = None
    days: Mapping[date, Openings] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"a week has seven days, not {len(self.week)}")

    def openings_on(self, day: date) -> Openings | None:
        """The hours of a local date; empty when closed, None when it is not known."""
        if day in self.days:
            return self.days[day]
        if self.calendar is None:
            return self.week[day.weekday()]
        if not self.calendar.knows(day):
            return None
        if day in self.calendar.holidays:
            return ()
        if day in self.calendar.makeup_workdays:
            return self.makeup
        return self.week[day.weekday()]

    def open_at(self, utc: datetime) -> bool | None:
        """Whether the window is open at an aware moment; None when it is not known."""
        local = utc.astimezone(self.zone)
        openings = self.openings_on(local.date())
        if openings is None:
            return None
        minute = local.hour * 60 + local.minute
        return any(hours.opens_min <= minute < hours.closes_min for hours in openings)

    def spans_on(self, day: date) -> tuple[tuple[datetime, datetime], ...] | None:
        """The opening spans of a local date as aware UTC times; None when they are not known."""
        openings = self.openings_on(day)
        if openings is None:
            return None
        return tuple((self._utc(day, o.opens_min), self._utc(day, o.closes_min)) for o in openings)

    def _utc(self, day: date, minute: int) -> datetime:
        if minute == MINUTES_A_DAY:
            day, minute = day + timedelta(days=1), 0
        local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=self.zone)
        return local.astimezone(UTC)
