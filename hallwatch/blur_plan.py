"""From what was seen in a clip to what its review copy may show."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cameras.blurring import BlurPlan, Box, FindHeads, Image, Polygon, Sighting
from models.engines import PoseEngine

STANDS_UP = 0.5
"""By how much of its own height a staff side is shown further up: it is drawn about a seat."""

SURE = 0.3
"""Confidence from which a joint of the head tells where the head is."""

TRUNK_SHARE = 0.45
"""How much of a person is hidden, from the top, whose head was not seen clearly."""

HEAD_JOINTS, SHOULDERS = slice(0, 5), slice(5, 7)


def blur_plan(
    skeleton: Mapping[str, Any] | None, staff: Sequence[Polygon], *, blur_staff: bool = False
) -> BlurPlan:
    """What may be shown by the poses that go with a clip; without them nothing is.

    `staff` are the staff's sides in shares of the picture. Who is not surely on one of them is hidden.
    """
    shown = [side for zone in staff for side in (zone, [(x, max(0.0, y - _rise(zone))) for x, y in zone])]
    if skeleton is None or min(skeleton["size"]) <= 0:
        return BlurPlan(shown, [])
    width, height = skeleton["size"]
    return BlurPlan(shown, [_sighting(frame, width, height, blur_staff) for frame in skeleton["frames"]])


def head_finder(pose: PoseEngine, staff: Sequence[Polygon]) -> FindHeads:
    """Finds heads within the part of a picture that is shown, with the pose network that runs anyway."""

    def find(image: Image) -> list[Box]:
        height, width = image.shape[:2]
        xs = [x * width for zone in staff for x, _ in zone]
        tops = [max(0.0, min(y for _, y in zone) - _rise(zone)) * height for zone in staff]
        crop = (min(xs), min(tops), max(xs), max(y * height for zone in staff for _, y in zone))
        poses = [pose.estimate(image, body.region) for body in pose.find(image, crop, 0.4)]
        heads = [_head(found.keypoints) for found in poses if found is not None and found.presence > 0.3]
        return [head for head in heads if head is not None]

    return find


def _rise(zone: Polygon) -> float:
    heights = [y for _, y in zone]
    return STANDS_UP * (max(heights) - min(heights))


def _sighting(frame: Mapping[str, Any], width: float, height: float, blur_staff: bool) -> Sighting:
    hidden, staff = [], []
    for person in frame["persons"]:
        box = tuple(person["box"])
        if person["zone"] == "staff" and not blur_staff:
            staff.append(_shares(box, width, height))
            continue
        hidden.append(_shares(_hidden_part(person, box), width, height))
    return Sighting(frame["t_s"], tuple(hidden), tuple(staff))


def _hidden_part(person: Mapping[str, Any], box: Sequence[float]) -> Box:
    x1, y1, x2, y2 = box
    top: Box = x1, y1 - 0.1 * (y2 - y1), x2, y1 + TRUNK_SHARE * (y2 - y1)
    head = _head(np.array(person["keypoints"], dtype=np.float32)) if person["keypoints"] else None
    if head is None:
        return top
    return min(top[0], head[0]), min(top[1], head[1]), max(top[2], head[2]), max(top[3], head[3])


def _head(keypoints: np.ndarray[Any, np.dtype[np.float32]]) -> Box | None:
    """The box of a head by the joints in it; None where none of them is sure."""
    joints = keypoints[HEAD_JOINTS]
    sure = joints[joints[:, 2] >= SURE][:, :2]
    if not len(sure):
        return None
    shoulders = keypoints[SHOULDERS, :2]
    spread = float(np.ptp(sure, axis=0).max())
    across = float(np.linalg.norm(shoulders[0] - shoulders[1]))
    reach = max(1.4 * spread, 0.6 * across, 4.0)
    x, y = (float(value) for value in sure.mean(axis=0))
    return x - reach, y - reach, x + reach, y + reach


def _shares(box: Sequence[float], width: float, height: float) -> Box:
    return box[0] / width, box[1] / height, box[2] / width, box[3] / height
