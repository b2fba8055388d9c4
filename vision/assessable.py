"""Whether a posture can be judged of somebody at this moment, and if not, why not.

A posture says once what it needs of a body (`Needs`), asks `unassessable(person, view, NEEDS)` before it
measures anything, and passes on the answer where there is one:

    NEEDS = Needs(("left_shoulder", "right_shoulder", "left_wrist"), min_unit_px=14)

    def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | Unassessable | None:
        why = unassessable(person, view, NEEDS)
        if why is not None:
            return why                      # becomes evidence without a score, with `why` as its `reason`
        ...

A posture that either arm can show gives one `Needs` for each arm, and is assessable if one of them is met.
Answering None instead stays allowed (nothing can be said, no reason told). The reasons are few and countable,
so that figures can say for how long a behaviour could be judged, and what kept it from being judged.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from vision.body import MIN_CONFIDENCE, Body
from vision.values import JOINT, Box, Person, Point, Pose
from vision.window_view import WindowView


class Unassessable(StrEnum):
    """Why a posture cannot be judged now; the first that holds, in this order."""

    NO_POSE = "no_pose"
    TOO_SMALL = "too_small"
    CUT_OFF = "cut_off"
    OCCLUDED = "occluded"
    JOINTS_HIDDEN = "joints_hidden"
    VIEW_ANGLE = "view_angle"


class ViewAngle(StrEnum):
    """From where a body is seen."""

    FRONTAL = "frontal"
    SIDE = "side"
    BACK = "back"


MIN_UNIT_PX = 12.0
"""A shoulder breadth of fewer pixels leaves a forearm of some eight: a joint's scatter is as long as that."""

FRONTAL_WITHIN_DEG = 55.0
BACK_BEYOND_DEG = 125.0
"""Turned from the camera by up to here somebody is seen from the front, from there on from behind."""

SURELY_SEEN = 0.9
"""A joint that the engine is so sure of is in sight though a box lies over it: boxes have corners."""

NEARER_SHARE = 0.1
"""Whose box ends lower by this share of its height stands nearer to the camera."""

SHOULDER_SHARE_OF_BOX = 0.7
"""The middle part of a box's width that a body fills; beside it arms and air alternate."""

EDGE_SHARE = 0.004
"""A joint within this share of the picture's width of its edge, or beyond it, is a guess."""

EVERY_ANGLE = frozenset(ViewAngle)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a posture needs of a body.

    All of `joints` (COCO names) must be seen with `min_confidence`, in the picture and behind nobody; a
    shoulder breadth must measure `min_unit_px`; the body must be seen from one of `angles`.
    """

    joints: tuple[str, ...]
    min_confidence: float = MIN_CONFIDENCE
    min_unit_px: float = MIN_UNIT_PX
    angles: frozenset[ViewAngle] = EVERY_ANGLE


def unassessable(person: Person, view: WindowView, *either: Needs) -> Unassessable | None:
    """Why nothing can be judged of this person in this view; None when one of the needs is met.

    Of several that are all unmet the first one's reason is told.
    """
    reasons = [_unmet(person, view, needs) for needs in either]
    return None if None in reasons else reasons[0]


def _unmet(person: Person, view: WindowView, needs: Needs) -> Unassessable | None:
    if person.pose is None:
        return Unassessable.NO_POSE
    body = Body(person.pose, needs.min_confidence)
    if body.unit < needs.min_unit_px:
        return Unassessable.TOO_SMALL
    if any(cut_off(body.joint(name), view.size) for name in needs.joints):
        return Unassessable.CUT_OFF
    if _covered(person, body, needs.joints, (*view.staff, *view.public)):
        return Unassessable.OCCLUDED
    if not body.seen(*needs.joints):
        return Unassessable.JOINTS_HIDDEN
    if needs.angles != EVERY_ANGLE and view_angle(person.pose) not in needs.angles:
        return Unassessable.VIEW_ANGLE
    return None


def cut_off(point: Point, size: tuple[int, int]) -> bool:
    """Whether a joint lies at or beyond the picture's edge; never where the size (0, 0) is not known."""
    width, height = size
    if not width or not height:
        return False
    edge = EDGE_SHARE * width
    x, y = point
    return not (edge <= x <= width - edge and edge <= y <= height - edge)


def turned_deg(pose: Pose) -> float | None:
    """By how many degrees a body is turned from the camera: 0 facing it, 90 sideways, 180 seen from behind.

    By the line of the shoulders, in depth where the engine gives it; else by how much of the shoulders'
    breadth is left in the picture. None where a shoulder is not seen. A camera's pitch turns the line out of
    the picture just as the body's own turning does not, so only the share across the picture is read.
    """
    body = Body(pose)
    if not body.seen("left_shoulder", "right_shoulder"):
        return None
    if pose.world is not None:
        across = pose.world[JOINT["left_shoulder"]] - pose.world[JOINT["right_shoulder"]]
        x, y, z = (float(value) for value in across.astype(np.float64))
        return math.degrees(math.atan2(math.hypot(y, z), x))
    left, right = body.joint("left_shoulder"), body.joint("right_shoulder")
    return math.degrees(math.acos(min(max((left[0] - right[0]) / body.unit, -1.0), 1.0)))


def view_angle(pose: Pose) -> ViewAngle | None:
    """From where the body is seen; None where the shoulders do not tell."""
    turned = turned_deg(pose)
    if turned is None:
        return None
    if turned <= FRONTAL_WITHIN_DEG:
        return ViewAngle.FRONTAL
    return ViewAngle.BACK if turned >= BACK_BEYOND_DEG else ViewAngle.SIDE


def _covered(person: Person, body: Body, joints: Iterable[str], others: Iterable[Person]) -> bool:
    """Whether somebody nearer to the camera stands before a joint that the engine is not sure of."""
    before = [_middle_part(other.box) for other in others if other is not person and _nearer(other, person)]
    doubted = [body.joint(name) for name in joints if body.confidence(name) < SURELY_SEEN]
    return any(x1 <= x <= x2 and y1 <= y <= y2 for x, y in doubted for x1, y1, x2, y2 in before)


def _nearer(other: Person, person: Person) -> bool:
    height = other.box[3] - other.box[1]
    return other.track != person.track and other.box[3] > person.box[3] + NEARER_SHARE * height


def _middle_part(box: Box) -> Box:
    x1, y1, x2, y2 = box
    aside = (x2 - x1) * (1 - SHOULDER_SHARE_OF_BOX) / 2
    return x1 + aside, y1, x2 - aside, y2
