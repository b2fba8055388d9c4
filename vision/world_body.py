"""A body in its own frame, in shoulder breadths: what holds from every side a camera can hang.

World joints (metres about the hips) come from engines that see depth. Directions are the person's own:
across (right shoulder to left), up (hips to shoulders) and ahead of the chest.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vision.values import JOINT, Pose

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class WorldBody:
    """The joints (17, 3), and the unit vectors of the person's own frame; `breadth` in the joints' unit."""

    joints: Vector
    across: Vector
    up: Vector
    ahead: Vector
    breadth: float

    @classmethod
    def of(cls, pose: Pose) -> "WorldBody | None":
        """The body of a pose; None without depth, or with shoulders and hips in one place."""
        return _of(pose)

    @classmethod
    def _seen(cls, pose: Pose) -> "WorldBody | None":
        if pose.world is None or not np.isfinite(pose.world).all():
            return None
        joints = pose.world.astype(np.float64)
        left, right = joints[JOINT["left_shoulder"]], joints[JOINT["right_shoulder"]]
        hips = (joints[JOINT["left_hip"]] + joints[JOINT["right_hip"]]) / 2
        trunk = (left + right) / 2 - hips
        breadth, height = float(np.linalg.norm(left - right)), float(np.linalg.norm(trunk))
        if breadth < 1e-3 or height < 1e-3:
            return None
        across, up = (left - right) / breadth, trunk / height
        # x right, y down, z away from the camera: up × across points out of the chest's back, so turn it.
        ahead = cross(across, up)
        norm = float(np.linalg.norm(ahead))
        return cls(joints, across, up, ahead / norm, breadth) if norm > 1e-6 else None

    def joint(self, name: str) -> Vector:
        """Where a joint is."""
        return np.asarray(self.joints[JOINT[name]])

    def apart(self, one: str, other: str) -> float:
        """The distance of two joints, shoulder breadths."""
        return float(np.linalg.norm(self.joint(one) - self.joint(other))) / self.breadth

    def offset(self, start: str, end: str) -> tuple[float, float, float]:
        """From one joint to another: towards the person's left, up, ahead; shoulder breadths."""
        way = (self.joint(end) - self.joint(start)) / self.breadth
        return float(way @ self.across), float(way @ self.up), float(way @ self.ahead)

    def outwards(self, side: str, start: str, end: str) -> float:
        """How far a joint is out from another on the body's own `left` or `right`, shoulder breadths."""
        sideways = self.offset(start, end)[0]
        return sideways if side == "left" else -sideways

    def bend_deg(self, one: str, at: str, other: str) -> float:
        """The angle at a joint between two others, degrees: 180 is straight."""
        first, second = self.joint(one) - self.joint(at), self.joint(other) - self.joint(at)
        size = float(np.linalg.norm(first) * np.linalg.norm(second))
        return math.degrees(math.acos(min(1.0, max(-1.0, float(first @ second) / size)))) if size else 180.0


@lru_cache(maxsize=256)
def _of(pose: Pose) -> WorldBody | None:
    """Several behaviours ask for the same body in the same moment."""
    return WorldBody._seen(pose)


def cross(one: Vector, other: Vector) -> Vector:
    """The cross product of two vectors (3,): numpy's own checks cost twenty times the product."""
    (ax, ay, az), (bx, by, bz) = one.tolist(), other.tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])
