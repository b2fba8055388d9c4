"""Whether a picture can bear evidence: a covered camera must not become a clerk's absence.

Limits were read off sharp pictures of halls (sharpness 220 to 2,300, contrast 35 to 73) and the same blurred
with a Gaussian of 8 px (sharpness 1.3 to 3.2); each limit lies far from both.
"""

from dataclasses import dataclass, field
from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.values import Image, ViewQuality

Gray = NDArray[np.uint8]

DARK_MEAN = 18.0
"""Mean brightness of 255 below which nothing can be told apart."""

COVERED_CONTRAST = 6.0
"""Standard deviation of brightness below which something lies over the lens."""

BLURRED_SHARPNESS = 15.0
"""Variance of the Laplacian at a width of 320 below which outlines are gone."""

FROZEN_AFTER_S = 30.0
"""Sensors have noise: a picture that repeats to the bit for so long is not live."""

SHARPNESS_SIZE = (320, 180)
SMALL_SIZE = (160, 90)


@dataclass(slots=True)
class ViewMonitor:
    """Judges the view of one camera, frame by frame in order."""

    _last: Gray | None = field(default=None)
    _same_since: datetime | None = None

    @property
    def small(self) -> Gray | None:
        """The last picture's brightness, (90, 160); None before the first. A new array each time."""
        return self._last

    def judge(self, image: Image, captured_at: datetime) -> ViewQuality:
        """The quality of this picture (BGR), the worst trouble first."""
        gray = _gray(image, SHARPNESS_SIZE)
        small = cv2.resize(gray, SMALL_SIZE, interpolation=cv2.INTER_AREA)
        frozen = self._frozen(np.asarray(small, dtype=np.uint8), captured_at)
        return still_quality(gray) if not frozen else ViewQuality.FROZEN

    def _frozen(self, small: Gray, captured_at: datetime) -> bool:
        same = self._last is not None and np.array_equal(small, self._last)
        self._last = small
        if not same or self._same_since is None:
            self._same_since = captured_at
            return False
        return (captured_at - self._same_since).total_seconds() >= FROZEN_AFTER_S


def still_quality(gray: Gray) -> ViewQuality:
    """What one picture tells by itself; `gray` is a brightness picture of `SHARPNESS_SIZE`."""
    if float(gray.mean()) < DARK_MEAN:
        return ViewQuality.DARK
    if float(gray.std()) < COVERED_CONTRAST:
        return ViewQuality.COVERED
    if float(cv2.Laplacian(gray, cv2.CV_32F).var()) < BLURRED_SHARPNESS:
        return ViewQuality.BLURRED
    return ViewQuality.OK


def _gray(image: Image, size: tuple[int, int]) -> Gray:
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
