"""抱胸, clause 27(1)8: both forearms folded across the chest.

Counts: each wrist lies at the opposite elbow. Must not: one arm folded, hands clasped on the desk, a hand at
the chin while the other lies across (the far wrist is then away from its elbow). Needs both shoulders,
elbows and wrists. Crossed arms put each wrist within 0.2 shoulder breadths of the opposite elbow, typing
keeps both beyond 0.85, a propped chin one beyond 0.45 (BlazePose on rendered clerks); the limits lie between.
"""

from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.values import Evidence, Person
from vision.window_view import WindowHistory, WindowView

CODE = "arms_crossed"
NEEDED = ("left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist")
MIN_CONFIDENCE = 0.3
"""Folded hands hide under the arms, and engines doubt hidden wrists that they place well."""

FOLDED_AT = 0.25
APART_AT = 0.55


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk's arms are crossed."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | None:
    """How far the looser of the two wrists is from the opposite elbow."""
    if person.pose is None:
        return None
    body = Body(person.pose, MIN_CONFIDENCE)
    if not body.seen(*NEEDED):
        return None
    looser = max(body.apart("left_wrist", "right_elbow"), body.apart("right_wrist", "left_elbow"))
    return Judged(ramp(looser, APART_AT, FOLDED_AT), measures={"wrist_to_other_elbow": round(looser, 2)})
