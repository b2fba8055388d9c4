"""MediaPipe's own task runner as a second pose engine: slower, and the yardstick of `models.blazepose`.

It needs the extra `mediapipe`. Each object keeps its own copy of the networks (78 MB) and four threads.
"""

import math
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from models.blazepose import region_from_circle, region_to_square
from models.blazepose_topology import COCO_FROM_BLAZEPOSE
from models.detections import PoseEstimate, Region
from models.errors import NetworkMissing, NetworkRefused

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

CROP_SIDE = 512
"""Pixels of the upright crop that the runner is given: twice what its landmark network takes."""

BEYOND_LANDMARKS = 1.12
"""The body's circle reaches beyond the landmarks: its median ratio to them on photographs of people."""

COCO_ROWS = np.array(COCO_FROM_BLAZEPOSE)
LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP = 11, 12, 23, 24


class MediapipePose:
    """One person's joints in a region of a picture, each picture by itself (MediaPipe's IMAGE mode).

    `task` is the file `pose_landmarker_full.task` of the store. Close it, or use it in a `with`.

    Raises:
        NetworkMissing: the `mediapipe` package is not installed.
        NetworkRefused: the file cannot be opened by it.
    """

    def __init__(self, task: Path) -> None:
        self._mediapipe = _mediapipe()
        self._landmarker = _landmarker(task)

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        """The joints of the person in `region` of a picture (H, W, 3) BGR; None where nobody is found."""
        affine = region_to_square(region, CROP_SIDE)
        crop = cv2.warpAffine(image, affine, (CROP_SIDE, CROP_SIDE), flags=cv2.INTER_LINEAR)
        rgb = np.ascontiguousarray(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB))
        picture = self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=rgb)
        found = self._landmarker.detect(picture)
        if not found.pose_landmarks:
            return None
        return _estimate(found.pose_landmarks[0], found.pose_world_landmarks[0], region, affine)

    def close(self) -> None:
        """Let go of the networks and threads."""
        self._landmarker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _mediapipe() -> Any:
    try:
        import mediapipe  # an extra, and slow to load
    except ImportError as error:
        raise NetworkMissing(
            "MediaPipe is not installed: run `pip install 'hallwatch[mediapipe]'`."
        ) from error
    return mediapipe


def _landmarker(task: Path) -> Any:
    from mediapipe.tasks.python import BaseOptions, vision

    if not task.is_file():
        raise NetworkRefused(f"There is no file {task}: run `hallwatch models pull`.")
    options = vision.PoseLandmarkerOptions(base_options=BaseOptions(model_asset_path=str(task)))
    try:
        return vision.PoseLandmarker.create_from_options(options)
    except (ValueError, RuntimeError) as error:
        raise NetworkRefused(
            f"MediaPipe cannot open {task} (damaged or cut short): run `hallwatch models pull`."
        ) from error


def _estimate(landmarks: list[Any], world: list[Any], region: Region, affine: Any) -> PoseEstimate:
    inside = np.array([(mark.x, mark.y) for mark in landmarks]) * CROP_SIDE
    points = cv2.transform(inside[None], cv2.invertAffineTransform(affine))[0]
    confidence = np.array([mark.visibility for mark in landmarks])
    keypoints = np.column_stack([points, confidence])[COCO_ROWS].astype(np.float32)
    metres = np.array([(mark.x, mark.y, mark.z) for mark in world], dtype=np.float32)
    upright = _turned(metres, region.angle_rad)[COCO_ROWS]
    for array in (keypoints, upright):
        array.setflags(write=False)
    presence = float(np.mean([mark.presence for mark in landmarks]))
    return PoseEstimate(keypoints, presence, _region_around_body(points), upright)


def _region_around_body(points: Any) -> Region:
    """Where to look next, from all 33 landmarks: about the hips, upright along the spine, reaching them all.

    The runner keeps to itself the two auxiliary landmarks that name this circle.
    """
    hips = points[[LEFT_HIP, RIGHT_HIP]].mean(axis=0)
    spine = points[[LEFT_SHOULDER, RIGHT_SHOULDER]].mean(axis=0) - hips
    length = float(np.hypot(*spine))
    upwards = spine / length if length > 0 else np.array([0.0, -1.0])
    rim = hips + upwards * np.hypot(*(points - hips).T).max() * BEYOND_LANDMARKS
    return region_from_circle((float(hips[0]), float(hips[1])), (float(rim[0]), float(rim[1])))


def _turned(metres: Floats, angle_rad: float) -> Floats:
    """World coordinates of a crop that stood turned by `angle_rad`, with y down in the picture."""
    cos, sin = math.cos(angle_rad), math.sin(angle_rad)
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]], dtype=np.float32)
    return np.asarray(metres @ turn.T, dtype=np.float32)
