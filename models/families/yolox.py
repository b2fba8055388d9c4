"""YOLOX detectors (Ge et al., "YOLOX: Exceeding YOLO Series in 2021"): anchor-free, one box a grid cell."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.families import DetectorFamily
from models.letterbox import PADDING_GREY, Floats
from models.onnx_detector import Boxes, OnnxDetector
from models.onnx_network import Answers, OnnxNetwork, times
from models.overlap import without_doubles

STRIDES = (8, 16, 32)
"""Pixels a grid cell, fine to coarse, in the order of the output's rows."""

BOX_AND_OBJECTNESS = 5
"""Numbers before the class scores in each row: cx, cy, log w, log h, objectness."""

MAX_OVERLAP = 0.45
"""YOLOX's own demo: boxes of one class that overlap more (IoU) are one thing."""

LARGEST_LOG = 12.0
"""A log size beyond e^12 cells comes of a broken network; bounded so that no number overflows."""

FARTHEST_RAW_CELLS = 16.0
"""How far from its cell a raw box may have its centre; boxes decoded inside the network lie farther."""


class YoloX(OnnxDetector):
    """A YOLOX network; `labels` are its classes' names, those in its file or COCO's if not given.

    Input (1, 3, H, W) float32 BGR 0..255; output (1, N, 5 + classes) with boxes relative to their grid cells
    and scores after the sigmoid, as YOLOX's ONNX export writes them.

    Raises:
        NetworkRefused: the network has other inputs or outputs, or answers nonsense.
    """

    def __init__(self, network: OnnxNetwork, labels: Sequence[str] | None = None) -> None:
        shape = _only_shape(network)
        if any(side % STRIDES[-1] for side in network.square):
            width, height = network.square
            raise network.refused(f"takes {height}×{width} pixels: export a YOLOX with sides divisible by 32")
        self._cells, self._strides = grid(network.square)
        if len(shape) != 3 or shape[:2] != (1, len(self._cells)) or shape[2] <= BOX_AND_OBJECTNESS:
            raise network.refused(
                f"answers {times(shape)}, which no decoder here understands as YOLOX: "
                "export a YOLOX network to ONNX"
            )
        trouble = _nonsense(_raw_on_grey(network))
        if trouble:
            raise network.refused(trouble)
        super().__init__(network, labels, shape[2] - BOX_AND_OBJECTNESS)

    def decode(self, answers: Answers, min_score: float) -> Boxes:
        """The boxes of one picture that reach `min_score`, doubles left out."""
        (raw,) = answers.values()
        return Boxes(*best(raw[0], self._cells, self._strides, min_score))


def _fits(network: OnnxNetwork) -> bool:
    shape = _only_shape(network)
    cells = sum((side_x // s) * (side_y // s) for s in STRIDES for side_x, side_y in [network.square])
    return len(shape) == 3 and shape[1] == cells and shape[2] > BOX_AND_OBJECTNESS


FAMILY = DetectorFamily("yolox", _fits, YoloX)


def _only_shape(network: OnnxNetwork) -> tuple[int, ...]:
    """The shape of the only output; () where there are several."""
    return next(iter(network.shapes.values())) if len(network.shapes) == 1 else ()


def _raw_on_grey(network: OnnxNetwork) -> Floats:
    """The rows (N, 5 + classes) on a picture of nothing but padding."""
    width, height = network.square
    answers = network.run(np.full((1, 3, height, width), PADDING_GREY, dtype=np.float32))
    if answers is None:
        raise network.refused("answers NaN or infinity: export it to ONNX again, in float32")
    (raw,) = answers.values()
    return np.asarray(raw[0], np.float32)


def _nonsense(raw: Floats) -> str | None:
    """What is wrong with a network's answer to an even grey, and what to do; None if it is sound."""
    if not np.isfinite(raw).all():
        return "answers NaN or infinity: export it to ONNX again, in float32"
    scores = raw[:, BOX_AND_OBJECTNESS - 1 :]
    if scores.min() < 0 or scores.max() > 1:
        return "answers scores outside 0..1: export it with their sigmoid"
    if np.abs(raw[:, :2]).max() > FARTHEST_RAW_CELLS:
        return "has its boxes decoded already: export it without decode_in_inference"
    return None


def grid(square: tuple[int, int]) -> tuple[Floats, Floats]:
    """Each output row's cell (N, 2) x, y and its stride (N, 1) in pixels, for a `square` of width, height."""
    cells, strides = [], []
    for stride in STRIDES:
        ys, xs = np.mgrid[0 : square[1] // stride, 0 : square[0] // stride]
        cells.append(np.stack([xs, ys], axis=-1).reshape(-1, 2))
        strides.append(np.full((xs.size, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


def best(
    raw: Floats, cells: Floats, strides: Floats, min_score: float
) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """The boxes that stand, best first: (K, 4) x1, y1, x2, y2 in the square's px, (K,) scores, (K,) classes.

    Of boxes of one class that overlap the best one stands. A score is objectness × class score.
    """
    rows = np.flatnonzero(
        raw[:, BOX_AND_OBJECTNESS - 1] >= min_score
    )  # a score is never above its objectness
    classes = raw[rows, BOX_AND_OBJECTNESS:].argmax(axis=1)
    scores = raw[rows, BOX_AND_OBJECTNESS - 1] * raw[rows, BOX_AND_OBJECTNESS + classes]
    enough = scores >= min_score
    rows, classes, scores = rows[enough], classes[enough], scores[enough]
    if not rows.size:
        return np.empty((0, 4), np.float32), np.empty(0, np.float32), np.empty(0, np.intp)
    boxes = decoded(raw[rows], cells[rows], strides[rows])
    kept = without_doubles(boxes, scores, classes, MAX_OVERLAP)
    return boxes[kept], scores[kept], classes[kept]


def decoded(rows: Floats, cells: Floats, strides: Floats) -> Floats:
    """Boxes (K, 4) x1, y1, x2, y2 in the square's pixels from raw rows and their cells."""
    centres = (rows[:, :2] + cells) * strides
    halves = np.exp(np.minimum(rows[:, 2:4], LARGEST_LOG)) * strides / 2
    return np.concatenate([centres - halves, centres + halves], axis=1)
