"""On which side of the counter somebody is, over time: bodies lean across in a moment, people walk around.

Each picture votes (`vision.zones.place`), the feet first, then hips and trunk. A side once taken is left only
when the vote has been another for some time, and not while the hips, where they are seen, are still at home.
So a customer who bends over the counter stays a customer, and a clerk who reaches out stays a clerk. Someone
lost from sight for a moment and found again in the same place is taken for who was there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from vision import zones as zoning
from vision.body import Body
from vision.boxes import iou
from vision.values import Box, Person, Point, Side
from vision.zones import WindowZones

BY_FEET_S = 0.8
"""So long must feet stand on another side: a step is made in half a second, and joints jump for less."""

BY_TRUNK_S = 2.0
"""So long must a trunk be away from its own zone, in no other side's: who leaves has left by then."""

PUBLIC_TO_STAFF_S = 6.0
"""So long must a customer's trunk be on the staff's side: papers are pushed across in less."""

FEET_TOLD_S = 15.0
"""The same for somebody whose feet were seen on the public side: bent over the counter, they seem gone."""

HOME_UNITS = 0.25
"""Hips that near to the own zone (shoulder breadths) are still in it."""

INHERITED_S = 3.0
"""Somebody found where another was lost so lately is that person."""

INHERITED_IOU = 0.4

Placed = tuple[str | None, Side | None]
NOWHERE: Placed = (None, None)


@dataclass(slots=True)
class _Known:
    """Where somebody is held to be, what was told by the feet, and for how long the vote has been another."""

    placed: Placed
    box: Box
    at_s: float
    feet_public: bool = False
    doubt_s: float = 0.0


@dataclass(slots=True)
class Sides:
    """The windows and sides of everybody one camera follows. Give it every person of every frame."""

    zones: Sequence[WindowZones]
    _known: dict[int, _Known] = field(default_factory=dict)

    def take(
        self, person: Person, size: tuple[int, int], at_s: float, stand_px: Point | None = None
    ) -> Placed:
        """The window and side of a person in this frame; (None, None) for a passer-by.

        `size` is the picture's (width, height); `stand_px` is where the feet are on a calibrated floor.
        """
        vote = zoning.place(person, self.zones, size, stand_px)
        stand = zoning.stand_of(person, size) if stand_px is None else stand_px
        by_feet = stand is not None
        known = self._known.get(person.track) or self._heir(person, at_s)
        if known is None:
            known = _Known(vote, person.box, at_s)
        elif vote == known.placed:
            known.doubt_s = max(0.0, known.doubt_s - (at_s - known.at_s))
        elif by_feet or not self._at_home(person, known.placed, size):
            known.doubt_s += at_s - known.at_s
            if known.doubt_s >= _patience_s(known, vote, by_feet=by_feet) - 1e-6:
                known = _Known(vote, person.box, at_s)
        known.box, known.at_s = person.box, at_s
        if vote[1] is Side.PUBLIC and by_feet:
            known.feet_public = True
        self._known[person.track] = known
        return known.placed

    def keep(self, tracks: set[int], at_s: float) -> None:
        """Forget who is followed no longer, once nobody can be their heir any more."""
        self._known = {
            track: known
            for track, known in self._known.items()
            if track in tracks or at_s - known.at_s <= INHERITED_S
        }

    def _heir(self, person: Person, at_s: float) -> _Known | None:
        """Who was lost where this new person is; that one is then nobody else's any more."""
        near = [
            (iou(known.box, person.box), track)
            for track, known in self._known.items()
            if 0 < at_s - known.at_s <= INHERITED_S
        ]
        overlap, track = max(near, default=(0.0, 0))
        return self._known.pop(track) if overlap >= INHERITED_IOU else None

    def _at_home(self, person: Person, placed: Placed, size: tuple[int, int]) -> bool:
        """Whether hips that are seen are still in the zone that the person is held to be in, or all but."""
        if person.pose is None or placed == NOWHERE:
            return False
        body = Body(person.pose)
        if not body.seen("left_hip", "right_hip"):
            return False
        polygon = next(
            zone.staff if placed[1] is Side.STAFF else zone.public
            for zone in self.zones
            if zone.window == placed[0]
        )
        return bool(polygon) and zoning.outside_px(polygon, body.hips, size) <= HOME_UNITS * body.unit


def _patience_s(known: _Known, vote: Placed, *, by_feet: bool) -> float:
    """For how long the vote must have been another before it is believed."""
    if known.placed == NOWHERE:
        return 0.0
    if known.placed[1] is Side.PUBLIC and vote[1] is Side.STAFF:
        return FEET_TOLD_S if known.feet_public and not by_feet else PUBLIC_TO_STAFF_S
    return BY_FEET_S if by_feet and vote != NOWHERE else BY_TRUNK_S
