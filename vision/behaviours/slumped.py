"""趴卧, clause 27(1)8: the upper body or the head down on the desk.

Counts: the shoulders came down to the desk with the face under them, as of somebody lying over it; the face
far under the shoulders, wherever they were before; or, where the engine loses a face-down body, somebody
still there whose head came down by most of the trunk. Must not: writing low (the shoulders stay up), bending
to a drawer (over before the rule's ten seconds), standing up (the shoulders move as far, the head stays above
them), an empty post (nobody is there). Needs shoulders and nose, or the clerk's usual height.

Who lies has the shoulders 1.17 to 1.53 breadths from their usual place and the nose 0.1 to 0.7 below them;
who writes low 0.2 to 0.56 and 0.14 to 0.42; who stands 0.95 to 1.1, the nose 0.3 above (BlazePose on rendered
clerks, ceiling corners and frontal). Of who was never seen upright only the nose tells.
"""

import math
import statistics

from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.values import Evidence, Person
from vision.window_view import WindowHistory, WindowView

CODE = "slumped"
MIN_CONFIDENCE = 0.3

HEAD_LIES, HEAD_BENT = -0.52, -0.42
"""The nose's height over the shoulders, in shoulder breadths, that tells by itself."""

STRANGER_LIES, STRANGER_BENT = -0.46, -0.36
"""The same of somebody whose usual posture is not known."""

SHOULDERS_DOWN, SHOULDERS_UP = 1.0, 0.65
"""How far the shoulders are from their usual place, in shoulder breadths."""

FACE_DOWN, FACE_UP = -0.1, 0.05
"""The nose's height that goes with shoulders on the desk; from the side the face lies beside them."""

SUNK, LOWERED = 0.75, 0.5
"""How far the top of the head came down from where it usually is, in shoulder breadths."""

UPRIGHT = 0.0
ENOUGH_UPRIGHT = 5


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk lies on the desk."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | None:
    """By the head's height over the shoulders and how far they came, else by how far the head came down."""
    lift = _lift(person)
    if lift is not None:
        came = _came(person, history)
        if came is None:
            strength = ramp(lift, STRANGER_BENT, STRANGER_LIES)
        else:
            down = ramp(came, SHOULDERS_UP, SHOULDERS_DOWN) * ramp(lift, FACE_UP, FACE_DOWN)
            strength = max(ramp(lift, HEAD_BENT, HEAD_LIES), down)
        return Judged(strength, measures={"nose_above_shoulders": round(lift, 2)})
    sunk = _sunk(person, history)
    return None if sunk is None else Judged(ramp(sunk, LOWERED, SUNK), measures={"head_sunk": round(sunk, 2)})


def _came(person: Person, history: WindowHistory) -> float | None:
    """How far the shoulders are from their usual place, in breadths; None while that is not known."""
    usual = history.usual(person.track)
    if usual is None or person.pose is None:
        return None
    return math.dist(Body(person.pose).shoulders, usual.shoulders) / usual.unit_px


def _lift(person: Person) -> float | None:
    if person.pose is None:
        return None
    body = Body(person.pose, MIN_CONFIDENCE)
    if not body.seen("left_shoulder", "right_shoulder"):
        return None
    return (body.shoulders[1] - body.joint("nose")[1]) / body.unit


def _sunk(person: Person, history: WindowHistory) -> float | None:
    """How far the box's top is under its usual place, in breadths of the clerk's upright shoulders."""
    tops, units = [], []
    for earlier in history.recent:
        for other in earlier.staff:
            lift = _lift(other) if other.track == person.track else None
            if lift is not None and lift > UPRIGHT and other.pose is not None:
                tops.append(other.box[1])
                units.append(Body(other.pose).unit)
    if len(tops) < ENOUGH_UPRIGHT:
        return None
    return (person.box[1] - statistics.median(tops)) / statistics.median(units)
