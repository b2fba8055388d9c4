"""How far each hand is from the mouth, moment by moment: the memory that puffs are counted in."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from vision.body import Body
from vision.boxes import centre
from vision.values import Person, Thing, ThingKind

SIDES = ("left", "right")
KEPT_S = 60.0
CUP_REACH = 0.8
"""A cup or bottle within this of the hand, in shoulder breadths, makes it drinking."""

RAISED = 0.95
"""A hand farther from the mouth than this rests, whatever stands beside it."""

AT_EAR = 0.7
"""What a hand nearer to the ear than to the mouth counts as at least: it calls or scratches, so it is not at
the mouth; but it has not gone back to rest either: a propped cheek slides between the two."""

LOWEST_HEAD = -0.1
"""A nose that far below the shoulders (shoulder breadths) is bent over the desk, where hands are anyway."""

DRINKS_AND_PENS = (ThingKind.CUP, ThingKind.BOTTLE, ThingKind.OTHER)
"""What is brought to the mouth and is no cigarette; a pen is `other`."""

Samples = deque[tuple[datetime, float]]


def reach_of(person: Person, side: str, things: tuple[Thing, ...]) -> float | None:
    """Fingers to mouth in shoulder breadths; None when not seen, bent over, or raising a cup."""
    if person.pose is None:
        return None
    body = Body(person.pose)
    if not body.seen("nose", f"{side}_wrist", f"{side}_elbow"):
        return None
    if body.shoulders[1] - body.joint("nose")[1] < LOWEST_HEAD * body.unit:
        return None
    hand = body.hand(side)
    reach = body.from_unit(hand, body.mouth())
    if reach < RAISED and holds_cup(body, side, things, person.track):
        return None
    at_ear = body.from_unit(hand, body.joint(f"{side}_ear")) < reach
    return max(reach, AT_EAR) if at_ear else reach


def holds_cup(body: Body, side: str, things: tuple[Thing, ...], track: int) -> bool:
    """Whether a cup or bottle of this clerk's is seen at that hand."""
    mine = (t for t in things if t.kind in DRINKS_AND_PENS and t.track == track)
    return any(body.from_unit(centre(thing.box), body.hand(side)) <= CUP_REACH for thing in mine)


@dataclass(slots=True)
class HandReach:
    """The last minute of both hands of one person followed."""

    sides: dict[str, Samples] = field(default_factory=lambda: {side: deque() for side in SIDES})

    def take(self, person: Person, captured_at: datetime, things: tuple[Thing, ...]) -> None:
        """Take in one moment; one that cannot be judged leaves no sample."""
        for side, samples in self.sides.items():
            reach = reach_of(person, side, things)
            if reach is not None:
                samples.append((captured_at, reach))
            while samples and (captured_at - samples[0][0]).total_seconds() > KEPT_S:
                samples.popleft()
