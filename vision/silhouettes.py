"""Keeps the bodies of people who stand close to each other apart.

A pose network expects one person. Where two stand so close that one region shows both, it joins the legs of
one to the trunk of the other with full confidence. Two things help. The others' bodies are known from a
moment ago, so they are painted over, roughly, along their skeletons, before one person's joints are looked
for: who stands nearer to the camera covers this person and is painted whole; who stands behind is painted
only where this person is not. And a leg that two people claim belongs to the one it stands under; the other
has not seen it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.body import Body
from vision.values import Image, Point, Pose

FILL = 114
"""The grey of what is not looked at: the networks' own padding, so it has no edges for them."""

TRUNK = ("left_shoulder", "right_shoulder", "right_hip", "left_hip")
ARMS = (
    ("left_shoulder", "left_elbow", "left_wrist"),
    ("right_shoulder", "right_elbow", "right_wrist"),
)
LEGS = (
    ("left_hip", "left_knee", "left_ankle"),
    ("right_hip", "right_knee", "right_ankle"),
)
ARM_BREADTH, LEG_BREADTH, TRUNK_MARGIN = 0.35, 0.45, 0.3
"""How thick clothed limbs are, in shoulder breadths."""

ANKLES = ("left_ankle", "right_ankle")
CLAIMED = 1e-6
"""A joint of confidence 0 was taken from this person, or never found."""

FEET_PER_TRUNK = 2.8
"""From shoulders to feet in trunk lengths: (0.818 - 0.04) / (0.818 - 0.53) of the stature."""

SAME_SPOT = 0.35
"""Legs of two people so near to each other (shoulder breadths) are one leg, seen twice."""

SAME_BODY = 0.4
"""Heads and shoulders nearer to each other than this (shoulder breadths) are one person's."""

HEAD_RADIUS = 0.42
FEET_BELOW_ANKLE = 0.25
OWN_MARGIN = 0.2
"""How much wider a body is kept than it is painted, shoulder breadths: it has moved a little since."""

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Silhouette:
    """One person's outline, drawn about the joints of a moment ago."""

    pose: Pose

    @property
    def nearness_px(self) -> float:
        """Who stands farther down the picture is nearer to the camera."""
        body = Body(self.pose, CLAIMED)
        feet = [body.joint(name)[1] for name in ANKLES if body.seen(name)]
        if feet:
            return max(feet)
        trunk = body.hips[1] - body.shoulders[1]
        return body.shoulders[1] + FEET_PER_TRUNK * max(trunk, body.unit)

    def draw(self, mask: Mask, value: int, margin: float = 0.0) -> None:
        """Fill the body into `mask`, `margin` shoulder breadths wider than it is."""
        body = Body(self.pose, CLAIMED)
        unit = body.unit

        def breadth(share: float) -> int:
            return max(1, round((share + 2 * margin) * unit))

        trunk = np.array([body.joint(name) for name in TRUNK], dtype=np.int32)
        cv2.fillPoly(mask, [trunk], value)
        cv2.polylines(mask, [trunk], True, value, breadth(TRUNK_MARGIN))
        for chains, share in ((ARMS, ARM_BREADTH), (LEGS, LEG_BREADTH)):
            for chain in chains:
                line = np.array([body.joint(name) for name in chain if body.seen(name)], dtype=np.int32)
                if len(line) > 1:
                    cv2.polylines(mask, [line], False, value, breadth(share))
        for name in ANKLES:
            if body.seen(name):
                x, y = body.joint(name)
                cv2.circle(mask, (round(x), round(y)), breadth(FEET_BELOW_ANKLE), value, -1)
        x, y = body.middle("left_ear", "right_ear")
        cv2.circle(mask, (round(x), round(y)), round((HEAD_RADIUS + margin) * unit), value, -1)


LEG_JOINTS = tuple((f"left_{part}", f"right_{part}") for part in ("hip", "knee", "ankle"))


def lost_joints(own: Pose, other: Pose) -> frozenset[str]:
    """The joints of `own` that are rather those of `other`: claimed by both, and standing under the other."""
    mine, theirs = Body(own, CLAIMED), Body(other, CLAIMED)
    reach = SAME_SPOT * min(mine.unit, theirs.unit)
    lost = set()
    for pair in LEG_JOINTS:
        for name in pair:
            if not mine.seen(name):
                continue
            at = mine.joint(name)
            claimed = any(theirs.seen(one) and math.dist(at, theirs.joint(one)) <= reach for one in pair)
            if claimed and _aside(mine, at) > _aside(theirs, at):
                lost.add(name)
    return frozenset(lost)


def same_body(one: Pose, other: Pose) -> bool:
    """Whether two poses are of one body: their heads and shoulders coincide."""
    first, second = Body(one), Body(other)
    reach = SAME_BODY * min(first.unit, second.unit)
    heads = math.dist(first.middle("left_ear", "right_ear"), second.middle("left_ear", "right_ear"))
    return heads <= reach and math.dist(first.shoulders, second.shoulders) <= reach


def _aside(body: Body, at: Point) -> float:
    """How far beside somebody's head and shoulders a point is, in their shoulder breadths."""
    head = body.middle("left_ear", "right_ear")[0]
    return abs(at[0] - (head + body.shoulders[0]) / 2) / body.unit


def alone(image: Image, own: Silhouette | None, others: Sequence[Silhouette]) -> Image:
    """The picture with the others painted over; `own` is kept from those who stand behind it."""
    painted = np.zeros(image.shape[:2], dtype=np.uint8)
    nearness = own.nearness_px if own else 0.0
    for other in others:
        if other.nearness_px <= nearness:
            other.draw(painted, 255)
    if own is not None:
        own.draw(painted, 0, OWN_MARGIN)
    for other in others:
        if other.nearness_px > nearness:
            other.draw(painted, 255)
    blanked = image.copy()
    blanked[painted > 0] = FILL
    return blanked
