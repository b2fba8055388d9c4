"""The numbers that figures are made of: whole milliseconds and counts, so that sums are exact in any order.

Every field but the two longest ones adds up: the hours of a day make the day, the windows of a hall the hall.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

UNKNOWN_CAUSES = ("offline", "not_running", "dark", "covered", "frozen", "blurred", "moved", "untold")
"""Why open time was not observed; `untold` is what nobody gave a cause for."""

STATES = ("confirmed", "pending", "dismissed", "expired")
"""Where the events stand that are counted; those that permits withdrew are not."""

ENOUGH_COVERAGE = 0.5
"""An hour of which less was observed says nothing about the whole: it is shown grey."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """One window in one hour, or the sum of many; milliseconds and events, each ≥ 0.

    `judged_hours` are window-hours with enough coverage, `clean_hours` those of them without a confirmed
    breach. `queue_person_ms` is waiting people times time. `longest_queue` and `longest_wait_ms` are the
    largest of the hours, never a sum.
    """

    open_ms: int = 0
    observed_ms: int = 0
    present_ms: int = 0
    away_permitted_ms: int = 0
    away_ms: int = 0
    offline_ms: int = 0
    not_running_ms: int = 0
    dark_ms: int = 0
    covered_ms: int = 0
    frozen_ms: int = 0
    blurred_ms: int = 0
    moved_ms: int = 0
    untold_ms: int = 0
    confirmed_ms: int = 0
    breach_ms: int = 0
    confirmed: int = 0
    pending: int = 0
    dismissed: int = 0
    expired: int = 0
    judged_hours: int = 0
    clean_hours: int = 0
    queue_seen_ms: int = 0
    queue_person_ms: int = 0
    waits: int = 0
    waits_ms: int = 0
    longest_queue: int = 0
    longest_wait_ms: int = 0

    @property
    def coverage(self) -> float | None:
        """Observed share of the open time, 0..1; None while nothing was open."""
        return min(1.0, self.observed_ms / self.open_ms) if self.open_ms > 0 else None

    @property
    def enough(self) -> bool:
        """Whether so much was observed that the figures may be coloured."""
        return self.coverage is not None and self.coverage >= ENOUGH_COVERAGE

    @property
    def compliance(self) -> float | None:
        """1 − confirmed breach time ÷ observed open time, 0..1; None where nothing was observed."""
        return 1.0 - self.breach_ms / self.observed_ms if self.observed_ms > 0 else None


@dataclass(frozen=True, slots=True)
class BehaviourNumbers:
    """The same for one behaviour; `assessable_ms` is the time in which it could be judged."""

    confirmed: int = 0
    pending: int = 0
    dismissed: int = 0
    expired: int = 0
    confirmed_ms: int = 0
    assessable_ms: int = 0


NAMES = tuple(field.name for field in fields(Numbers))
LARGEST = ("longest_queue", "longest_wait_ms")
BEHAVIOUR_NAMES = tuple(field.name for field in fields(BehaviourNumbers))


def added(parts: Iterable[Numbers]) -> Numbers:
    """All of them as one."""
    columns = list(zip(*(_row(part) for part in parts), strict=True))
    if not columns:
        return Numbers()
    return Numbers(*(max(c) if n in LARGEST else sum(c) for n, c in zip(NAMES, columns, strict=True)))


def added_behaviours(parts: Iterable[BehaviourNumbers]) -> BehaviourNumbers:
    """All of them as one."""
    columns = zip(*([getattr(part, name) for name in BEHAVIOUR_NAMES] for part in parts), strict=True)
    sums = [sum(column) for column in columns]
    return BehaviourNumbers(*sums) if sums else BehaviourNumbers()


def _row(numbers: Numbers) -> list[int]:
    return [getattr(numbers, name) for name in NAMES]
