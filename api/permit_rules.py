"""When a permit speaks for an empty post: pure functions of times.

An absence above the hall's limit must be reported (clause 25(4)). What counts is the longest stretch of the
absence that no permit covers: below the limit there is nothing to report, whatever the whole lasted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Kind = Literal["leave", "stand_in", "suspended"]
Rule = Literal["hold_back", "annotate"]
KINDS: tuple[Kind, ...] = ("leave", "stand_in", "suspended")

HELD_BACK = "empty_post"
"""The one behaviour that a permit can hold back: only that rule asks for a report."""

ANNOTATED = frozenset({"absence", "empty_post", "late_arrival", "early_departure"})
"""The behaviours beside which a permit is shown: those of presence."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class PermitRules:
    """What the hall's site file says: the limit in seconds, and what each kind of permit does."""

    limit_s: float = 900.0
    leave: Rule = "hold_back"
    stand_in: Rule = "hold_back"
    suspended: Rule = "hold_back"

    @classmethod
    def told(cls, stored: dict[str, Any] | None) -> "PermitRules":
        """The rules as they were stored; the defaults where none were told."""
        return cls(**stored) if stored else cls()

    def holding(self) -> tuple[str, ...]:
        """The kinds of permit that hold an empty post back."""
        return tuple(kind for kind in KINDS if getattr(self, kind) == "hold_back")


@dataclass(frozen=True, slots=True)
class Weighed:
    """An empty post held against the permits that may hold it back; `held` says whether there are any."""

    uncovered_s: float
    limit_s: float
    held: bool

    @property
    def covered(self) -> bool:
        """Whether what the permits leave is less than the limit that the event was flagged by."""
        return self.held and self.uncovered_s < self.limit_s


def weigh(absence: Span, permits: Iterable[Span], limit_s: float) -> Weighed:
    """Hold an absence against the permits that may hold it back."""
    spans = list(permits)
    return Weighed(longest_uncovered_s(absence, spans), limit_s, bool(spans))


def longest_uncovered_s(absence: Span, permits: Iterable[Span]) -> float:
    """Seconds of the longest stretch of an absence that lies in none of the permits."""
    began, until = absence
    longest, reached = 0.0, began
    for starts, ends in sorted(permits):
        if starts > reached:
            longest = max(longest, (min(starts, until) - reached).total_seconds())
        reached = max(reached, ends)
        if reached >= until:
            return longest
    return max(longest, (until - reached).total_seconds())
