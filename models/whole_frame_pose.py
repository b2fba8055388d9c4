"""Pose networks that see everybody in a picture at once, behind the verbs of those that look at one body.

`find` runs the network on a crop; `estimate` answers from what the network said of the whole picture, run
once however many people are asked about, and looks closer only where it saw nobody.
"""

import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from threading import local

import numpy as np

from models.detections import FoundBody, PoseEstimate, Region
from models.letterbox import PLAIN, Box, Feed, Floats, Image, blob, letterbox_of
from models.onnx_network import Answers, OnnxNetwork

COCO_JOINTS = 17

FAINTEST = 0.1
"""Bodies with less are noise; who asks may want surer ones."""

ROOM = 1.25
"""The region about a body is its box and a quarter more, as pose networks are trained."""

INSIDE = 0.5
"""A body of which less lies in the region asked about is another person's."""

FINGERPRINT_STEP = 16


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """Who stands, best first: (K, 4) boxes in the square's px, (K,) scores, (K, 17, 3) x, y, confidence."""

    corners: Floats
    scores: Floats
    joints: Floats


@dataclass(slots=True)
class _Remembered:
    """What was seen of one picture; `whole` tells whether all of it was looked at."""

    of: tuple[int, int] = (0, 0)
    poses: tuple[PoseEstimate, ...] = ()
    whole: bool = False


class WholeFramePose(ABC):
    """A pose engine of some family; a family says how it is fed and what its outputs mean (`decode`)."""

    feed: Feed = PLAIN

    def __init__(self, network: OnnxNetwork) -> None:
        self.network = network
        self._memory = local()

    @abstractmethod
    def decode(self, answers: Answers, min_score: float) -> Bodies:
        """The bodies in one picture's answers that reach `min_score`, doubles left out."""

    def poses(
        self, image: Image, crop: Box | None = None, min_score: float = FAINTEST
    ) -> tuple[PoseEstimate, ...]:
        """Everybody in a picture (H, W, 3) BGR or in a crop of it (px), surest first.

        A picture on which the network answers NaN or infinity shows nobody, and is counted.

        Raises:
            NetworkRefused: the network fails on this picture.
        """
        size = (image.shape[1], image.shape[0])
        fit = letterbox_of(size, crop, self.network.square, self.feed.placing)
        answers = self.network.run(blob(image, fit, self.network.square, self.feed)) if fit else None
        if fit is None or answers is None:
            return ()
        bodies = self.decode(answers, min_score)
        corners = fit.to_picture(bodies.corners)
        joints = bodies.joints.astype(np.float32, copy=True)
        joints[:, :, :2] = fit.points_to_picture(joints[:, :, :2])
        return tuple(
            _estimate(box, float(score), person)
            for box, score, person in zip(corners, bodies.scores, joints, strict=True)
        )

    def find(self, image: Image, crop: Box | None = None, min_score: float = 0.5) -> tuple[FoundBody, ...]:
        """People within `crop` (x1, y1, x2, y2 px; the whole picture by default), surest first."""
        poses = self.poses(image, crop)
        seen = self._seen(image)
        seen.poses = (*poses, *seen.poses)
        seen.whole |= crop is None
        return tuple(FoundBody(pose.presence, pose.region) for pose in poses if pose.presence >= min_score)

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        """The joints of the person in `region`; None where the network sees nobody."""
        seen = self._seen(image)
        found = in_region(seen.poses, region)
        if found is None and not seen.whole:
            seen.poses = (*seen.poses, *self.poses(image))
            seen.whole = True
            found = in_region(seen.poses, region)
        if found is None:
            closer = self.poses(image, square_of(region))
            seen.poses = (*seen.poses, *closer)
            found = in_region(closer, region)
        return found

    def _seen(self, image: Image) -> _Remembered:
        """What this thread knows of the picture; a new picture, or new content, begins anew."""
        sample = np.ascontiguousarray(image[::FINGERPRINT_STEP, ::FINGERPRINT_STEP])
        key = (id(image), zlib.crc32(sample.tobytes()))
        seen: _Remembered | None = getattr(self._memory, "seen", None)
        if seen is None or seen.of != key:
            seen = _Remembered(key)
            self._memory.seen = seen
        return seen


def region_of_box(box: Box, aspect: float = 1.0) -> Region:
    """Where to look for the joints of the person in a box (px): upright, width ÷ height is `aspect`.

    The side is the height looked at: the box's own or what its width asks for, and a quarter more.
    """
    x1, y1, x2, y2 = box
    side = max(y2 - y1, (x2 - x1) / aspect, 1.0) * ROOM
    return Region((x1 + x2) / 2, (y1 + y2) / 2, side)


def square_of(region: Region) -> Box:
    """The upright square of a region, its turn left out."""
    half = region.side / 2
    return region.cx - half, region.cy - half, region.cx + half, region.cy + half


def in_region(poses: tuple[PoseEstimate, ...], region: Region) -> PoseEstimate | None:
    """Of the people who lie in the region by half or more, the one whose own region is most like it."""
    asked = square_of(region)
    inside = [pose for pose in poses if _share_inside(square_of(pose.region), asked) >= INSIDE]
    return max(inside, key=lambda pose: _likeness(square_of(pose.region), asked), default=None)


def _estimate(box: Floats, score: float, joints: Floats) -> PoseEstimate:
    joints.setflags(write=False)
    x1, y1, x2, y2 = (float(side) for side in box)
    return PoseEstimate(joints, min(max(score, 0.0), 1.0), region_of_box((x1, y1, x2, y2)))


def _overlap(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _share_inside(one: Box, whole: Box) -> float:
    return _overlap(one, whole) / max(_area(one), 1e-9)


def _likeness(one: Box, other: Box) -> float:
    shared = _overlap(one, other)
    return shared / max(_area(one) + _area(other) - shared, 1e-9)
