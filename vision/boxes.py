"""Boxes in the picture: overlap, containment, and the box of a set of joints."""

import numpy as np
from numpy.typing import NDArray

from vision.values import Box


def area(box: Box) -> float:
    """Square pixels; 0 for a box turned inside out."""
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def intersection(one: Box, other: Box) -> float:
    """Square pixels that both cover."""
    overlap = (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )
    return area(overlap)


def iou(one: Box, other: Box) -> float:
    """Intersection over union, 0..1."""
    shared = intersection(one, other)
    union = area(one) + area(other) - shared
    return shared / union if union > 0 else 0.0


def coverage(inner: Box, outer: Box) -> float:
    """The part of `inner` that lies in `outer`, 0..1."""
    return intersection(inner, outer) / area(inner) if area(inner) > 0 else 0.0


def centre(box: Box) -> tuple[float, float]:
    """The middle of the box in pixels."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def grown(box: Box, share: float, size: tuple[int, int]) -> Box:
    """The box with `share` of its width and height added on each side, kept inside a picture of `size`."""
    dx, dy = (box[2] - box[0]) * share, (box[3] - box[1]) * share
    return (
        max(box[0] - dx, 0.0),
        max(box[1] - dy, 0.0),
        min(box[2] + dx, float(size[0])),
        min(box[3] + dy, float(size[1])),
    )


def box_of_joints(keypoints: NDArray[np.float32], min_confidence: float = 0.5) -> Box | None:
    """The box around joints (17, 3) that are seen, with room for scalp and hands; None below four joints.

    The room is a tenth of the box's diagonal at the top and half of that elsewhere: COCO's joints end at the
    eyes and the wrists, people do not.
    """
    seen = keypoints[keypoints[:, 2] >= min_confidence, :2]
    if len(seen) < 4:
        return None
    x1, y1 = seen.min(axis=0)
    x2, y2 = seen.max(axis=0)
    room = 0.05 * float(np.hypot(x2 - x1, y2 - y1))
    return float(x1 - room), float(y1 - 2 * room), float(x2 + room), float(y2 + room)
