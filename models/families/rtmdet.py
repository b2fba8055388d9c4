"""RTMDet detectors (Lyu et al., 2022) as MMDeploy exports them.

Outputs `dets` (1, K, 5): x1, y1, x2, y2 in the square's pixels and score, doubles left out inside the
network; `labels` (1, K), absent where there is one class only. Fed BGR, normalised, at the square's top left.
"""

from collections.abc import Sequence

import numpy as np

from models.families import DetectorFamily
from models.letterbox import Feed
from models.onnx_detector import Boxes, OnnxDetector
from models.onnx_network import Answers, OnnxNetwork

FEED = Feed(mean=(103.53, 116.28, 123.675), spread=(57.375, 57.12, 58.395))
"""ImageNet's means and standard deviations, in BGR."""

ONLY_CLASS = ("person",)
BOX_AND_SCORE = 5


class RtmDet(OnnxDetector):
    """An RTMDet detector; class names are those given, in its metadata, or COCO's.

    Raises:
        NetworkRefused: it has other outputs, or its classes are not named.
    """

    feed = FEED

    def __init__(self, network: OnnxNetwork, labels: Sequence[str] | None = None) -> None:
        if not _fits(network):
            raise network.refused("is no RTMDet (`dets` and `labels`): export it with MMDeploy")
        if "labels" not in network.shapes:
            labels = labels or ONLY_CLASS
        super().__init__(network, labels, None)

    def decode(self, answers: Answers, min_score: float) -> Boxes:
        """The boxes of one picture that reach `min_score`, best first."""
        dets = answers["dets"][0]
        labels = answers["labels"][0] if "labels" in answers else np.zeros(len(dets))
        enough = dets[:, 4] >= min_score
        boxes, scores, classes = dets[enough, :4], dets[enough, 4], labels[enough].astype(np.intp)
        order = np.argsort(-scores, kind="stable")
        return Boxes(boxes[order], scores[order], classes[order])


def _fits(network: OnnxNetwork) -> bool:
    shape = network.shapes.get("dets", ())
    return len(shape) == 3 and shape[2] == BOX_AND_SCORE and set(network.shapes) <= {"dets", "labels"}


FAMILY = DetectorFamily("rtmdet", _fits, RtmDet)
