"""A close look at staff's hands and mouths by our own network: what they hold, as things of an observation.

Looked at twice a second, about the fingers and, where a hand is near, about the mouth. Single looks err, so
each place's probabilities fade into each other over a second, and only what they agree on is a thing. Of the
public nothing is looked at.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from models.held_things import SIDE_IN_SHOULDERS
from vision.body import Body
from vision.values import Box, Image, Person, Point, Thing, ThingKind

LOOK_EVERY_S = 0.5
FADE_S = 0.8
"""How fast older looks are forgotten: two that agree outweigh one before them."""

SURE = MappingProxyType(
    {
        ThingKind.PHONE: 0.85,
        ThingKind.CIGARETTE: 0.8,
        ThingKind.BOOK: 0.5,
        ThingKind.OTHER: 0.6,
    }
)
"""From here on a kind is believed: on the validate part's crops all of the phones, 94 % of cigarettes, all of
the printed matter, and 84 % of other things that are said so surely are."""

HAND_CONFIDENCE = 0.3
"""Of a hand behind a phone the engine is doubtful, while it places it well."""

MOUTH_REACH = 1.4
"""With every hand farther than this from the mouth (shoulder breadths) only a cigarette could be there, and
the hand that brought it was seen."""

SMALLEST_SHOULDERS_PX = 24.0
"""A phone is a third of the shoulders' breadth: below eight pixels of it nobody can tell."""

THING_SIDE = 0.5
"""Side of the box that is shown for a thing, in shoulder breadths; the network tells what, not how large."""

KINDS = MappingProxyType(
    {
        "phone": ThingKind.PHONE,
        "cigarette": ThingKind.CIGARETTE,
        "cigarette_at_mouth": ThingKind.CIGARETTE,
        "reading": ThingKind.BOOK,
        "other": ThingKind.OTHER,
    }
)

Told = Mapping[str, float]
Place = tuple[int, str]
"""A track's number, and `left`, `right` or `mouth`."""


class Teller(Protocol):
    """The network: what each square (middle x, middle y, side; px) of a picture shows."""

    def tell(self, image: Image, squares: Sequence[tuple[float, float, float]]) -> Sequence[Told | None]: ...


@dataclass(slots=True)
class CloseLook:
    """Looks at one camera's staff and remembers what was told of each hand and mouth."""

    teller: Teller
    _looked_s: float = -math.inf
    _told: dict[Place, dict[str, float]] = field(default_factory=dict)
    _things: tuple[Thing, ...] = ()

    def take(self, image: Image, staff: Sequence[Person], at_s: float) -> tuple[Thing, ...]:
        """What staff hold now: looked at anew where it is time, else what was told last."""
        since = at_s - self._looked_s
        if since < LOOK_EVERY_S - 1e-3:
            return self._things
        self._looked_s = at_s
        places = {
            (person.track, name): (place, Body(person.pose).unit)
            for person in staff
            if person.pose is not None
            for name, place in places_of(Body(person.pose)).items()
        }
        squares = [(x, y, SIDE_IN_SHOULDERS * unit) for (x, y), unit in places.values()]
        told = dict(zip(places, self.teller.tell(image, squares), strict=True)) if squares else {}
        kept = math.exp(-since / FADE_S)
        self._told = {place: self._faded(place, now, kept) for place, now in told.items() if now is not None}
        self._things = tuple(
            thing
            for place, faded in self._told.items()
            if (thing := _thing(place, *places[place], faded)) is not None
        )
        return self._things

    def _faded(self, place: Place, now: Told, kept: float) -> dict[str, float]:
        before = self._told.get(place, {})
        return {name: kept * before.get(name, 0.0) + (1 - kept) * share for name, share in now.items()}


def places_of(body: Body) -> dict[str, Point]:
    """Where to look at a body: hands that are placed, and the mouth where one of them is near."""
    if body.unit < SMALLEST_SHOULDERS_PX:
        return {}
    hands = {
        side: body.hand(side)
        for side in ("left", "right")
        if body.confidence(f"{side}_wrist") >= HAND_CONFIDENCE
    }
    near = any(body.from_unit(hand, body.mouth()) <= MOUTH_REACH for hand in hands.values())
    return hands | ({"mouth": body.mouth()} if near and body.seen("nose") else {})


def _thing(place: Place, middle: Point, unit: float, told: Told) -> Thing | None:
    """The kind that is surest, if it is sure; both ways of a cigarette count as one."""
    shares: dict[ThingKind, float] = {}
    for name, kind in KINDS.items():
        shares[kind] = shares.get(kind, 0.0) + told.get(name, 0.0)
    kind, share = max(shares.items(), key=lambda found: found[1])
    if share < SURE[kind]:
        return None
    track, name = place
    if kind is ThingKind.CIGARETTE and told["cigarette_at_mouth"] > told["cigarette"]:
        name = "mouth"
    return Thing(kind, _square(middle, THING_SIDE * unit), share, track, name)


def _square(middle: Point, side: float) -> Box:
    x, y = middle
    return x - side / 2, y - side / 2, x + side / 2, y + side / 2
