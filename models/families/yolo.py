"""YOLO detectors as Ultralytics exports them (v8, 11, 12 raw; v10, 26 and `nms=True` end to end).

Raw: (1, 4 + classes, N), a column a grid cell: cx, cy, width, height in the square's pixels and class scores
after the sigmoid; the export leaves overlapping boxes to its reader. End to end: (1, K, 6), a row a box:
x1, y1, x2, y2, score, class. Fed RGB 0..1, the picture in the middle of grey.
"""

from collections.abc import Sequence

import numpy as np

from models.export_metadata import exported_names
from models.families import DetectorFamily
from models.letterbox import Feed
from models.onnx_detector import Boxes, OnnxDetector
from models.onnx_network import Answers, OnnxNetwork, times
from models.overlap import corners_of, without_doubles

FEED = Feed(placing="centred", colours="rgb", spread=(255.0, 255.0, 255.0))

MAX_OVERLAP = 0.7
"""Ultralytics' predictor: boxes of one class that overlap more (IoU) are one thing."""

BOX = 4
BOX_SCORE_CLASS = 6
MOST_ROWS = 3000
"""An end-to-end export keeps some hundreds of boxes; raw ones have thousands of cells."""

GRIDS = ((8, 16, 32), (8, 16, 32, 64))


def cells_of(square: tuple[int, int]) -> frozenset[int]:
    """How many cells a raw output may have for a square of (width, height)."""
    width, height = square
    return frozenset(sum((width // s) * (height // s) for s in strides) for strides in GRIDS)


def is_raw(network: OnnxNetwork, least_rows: int) -> bool:
    """Whether the only output is (1, rows, cells), at least `least_rows` numbers a cell."""
    shape = only_shape(network)
    return len(shape) == 3 and shape[1] >= least_rows and shape[2] in cells_of(network.square)


def is_end_to_end(network: OnnxNetwork, numbers: int) -> bool:
    """Whether the only output is (1, K, numbers), K boxes that stand already."""
    shape = only_shape(network)
    short = len(shape) == 3 and shape[2] == numbers and 0 < shape[1] <= MOST_ROWS
    return short and shape[1] not in cells_of(network.square)


def only_shape(network: OnnxNetwork) -> tuple[int, ...]:
    """The shape of the only output; () where there are several."""
    return next(iter(network.shapes.values())) if len(network.shapes) == 1 else ()


class Yolo(OnnxDetector):
    """A YOLO detector, raw or end to end; class names are those given, in its metadata, or COCO's.

    Raises:
        NetworkRefused: its output has neither of both shapes, or its classes are not named.
    """

    feed = FEED

    def __init__(self, network: OnnxNetwork, labels: Sequence[str] | None = None) -> None:
        self._end_to_end = is_end_to_end(network, BOX_SCORE_CLASS)
        if not self._end_to_end and not is_raw(network, BOX + 1):
            raise network.refused(
                f"answers {times(only_shape(network))}, which is no YOLO detector: export it with task detect"
            )
        classes = None if self._end_to_end else only_shape(network)[1] - BOX
        super().__init__(network, labels, classes)

    def decode(self, answers: Answers, min_score: float) -> Boxes:
        """The boxes of one picture that reach `min_score`, doubles left out."""
        (raw,) = answers.values()
        if self._end_to_end:
            rows = raw[0][raw[0][:, BOX] >= min_score]
            rows = rows[np.argsort(-rows[:, BOX], kind="stable")]
            return Boxes(rows[:, :BOX], rows[:, BOX], rows[:, BOX + 1].astype(np.intp))
        classes = raw[0, BOX:].argmax(axis=0)
        scores = raw[0, BOX:].max(axis=0)
        cells = np.flatnonzero(scores >= min_score)
        boxes = corners_of(raw[0, :BOX, cells])
        kept = without_doubles(boxes, scores[cells], classes[cells], MAX_OVERLAP)
        return Boxes(boxes[kept], scores[cells][kept], classes[cells][kept])


def _fits(network: OnnxNetwork) -> bool:
    if network.metadata.get("task", "detect") != "detect":
        return False
    names = exported_names(network.metadata)
    raw = is_raw(network, BOX + 1) and (names is None or only_shape(network)[1] == BOX + len(names))
    return raw or is_end_to_end(network, BOX_SCORE_CLASS)


FAMILY = DetectorFamily("yolo", _fits, Yolo)
