"""RT-DETR (Zhao et al., 2023) and D-FINE (Peng et al., 2024): a fixed number of queries, no doubles.

Two exports: with their post-processing (`labels` (1, K), `boxes` (1, K, 4) x1, y1, x2, y2 in pixels of the
size that `orig_target_sizes` tells, `scores` (1, K)), and bare as Hugging Face's exporter makes them
(`logits` (1, Q, classes) before the sigmoid, `pred_boxes` (1, Q, 4) cx, cy, width, height in 0..1).
Fed RGB 0..1, the picture stretched to the square.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.families import DetectorFamily
from models.letterbox import Feed, Floats
from models.onnx_detector import Boxes, OnnxDetector
from models.onnx_network import Answers, OnnxNetwork
from models.overlap import corners_of

FEED = Feed(placing="stretched", colours="rgb", spread=(255.0, 255.0, 255.0))

PROCESSED = frozenset({"labels", "boxes", "scores"})
BARE = frozenset({"logits", "pred_boxes"})


class Detr(OnnxDetector):
    """An RT-DETR or D-FINE; class names are those given, in its metadata, or COCO's.

    Raises:
        NetworkRefused: it has other outputs, or its classes are not named.
    """

    feed = FEED

    def __init__(self, network: OnnxNetwork, labels: Sequence[str] | None = None) -> None:
        if not _fits(network):
            raise network.refused(
                "is no RT-DETR or D-FINE (`labels`, `boxes`, `scores`, or `logits`, `pred_boxes`): "
                "export it again"
            )
        bare = network.shapes.get("logits")
        super().__init__(network, labels, bare[2] if bare else None)

    def decode(self, answers: Answers, min_score: float) -> Boxes:
        """The boxes of one picture that reach `min_score`, best first."""
        if "logits" in answers:
            boxes, scores, classes = _best_queries(answers["logits"][0], answers["pred_boxes"][0])
            boxes = boxes * np.tile(np.array(self.network.square, np.float32), 2)
        else:
            boxes, scores = answers["boxes"][0], answers["scores"][0]
            classes = answers["labels"][0].astype(np.intp)
        enough = np.flatnonzero(scores >= min_score)
        order = enough[np.argsort(-scores[enough], kind="stable")]
        return Boxes(boxes[order], scores[order], classes[order])


def _best_queries(logits: Floats, boxes: Floats) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Of all pairs of query and class the best, as many as there are queries (both papers' way)."""
    queries, classes = logits.shape
    scores = 1 / (1 + np.exp(-np.clip(logits.reshape(-1), -80, 80)))
    best = np.argsort(-scores, kind="stable")[:queries]
    return corners_of(boxes[best // classes]), scores[best].astype(np.float32), best % classes


def _fits(network: OnnxNetwork) -> bool:
    names, shapes = frozenset(network.shapes), network.shapes
    if names >= PROCESSED:
        return len(shapes["boxes"]) == 3 and shapes["boxes"][2] == 4 and len(shapes["scores"]) == 2
    return names >= BARE and len(shapes["logits"]) == 3 and shapes["pred_boxes"] == (*shapes["logits"][:2], 4)


FAMILY = DetectorFamily("detr", _fits, Detr)
