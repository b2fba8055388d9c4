"""Where on the floor somebody stands: by the feet where they are seen, else by the shoulders.

A counter hides feet, and engines place hidden ankles half a metre off. Shoulders are seen; they are at 0.818
of the stature (Drillis & Contini 1966), 1.36 m for the 1.66 m of an adult in China (the mean of men's 169.7
and women's 158.0 cm, National Health Commission 2020, and 2 cm of shoe).
"""

import math
from dataclasses import dataclass

from calibration.camera_pose import CameraPose, camera_pose
from calibration.floor import Floor
from vision.body import Body
from vision.values import Person, Point

STATURE_M = 1.66
SHOULDER_SHARE = 0.818
FEET_CONFIDENCE = 0.6
"""Above the engine's usual 0.5: a guessed foot is worse than none, since the shoulders stand in."""

FEET_BELIEVED_M = 0.8
"""Feet that lie farther than this from under the shoulders were guessed behind a desk."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A calibrated floor seen in a picture of known size."""

    floor: Floor
    camera: CameraPose | None

    @classmethod
    def under(cls, floor: Floor, size: tuple[int, int]) -> "Ground":
        """The ground in a picture of `size` (width, height) px."""
        return cls(floor, camera_pose(floor.homography, size))

    def stand_of(self, person: Person) -> Point | None:
        """Floor position in metres from the feet, else the shoulders, else the top of the head.

        None when the feet are hidden and the camera's own place cannot be told from its floor.
        """
        by_shoulders = self._by_shoulders(person)
        if person.pose is None:
            return by_shoulders
        body = Body(person.pose, FEET_CONFIDENCE)
        if not body.seen("left_ankle", "right_ankle"):
            return by_shoulders
        by_feet = self.floor.to_metres(body.middle("left_ankle", "right_ankle"))
        if by_shoulders is not None and math.dist(by_feet, by_shoulders) > FEET_BELIEVED_M:
            return by_shoulders
        return by_feet

    def _by_shoulders(self, person: Person) -> Point | None:
        if self.camera is None:
            return None
        if person.pose is not None:
            body = Body(person.pose)
            if body.seen("left_shoulder", "right_shoulder"):
                return self.camera.to_metres(body.shoulders, STATURE_M * SHOULDER_SHARE)
        x1, y1, x2, _ = person.box
        return self.camera.to_metres(((x1 + x2) / 2, y1), STATURE_M)
