"""单手指指人和物, clause 27(1)8: one arm straight out towards somebody.

Counts: one arm straight and out to the side in the picture, the hand at the height of the chest to the eyes
and away from where that hand usually is, while the other arm is not out. Must not: handing something over and
reaching for the printer (the hand is lower, at the desk's height, or the elbow bent), stretching and holding
something open (both arms), a pointer resting on a form on the desk or a hand on the mouse (low, or its usual
place).

Needs one whole arm, a guess of the other, four seconds of history, and a view from aside. An arm that points
at the camera itself looks like one that lies on the desk: in the picture it is short and hangs down, and
engines place it in depth as if it typed (1.1 breadths ahead of the shoulder for both). So somebody who faces
the camera is not judged while no arm is out across the picture. Whether only the index finger is out cannot
be told from seventeen joints: an open hand held out to somebody counts too, and people judge.

Lengths are shoulder breadths in the picture. Arms that pointed measured 0.9 to 1.45 from shoulder to wrist,
the elbow mostly within 0.35 of that off the line, the wrist at most 0.72 under the shoulder (the camera looks
down) and 0.2 to 0.6 more aside than under, the other wrist under its elbow; typing hands hang 0.8 to 1.1
under the shoulder, hands that give 0.85 and more, those that reach for the printer 0.72 to 1.0; pages are
held open with both wrists above the elbows (BlazePose on rendered clerks, cameras in corners).
"""

import math
from dataclasses import dataclass
from statistics import median

from vision.assessable import Needs, Unassessable, turned_deg, unassessable
from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.values import Evidence, Person, Point
from vision.window_view import WindowHistory, WindowView

CODE = "pointing"
SIDES = ("left", "right")
ARM = ("shoulder", "elbow", "wrist")
NEEDS = tuple(Needs(tuple(f"{side}_{joint}" for joint in ARM)) for side in SIDES)
OTHER_ARM_CONFIDENCE = 0.3
"""Two arms out do not point, so the other one must be known, if only by and large."""

LONG, SHORT = 0.95, 0.7
STRAIGHT, BENT = 0.3, 0.4
"""How far the elbow is off the line from shoulder to wrist, in parts of that line."""

ASIDE, UNDER = 0.15, -0.05
"""How much farther aside than under the shoulder the wrist is."""

CHEST_HIGH, DESK_HIGH = 0.67, 0.77
EYE_HIGH, OVERHEAD = -0.4, -0.6
"""How far the wrist is under the shoulder."""

ELSEWHERE, USUAL = 0.55, 0.35
"""How far the wrist is from where it usually is."""

LEVEL, MUCH_LOWER = 0.12, 0.5
FOREARM_LYING = 0.03
"""A second wrist level with the first, or neither under its elbow nor much lower, is at the same work."""

USUAL_WITHIN_S = 60.0
USUAL_EVERY_S, USUAL_FROM = 1.0, 4
NEARLY = 0.25
"""A second arm that is even half out is out."""

HAND_AT_HEAD = 0.95
"""The other hand to the mouth: 0.2 to 0.9 with the chin propped, 1.3 where somebody points."""

FACING_DEG = 35.0


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk points at somebody."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | Unassessable | None:
    """The arm that is out, unless both are; None until it is known where the hands usually are."""
    why = unassessable(person, view, *NEEDS)
    if why is not None or person.pose is None:
        return why
    outs = [(_out(arm), side, arm) for side in SIDES if (arm := _arm(person, side)) is not None]
    if len(outs) < len(SIDES):
        return Unassessable.JOINTS_HIDDEN
    (other_out, _, other), (strength, side, arm) = sorted(outs, key=lambda one: one[0])
    body = Body(person.pose)
    other_side = "left" if side == "right" else "right"
    busy = other_out >= NEARLY or _two_handed(arm, other) or _at_head(body, other_side)
    if busy or not body.seen(*_names(side)):
        strength = 0.0
    if not strength:
        facing = turned_deg(person.pose)
        hidden = facing is not None and facing <= FACING_DEG
        return Unassessable.VIEW_ANGLE if hidden else Judged(0.0, measures=arm.measures)
    usual = _usual_hand(person.track, side, view, history)
    if usual is None:
        return None
    elsewhere = ramp(math.dist(arm.wrist, usual), USUAL, ELSEWHERE)
    return Judged(min(strength, elsewhere), measures=arm.measures)


@dataclass(frozen=True, slots=True)
class Arm:
    """Elbow and wrist as seen from the shoulder: x to the right, y down, in shoulder breadths."""

    elbow: Point
    wrist: Point

    @property
    def length(self) -> float:
        """From shoulder to wrist."""
        return math.hypot(*self.wrist)

    @property
    def bend(self) -> float:
        """How far the elbow is off the line to the wrist, in parts of that line."""
        (ex, ey), (wx, wy) = self.elbow, self.wrist
        square = wx * wx + wy * wy
        if not square:
            return math.inf
        along = min(max((ex * wx + ey * wy) / square, 0.0), 1.0)
        return math.hypot(ex - along * wx, ey - along * wy) / math.sqrt(square)

    @property
    def measures(self) -> dict[str, float]:
        """What a reviewer is told."""
        return {"arm_reach": round(self.length, 2)}


def _arm(person: Person, side: str) -> Arm | None:
    assert person.pose is not None
    body = Body(person.pose, OTHER_ARM_CONFIDENCE)
    if not body.seen(*_names(side)):
        return None
    (sx, sy), elbow, wrist = (body.joint(name) for name in _names(side))
    unit = body.unit
    return Arm(
        ((elbow[0] - sx) / unit, (elbow[1] - sy) / unit), ((wrist[0] - sx) / unit, (wrist[1] - sy) / unit)
    )


def _names(side: str) -> tuple[str, ...]:
    return tuple(f"{side}_{joint}" for joint in ARM)


def _out(arm: Arm) -> float:
    """How surely an arm is straight out at the height of somebody, 0..1: the least of what that asks."""
    aside, under = abs(arm.wrist[0]), arm.wrist[1]
    return min(
        ramp(arm.length, SHORT, LONG),
        ramp(arm.bend, BENT, STRAIGHT),
        ramp(aside - under, UNDER, ASIDE),
        ramp(under, DESK_HIGH, CHEST_HIGH),
        ramp(under, OVERHEAD, EYE_HIGH),
    )


def _two_handed(arm: Arm, other: Arm) -> bool:
    """Whether the other hand is up as well, as in holding a page open."""
    lower = other.wrist[1] - arm.wrist[1]
    raised = other.wrist[1] - other.elbow[1] < FOREARM_LYING
    return lower < LEVEL or (raised and lower < MUCH_LOWER)


def _at_head(body: Body, side: str) -> bool:
    """Whether that hand is at the mouth or the chin: then the other arm lies before who rests the head."""
    return body.from_unit(body.mouth(), body.hand(side)) <= HAND_AT_HEAD


def _usual_hand(track: int, side: str, view: WindowView, history: WindowHistory) -> Point | None:
    """Where the wrist mostly was in the last minute; None while too little of it was seen."""
    wrists: list[Point] = []
    latest = None
    for past in history.last(USUAL_WITHIN_S, view.captured_at):
        if latest is not None and (past.captured_at - latest).total_seconds() < USUAL_EVERY_S:
            continue
        for person in past.staff:
            arm = _arm(person, side) if person.track == track and person.pose is not None else None
            if arm is not None:
                wrists.append(arm.wrist)
                latest = past.captured_at
    if len(wrists) < USUAL_FROM:
        return None
    return median(x for x, _ in wrists), median(y for _, y in wrists)
