"""Engines that play back what they are told: for tests of everything that stands on a network's answers."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.detections import Detection, PoseEstimate, Region
from models.engines import Look

Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]


class ScriptedDetector:
    """Answers the n-th call with the n-th of `answers`; after the last it goes on giving the last.

    With a crop it answers what has its middle in the crop, as a network would. `asked` keeps the crops.
    """

    def __init__(
        self, *answers: Iterable[Detection], labels: Sequence[str] = ("person", "cell phone")
    ) -> None:
        self._answers = [tuple(answer) for answer in answers] or [()]
        self.labels = tuple(labels)
        self.asked: list[Box | None] = []

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = 0.3
    ) -> tuple[Detection, ...]:
        """What the script says of this call; `image` is not looked at."""
        answer = self._answers[min(len(self.asked), len(self._answers) - 1)]
        self.asked.append(crop)
        return tuple(
            thing
            for thing in answer
            if thing.score >= min_score and (crop is None or _middle_in(thing, crop))
        )

    def detect_each(
        self, looks: Sequence[Look], *, min_score: float = 0.3
    ) -> tuple[tuple[Detection, ...], ...]:
        """What the script says of each picture in turn."""
        return tuple(self.detect(image, crop, min_score=min_score) for image, crop in looks)


class ScriptedPose:
    """Answers the n-th call with the n-th of `answers` (None: nobody); after the last it gives the last.

    `asked` keeps the regions it was asked about.
    """

    def __init__(self, *answers: PoseEstimate | None) -> None:
        self._answers = answers or (None,)
        self.asked: list[Region] = []

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        """What the script says of this call; `image` is not looked at."""
        answer = self._answers[min(len(self.asked), len(self._answers) - 1)]
        self.asked.append(region)
        return answer


def _middle_in(thing: Detection, crop: Box) -> bool:
    x, y = (thing.box[0] + thing.box[2]) / 2, (thing.box[1] + thing.box[3]) / 2
    return crop[0] <= x <= crop[2] and crop[1] <= y <= crop[3]
