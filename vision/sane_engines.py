"""Engines whose numbers went bad: what is no number goes no further than here, and is counted.

A network that overflows answers NaN or infinity. One such joint would pass every comparison as `False` and
poison every mean behind it, so an answer with one is no answer: nobody was seen there.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from models.detections import Detection, FoundBody, PoseEstimate, Region
from models.engines import PoseEngine
from vision.held_things import ThingDetector
from vision.values import Box, Image


@dataclass(slots=True)
class Refused:
    """How many answers were refused so far, by the verb that was asked."""

    detect: int = 0
    find: int = 0
    estimate: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.detect + self.find + self.estimate


@dataclass(slots=True)
class SanePose:
    """A pose engine of whose answers only finite ones come through."""

    engine: PoseEngine
    refused: Refused = field(default_factory=Refused)

    def find(self, image: Image, crop: Box | None = None, min_score: float = 0.5) -> tuple[FoundBody, ...]:
        """Bodies within `crop` (px), surest first."""
        found = self.engine.find(image, crop, min_score)
        sane = tuple(body for body in found if math.isfinite(body.score) and _is_region(body.region))
        self.refused.find += len(found) - len(sane)
        return sane

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        """The joints of the body in the region; None where nobody is, or what was said is no number."""
        told = self.engine.estimate(image, region)
        if told is None or _is_estimate(told):
            return told
        self.refused.estimate += 1
        return None


@dataclass(slots=True)
class SaneDetector:
    """A detector of whose answers only finite ones come through."""

    engine: ThingDetector
    refused: Refused = field(default_factory=Refused)

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = 0.3
    ) -> tuple[Detection, ...]:
        """Things within `crop` (px), surest first."""
        found = self.engine.detect(image, crop, min_score=min_score)
        sane = tuple(one for one in found if _finite((one.score, *one.box)))
        self.refused.detect += len(found) - len(sane)
        return sane


def _finite(numbers: Iterable[float]) -> bool:
    return all(math.isfinite(number) for number in numbers)


def _is_region(region: Region) -> bool:
    return _finite((region.cx, region.cy, region.side, region.angle_rad)) and region.side > 0


def _is_estimate(told: PoseEstimate) -> bool:
    return (
        bool(np.isfinite(told.keypoints).all())
        and (told.world is None or bool(np.isfinite(told.world).all()))
        and math.isfinite(told.presence)
        and _is_region(told.region)
    )
