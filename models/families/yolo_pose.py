"""YOLO-pose (v8, 11 raw; 26 and `nms=True` end to end): boxes of people, each with COCO's 17 joints.

Raw: (1, 56, N), a column a grid cell: cx, cy, width, height, score, then x, y, confidence of each joint, all
in the square's pixels; the export leaves overlapping bodies to its reader. End to end: (1, K, 57), a row a
body: x1, y1, x2, y2, score, class, joints.
"""

import numpy as np

from models.engines import Detector
from models.export_metadata import exported_names
from models.families import PoseFamily
from models.families.yolo import FEED, MAX_OVERLAP, is_end_to_end, is_raw, only_shape
from models.letterbox import Floats
from models.onnx_network import Answers, OnnxNetwork, times
from models.overlap import corners_of, without_doubles
from models.whole_frame_pose import COCO_JOINTS, Bodies, WholeFramePose

BOX = 4
RAW_ROWS = BOX + 1 + 3 * COCO_JOINTS
END_TO_END_NUMBERS = BOX + 2 + 3 * COCO_JOINTS


class YoloPose(WholeFramePose):
    """A YOLO-pose network of one class, raw or end to end.

    Raises:
        NetworkRefused: its output is no people with COCO's 17 joints.
    """

    feed = FEED

    def __init__(self, network: OnnxNetwork) -> None:
        if not _fits(network):
            raise network.refused(
                f"answers {times(only_shape(network))}, which is no YOLO-pose with COCO's 17 joints: "
                "export one with task pose"
            )
        self._end_to_end = is_end_to_end(network, END_TO_END_NUMBERS)
        super().__init__(network)

    def decode(self, answers: Answers, min_score: float) -> Bodies:
        """The bodies of one picture that reach `min_score`, doubles left out."""
        (raw,) = answers.values()
        if self._end_to_end:
            rows = raw[0][raw[0][:, BOX] >= min_score]
            rows = rows[np.argsort(-rows[:, BOX], kind="stable")]
            return _bodies(rows[:, :BOX], rows[:, BOX], rows[:, BOX + 2 :])
        columns = raw[0][:, raw[0][BOX] >= min_score]
        boxes, scores = corners_of(columns[:BOX].T), columns[BOX]
        kept = without_doubles(boxes, scores, np.zeros(len(boxes), np.intp), MAX_OVERLAP)
        return _bodies(boxes[kept], scores[kept], columns[BOX + 1 :, kept].T)


def _bodies(boxes: Floats, scores: Floats, joints: Floats) -> Bodies:
    joints = joints.reshape(-1, COCO_JOINTS, 3).copy()
    joints[:, :, 2] = np.clip(joints[:, :, 2], 0, 1)
    return Bodies(boxes, scores, joints)


def _fits(network: OnnxNetwork) -> bool:
    one_class = len(exported_names(network.metadata) or ()) == 1
    is_pose = network.metadata.get("task", "pose") == "pose" or one_class
    raw = is_raw(network, RAW_ROWS) and only_shape(network)[1] == RAW_ROWS
    return is_pose and (raw or is_end_to_end(network, END_TO_END_NUMBERS))


def _open(network: OnnxNetwork, _detector: Detector | None) -> YoloPose:
    return YoloPose(network)


FAMILY = PoseFamily("yolo_pose", _fits, _open)
