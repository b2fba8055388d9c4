"""Who stands hidden behind somebody else, and where: in a queue or a group the front hides the next.

A camera that looks along a queue sees the second head and a sleeve, which no engine makes a body of. But they
were seen walking there, and nobody was seen leaving. So a person who is lost from sight while somebody nearer
to the camera covers them is taken to stand where last seen, for some time, until somebody appears within a
walk of that place, or who covered them is gone. It tells how many there are, nothing of what they do.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vision.boxes import coverage, grown
from vision.values import Box, Person

LOST_AFTER = timedelta(seconds=0.5)
HIDDEN_FOR = timedelta(seconds=25)
"""Longer than a flag of the 1-metre line takes; whoever stays hidden longer is not known to stay."""

KNOWN_AFTER = timedelta(seconds=3)
"""Somebody seen for less may not be somebody of their own: tracks begin and end where people meet."""

SPLIT_WITHIN = timedelta(seconds=2)
"""A track that began so shortly before another was lost near it may be the same person, followed twice."""

COVERED = 0.3
"""So much of the last box must lie behind somebody's box."""

COVER_ROOM = 0.15
"""Boxes are drawn about joints: clothes and limbs cover a little more (share of the box)."""

COVER_WITHIN_M = 1.2
"""Who covers somebody in a queue stands within two steps of them; farther away nobody is hidden for long."""

WALK_M_S = 1.2
"""People walk about so fast (the pace of STEP_M in `vision.queueing`)."""

REACH_M = 1.5
"""Somebody new so near to where another was lost is that person, come into sight again."""

PLACE_SD_M = 0.15
"""How far somebody has moved since last seen (one standard deviation): half a step."""

FAR_PX = 1.0e5


@dataclass(slots=True)
class HiddenPeople:
    """Follows people: who was last seen where, and who of them is hidden now, for `lasts` at most."""

    lasts: timedelta = HIDDEN_FOR
    _last: dict[int, tuple[datetime, Person]] = field(default_factory=dict)
    _since: dict[int, datetime] = field(default_factory=dict)
    now: tuple[Person, ...] = ()

    def take(self, at: datetime, everybody: Iterable[Person]) -> None:
        """Take in who is seen with a pose and a place; who is lost behind somebody is hidden `now`."""
        seen = {one.track: one for one in everybody if one.pose is not None and one.floor is not None}
        for track, person in seen.items():
            self._since.setdefault(track, at)
            self._last[track] = (at, person)
        lost = {track: last for track, last in self._last.items() if track not in seen}
        for track, (then, person) in lost.items():
            known = then - self._since[track] >= KNOWN_AFTER
            if not known or at - then > self.lasts or self._is_back(then, at, person, seen):
                del self._last[track], self._since[track]
        self.now = tuple(
            _grown_error(person)
            for track, (then, person) in self._last.items()
            if at - then >= LOST_AFTER and _is_covered(person, seen.values())
        )

    def _is_back(self, then: datetime, at: datetime, lost: Person, seen: dict[int, Person]) -> bool:
        """Whether somebody who was not there long before stands within a walk of where this one was lost."""
        walk = min(REACH_M, 0.5 + WALK_M_S * (at - then).total_seconds())
        since = then - SPLIT_WITHIN
        return any(self._since[track] > since and _apart(lost, one) <= walk for track, one in seen.items())


def _is_covered(lost: Person, seen: Iterable[Person]) -> bool:
    return any(
        coverage(lost.box, grown(one.box, COVER_ROOM, (int(FAR_PX), int(FAR_PX)))) >= COVERED
        and one.box[3] >= lost.box[3] - _slack(lost.box)
        and _apart(lost, one) <= COVER_WITHIN_M
        for one in seen
    )


def _slack(box: Box) -> float:
    """Feet hidden by a counter end the box early: a quarter of its height is allowed for."""
    return 0.25 * (box[3] - box[1])


def _apart(one: Person, other: Person) -> float:
    assert one.floor is not None
    assert other.floor is not None
    return math.dist(one.floor, other.floor)


def _grown_error(person: Person) -> Person:
    if person.floor_error is None:
        return person
    xx, xy, yy = person.floor_error
    return replace(person, floor_error=(xx + PLACE_SD_M**2, xy, yy + PLACE_SD_M**2))
