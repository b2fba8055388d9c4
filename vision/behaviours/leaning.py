"""倚靠, clause 27(1)8: weight on the chair's back (`back`) or against a wall (`side`).

Counts: the trunk is tilted back or sideways of the window's own working posture, past the limit, and still.
Must not: reaching to the printer (not still), standing up (the shoulders are elsewhere), sitting up from
writing (the trunk turns, the shoulders stay), bending over work (forward is work).

Against the learned posture (see working_posture.py) ordinary work stays within 16 degrees to the back.
Leaning on the chair is at 25 to 33 with the shoulders a quarter of their breadth away; sitting up to
telephone or to drink reaches 27 degrees but moves the shoulders by less than 0.1; standing up moves them by
0.9 (BlazePose on rendered clerks, ceiling and frontal cameras). Leaning on the counter looks like bending
over work and is not judged. Without four seconds of history, or without depth, only the roll is.
"""

import math
from datetime import timedelta

from vision.behaviours.behaviour import Judged, of_staff
from vision.body import ramp
from vision.values import Evidence, Person
from vision.window_view import WindowHistory, WindowView
from vision.working_posture import Posture, posture_of, tilt_of

CODE = "leaning"

BACK_FREE_DEG, BACK_FULL_DEG = 13.0, 24.0
SIDE_FREE_DEG, SIDE_FULL_DEG = 16.0, 30.0
MOVED_FREE, MOVED_FULL = 0.12, 0.22
"""Shoulder breadths that the shoulders move when the weight goes to the chair's back."""

STILL_S = 2.0
STILL_MOVE = 0.35
"""How far the hips may wander within two seconds, in shoulder breadths."""

LYING_DEG = 60.0
"""Beyond this tilt nobody leans: the body lies on the desk, or the joints are wrong."""

SEAT_MOVE = 0.7
"""How far the shoulders may be from their usual place before it is another place: standing, another chair."""


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk leans."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | None:
    """How far the trunk is from its working posture, if it is still."""
    now = posture_of(person, view.captured_at)
    if now is None or abs(now.roll_deg) > LYING_DEG:
        return None
    best = _tilted(now, history.usual(person.track))
    if best.score and not _still(person, view, history, now):
        return Judged(0.0, best.variant, best.measures)
    return best


def _tilted(now: Posture, usual: Posture | None) -> Judged:
    tilt = tilt_of(now, usual) if usual else None
    if tilt is None or usual is None:
        unusual = abs(now.roll_deg - usual.roll_deg) if usual else math.inf
        return _judged("side", min(abs(now.roll_deg), unusual), SIDE_FREE_DEG, SIDE_FULL_DEG, 1.0)
    if tilt.moved > SEAT_MOVE:
        return Judged(0.0, measures={"torso_tilt_deg": round(-tilt.forward_deg, 1)})
    shifted = ramp(tilt.moved, MOVED_FREE, MOVED_FULL)
    back = _judged("back", -tilt.forward_deg, BACK_FREE_DEG, BACK_FULL_DEG, shifted)
    side = _judged("side", abs(tilt.left_deg), SIDE_FREE_DEG, SIDE_FULL_DEG, shifted)
    return max(back, side, key=lambda judged: judged.score)


def _judged(variant: str, degrees: float, free: float, full: float, shifted: float) -> Judged:
    return Judged(ramp(degrees, free, full) * shifted, variant, {"torso_tilt_deg": round(degrees, 1)})


def _still(person: Person, view: WindowView, history: WindowHistory, now: Posture) -> bool:
    since = view.captured_at - timedelta(seconds=STILL_S)
    for earlier in reversed(history.recent):
        if earlier.captured_at < since:
            break
        for other in earlier.staff:
            then = posture_of(other, earlier.captured_at) if other.track == person.track else None
            if then and math.dist(then.hips, now.hips) > STILL_MOVE * now.unit_px:
                return False
    return True
