"""Whether anything stirred in a part of the picture since it was last looked at, told by a glance.

Only work is saved by this, never a person dropped: where nothing stirred, what was seen there still holds,
so a still clerk is a present clerk. Pictures are compared with the one that was looked at, not with the one
before, so that what creeps is noticed too.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.values import Box

Gray = NDArray[np.uint8]

STIRRED = 7
"""Grey levels (of 255) by which a cell must differ: the noise of sensors (2 to 4) is averaged over 16 pixels
of a sub-stream and stays below 3, a hand before a shirt makes 20 and more."""

STIRRED_CELLS = 3
"""So many cells (of 160 by 90) must differ: a hand two metres from a ceiling camera covers six."""

ROOM = 0.15
"""How much of a box's width and height is looked at about it: hands reach out of it."""


@dataclass(slots=True)
class Stillness:
    """Remembers how the picture was when something in it was last looked at, by whatever names that."""

    _looked: dict[Hashable, Gray] = field(default_factory=dict)

    def looked(self, what: Hashable, small: Gray) -> None:
        """`what` was looked at in this small brightness picture (h, w), which must not change any more."""
        self._looked[what] = small

    def is_still(self, what: Hashable, small: Gray, within: Box | None = None) -> bool:
        """Whether nothing stirred since `what` was looked at; False where it never was.

        `within` is a box in shares of the picture (0..1); some room about it is looked at too.
        """
        then = self._looked.get(what)
        if then is None or then.shape != small.shape:
            return False
        rows, columns = _cells(within, small.shape) if within else (slice(None), slice(None))
        now = small[rows, columns]
        if now.size == 0:
            # A box that has left the picture: OpenCV answers None for nothing.
            return False
        differs = cv2.absdiff(now, then[rows, columns])
        return int(np.count_nonzero(differs >= STIRRED)) < STIRRED_CELLS

    def keep(self, named: set[Hashable]) -> None:
        """Forget everything but these."""
        for gone in set(self._looked) - named:
            del self._looked[gone]


def _cells(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    x1, y1, x2, y2 = box
    dx, dy = ROOM * (x2 - x1), ROOM * (y2 - y1)
    height, width = shape[:2]
    left, right = (min(max(round(x * width), 0), width) for x in (x1 - dx, x2 + dx))
    top, bottom = (min(max(round(y * height), 0), height) for y in (y1 - dy, y2 + dy))
    return slice(top, bottom), slice(left, right)
