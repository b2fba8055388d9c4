"""The grade of a confirmed event: a pure function of the hall's rules and of what was confirmed before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.supervision.rules import GRAVITY, Grade, GradeRule


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An event that stands confirmed, of one window; `at` is when it began."""

    id: str
    behaviour: str
    at: datetime


def grade_of(event: Confirmed, standing: Iterable[Confirmed], rules: Sequence[GradeRule]) -> Grade | None:
    """The gravest grade whose rule holds for it; None where none does.

    `standing` are the window's confirmed events, this one included, in any order; later ones do not count.
    """
    until = (event.at, event.id)
    before = [one for one in standing if (one.at, one.id) <= until]
    fulfilled = [rule.grade for rule in rules if _fulfils(rule, event, before)]
    return max(fulfilled, key=GRAVITY.__getitem__, default=None)


def _fulfils(rule: GradeRule, event: Confirmed, before: Sequence[Confirmed]) -> bool:
    if rule.behaviours is not None and event.behaviour not in rule.behaviours:
        return False
    since = event.at - timedelta(days=rule.within_days)
    counted = sum(
        1
        for one in before
        if one.at > since
        and (rule.behaviours is None or one.behaviour in rule.behaviours)
        and (not rule.same_behaviour or one.behaviour == event.behaviour)
    )
    return counted >= rule.count
