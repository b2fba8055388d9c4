"""Clerks in three dimensions, seen from any side: what a posture is does not depend on where a camera hangs.

Lengths are shoulder breadths in the person's own frame: to the left, up, ahead, from the middle of the hips.
"""

from collections.abc import Mapping

import numpy as np

from tests.vision.builders import SIZE, with_pose
from vision.values import COCO_JOINTS, Person, Pose

Joint = tuple[float, float, float]
BREADTH_M = 0.36
UNIT_PX = 55.0

SEATED: Mapping[str, Joint] = {
    "nose": (0.0, 1.95, 0.35),
    "left_eye": (0.09, 2.03, 0.3),
    "right_eye": (-0.09, 2.03, 0.3),
    "left_ear": (0.2, 1.95, 0.1),
    "right_ear": (-0.2, 1.95, 0.1),
    "left_shoulder": (0.5, 1.4, 0.0),
    "right_shoulder": (-0.5, 1.4, 0.0),
    "left_elbow": (0.6, 0.75, 0.3),
    "right_elbow": (-0.6, 0.75, 0.3),
    "left_wrist": (0.35, 0.65, 0.95),
    "right_wrist": (-0.35, 0.65, 0.95),
    "left_hip": (0.3, 0.0, 0.0),
    "right_hip": (-0.3, 0.0, 0.0),
    "left_knee": (0.3, 0.0, 1.1),
    "right_knee": (-0.3, 0.0, 1.1),
    "left_ankle": (0.3, -1.1, 1.0),
    "right_ankle": (-0.3, -1.1, 1.0),
}
"""Somebody who types."""

HEAD = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")


def head_at(up: float, ahead: float = 0.2) -> dict[str, Joint]:
    """The head lower or higher, and farther ahead."""
    return {name: (SEATED[name][0], SEATED[name][1] + up, SEATED[name][2] + ahead) for name in HEAD}


POSTURES: Mapping[str, Mapping[str, Joint]] = {
    "typing": {},
    "hand on hip": {"left_elbow": (1.02, 0.95, -0.1), "left_wrist": (0.6, 0.45, 0.2)},
    "hands on hips": {
        "left_elbow": (1.02, 0.95, -0.1),
        "left_wrist": (0.6, 0.45, 0.2),
        "right_elbow": (-1.02, 0.95, -0.1),
        "right_wrist": (-0.6, 0.45, 0.2),
    },
    "hands in lap": {
        "left_elbow": (0.65, 0.75, -0.05),
        "left_wrist": (0.15, 0.25, 0.45),
        "right_elbow": (-0.65, 0.75, -0.05),
        "right_wrist": (-0.15, 0.25, 0.45),
    },
    "hanging arms": {"left_elbow": (0.6, 0.7, 0.0), "left_wrist": (0.65, 0.05, 0.1)},
    "chin in hand": {"left_elbow": (0.4, 1.0, 0.85), "left_wrist": (0.1, 1.5, 0.55), **head_at(-0.2)},
    "call": {"left_elbow": (0.8, 1.1, 0.4), "left_wrist": (0.36, 1.75, 0.2)},
    "reading": {
        "left_elbow": (0.65, 0.8, 0.35),
        "left_wrist": (0.6, 1.05, 0.9),
        "right_elbow": (-0.65, 0.8, 0.35),
        "right_wrist": (-0.6, 1.05, 0.9),
        **head_at(-0.36, 0.1),
    },
    "one sheet": {
        "left_elbow": (0.6, 0.75, 0.35),
        "left_wrist": (0.4, 0.85, 0.9),
        **head_at(-0.36, 0.1),
    },
    "lying": {
        **{name: (SEATED[name][0], 0.72, 1.2) for name in HEAD},
        "left_shoulder": (0.5, 1.15, 0.75),
        "right_shoulder": (-0.5, 1.15, 0.75),
    },
    "writing low": head_at(-0.6, 0.2),
    "pointing": {"left_elbow": (0.6, 1.35, 0.68), "left_wrist": (0.62, 1.35, 1.3)},
    "reaching down": {"left_elbow": (0.7, 0.95, 0.5), "left_wrist": (0.8, 0.5, 0.95)},
    "both arms out": {
        "left_elbow": (0.6, 1.35, 0.68),
        "left_wrist": (0.62, 1.35, 1.3),
        "right_elbow": (-0.6, 1.35, 0.68),
        "right_wrist": (-0.62, 1.35, 1.3),
    },
}


def clerk(
    posture: str,
    turned_deg: float = 0.0,
    down_deg: float = 20.0,
    mirrored: bool = False,
    unit_px: float = UNIT_PX,
    noise: float = 0.0,
    seed: int = 0,
    unseen: tuple[str, ...] = (),
    track: int = 1,
) -> Person:
    """A clerk seen by a camera that looks `down_deg` down at somebody turned `turned_deg` from it.

    `noise` moves every joint by that many shoulder breadths (one standard deviation).
    """
    joints = {**SEATED, **POSTURES[posture]}
    if mirrored:
        joints = {_other(name): (-x, y, z) for name, (x, y, z) in joints.items()}
    body = np.array([joints[name] for name in COCO_JOINTS])
    if noise:
        body = body + np.random.default_rng(seed).normal(0, noise, body.shape)
    seen = body @ _camera(turned_deg, down_deg).T
    confidence = [0.05 if name in unseen else 0.95 for name in COCO_JOINTS]
    pixels = seen[:, :2] * unit_px + np.array([SIZE[0] / 2, SIZE[1] * 0.6])
    keypoints = np.column_stack([pixels, confidence]).astype(np.float32)
    return with_pose(Pose(keypoints, (seen * BREADTH_M).astype(np.float32)), track)


def _camera(turned_deg: float, down_deg: float) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """From the person's frame to the camera's (x right, y down, z away); 0 degrees faces the camera."""
    turn, down = np.radians([turned_deg, down_deg])
    about_up = np.array([[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]])
    facing = np.diag([1.0, -1.0, -1.0])
    tilt = np.array([[1, 0, 0], [0, np.cos(down), -np.sin(down)], [0, np.sin(down), np.cos(down)]])
    return np.asarray(tilt @ facing @ about_up)


def _other(name: str) -> str:
    if name.startswith("left_"):
        return "right_" + name.removeprefix("left_")
    return "left_" + name.removeprefix("right_") if name.startswith("right_") else name
