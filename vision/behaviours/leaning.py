"""倚靠, clause 27(1)8: weight on the chair's back (`back`), a wall (`side`) or the counter (`counter`).

Counts: the trunk is tilted past the limit against the window's own working posture, and still. Must not:
reaching to the printer (not still), standing up (the hips move), turning to a customer (small tilt).

The working posture is learned (see working_posture.py): a camera that looks down sees every trunk pitched
towards it, so only the change means something. Sitting at work scatters by some 5 degrees of pitch and 3 of
roll, leaning back on the chair changes the pitch by 22; standing up does so too, but lifts the shoulders by
a whole shoulder breadth where leaning back lifts them by a quarter (BlazePose on rendered clerks). Without
four seconds of history the roll alone is judged.
"""

import math
from datetime import timedelta

from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.values import Evidence, Person
from vision.window_view import WindowHistory, WindowView
from vision.working_posture import Posture, posture_of

CODE = "leaning"

PITCH_FREE_DEG, PITCH_FULL_DEG = 9.0, 20.0
ROLL_FREE_DEG, ROLL_FULL_DEG = 10.0, 22.0
FORWARD_FREE_DEG, FORWARD_FULL_DEG = 22.0, 40.0
"""Forward needs more: people bend over their work."""

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
    usual = history.usual(person.track)
    unusual = abs(now.roll_deg - usual.roll_deg) if usual else math.inf
    roll = min(abs(now.roll_deg), unusual)
    candidates = [_tilt("side", roll, ROLL_FREE_DEG, ROLL_FULL_DEG)]
    if usual and _pitch_known(person, now, usual):
        assert now.pitch_deg is not None
        assert usual.pitch_deg is not None
        pitch = now.pitch_deg - usual.pitch_deg
        candidates.append(_tilt("back", pitch, PITCH_FREE_DEG, PITCH_FULL_DEG))
        candidates.append(_tilt("counter", -pitch, FORWARD_FREE_DEG, FORWARD_FULL_DEG))
    best = max(candidates, key=lambda judged: judged.score)
    if best.score and not _still(person, view, history, now):
        return Judged(0.0, best.variant, best.measures)
    return best


def _tilt(variant: str, degrees: float, free: float, full: float) -> Judged:
    return Judged(ramp(degrees, free, full), variant, {"torso_tilt_deg": round(degrees, 1)})


def _pitch_known(person: Person, now: Posture, usual: Posture) -> bool:
    """Whether the pitch means something: seen from the front, in the usual place, by an engine with depth."""
    if now.pitch_deg is None or usual.pitch_deg is None or person.pose is None:
        return False
    return Body(person.pose).facing() and _seated_alike(now, usual)


def _seated_alike(now: Posture, usual: Posture) -> bool:
    return math.dist(now.shoulders, usual.shoulders) <= SEAT_MOVE * usual.unit_px


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
