"""The days, weeks and months that reports are about, and from when on each can be made. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from api.compliance.buckets import Grain, begins, ends, first_hour
from api.compliance.stored_figures import SETTLED_AFTER

Kind = Literal["daily", "weekly", "monthly"]
KINDS: tuple[Kind, ...] = get_args(Kind)

GRAIN: dict[Kind, Grain] = {"daily": "day", "weekly": "week", "monthly": "month"}
"""What a report is about as one bucket of figures."""

STEP: dict[Kind, Grain] = {"daily": "hour", "weekly": "day", "monthly": "day"}
"""What its curve and its table of windows are cut into."""

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The hall's days from `first` to `last`, both included: one day, a week from Monday on, or a month."""

    kind: Kind
    first: date
    last: date

    def before(self) -> "Span":
        """The day, week or month before."""
        return span_of(self.kind, self.first - A_DAY)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Start and end in UTC, as figures are cut."""
        return first_hour(self.first, zone), first_hour(self.last + A_DAY, zone)


def span_of(kind: Kind, day: date) -> Span:
    """The day, week or month that `day` lies in. Raises OverflowError at the end of all calendars."""
    first = begins(day, GRAIN[kind])
    return Span(kind, first, ends(first, GRAIN[kind]) - A_DAY)


def ready_at(span: Span, at: time, zone: ZoneInfo) -> datetime:
    """When the report is sent: at that local time of the day after, once the figures are settled (UTC)."""
    wished = datetime.combine(span.last + A_DAY, at, zone).astimezone(UTC)
    return max(wished, span.bounds(zone)[1] + SETTLED_AFTER)


def latest_ready(kind: Kind, at: time, now: datetime, zone: ZoneInfo) -> Span:
    """The last one whose time to be sent has come."""
    span = span_of(kind, now.astimezone(zone).date())
    while ready_at(span, at, zone) > now:
        span = span.before()
    return span
