"""A body's measures from its joints, in lengths of its own, so that no rule depends on pixels.

The unit of length is the breadth of the shoulders as it would be seen from the front. From the side the
shoulders overlap and from above the trunk shortens, so the larger of both witnesses is taken: a trunk
(shoulders' middle to hips' middle) is 1.4 shoulder breadths long, the median of what BlazePose answers for
upright clerks seen from the front.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vision.values import JOINT, Point, Pose

TRUNK_PER_SHOULDERS = 1.4
MIN_CONFIDENCE = 0.5
FINGERS_BEYOND_WRIST = 0.35
"""Where the fingers hold things: a third of the forearm beyond the wrist (hand 0.108 of the stature, half of
it closed; forearm 0.146: Drillis & Contini 1966)."""


def ramp(value: float, zero_at: float, one_at: float) -> float:
    """0 at `zero_at` and beyond, 1 at `one_at` and beyond, straight in between; either may be the larger."""
    share = (value - zero_at) / (one_at - zero_at)
    return min(max(share, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Body:
    """Distances and angles of one pose. Points are pixels; None where a joint is not seen well enough."""

    pose: Pose
    min_confidence: float = MIN_CONFIDENCE

    def seen(self, *joints: str) -> bool:
        """Whether every one of the joints is seen well enough to be judged."""
        rows = _rows(self.pose)
        return all(rows[JOINT[name]][2] >= self.min_confidence for name in joints)

    def confidence(self, name: str) -> float:
        """How sure the engine is of a joint, 0..1."""
        return _rows(self.pose)[JOINT[name]][2]

    def joint(self, name: str) -> Point:
        """Where a joint is, seen or guessed."""
        x, y, _ = _rows(self.pose)[JOINT[name]]
        return x, y

    def middle(self, left: str, right: str) -> Point:
        """Halfway between two joints."""
        (x1, y1), (x2, y2) = self.joint(left), self.joint(right)
        return (x1 + x2) / 2, (y1 + y2) / 2

    @property
    def shoulders(self) -> Point:
        """The shoulders' middle."""
        return self.middle("left_shoulder", "right_shoulder")

    @property
    def hips(self) -> Point:
        """The hips' middle."""
        return self.middle("left_hip", "right_hip")

    @property
    def unit(self) -> float:
        """One shoulder breadth in pixels; at least 1, so that one may divide by it."""
        return _unit(self.pose)

    def apart(self, one: str, other: str) -> float:
        """The distance of two joints in shoulder breadths."""
        return math.dist(self.joint(one), self.joint(other)) / self.unit

    def mouth(self) -> Point:
        """The mouth: as far below the nose as the eyes are above it, in the face's own direction.

        Seen from behind the ears' middle stands in.
        """
        nose, eyes = self.joint("nose"), self.middle("left_eye", "right_eye")
        return nose[0] + 0.7 * (nose[0] - eyes[0]), nose[1] + 0.7 * (nose[1] - eyes[1])

    def hand(self, side: str) -> Point:
        """Where the fingers of the `left` or `right` hand are: beyond the wrist, along the forearm."""
        (ex, ey), (wx, wy) = self.joint(f"{side}_elbow"), self.joint(f"{side}_wrist")
        return wx + FINGERS_BEYOND_WRIST * (wx - ex), wy + FINGERS_BEYOND_WRIST * (wy - ey)

    def from_unit(self, one: Point, other: Point) -> float:
        """The distance of two points in shoulder breadths."""
        return math.dist(one, other) / self.unit

    def trunk_middle(self) -> Point | None:
        """The middle of the shoulders and hips that are seen; None when none is."""
        names = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
        points = [self.joint(name) for name in names if self.seen(name)]
        return _mean(points)

    def feet(self) -> Point | None:
        """Between the ankles that are seen; None when none is."""
        return _mean([self.joint(name) for name in ("left_ankle", "right_ankle") if self.seen(name)])

    def torso_roll_deg(self) -> float:
        """How far the trunk leans to the side in the picture: 0 upright, positive to the picture's right."""
        (sx, sy), (hx, hy) = self.shoulders, self.hips
        return math.degrees(math.atan2(sx - hx, hy - sy))


@lru_cache(maxsize=256)
def _rows(pose: Pose) -> list[tuple[float, float, float]]:
    """The joints as plain numbers: every behaviour asks for them many times, and arrays answer slowly."""
    return [(x, y, confidence) for x, y, confidence in pose.keypoints.tolist()]


@lru_cache(maxsize=256)
def _unit(pose: Pose) -> float:
    body = Body(pose)
    breadth = math.dist(body.joint("left_shoulder"), body.joint("right_shoulder"))
    return max(breadth, math.dist(body.shoulders, body.hips) / TRUNK_PER_SHOULDERS, 1.0)


def _mean(points: list[Point]) -> Point | None:
    if not points:
        return None
    x, y = np.mean(points, axis=0)
    return float(x), float(y)
