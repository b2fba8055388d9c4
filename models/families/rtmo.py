"""RTMO (Lu et al., "RTMO: Towards High-Performance One-Stage Real-Time Multi-Person Pose Estimation", 2024).

As MMDeploy exports it: `dets` (1, K, 5): x1, y1, x2, y2 in the square's pixels and score; `keypoints`
(1, K, 17, 3): x, y, confidence. Fed BGR 0..255 at the square's top left.
"""

import numpy as np

from models.engines import Detector
from models.families import PoseFamily
from models.onnx_network import Answers, OnnxNetwork
from models.overlap import without_doubles
from models.whole_frame_pose import COCO_JOINTS, Bodies, WholeFramePose

MAX_OVERLAP = 0.45
"""The export thins bodies out laxly; rtmlib does so again at this IoU."""


class Rtmo(WholeFramePose):
    """An RTMO network.

    Raises:
        NetworkRefused: it has other outputs, or other joints than COCO's 17.
    """

    def __init__(self, network: OnnxNetwork) -> None:
        if not _fits(network):
            raise network.refused(
                "is no RTMO with COCO's 17 joints (`dets`, `keypoints`): export one with MMDeploy"
            )
        super().__init__(network)

    def decode(self, answers: Answers, min_score: float) -> Bodies:
        """The bodies of one picture that reach `min_score`, doubles left out."""
        dets, joints = answers["dets"][0], answers["keypoints"][0]
        enough = dets[:, 4] >= min_score
        boxes, scores, joints = dets[enough, :4], dets[enough, 4], joints[enough].copy()
        joints[:, :, 2] = np.clip(joints[:, :, 2], 0, 1)
        kept = without_doubles(boxes, scores, np.zeros(len(boxes), np.intp), MAX_OVERLAP)
        return Bodies(boxes[kept], scores[kept], joints[kept])


def _fits(network: OnnxNetwork) -> bool:
    dets, joints = network.shapes.get("dets", ()), network.shapes.get("keypoints", ())
    return len(dets) == 3 and dets[2] == 5 and joints == (*dets[:2], COCO_JOINTS, 3)


def _open(network: OnnxNetwork, _detector: Detector | None) -> Rtmo:
    return Rtmo(network)


FAMILY = PoseFamily("rtmo", _fits, _open)
