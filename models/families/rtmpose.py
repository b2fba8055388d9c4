"""RTMPose (Jiang et al., 2023): the joints of one body in its box, from a detector's boxes.

As MMDeploy exports it: `simcc_x` (1, joints, 2 · width) and `simcc_y` (1, joints, 2 · height), for each joint
how likely each half pixel is along either axis (SimCC: Li et al., 2022). Networks of 17, 26 (Halpe) and 133
(whole body) joints have COCO's 17 first. Fed RGB, normalised, the box upright with a quarter more around it.
"""

import math

import cv2
import numpy as np

from models.detections import FoundBody, PoseEstimate, Region
from models.engines import Detector
from models.families import PoseFamily
from models.letterbox import Box, Feed, Floats, Image, normalised
from models.onnx_network import OnnxNetwork
from models.whole_frame_pose import COCO_JOINTS, region_of_box

FEED = Feed(colours="rgb", mean=(123.675, 116.28, 103.53), spread=(58.395, 57.12, 57.375))
"""ImageNet's means and standard deviations, in RGB."""

SPLIT = 2.0
"""SimCC's cells a pixel."""

JOINTS_KNOWN = (17, 26, 133)
SEEN = 0.3
PERSON = "person"


class RtmPose:
    """An RTMPose network; `find` asks `detector` for people, and finds nobody without one.

    Raises:
        NetworkRefused: it has other outputs, or joints that are not COCO's.
    """

    def __init__(self, network: OnnxNetwork, detector: Detector | None = None) -> None:
        if not _fits(network):
            raise network.refused(
                "is no RTMPose with COCO's joints (`simcc_x`, `simcc_y`): export one with MMDeploy"
            )
        self.network = network
        self._detector = detector
        self._aspect = network.square[0] / network.square[1]

    def find(self, image: Image, crop: Box | None = None, min_score: float = 0.5) -> tuple[FoundBody, ...]:
        """People within `crop` (px; the whole picture by default) as the detector sees them, surest first."""
        if self._detector is None:
            return ()
        things = self._detector.detect(image, crop, min_score=min_score)
        return tuple(
            FoundBody(thing.score, region_of_box(thing.box, self._aspect))
            for thing in things
            if thing.label == PERSON
        )

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        """The joints of the person in `region`; None, and counted, when an answer is not finite.

        Presence is the mean confidence of the joints: the network does not say whether anybody is there.
        """
        to_square = self._affine(region)
        patch = cv2.warpAffine(image, to_square, self.network.square, flags=cv2.INTER_LINEAR)
        answers = self.network.run(normalised(np.asarray(patch, np.uint8), FEED))
        if answers is None:
            return None
        points, confidence = located(answers["simcc_x"][0], answers["simcc_y"][0])
        in_picture = cv2.transform(points[None].astype(np.float64), cv2.invertAffineTransform(to_square))[0]
        joints = np.column_stack([in_picture, np.clip(confidence, 0, 1)])[:COCO_JOINTS].astype(np.float32)
        joints.setflags(write=False)
        presence = float(joints[:, 2].mean())
        return PoseEstimate(joints, presence, self._next_region(joints, region))

    def _affine(self, region: Region) -> Floats:
        """The 2×3 that lays the region upright on the network's rectangle, its height the region's side."""
        width, height = self.network.square
        scale = height / max(region.side, 1e-6)
        cos, sin = math.cos(region.angle_rad) * scale, math.sin(region.angle_rad) * scale
        tx = width / 2 - cos * region.cx - sin * region.cy
        ty = height / 2 + sin * region.cx - cos * region.cy
        return np.array([[cos, sin, tx], [-sin, cos, ty]], dtype=np.float32).astype(np.float64)

    def _next_region(self, joints: Floats, region: Region) -> Region:
        """About the joints that are seen; the same place again where hardly any is."""
        seen = joints[joints[:, 2] >= SEEN, :2]
        if len(seen) < 3:
            return region
        (x1, y1), (x2, y2) = seen.min(axis=0), seen.max(axis=0)
        return region_of_box((float(x1), float(y1), float(x2), float(y2)), self._aspect)


def located(simcc_x: Floats, simcc_y: Floats) -> tuple[Floats, Floats]:
    """The likeliest place (K, 2) in the rectangle's pixels of each joint, and how sure (K,).

    Sure is the mean of both axes' peaks; a joint without any is nowhere (-1 of the cells, as upstream).
    """
    cells = np.stack([simcc_x.argmax(axis=1), simcc_y.argmax(axis=1)], axis=1).astype(np.float32)
    sure = (simcc_x.max(axis=1) + simcc_y.max(axis=1)) / 2
    cells[sure <= 0] = -1
    return cells / np.float32(SPLIT), sure


def _fits(network: OnnxNetwork) -> bool:
    x, y = network.shapes.get("simcc_x", ()), network.shapes.get("simcc_y", ())
    width, height = network.square
    expected = [(1, joints, round(width * SPLIT)) for joints in JOINTS_KNOWN]
    return x in expected and y == (1, x[1], round(height * SPLIT))


FAMILY = PoseFamily("rtmpose", _fits, RtmPose, finds=False)
