"""What a report says, as one value. No words, no layout: those come with the file that is made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.compliance.backlog import Backlog
from api.compliance.models import BehaviourNumbersOut, ErrorRateOut, NumbersOut, UnitOut
from api.compliance.worst_hours import WorstHour
from api.reports.spans import Span


@dataclass(frozen=True, slots=True)
class Step:
    """The hall in one hour of the day, or one day of the week or month; `starts_at` in the hall's offset."""

    bucket: str
    starts_at: datetime
    numbers: NumbersOut | None


@dataclass(frozen=True, slots=True)
class WindowPart:
    """One window over the span; `change` is the rise of compliance in points, None where not comparable."""

    unit: UnitOut
    numbers: NumbersOut
    revision: int
    change: float | None


@dataclass(frozen=True, slots=True)
class Before:
    """What the span is compared to."""

    span: Span
    total: NumbersOut


@dataclass(frozen=True, slots=True)
class Report:
    """One day, week or month of a hall.

    `cells` are the windows' figures in each step, by window and bucket. `final` says that the span is over
    and settled; `revision` how often its figures changed afterwards. Times are in the hall's offset.
    """

    span: Span
    hall: UnitOut
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    final: bool
    revision: int
    total: NumbersOut
    windows: Sequence[WindowPart]
    steps: Sequence[Step]
    cells: Mapping[tuple[str, str], NumbersOut]
    worst: Sequence[WorstHour]
    behaviours: Sequence[BehaviourNumbersOut]
    before: Before | None
    backlog: Backlog
    error_rate: ErrorRateOut
    made_at: datetime
    version: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known of this time."""
        counted = self.total.confirmed + self.total.pending + self.total.dismissed + self.total.expired
        return self.total.open_s == 0 and counted == 0


def rise(now: float | None, before: float | None) -> float | None:
    """The rise of a share in percentage points; None where one of them is not known."""
    return None if now is None or before is None else 100 * (now - before)


def compliance_rise(now: NumbersOut, before: NumbersOut | None) -> float | None:
    """The rise of compliance in points; None unless enough was observed both times."""
    if before is None or not (now.enough and before.enough):
        return None
    return rise(now.compliance, before.compliance)
