"""YOLOX detectors (Ge et al., "YOLOX: Exceeding YOLO Series in 2021"): anchor-free, one box a grid cell."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.coco_classes import COCO_CLASSES
from models.detections import Detection
from models.errors import NetworkRefused
from models.letterbox import PADDING_GREY, Box, Floats, Image, blob, letterbox_of
from models.runtime import ORT_REFUSALS, onnx_session

STRIDES = (8, 16, 32)
"""Pixels a grid cell, fine to coarse, in the order of the output's rows."""

BOX_AND_OBJECTNESS = 5
"""Numbers before the class scores in each row: cx, cy, log w, log h, objectness."""

MIN_SCORE = 0.3
MAX_OVERLAP = 0.45
"""YOLOX's own demo: boxes of one class that overlap more (IoU) are one thing."""

LARGEST_LOG = 12.0
"""A log size beyond e^12 cells comes of a broken network; bounded so that no number overflows."""

FARTHEST_RAW_CELLS = 16.0
"""How far from its cell a raw box may have its centre; boxes decoded inside the network lie farther."""


class YoloX:
    """A YOLOX network in `path`; `labels` are its classes' names, COCO's if not given.

    Input `images` (1, 3, H, W) float32 BGR 0..255; output (1, N, 5 + classes) with boxes relative to their
    grid cells and scores after the sigmoid, as YOLOX's ONNX export writes them.

    Raises:
        NetworkRefused: the file is no ONNX network, has other inputs or outputs, or answers nonsense.
    """

    def __init__(self, path: Path, labels: Sequence[str] | None = None) -> None:
        self._path = path
        self._session = onnx_session(path)
        self._input = self._session.get_inputs()[0].name
        self._square = _square(path, self._session)
        self._cells, self._strides = grid(self._square)
        self.labels = _labels(path, labels, self._probed_classes())

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = MIN_SCORE
    ) -> tuple[Detection, ...]:
        """Things in a picture (H, W, 3) BGR, or in a crop of it, best first; boxes in the whole picture's px.

        A small crop is enlarged to the network's square, which is how small things are found.

        Raises:
            NetworkRefused: the network fails on this picture.
        """
        size = (image.shape[1], image.shape[0])
        fit = letterbox_of(size, crop, self._square)
        if fit is None:
            return ()
        raw = self._run(blob(image, fit, self._square))
        boxes, scores, classes = best(raw, self._cells, self._strides, min_score)
        return tuple(
            Detection(self.labels[label], _in_picture(box, size), float(score))
            for box, score, label in zip(fit.to_picture(boxes), scores, classes, strict=True)
        )

    def _run(self, tensor: Floats) -> Floats:
        """The raw rows (N, 5 + classes) for one input."""
        return np.asarray(self._answers(tensor)[0][0], dtype=np.float32)

    def _answers(self, tensor: Floats) -> list[Any]:
        try:
            return list(self._session.run(None, {self._input: tensor}))
        except ORT_REFUSALS as error:
            raise NetworkRefused(f"{self._path} fails on a picture: export it to ONNX again.") from error

    def _probed_classes(self) -> int:
        """Ask once about an even grey, refuse what is no answer of a YOLOX, and count the classes in it.

        Asked rather than read from the file: exporters leave sizes of outputs open that are fixed in fact.
        """
        grey = np.full((1, 3, self._square[1], self._square[0]), PADDING_GREY, dtype=np.float32)
        answers = self._answers(grey)
        shape = np.shape(answers[0])
        fits = len(answers) == 1 and len(shape) == 3 and shape[:2] == (1, len(self._cells))
        if not fits or shape[2] <= BOX_AND_OBJECTNESS:
            raise NetworkRefused(
                f"{self._path} answers {_times(shape)}, which no decoder here understands: "
                "export a YOLOX network to ONNX."
            )
        trouble = _nonsense(answers[0][0])
        if trouble:
            raise NetworkRefused(f"{self._path} {trouble}.")
        return int(shape[2]) - BOX_AND_OBJECTNESS


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
    kept = _without_doubles(boxes, scores, classes)
    return boxes[kept], scores[kept], classes[kept]


def decoded(rows: Floats, cells: Floats, strides: Floats) -> Floats:
    """Boxes (K, 4) x1, y1, x2, y2 in the square's pixels from raw rows and their cells."""
    centres = (rows[:, :2] + cells) * strides
    halves = np.exp(np.minimum(rows[:, 2:4], LARGEST_LOG)) * strides / 2
    return np.concatenate([centres - halves, centres + halves], axis=1)


def _without_doubles(boxes: Floats, scores: Floats, classes: NDArray[np.intp]) -> NDArray[np.intp]:
    corner_and_size = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
    kept = cv2.dnn.NMSBoxesBatched(
        corner_and_size.tolist(), scores.tolist(), classes.tolist(), 0.0, MAX_OVERLAP
    )
    order = np.asarray(kept, dtype=np.intp).reshape(-1)
    return order[np.argsort(-scores[order], kind="stable")]


def _in_picture(box: Floats, size: tuple[int, int]) -> Box:
    x1, x2 = np.clip(box[[0, 2]], 0, size[0])
    y1, y2 = np.clip(box[[1, 3]], 0, size[1])
    return float(x1), float(y1), float(x2), float(y2)


def _square(path: Path, session: Any) -> tuple[int, int]:
    """The input's (width, height)."""
    inputs = session.get_inputs()
    shape = inputs[0].shape if len(inputs) == 1 else []
    if len(shape) != 4 or inputs[0].type != "tensor(float)":
        raise NetworkRefused(
            f"{path} does not take one float32 picture (1, 3, height, width): it is no YOLOX."
        )
    if not all(isinstance(side, int) for side in shape):
        raise NetworkRefused(
            f"{path} leaves its input size open ({_times(shape)}): export it with a fixed one (1×3×416×416)."
        )
    batch, colours, height, width = shape
    if batch != 1 or colours != 3 or height % STRIDES[-1] or width % STRIDES[-1]:
        raise NetworkRefused(
            f"{path} takes {_times(shape)}, not one picture in three colours with sides divisible by 32."
        )
    return width, height


def _labels(path: Path, labels: Sequence[str] | None, classes: int) -> tuple[str, ...]:
    if labels is None and classes != len(COCO_CLASSES):
        raise NetworkRefused(
            f"{path} knows {classes} classes, not COCO's 80: name them, one a line, in a file for --labels."
        )
    names = COCO_CLASSES if labels is None else tuple(labels)
    if len(names) != classes:
        raise NetworkRefused(f"{path} knows {classes} classes, and {len(names)} labels are given for them.")
    return names


def _times(shape: Sequence[Any]) -> str:
    return "×".join(str(side) for side in shape)
