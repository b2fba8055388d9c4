"""A picture of one person whose box and joints are known: a network that works finds them there.

The picture is a rendered clerk at the keyboard; what is known of it lies beside it.
"""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict

from models.class_names import kind_of
from models.engines import Detector, PoseEngine
from models.errors import NetworkRefused
from models.letterbox import Box, Image

PICTURE = Path(__file__).with_name("known_person.jpg")
PERSON = "person"
FINDS_NOBODY = "does not find the person in the known picture: export it again, or import it with its labels"

LEAST_OVERLAP = 0.5
LEAST_SCORE = 0.2
FARTHEST = 0.12
"""The median joint in view lies within this share of the person's height; BlazePose's is at 0.055."""


class KnownPerson(BaseModel):
    """What is true of the picture, in its pixels; joints in COCO's order, None where out of sight."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    box: Box
    joints: tuple[tuple[float, float] | None, ...]


@lru_cache(maxsize=1)
def known_person() -> tuple[Image, KnownPerson]:
    """The picture (H, W, 3) BGR and what is known of it."""
    truth = KnownPerson.model_validate_json(PICTURE.with_suffix(".json").read_bytes())
    return np.asarray(cv2.imread(str(PICTURE)), dtype=np.uint8), truth


def check_finds(detector: Detector, path: Path) -> None:
    """Let a detector that knows people find the one in the picture. Raises `NetworkRefused`."""
    if PERSON not in {kind_of(label) for label in detector.labels}:
        return
    image, truth = known_person()
    found = [thing.box for thing in detector.detect(image, min_score=LEAST_SCORE) if thing.label == PERSON]
    if not any(_iou(box, truth.box) >= LEAST_OVERLAP for box in found):
        raise NetworkRefused(f"{path} {FINDS_NOBODY}.")


def check_sees_joints(engine: PoseEngine, path: Path) -> None:
    """Let a pose engine find the person in the picture and their joints. Raises `NetworkRefused`."""
    image, truth = known_person()
    height = truth.box[3] - truth.box[1]
    errors = []
    for body in engine.find(image, None, LEAST_SCORE):
        pose = engine.estimate(image, body.region)
        if pose is not None:
            off = [np.hypot(*(p[:2] - j)) for p, j in zip(pose.keypoints, truth.joints, strict=True) if j]
            errors.append(float(np.median(off)) / height)
    if not errors:
        raise NetworkRefused(f"{path} {FINDS_NOBODY}.")
    if min(errors) > FARTHEST:
        raise NetworkRefused(f"{path} sees joints where they are not in the known picture: export it again.")


def _iou(one: Box, other: Box) -> float:
    width = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    height = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / max(sum(areas) - width * height, 1e-9)
