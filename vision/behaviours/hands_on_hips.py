"""叉腰, clause 27(1)8: a hand on the hip with the elbow out, one (`one`) or both (`both`).

Counts: the wrist at its own hip, the elbow bent and standing out from the trunk. Must not: a hand in the lap
or on the armrest (the elbow is not out), one reaching to the printer (the wrist is far from the hip), arms
hanging (the elbow is straight), a hand on the mouse (the forearm points ahead). Needs an engine that sees
depth, both shoulders, and that side's elbow.

With a hand on the hip the elbow is 0.43 to 0.60 breadths out from under the shoulder, no farther ahead than
0.07, bent to 89 to 105 degrees, and the wrist 0.66 to 1.05 from the hip; hands in the lap, on armrests and at
the printer keep the elbow within 0.32, or bend it less; the forearm comes in to the hip at some 42 degrees,
on the mouse it points ahead at 79 (BlazePose on rendered clerks, several cameras).
"""

import math

from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.values import Evidence, Person
from vision.window_view import WindowHistory, WindowView
from vision.world_body import WorldBody

CODE = "hands_on_hips"
MIN_CONFIDENCE = 0.3

AT_HIP, OFF_HIP = 1.08, 1.25
ELBOW_OUT, ELBOW_IN = 0.44, 0.38
ELBOW_BACK, ELBOW_AHEAD = 0.15, 0.3
BENT_DEG, STRAIGHT_DEG = 118.0, 130.0
FOLDED_DEG, SHARP_DEG = 70.0, 50.0
INWARDS_DEG, AHEAD_DEG = 58.0, 72.0
"""Where the forearm points from the elbow: 0 is straight in to the body, 90 straight ahead."""

AT_STANDING, OFF_STANDING = 0.92, 1.05
STANDING_OUT, STANDING_IN = 0.48, 0.42
BESIDE = 0.05
STANDING_LOW = 0.8
STANDING_AHEAD_DEG, ALL_AHEAD_DEG = 82.0, 88.0
"""Who stands and is seen from the front: the engine turns the forearm ahead, up to 81 degrees, but the elbow
is farther out (0.50 to 0.57), level with the shoulder in depth (-0.13 to -0.03) and the hand lower (0.98 and
more) than any that works (one clip of hall lotus; of eighteen others 8 single frames fit)."""

HAND_LOW = 0.55
"""How far under the shoulders the wrist is at least, in shoulder breadths: no higher hand is on a hip."""


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk stands with a hand on the hip."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | None:
    """The stronger side; `both` when the weaker one is a hand on the hip too."""
    if person.pose is None:
        return None
    body, world = Body(person.pose, MIN_CONFIDENCE), WorldBody.of(person.pose)
    if world is None or not body.seen("left_shoulder", "right_shoulder"):
        return None
    sides = [_side(world, side) for side in ("left", "right") if body.seen(f"{side}_elbow", f"{side}_wrist")]
    if not sides:
        return None
    sides.sort(key=lambda found: found[0], reverse=True)
    strength, out, near = sides[0]
    both = len(sides) == 2 and sides[1][0] >= 0.5
    measures = {"wrist_to_hip": round(near, 2), "elbow_out": round(out, 2)}
    return Judged(strength, "both" if both else "one", measures)


def _side(world: WorldBody, side: str) -> tuple[float, float, float]:
    """Strength, how far the elbow stands out, how far the wrist is from the hip."""
    near = world.apart(f"{side}_wrist", f"{side}_hip")
    out = world.outwards(side, f"{side}_shoulder", f"{side}_elbow")
    ahead = world.offset(f"{side}_shoulder", f"{side}_elbow")[2]
    bend = world.bend_deg(f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist")
    low = -world.offset(f"{side}_shoulder", f"{side}_wrist")[1]
    forearm_ahead = world.offset(f"{side}_elbow", f"{side}_wrist")[2]
    points = math.degrees(math.atan2(forearm_ahead, -world.outwards(side, f"{side}_elbow", f"{side}_wrist")))
    bent = min(ramp(bend, STRAIGHT_DEG, BENT_DEG), ramp(bend, SHARP_DEG, FOLDED_DEG))
    inwards = (
        ramp(near, OFF_HIP, AT_HIP)
        * ramp(out, ELBOW_IN, ELBOW_OUT)
        * ramp(ahead, ELBOW_AHEAD, ELBOW_BACK)
        * ramp(low, HAND_LOW - 0.2, HAND_LOW)
        * ramp(abs(points), AHEAD_DEG, INWARDS_DEG)
    )
    standing = (
        ramp(near, OFF_STANDING, AT_STANDING)
        * ramp(out, STANDING_IN, STANDING_OUT)
        * ramp(ahead, ELBOW_BACK, BESIDE)
        * ramp(low, STANDING_LOW - 0.2, STANDING_LOW)
        * ramp(abs(points), ALL_AHEAD_DEG, STANDING_AHEAD_DEG)
    )
    return bent * max(inwards, standing), out, near
