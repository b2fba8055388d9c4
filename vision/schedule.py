"""When a window is open: weekly hours, public holidays, make-up workdays, single days.

Reads no clock. What nobody knows stays unknown: a day whose year the calendar does not cover is neither open
nor closed, and is left out of figures.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from types import MappingProxyType

from vision.shifts import EARLY, Shift

MINUTES_A_DAY = 24 * 60
SATURDAY = 5


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

Span = tuple[datetime, datetime]
"""An opening as aware UTC times, the end not included."""


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
        return day.year in self.years or day in self.holidays or day in self.makeup_workdays


@dataclass(frozen=True, slots=True)
class Schedule:
    """The opening hours of one window.

    `week` has seven entries, Monday first. `makeup` are the hours of a make-up workday. `lunch` is added on
    working days (Monday to Friday and make-up workdays that have hours, clause 18). `days` fixes single dates
    and wins over everything. Without a `calendar` only the weekday counts. `early` is how long before opening
    the post must be taken (clause 25(2)).
    """

    zone: tzinfo
    week: tuple[Openings, ...]
    makeup: Openings = ()
    lunch: Openings = ()
    calendar: Calendar | None = None
    days: Mapping[date, Openings] = field(default_factory=lambda: MappingProxyType({}))
    early: timedelta = EARLY

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"a week has seven days, not {len(self.week)}")

    def openings_on(self, day: date) -> Openings | None:
        """The hours of a local date; empty when closed, None when it is not known."""
        if day in self.days:
            return self.days[day]
        if self.calendar is None:
            return self._working(self.week[day.weekday()], day.weekday() < SATURDAY)
        if not self.calendar.knows(day):
            return None
        if day in self.calendar.holidays:
            return ()
        if day in self.calendar.makeup_workdays:
            return self._working(self.makeup, True)
        return self._working(self.week[day.weekday()], day.weekday() < SATURDAY)

    def _working(self, hours: Openings, workday: bool) -> Openings:
        return (*hours, *self.lunch) if hours and workday else hours

    def open_at(self, utc: datetime) -> bool | None:
        """Whether the window is open at an aware moment; None when it is not known."""
        spans = self.spans_on(utc.astimezone(self.zone).date())
        return None if spans is None else any(opens <= utc < closes for opens, closes in spans)

    def shift_at(self, utc: datetime) -> Shift | None:
        """The opening that is going on at an aware moment, or for which its post is watched already.

        Openings that touch are one, also across midnight. None between openings, and where the day's hours
        are not known.
        """
        day = utc.astimezone(self.zone).date()
        spans = [span for days in (-1, 0, 1) for span in self.spans_on(day + timedelta(days=days)) or ()]
        shifts = [Shift(opens - self.early, opens, closes) for opens, closes in _joined(spans)]
        # Of two that overlap, the one that is open wins over the one that its post is watched for.
        going = [shift for shift in shifts if shift.watched_from <= utc < shift.closes]
        return min(going, key=lambda shift: shift.closes, default=None)

    def open_between(self, begin: datetime, end: datetime) -> list[Span]:
        """The open stretches between two aware moments; days whose hours are not known have none."""
        day, last = begin.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        spans: list[Span] = []
        while day <= last:
            spans += self.spans_on(day) or ()
            day += timedelta(days=1)
        cut = ((max(opens, begin), min(closes, end)) for opens, closes in _joined(spans))
        return [(opens, closes) for opens, closes in cut if opens < closes]

    def spans_on(self, day: date) -> tuple[Span, ...] | None:
        """The opening spans of a local date as aware UTC times; None when they are not known.

        Wall-clock hours: where clocks are changed in between, an opening is an hour longer or shorter, and
        one that begins in the hour that is left out begins when that hour is over.
        """
        openings = self.openings_on(day)
        if openings is None:
            return None
        spans = ((self._utc(day, hours.opens_min), self._utc(day, hours.closes_min)) for hours in openings)
        return tuple((opens, closes) for opens, closes in spans if opens < closes)

    def _utc(self, day: date, minute: int) -> datetime:
        if minute == MINUTES_A_DAY:
            day, minute = day + timedelta(days=1), 0
        local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=self.zone)
        utc = local.astimezone(UTC)
        if utc.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return utc
        return self._after_gap(utc)

    def _after_gap(self, utc: datetime) -> datetime:
        """The moment at which clocks were set forward, for a time of day that was left out by that."""
        before, after = utc - timedelta(days=1), utc
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) / 2
            if middle.astimezone(self.zone).utcoffset() == after.astimezone(self.zone).utcoffset():
                after = middle
            else:
                before = middle
        return after.replace(microsecond=0)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, those that touch or overlap made one."""
    joined: Span | None = None
    for opens, closes in sorted(spans):
        if joined is not None and opens <= joined[1]:
            joined = (joined[0], max(joined[1], closes))
            continue
        if joined is not None:
            yield joined
        joined = (opens, closes)
    if joined is not None:
        yield joined
