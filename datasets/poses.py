"""From what a body is to do (where the hips, hands and feet go) to the turns of its bones.

Coordinates are the figure's own: metres, x to its left, y up from the floor, z forward. A hand's own axes are
called fingers (wrist to knuckles), palm (out of the palm) and thumb (across, towards the thumb).
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from datasets.figures import NECK, SPINE, Figure
from datasets.skeleton import (
    Posture,
    Rotation,
    Vector,
    align,
    bend,
    euler,
    frame,
    slerp,
    turn,
    twist_about,
    unit,
)

Hand = Literal["L", "R"]
HANDS: tuple[Hand, Hand] = ("L", "R")

Curls = tuple[float, float, float, float, float]
"""How far thumb … little finger are closed: 0 straight, 1 a fist."""

OPEN: Curls = (0.0, 0.05, 0.05, 0.08, 0.1)
RELAXED: Curls = (0.2, 0.28, 0.32, 0.36, 0.4)
TYPING: Curls = (0.2, 0.4, 0.42, 0.42, 0.4)
AROUND_PHONE: Curls = (0.25, 0.42, 0.46, 0.5, 0.52)
AROUND_CUP: Curls = (0.4, 0.45, 0.48, 0.5, 0.5)
PINCH: Curls = (0.5, 0.52, 0.58, 0.66, 0.72)
POINTING: Curls = (0.55, -0.02, 0.85, 0.92, 0.95)
CIGARETTE: Curls = (0.35, 0.12, 0.16, 0.5, 0.6)

JOINT_DEG = (62.0, 80.0, 55.0)
"""How far a finger's three joints bend in a fist, beyond the rest pose."""


@dataclass(frozen=True, slots=True, eq=False)
class HandGoal:
    """Where a hand goes.

    `grip` (along fingers, thumb, palm; metres from the wrist) is the point of the hand that shall come to
    `at`. `bone` names the bone whose rest coordinates `at`, `fingers` and `palm` are given in, so that the
    hand moves with it; None is the figure's own coordinates. `elbow` is where the elbow points, in the
    chest's coordinates.
    """

    at: tuple[float, float, float]
    fingers: tuple[float, float, float]
    palm: tuple[float, float, float]
    elbow: tuple[float, float, float]
    bone: str | None = None
    grip: tuple[float, float, float] = (0.0, 0.0, 0.0)
    curls: Curls = RELAXED


@dataclass(frozen=True, slots=True, eq=False)
class Goals:
    """A whole body's key pose. Angles in degrees: pitch forward, yaw to its left, roll to its right.

    `hips` is the middle between the hip joints; `feet` the ankles of the left and the right foot; `knees`
    where they point; `toes` the feet's turn outwards and upwards.
    """

    hips: tuple[float, float, float]
    hands: tuple[HandGoal, HandGoal]
    feet: tuple[tuple[float, float, float], tuple[float, float, float]]
    pelvis: tuple[float, float, float] = (0.0, 0.0, 0.0)
    spine: tuple[float, float, float] = (0.0, 0.0, 0.0)
    neck: tuple[float, float, float] = (0.0, 0.0, 0.0)
    knees: tuple[float, float, float] = (0.0, 0.2, 1.0)
    toes: tuple[tuple[float, float], tuple[float, float]] = ((8.0, 0.0), (8.0, 0.0))

    def hand(self, side: Hand) -> HandGoal:
        """The goal of one hand."""
        return self.hands[HANDS.index(side)]

    def with_hand(self, side: Hand, goal: HandGoal) -> "Goals":
        """The same with another goal for one hand."""
        left, right = self.hands
        return replace(self, hands=(goal, right) if side == "L" else (left, goal))


def mirrored(vector: tuple[float, float, float]) -> tuple[float, float, float]:
    """Left for right."""
    return -vector[0], vector[1], vector[2]


def mirror_hand(goal: HandGoal) -> HandGoal:
    """The same goal for the other hand."""
    bone = goal.bone
    if bone is not None and bone[-2:] in (".L", ".R"):
        bone = bone[:-1] + ("R" if bone.endswith("L") else "L")
    return replace(
        goal,
        at=mirrored(goal.at),
        fingers=mirrored(goal.fingers),
        palm=mirrored(goal.palm),
        elbow=mirrored(goal.elbow),
        bone=bone,
    )


def hand(side: Hand, goal: HandGoal) -> HandGoal:
    """A goal made for the right hand, for either."""
    return goal if side == "R" else mirror_hand(goal)


@dataclass(frozen=True, slots=True, eq=False)
class HandAxes:
    """A hand at rest: columns of `axes` are fingers, thumb, palm; `length` wrist to knuckles, metres."""

    axes: Rotation
    length: float


def hand_axes(figure: Figure, side: Hand) -> HandAxes:
    """The axes of a figure's hand at rest."""
    skeleton = figure.skeleton
    wrist = skeleton.head(f"wrist.{side}")
    knuckles = [skeleton.head(f"finger{finger}-1.{side}") for finger in range(2, 6)]
    along = np.mean(knuckles, axis=0) - wrist
    fingers = unit(along)
    across = knuckles[0] - knuckles[3]
    thumb = unit(across - fingers * float(across @ fingers))
    palm = np.cross(fingers, thumb) * (1.0 if side == "L" else -1.0)
    return HandAxes(np.stack([fingers, thumb, palm], axis=1), float(np.linalg.norm(along)))


def hand_world_axes(side: Hand, fingers: Vector, palm: Vector) -> Rotation:
    """Columns fingers, thumb, palm; the palm is made square to the fingers."""
    f = unit(fingers)
    n = unit(palm - f * float(palm @ f))
    thumb = np.cross(n, f) * (1.0 if side == "L" else -1.0)
    return np.stack([f, thumb, n], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class _Reach:
    """A hand's goal in the figure's coordinates."""

    wrist: Vector
    axes: Rotation
    elbow: Vector
    curls: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A posed body: its bones, and each hand's place with columns fingers, thumb, palm."""

    posture: Posture
    hands: dict[Hand, tuple[Vector, Rotation]] = field(default_factory=dict)


def mix(first: tuple[float, ...], second: tuple[float, ...], share: float) -> NDArray[np.float64]:
    """Between two tuples of numbers."""
    return np.asarray(first, dtype=np.float64) * (1 - share) + np.asarray(second, dtype=np.float64) * share


def solve(figure: Figure, start: Goals, end: Goals, share: float) -> Solved:
    """The body on its way from one key pose to another; `share` 1 is there."""
    posture = Posture.at_rest(figure.skeleton)
    _pose_trunk(posture, start, end, share)
    _pose_legs(posture, start, end, share)
    solved = Solved(posture)
    for side in HANDS:
        reaches = [_reach(figure, posture, goals.hand(side), side) for goals in (start, end)]
        reach = _between(reaches[0], reaches[1], share)
        solved.hands[side] = _pose_arm(figure, posture, side, reach)
    return solved


def _pose_trunk(posture: Posture, start: Goals, end: Goals, share: float) -> None:
    hips = mix(start.hips, end.hips, share)
    pelvis = euler(*mix(start.pelvis, end.pelvis, share))
    skeleton = posture.skeleton
    middle = (skeleton.head("upperleg01.L") + skeleton.head("upperleg01.R")) / 2
    posture.place_root(pelvis, hips + pelvis @ (skeleton.heads[0] - middle))
    spine = mix(start.spine, end.spine, share) / len(SPINE)
    for bone in SPINE:
        posture.turn_bone(bone, euler(*spine))
    neck = mix(start.neck, end.neck, share)
    for bone in NECK:
        posture.turn_bone(bone, euler(*(neck * 0.2)))
    posture.turn_bone("head", euler(*(neck * 0.4)))


def _pose_legs(posture: Posture, start: Goals, end: Goals, share: float) -> None:
    knees = mix(start.knees, end.knees, share)
    for side, sign, number in (("L", 1.0, 0), ("R", -1.0, 1)):
        ankle = mix(start.feet[number], end.feet[number], share)
        out, up = mix(start.toes[number], end.toes[number], share)
        pole = np.array([knees[0] * sign + 0.12 * sign, knees[1], knees[2]])
        foot = euler(-float(up), float(out) * sign, 0.0)
        _pose_leg(posture, side, ankle, pole, foot)


def _limb(posture: Posture, side: str, bones: tuple[str, str, str]) -> tuple[Vector, Vector]:
    """The directions of the upper and lower half of a limb at rest, at their lengths."""
    first, middle, last = (posture.skeleton.head(f"{bone}.{side}") for bone in bones)
    return middle - first, last - middle


def _pose_leg(posture: Posture, side: str, ankle: Vector, pole: Vector, foot: Rotation) -> None:
    upper, lower = _limb(posture, side, ("upperleg01", "lowerleg01", "foot"))
    hip = posture.places[posture.attach(f"upperleg01.{side}")]
    knee, end = bend(hip, ankle, pole, float(np.linalg.norm(upper)), float(np.linalg.norm(lower)))
    # A standing leg at rest bends hardly at all, so its plane is named by where the knee points.
    ahead = np.array([0.0, 0.0, 1.0])
    thigh = align(upper, ahead, knee - hip, pole)
    shin = align(lower, ahead, end - knee, pole)
    posture.aim_bone(f"upperleg01.{side}", thigh)
    posture.aim_bone(f"upperleg02.{side}", thigh)
    posture.aim_bone(f"lowerleg01.{side}", shin)
    posture.aim_bone(f"lowerleg02.{side}", shin)
    posture.aim_bone(f"foot.{side}", foot)


def _reach(figure: Figure, posture: Posture, goal: HandGoal, side: Hand) -> _Reach:
    at, fingers, palm = (np.asarray(value) for value in (goal.at, goal.fingers, goal.palm))
    if goal.bone is not None:
        rotation = posture.turn_of(goal.bone)
        at = posture.carry(goal.bone, at)
        fingers, palm = rotation @ fingers, rotation @ palm
    axes = hand_world_axes(side, fingers, palm)
    elbow = posture.turn_of("spine01") @ np.asarray(goal.elbow)
    return _Reach(at - axes @ np.asarray(goal.grip), axes, elbow, np.asarray(goal.curls))


def _between(start: _Reach, end: _Reach, share: float) -> _Reach:
    """On the way the hand swings a little forward, so that it goes round the body and the desk's edge."""
    far = float(np.linalg.norm(end.wrist - start.wrist))
    bulge = np.array([0.0, 0.10, 0.16]) * min(far, 0.45) * 4 * share * (1 - share)
    return _Reach(
        start.wrist * (1 - share) + end.wrist * share + bulge,
        slerp(start.axes, end.axes, share),
        unit(start.elbow) * (1 - share) + unit(end.elbow) * share,
        start.curls * (1 - share) + end.curls * share,
    )


def _pose_arm(figure: Figure, posture: Posture, side: Hand, reach: _Reach) -> tuple[Vector, Rotation]:
    _raise_shoulder(posture, side, reach.wrist)
    upper, lower = _limb(posture, side, ("upperarm01", "lowerarm01", "wrist"))
    shoulder = posture.places[posture.attach(f"upperarm01.{side}")]
    elbow, wrist = bend(
        shoulder, reach.wrist, reach.elbow, float(np.linalg.norm(upper)), float(np.linalg.norm(lower))
    )
    across = np.cross(elbow - shoulder, wrist - elbow)
    if float(np.linalg.norm(across)) < 1e-6:
        across = np.cross(elbow - shoulder, -reach.elbow)
    hinge = np.cross(upper, lower)
    arm = align(upper, hinge, elbow - shoulder, across)
    forearm = align(lower, hinge, wrist - elbow, across)
    _aim_upper_arm(posture, side, upper, elbow - shoulder, arm)
    axes = hand_axes(figure, side)
    hand = reach.axes @ axes.axes.T
    twist = float(np.clip(twist_about(forearm.T @ hand, lower), -1.9, 1.9))
    posture.aim_bone(f"lowerarm01.{side}", forearm @ turn(lower, twist * 0.2), at=elbow)
    posture.aim_bone(f"lowerarm02.{side}", forearm @ turn(lower, twist * 0.65))
    posture.aim_bone(f"wrist.{side}", hand, at=wrist)
    _close_fingers(posture, side, axes.axes, reach.curls)
    return posture.place_of(f"wrist.{side}"), reach.axes


def _raise_shoulder(posture: Posture, side: Hand, wrist: Vector) -> None:
    """The shoulder girdle follows a hand that goes up or forward: about a sixth of the arm's way."""
    number = posture.attach(f"clavicle.{side}")
    sign = 1.0 if side == "L" else -1.0
    inside = posture.turns[number].T @ (wrist - posture.places[number])
    lift = float(np.clip((inside[1] + 0.05) / 0.5, 0, 1)) * 14.0
    forward = float(np.clip((inside[2] - 0.1) / 0.5, 0, 1)) * 10.0
    posture.turn_bone(f"clavicle.{side}", euler(0.0, -forward * sign, lift * sign))
    posture.attach(f"shoulder01.{side}")


def _aim_upper_arm(posture: Posture, side: Hand, rest: Vector, now: Vector, whole: Rotation) -> None:
    """The shoulder's end of the arm turns about itself only half as far as the elbow's end."""
    number = posture.attach(f"upperarm01.{side}")
    base = posture.turns[number]
    swing = _least_turn(base @ rest, now) @ base
    twist = float(np.clip(twist_about(swing.T @ whole, rest), -2.2, 2.2))
    posture.turns[number] = swing @ turn(rest, twist * 0.45)
    posture.aim_bone(f"upperarm02.{side}", swing @ turn(rest, twist * 0.85))


def _least_turn(start: Vector, end: Vector) -> Rotation:
    a, b = unit(start), unit(end)
    axis = np.cross(a, b)
    sine = float(np.linalg.norm(axis))
    if sine < 1e-9:
        return np.eye(3)
    return turn(axis, float(np.arctan2(sine, float(a @ b))))


def _close_fingers(posture: Posture, side: Hand, axes: Rotation, curls: NDArray[np.float64]) -> None:
    fingers, thumb, palm = axes.T
    flex = np.cross(fingers, palm)
    for finger in range(2, 6):
        for part, angle in zip((1, 2, 3), JOINT_DEG, strict=True):
            bone = f"finger{finger}-{part}.{side}"
            posture.turn_bone(bone, turn(flex, float(np.radians(angle * curls[finger - 1]))))
    # The thumb comes across the palm about the fingers' direction, then bends.
    closing = np.cross(thumb, palm)
    for part, angle in zip((1, 2, 3), (38.0, 28.0, 40.0), strict=True):
        bone = f"finger1-{part}.{side}"
        axis = closing if part == 1 else closing * 0.6 + flex * 0.4
        posture.turn_bone(bone, turn(axis, float(np.radians(angle * curls[0]))))


def held_flat(side: Hand, up: Vector, face: Vector) -> tuple[Vector, Vector]:
    """Directions of fingers and palm that hold a phone whose long axis is `up` and screen looks to `face`.

    The fingers cross the phone at about 53° to its long axis, as hands do.
    """
    axes = frame(face, up)
    n, u = axes[:, 0], axes[:, 1]
    v = np.cross(n, u) * (1.0 if side == "R" else -1.0)
    return 0.6 * u + 0.8 * v, n
