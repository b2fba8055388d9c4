"""托腮, clause 27(1)8: the head propped on a hand, the elbow down before it.

Counts: a hand at the chin, cheek or temple that bears the head: the trunk came forward and down onto the
elbow, or the elbow stands on the desk far ahead. Must not: a hand at the ear (a call), at the nose, a drink,
a pen at the lips (the trunk stays where it works, and the elbow hangs), writing low (the hand is down, the
head lower), a head on the desk. Needs the nose, both shoulders, and one side's elbow and wrist.

Measured of BlazePose on rendered clerks, ceiling corners and frontal, in shoulder breadths (medians of
clips): who props the head has the shoulders 0.18 to 0.33 from their usual place (who calls, drinks, smokes or
wipes the nose 0.05 to 0.09, who leans on the counter 0.47), the hand within 0.7 of the face and the forearm
up by 0.3 to 0.7; a hand merged with the face is put lower, but then the elbow is 0.6 to 0.9 from the nose and
only 0.1 to 0.35 under the shoulder (at work 1.1 and 0.5). Without a move forward, a hand within 0.35 of the
mouth counts where the elbow is 0.8 ahead of the shoulder (0.55 for drinks and pens). The engine's hand jumps
about a face, so the median of the last two seconds is told. A hand that it does not see under the head (three
of nine clips) is not judged from elsewhere.
"""

import statistics
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from vision.assessable import Needs, Unassessable, unassessable
from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.values import Evidence, Person
from vision.window_view import WindowHistory, WindowView
from vision.working_posture import Posture, Tilt, posture_of, tilt_of
from vision.world_body import WorldBody

CODE = "chin_in_hand"
ARM_CONFIDENCE = 0.3
SIDES = ("left", "right")
FACE = ("nose", "left_shoulder", "right_shoulder")
NEEDS = tuple(Needs((f"{side}_elbow", f"{side}_wrist"), ARM_CONFIDENCE) for side in SIDES)

AT_CHIN, OFF_CHIN = 0.35, 0.55
EAR_NEARER, EAR_FARTHER = 0.05, 0.15
"""How much nearer to the ear than to the mouth the hand may be."""

FOREARM_UP, FOREARM_LYING = 0.45, 0.25
ELBOW_STANDS, ELBOW_HANGS = 0.78, 0.65
"""How far the elbow is ahead of the shoulder: standing on the desk, or held in the air."""

CAME_FREE, CAME_FULL = 0.12, 0.2
BEYOND_FREE, BEYOND_FULL = 0.38, 0.45
"""How far the shoulders came from their usual place; from there on they lean on the counter."""

HEAD_RAISED, HEAD_LOWERED = 0.3, 0.2
HEAD_WRITES, HEAD_LIES = -0.25, -0.35
"""The nose's height over the shoulders: above the first nobody rests, under the last the head lies."""

AT_FACE, OFF_FACE = 0.7, 0.85
RESTING_UP, RESTING_LYING = 0.25, 0.05

FORWARD_FREE_DEG, FORWARD_FULL_DEG = 4.0, 10.0
ELBOW_HIGH, ELBOW_LOW = -0.3, -0.45
ELBOW_NEAR, ELBOW_FAR = 0.9, 1.0
MERGED_UP, MERGED_DOWN = -0.05, -0.2
MERGED_NEAR, MERGED_FAR = 0.9, 1.05
SMOOTHED_S = 2.0


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk props the head on a hand."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | Unassessable | None:
    """The stronger hand, the median of the last two seconds; None when neither can be judged."""
    why = unassessable(person, view, Needs(FACE)) or unassessable(person, view, *NEEDS)
    if why is not None:
        return why
    usual = history.usual(person.track)
    now = propped(person, view.captured_at, usual)
    if now is None:
        return None
    lately = [
        found.score
        for past in history.last(SMOOTHED_S, view.captured_at)
        for other in past.staff
        if other.track == person.track and (found := propped(other, past.captured_at, usual)) is not None
    ]
    return Judged(statistics.median([*lately, now.score]), measures=now.measures)


@lru_cache(maxsize=256)
def propped(person: Person, captured_at: datetime, usual: Posture | None) -> Judged | None:
    """What this one picture shows; phone calls ask it too, since a propped cheek puts the hand at the ear."""
    if person.pose is None or not (body := Body(person.pose)).seen(*FACE):
        return None
    world = WorldBody.of(person.pose)
    arms = [arm for side in SIDES if (arm := _arm(body, world, side)) is not None]
    if not arms:
        return None
    head = (body.shoulders[1] - body.joint("nose")[1]) / body.unit
    if head < HEAD_LIES:
        return Judged(0.0)
    now = posture_of(person, captured_at)
    tilt = tilt_of(now, usual) if now and usual else None
    strength, arm = max(((_strength(arm, head, tilt), arm) for arm in arms), key=lambda found: found[0])
    return Judged(strength, measures={"hand_to_mouth": round(arm.to_mouth, 2)})


@dataclass(frozen=True, slots=True)
class _Arm:
    """Where one hand and its elbow are: to mouth, ear and nose in the picture, the rest in depth."""

    to_mouth: float
    to_ear: float
    to_nose: float
    up: float
    elbow_up: float
    elbow_ahead: float | None
    elbow_to_nose: float


def _arm(body: Body, world: WorldBody | None, side: str) -> _Arm | None:
    if not Body(body.pose, ARM_CONFIDENCE).seen(f"{side}_wrist", f"{side}_elbow"):
        return None
    hands = (body.hand(side), body.joint(f"{side}_wrist"))
    mouth, ear, wrist = body.mouth(), body.joint(f"{side}_ear"), hands[1]
    if world is None:
        elbow, shoulder = body.joint(f"{side}_elbow"), body.joint(f"{side}_shoulder")
        up, elbow_up = (elbow[1] - wrist[1]) / body.unit, (shoulder[1] - elbow[1]) / body.unit
        ahead, elbow_to_nose = None, body.apart(f"{side}_elbow", "nose")
    else:
        up = world.offset(f"{side}_elbow", f"{side}_wrist")[1]
        _, elbow_up, ahead = world.offset(f"{side}_shoulder", f"{side}_elbow")
        elbow_to_nose = world.apart(f"{side}_elbow", "nose")
    return _Arm(
        to_mouth=min(body.from_unit(hand, mouth) for hand in hands),
        to_ear=min(body.from_unit(hand, ear) for hand in hands),
        to_nose=body.apart(f"{side}_wrist", "nose"),
        up=up,
        elbow_up=elbow_up,
        elbow_ahead=ahead,
        elbow_to_nose=elbow_to_nose,
    )


def _strength(arm: _Arm, head: float, tilt: Tilt | None) -> float:
    bears = 0.0 if tilt is None else _weight(tilt, head)
    return max(_on_standing_elbow(arm), bears * _at_face(arm), bears * _merged(arm, tilt))


def _weight(tilt: Tilt, head: float) -> float:
    """Whether the shoulders came down as they do onto an elbow, and the head with them, 0..1."""
    return (
        ramp(tilt.moved, CAME_FREE, CAME_FULL)
        * ramp(tilt.moved, BEYOND_FULL, BEYOND_FREE)
        * ramp(head, HEAD_RAISED, HEAD_LOWERED)
        * ramp(head, HEAD_LIES, HEAD_WRITES)
    )


def _on_standing_elbow(arm: _Arm) -> float:
    """A hand at the chin over an elbow that stands on the desk; without depth nobody knows how far ahead."""
    stands = 1.0 if arm.elbow_ahead is None else ramp(arm.elbow_ahead, ELBOW_HANGS, ELBOW_STANDS)
    return (
        ramp(arm.to_mouth, OFF_CHIN, AT_CHIN)
        * ramp(arm.to_mouth - arm.to_ear, EAR_FARTHER, EAR_NEARER)
        * ramp(arm.up, FOREARM_LYING, FOREARM_UP)
        * ramp(arm.elbow_up, 0.0, -0.15)
        * stands
    )


def _at_face(arm: _Arm) -> float:
    """A hand anywhere at the face, the forearm up."""
    nearest = min(arm.to_mouth, arm.to_ear, arm.to_nose)
    return ramp(nearest, OFF_FACE, AT_FACE) * ramp(arm.up, RESTING_LYING, RESTING_UP)


def _merged(arm: _Arm, tilt: Tilt | None) -> float:
    """A hand that the engine lost in the face: the elbow is raised under the head."""
    if tilt is None:
        return 0.0
    return (
        ramp(tilt.forward_deg, FORWARD_FREE_DEG, FORWARD_FULL_DEG)
        * ramp(arm.elbow_up, ELBOW_LOW, ELBOW_HIGH)
        * ramp(arm.elbow_to_nose, ELBOW_FAR, ELBOW_NEAR)
        * ramp(arm.up, MERGED_DOWN, MERGED_UP)
        * ramp(arm.to_nose, MERGED_FAR, MERGED_NEAR)
    )
