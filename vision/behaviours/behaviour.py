"""What every behaviour is: a pure function from what is seen of a window to evidence.

A behaviour reads no clock and keeps nothing. It answers with a score of None when the moment cannot be
judged, and with 0 when it can be and there is nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vision.assessable import Unassessable
from vision.values import Evidence, Person
from vision.window_view import WindowHistory, WindowView


@dataclass(frozen=True, slots=True)
class Judged:
    """What one person shows of one behaviour: score 0..1, variant, and the numbers that led to it."""

    score: float
    variant: str | None = None
    measures: Mapping[str, float] = field(default_factory=dict)


Score = Callable[[WindowView, WindowHistory], Evidence]
"""A behaviour: the window's present view and its history (the present view included) to evidence."""

JudgePerson = Callable[[Person, WindowView, WindowHistory], Judged | Unassessable | None]
"""One clerk judged; the reason, or None, when that cannot be done now."""


def unjudged(code: str, view: WindowView, reason: str | None = None) -> Evidence:
    """This moment says nothing, neither for nor against; `reason` says why, where that is known."""
    return Evidence(code, view.window, view.captured_at, None, reason=reason)


def of_staff(code: str, judge: JudgePerson, view: WindowView, history: WindowHistory) -> Evidence:
    """The strongest evidence among the clerks of a window.

    An empty post shows nobody misbehaving (0); clerks of whom no joints can be judged show nothing (None).
    The public is never judged.
    """
    if not view.observed:
        return unjudged(code, view)
    if not view.staff:
        return Evidence(code, view.window, view.captured_at, 0.0)
    judged = [(judge(person, view, history), person) for person in view.staff]
    known = [(found, person) for found, person in judged if isinstance(found, Judged)]
    if not known:
        reasons = (found for found, _ in judged if isinstance(found, Unassessable))
        return unjudged(code, view, next(reasons, None))
    found, person = max(known, key=lambda pair: pair[0].score)
    return Evidence(
        code, view.window, view.captured_at, found.score, found.variant, person.track, found.measures
    )
