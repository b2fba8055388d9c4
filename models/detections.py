"""What a network says about a picture, before anybody knows what it means for a window."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Detection:
    """A box (x1, y1, x2, y2 in pixels of the picture given) with its kind's common name and score 0..1."""

    label: str
    box: tuple[float, float, float, float]
    score: float


@dataclass(frozen=True, slots=True)
class Region:
    """A turned square in the picture: where a pose network looks.

    Centre and side in pixels; `angle_rad` turns the square clockwise on the screen, 0 is upright.
    """

    cx: float
    cy: float
    side: float
    angle_rad: float = 0.0


@dataclass(frozen=True, slots=True)
class FoundBody:
    """A person that a pose engine found: how sure (0..1), and where to look for the joints."""

    score: float
    region: Region


@dataclass(frozen=True, slots=True, eq=False)
class PoseEstimate:
    """One person's joints as an engine sees them.

    `keypoints` is (17, 3) float32 in COCO order: x px, y px of the whole picture, confidence 0..1.
    `world`, where the engine has it, is (17, 3) float32 metres about the hips' middle (x right, y down,
    z away from the camera). `region` is where to look in the next frame; `presence` is how sure the engine
    is that somebody is there, 0..1.
    """

    keypoints: NDArray[np.float32]
    presence: float
    region: Region
    world: NDArray[np.float32] | None = None
