"""倚靠, clause 27(1)8: weight on the chair's back (`back`), a wall (`side`) or the counter (`counter`).

Counts: the trunk is tilted back, sideways, or forward and sideways at once of the window's own working
posture, past the limit, and still. Must not: reaching to the printer (not still), standing up or another seat
(the hips are elsewhere), sitting up from writing (the trunk turns, the shoulders stay), bending over work
(straight forward is work, and a low head looks at it). Needs shoulders and hips.

Against the learned posture (see working_posture.py) ordinary work stays within 16 degrees to the back.
Leaning on the chair is at 25 to 33 with the shoulders a quarter of their breadth away; sitting up to
telephone or to drink reaches 27 degrees but moves the shoulders by less than 0.1; standing up moves them by
0.9. Weight on one forearm on the counter tips the trunk 16 to 21 degrees forward and 15 to 19 aside, moves
the shoulders by 0.45 and keeps the nose above -0.12; somebody who writes low may tip as far, but looks down
(the nose at -0.19 to -0.39; all BlazePose on rendered clerks, ceiling and frontal cameras). Leaning on both
forearms alike looks like work from every side and is not judged. Without four seconds of history, or without
depth, only the roll is.
"""

import math
from datetime import timedelta

from vision.assessable import Needs, Unassessable, unassessable
from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.values import Evidence, Person
from vision.window_view import WindowHistory, WindowView
from vision.working_posture import Posture, Tilt, posture_of, tilt_of

CODE = "leaning"
SHOULDERS = ("left_shoulder", "right_shoulder")
NEEDS = (Needs((*SHOULDERS, "left_hip")), Needs((*SHOULDERS, "right_hip")))

BACK_FREE_DEG, BACK_FULL_DEG = 13.0, 24.0
SIDE_FREE_DEG, SIDE_FULL_DEG = 16.0, 30.0
MOVED_FREE, MOVED_FULL = 0.11, 0.19
"""Shoulder breadths that the shoulders move when the weight goes to the chair's back."""

STILL_S = 2.0
STILL_MOVE = 0.35
"""How far the hips may wander within two seconds, in shoulder breadths."""

LYING_DEG = 60.0
"""Beyond this tilt nobody leans: the body lies on the desk, or the joints are wrong."""

SEAT_MOVE = 0.7
"""How far shoulders and hips both may be from their usual place before it is another place: standing, another
chair. A trunk tilted far aside carries the shoulders as far, but not the hips."""

COUNTER_ASIDE_FREE_DEG, COUNTER_ASIDE_FULL_DEG = 7.0, 11.0
COUNTER_AHEAD_FREE_DEG, COUNTER_AHEAD_FULL_DEG = -8.0, -2.0
"""From the front the engine hardly sees a trunk come forward: it need only not go back."""

COUNTER_MOVED_FREE, COUNTER_MOVED_FULL = 0.32, 0.42
ONLY_ASIDE_DEG = 18.0
"""A trunk that tips aside by so much more than forward has its weight on something beside it."""

SUNK_FULL, SUNK_FREE = 1.1, 0.85
"""Shoulders that came down by more lie on the desk (1.17 to 1.53; on one forearm 0.45 to 0.6)."""

HEAD_UP, HEAD_DOWN = -0.14, -0.24
"""The nose's height over the shoulders, in their breadths, of who looks up from, and down to, the desk."""


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk leans."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | Unassessable | None:
    """How far the trunk is from its working posture, if it is still."""
    why = unassessable(person, view, *NEEDS)
    if why is not None:
        return why
    now = posture_of(person, view.captured_at)
    if now is None:
        return None
    usual = history.usual(person.track)
    tilt = tilt_of(now, usual) if usual else None
    if (tilt.away_deg if tilt else abs(now.roll_deg)) > LYING_DEG:
        return None
    best = _tilted(person, now, usual, tilt)
    if best.score and not _still(person, view, history, now):
        return Judged(0.0, best.variant, best.measures)
    return best


def _tilted(person: Person, now: Posture, usual: Posture | None, tilt: Tilt | None) -> Judged:
    if tilt is None or usual is None:
        unusual = abs(now.roll_deg - usual.roll_deg) if usual else math.inf
        return _judged("side", min(abs(now.roll_deg), unusual), SIDE_FREE_DEG, SIDE_FULL_DEG, 1.0)
    if min(tilt.moved, math.dist(now.hips, usual.hips) / usual.unit_px) > SEAT_MOVE:
        return Judged(0.0, measures={"torso_tilt_deg": round(-tilt.forward_deg, 1)})
    shifted = ramp(tilt.moved, MOVED_FREE, MOVED_FULL)
    seated = shifted if tilt.moved <= SEAT_MOVE else 0.0
    looks_up = ramp(_nose_height(person), HEAD_DOWN, HEAD_UP)
    return max(
        _judged("back", -tilt.forward_deg, BACK_FREE_DEG, BACK_FULL_DEG, seated),
        _judged("side", abs(tilt.left_deg), SIDE_FREE_DEG, SIDE_FULL_DEG, shifted * looks_up),
        _on_counter(tilt, looks_up),
        key=lambda judged: judged.score,
    )


def _on_counter(tilt: Tilt, looks_up: float) -> Judged:
    """Weight on one forearm: the trunk comes forward and sinks to one side, the eyes not on the desk."""
    strength = (
        ramp(abs(tilt.left_deg), COUNTER_ASIDE_FREE_DEG, COUNTER_ASIDE_FULL_DEG)
        * ramp(tilt.forward_deg, COUNTER_AHEAD_FREE_DEG, COUNTER_AHEAD_FULL_DEG)
        * ramp(tilt.moved, COUNTER_MOVED_FREE, COUNTER_MOVED_FULL)
        * ramp(tilt.moved, SUNK_FULL, SUNK_FREE)
        * looks_up
    )
    aside = abs(tilt.left_deg) - max(tilt.forward_deg, 0.0) > ONLY_ASIDE_DEG
    return Judged(strength, "side" if aside else "counter", {"torso_tilt_deg": round(tilt.away_deg, 1)})


def _nose_height(person: Person) -> float:
    """How high the nose is over the shoulders, in their breadths; very high where it is not seen."""
    if person.pose is None or not (body := Body(person.pose)).seen("nose"):
        return math.inf
    return (body.shoulders[1] - body.joint("nose")[1]) / body.unit


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
