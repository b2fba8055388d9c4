"""抱胸, clause 27(1)8: both forearms folded across the chest.

Counts: each wrist lies at the opposite elbow. Must not: one arm folded, hands clasped on the desk, typing, a
phone held before the chest (the head is bent to it), a hand at the chin while the other lies across (the far
wrist is then away from its elbow). Needs both shoulders, and elbow and wrist of one arm at least.

Both arms seen: crossed arms put each wrist within 0.2 shoulder breadths of the opposite elbow, typing keeps
both beyond 0.85, a propped chin one beyond 0.45; the limits lie between.

From a corner or the side one arm lies behind the other and its hand under it. Then the arm that is seen must
run across the body, level, to the other elbow, and where the engine puts the hidden one counts as much: the
wrists are 0.57 to 0.78 from the opposite elbows in depth (mean of both; medians of four clips), with one arm
folded 1.00 to 1.35, at other work 1.2. Two hands at a phone come as near (0.5 to 0.65), but under a bent head
(the nose at -0.02 over the shoulders, of crossed arms at 0.12 to 0.42) or with neither arm seen well (0.42,
else 0.76 to 0.87). All BlazePose on rendered clerks. Hidden arms scatter, so that route reads medians over
the last second and a half.
"""

import math
import statistics
from dataclasses import dataclass

from vision.assessable import Needs, Unassessable, unassessable
from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.values import Evidence, Person, Pose, ThingKind
from vision.window_view import WindowHistory, WindowView
from vision.working_posture import posture_of, tilt_of
from vision.world_body import WorldBody

CODE = "arms_crossed"
MIN_CONFIDENCE = 0.3
"""Folded hands hide under the arms, and engines doubt hidden wrists that they place well."""

SIDES = ("left", "right")
SHOULDERS = ("left_shoulder", "right_shoulder")
GUESSED = 0.2
"""An arm doubted more than that is a guess: with both arms so nothing is said."""

NEEDS = tuple(Needs((*SHOULDERS, f"{side}_elbow", f"{side}_wrist"), GUESSED) for side in SIDES)

FOLDED_AT, APART_AT = 0.25, 0.55
"""Wrist to opposite elbow where both are seen, shoulder breadths in the picture."""

SURELY_SEEN = 0.5
"""An arm seen that well is judged by what is seen of it."""

HELD_NEAR, HELD_FAR = 0.85, 1.0
"""Wrists to opposite elbows in depth, the mean of both, where one arm is hidden."""

REACHED_AT, SHORT_AT = 0.65, 0.9
"""The wrist that is seen to the other elbow, in the picture."""

ACROSS, ALONG = 0.38, 0.3
"""How far the forearm that is seen runs to the body's other side, shoulder breadths."""

LEVEL, STEEP = 0.22, 0.35
HAND_LOW, HAND_HIGH = 0.2, 0.0
"""How far under the shoulders both wrists are at least."""

HEAD_UP, HEAD_BENT = 0.06, -0.02
SEEN, DOUBTED = 0.6, 0.45
"""How sure the engine is of the arm that it sees better."""

CAME_FREE, CAME_FULL = 0.14, 0.22
FORWARD_FREE_DEG, FORWARD_FULL_DEG = 2.0, 8.0
"""Crossed arms keep the shoulders within 0.18 of their usual place, or tip them back (12 degrees)."""

SMOOTHED_S = 1.5


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk's arms are crossed."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | Unassessable | None:
    """How far the wrists are from the opposite elbows; with one arm hidden, how the other lies."""
    why = unassessable(person, view, *NEEDS)
    if why is not None or person.pose is None:
        return why
    hidden = [side for side in SIDES if not _sees(person.pose, side)]
    open_to_sight = _by_sight(person.pose)
    if not hidden:
        return open_to_sight
    covered = _one_hidden(person, view, history)
    known = [judged for judged in (open_to_sight, covered) if judged is not None]
    return max(known, key=lambda judged: judged.score, default=None)


def _sees(pose: Pose, side: str) -> bool:
    return Body(pose, SURELY_SEEN).seen(f"{side}_elbow", f"{side}_wrist")


def _by_sight(pose: Pose) -> Judged | None:
    body = Body(pose, MIN_CONFIDENCE)
    if not body.seen("left_elbow", "left_wrist", "right_elbow", "right_wrist"):
        return None
    looser = max(body.apart("left_wrist", "right_elbow"), body.apart("right_wrist", "left_elbow"))
    return Judged(ramp(looser, APART_AT, FOLDED_AT), measures={"wrist_to_other_elbow": round(looser, 2)})


def _bent_forward(person: Person, view: WindowView, history: WindowHistory) -> float:
    """Whether the trunk came down onto the arms, 0..1: they bear it then, and are not crossed before it."""
    now, usual = posture_of(person, view.captured_at), history.usual(person.track)
    tilt = tilt_of(now, usual) if now and usual else None
    if tilt is None:
        return 0.0
    return ramp(tilt.moved, CAME_FREE, CAME_FULL) * ramp(tilt.forward_deg, FORWARD_FREE_DEG, FORWARD_FULL_DEG)


@dataclass(frozen=True, slots=True)
class _Fold:
    """How the arm that is seen better lies, and both together; shoulder breadths."""

    apart: float
    reach: float
    across: float
    steep: float
    low: float
    nose: float
    sure: float


def _one_hidden(person: Person, view: WindowView, history: WindowHistory) -> Judged | None:
    """By the forearm that is seen, and by where the engine places the hidden one; None without depth."""
    folds = [
        fold
        for past in history.last(SMOOTHED_S, view.captured_at)
        for other in past.staff
        if other.track == person.track and (fold := _fold(other)) is not None
    ]
    if not folds or _fold(person) is None:
        return None
    apart = statistics.median(fold.apart for fold in folds)
    strength = (
        ramp(apart, HELD_FAR, HELD_NEAR)
        * ramp(statistics.median(fold.reach for fold in folds), SHORT_AT, REACHED_AT)
        * ramp(statistics.median(fold.across for fold in folds), ALONG, ACROSS)
        * ramp(statistics.median(fold.steep for fold in folds), STEEP, LEVEL)
        * ramp(statistics.median(fold.low for fold in folds), HAND_HIGH, HAND_LOW)
        * ramp(statistics.median(fold.nose for fold in folds), HEAD_BENT, HEAD_UP)
        * ramp(statistics.median(fold.sure for fold in folds), DOUBTED, SEEN)
        * (1.0 - _bent_forward(person, view, history))
    )
    if any(thing.kind is ThingKind.PHONE and thing.track == person.track for thing in view.things):
        strength = 0.0
    return Judged(strength, measures={"wrist_to_other_elbow": round(apart, 2)})


def _fold(person: Person) -> _Fold | None:
    if person.pose is None:
        return None
    body, world = Body(person.pose, GUESSED), WorldBody.of(person.pose)
    if world is None or not body.seen(*SHOULDERS):
        return None
    sure, seen = max(
        (min(body.confidence(f"{side}_{at}") for at in ("elbow", "wrist")), side) for side in SIDES
    )
    if sure < GUESSED:
        return None
    far = "right" if seen == "left" else "left"
    nose = (body.shoulders[1] - body.joint("nose")[1]) / body.unit if body.seen("nose") else math.inf
    return _Fold(
        apart=(world.apart("left_wrist", "right_elbow") + world.apart("right_wrist", "left_elbow")) / 2,
        reach=body.apart(f"{seen}_wrist", f"{far}_elbow"),
        across=-world.outwards(seen, f"{seen}_elbow", f"{seen}_wrist"),
        steep=abs(world.offset(f"{seen}_elbow", f"{seen}_wrist")[1]),
        low=-max(world.offset(f"{side}_shoulder", f"{side}_wrist")[1] for side in SIDES),
        nose=nose,
        sure=sure,
    )
