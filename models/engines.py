"""The two verbs behind which every engine stands: people in a frame with their joints, things in a frame."""

from collections.abc import Sequence
from typing import Protocol

from models.detections import Detection, FoundBody, PoseEstimate, Region
from models.letterbox import Box, Image

Look = tuple[Image, Box | None]
"""A picture (H, W, 3) BGR and the part of it to look at (px), or all of it."""


class Detector(Protocol):
    """Finds things in a picture or in a crop of it; boxes are told in the whole picture's pixels."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The network's own class names."""
        ...

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = 0.3
    ) -> tuple[Detection, ...]:
        """Things in a picture (H, W, 3) BGR, best first."""
        ...

    def detect_each(
        self, looks: Sequence[Look], *, min_score: float = 0.3
    ) -> tuple[tuple[Detection, ...], ...]:
        """`detect` for several pictures or crops: one call of the network where that gains."""
        ...


class PoseEngine(Protocol):
    """Finds bodies in part of a picture, and the joints of one body where it is told to look."""

    def find(self, image: Image, crop: Box | None = None, min_score: float = 0.5) -> tuple[FoundBody, ...]:
        """People within `crop` (px; the whole picture by default), surest first."""
        ...

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        """The joints of the person in `region`; None where nobody is, or the answer was no number."""
        ...
