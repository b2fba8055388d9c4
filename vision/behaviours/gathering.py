"""扎堆聊天, clause 27(1)5: three or more staff close together, away from their own posts.

Counts: three or more people on the staff side, each within 1.5 m of another of them, of whom at least two are
more than the posts there account for (one clerk a window, or as many as it requires). Must not: neighbours at
their own desks, however near; a colleague or a supervisor who visits one clerk (two people); passers-by (over
before the rule's minute). Distances are metres on the floor where it is measured, else body lengths: four
shoulder breadths are 1.5 m (shoulders are 0.36 to 0.40 m broad, GB/T 10000-2023), between people who are seen
about equally large, as only those stand at the same depth. On a measured floor somebody whom the others hide
from the camera still stands where last seen (`vision.hidden_people`).
"""

import math
from collections import Counter

from vision.behaviours.behaviour import unjudged
from vision.body import Body
from vision.boxes import centre
from vision.values import Evidence, Person
from vision.window_view import WindowHistory, WindowView

CODE = "gathering"

CLOSE_M = 1.5
CLOSE_BREADTHS = 4.0
ALIKE = 1.5
"""How much larger one of two people may be seen for their depths to be alike."""

CROWD = 3
SURPLUS = 2


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """1 while a crowd of staff stands at this window beyond those who work there, else 0."""
    if not view.observed:
        return unjudged(CODE, view)
    hidden = {one.track: one for one in history.hidden_colleagues.now}
    there = (*(one for one in view.colleagues if one.track not in hidden), *hidden.values())
    group = max(_groups(there), key=len, default=())
    here = _where(group) == view.window
    gathered = here and len(group) >= CROWD and len(group) - _at_posts(group, view) >= SURPLUS
    measures = {"staff_together": float(len(group) if here else 0)}
    track = min((person.track for person in group), default=None) if gathered else None
    return Evidence(CODE, view.window, view.captured_at, 1.0 if gathered else 0.0, None, track, measures)


def _at_posts(group: tuple[Person, ...], view: WindowView) -> int:
    """How many of a group may be at their own posts: one a window, as many as this one needs."""
    counts = Counter(person.window for person in group if person.window)
    return sum(min(n, view.staff_required if name == view.window else 1) for name, n in counts.items())


def _where(group: tuple[Person, ...]) -> str | None:
    """The window whose staff side most of a group stand on; of several the first by name."""
    counts = Counter(person.window for person in group if person.window)
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def _groups(people: tuple[Person, ...]) -> list[tuple[Person, ...]]:
    """People joined by nearness, each group once."""
    left, groups = list(people), []
    while left:
        group = [left.pop()]
        for member in group:
            near = [other for other in left if _close(member, other)]
            group += near
            left = [other for other in left if other not in near]
        groups.append(tuple(group))
    return groups


def _close(one: Person, other: Person) -> bool:
    if one.floor is not None and other.floor is not None:
        return math.dist(one.floor, other.floor) <= CLOSE_M
    if one.pose is None or other.pose is None:
        return False
    larger, smaller = sorted((Body(one.pose).unit, Body(other.pose).unit), reverse=True)
    apart = math.dist(centre(one.box), centre(other.box)) / ((larger + smaller) / 2)
    return larger <= ALIKE * smaller and apart <= CLOSE_BREADTHS
