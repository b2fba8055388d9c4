"""Of boxes that show one thing the best one stands (non-maximum suppression)."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.letterbox import Floats

Rows = NDArray[np.intp]


def without_doubles(boxes: Floats, scores: Floats, classes: Rows, max_overlap: float) -> Rows:
    """Which of the boxes (K, 4) x1, y1, x2, y2 stand, best first.

    Of boxes of one class that overlap more than `max_overlap` (IoU) the best one stands.
    """
    if not len(boxes):
        return np.empty(0, np.intp)
    corner_and_size = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
    kept = cv2.dnn.NMSBoxesBatched(
        corner_and_size.tolist(), scores.tolist(), classes.tolist(), 0.0, max_overlap
    )
    order = np.asarray(kept, dtype=np.intp).reshape(-1)
    return order[np.argsort(-scores[order], kind="stable")]


def corners_of(centres_and_sizes: Floats) -> Floats:
    """Boxes (K, 4) x1, y1, x2, y2 from cx, cy, width, height."""
    halves = centres_and_sizes[:, 2:4] / 2
    return np.concatenate([centres_and_sizes[:, :2] - halves, centres_and_sizes[:, :2] + halves], axis=1)
