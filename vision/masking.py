"""What of a picture may be looked at: the zones with whoever is in them; the rest reaches no network.

A staff zone is drawn about a seat, so it is taken half its height further up: clerks stand up. A public zone
is drawn on the floor, so it is taken up to a tall adult's height over it: by the calibrated floor where there
is one, else by a share of the picture. A margin about all of it leaves room for reaching arms.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.standing import Ground
from vision.values import Image, Point
from vision.zones import Polygon, WindowZones

MARGIN = 0.05
"""Share of the picture's width and height that is looked at about everything, if no site says otherwise."""

STANDS_UP = 0.5
"""By how much of its own height a zone about a seat is taken further up."""

TALL_M = 2.0
"""An adult with room to spare: 99 of 100 men in China are shorter than 1.85 m."""

TALL_SHARE = 0.4
"""How high (share of the picture) somebody reaches over a floor that nobody measured."""

STEP = 0.05
"""How densely an outline is followed, in shares of the picture: lenses bend it."""

FILL = 114
"""The grey of what is not looked at: the networks' own padding, so it has no edges for them."""

Mask = NDArray[np.uint8]


@dataclass(slots=True)
class PictureMask:
    """Blanks what lies outside of `kept` (H, W), which is 255 where one may look and 0 elsewhere.

    The picture that `apply` answers with is overwritten by the next one: use it at once, do not keep it.
    """

    kept: Mask
    everything: bool
    _box: tuple[int, int, int, int]
    _canvas: Image

    @classmethod
    def over(
        cls,
        zones: Sequence[WindowZones],
        size: tuple[int, int],
        margin: float = MARGIN,
        ground: Ground | None = None,
    ) -> "PictureMask":
        """The mask of a camera's zones in pictures of `size` (width, height)."""
        kept = np.zeros((size[1], size[0]), dtype=np.uint8)
        reach = _Reach(size, ground)
        for zone in zones:
            for outline in (*reach.of_seat(zone.staff), *reach.of_floor(zone.public)):
                cv2.fillPoly(kept, [outline], 255)
        around = [2 * max(0, round(margin * side)) + 1 for side in size]
        brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (around[0], around[1]))
        kept = np.asarray(cv2.dilate(kept, brush), dtype=np.uint8)
        x, y, width, height = cv2.boundingRect(kept)
        canvas = np.full((size[1], size[0], 3), FILL, dtype=np.uint8)
        everything = bool((kept > 0).all())
        return cls(kept, everything, (x, y, x + width, y + height), canvas)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the pictures it is for."""
        return self.kept.shape[1], self.kept.shape[0]

    def shows(self, at: Point) -> bool:
        """Whether a pixel of the picture may be looked at."""
        x, y = round(at[0]), round(at[1])
        width, height = self.size
        return 0 <= x < width and 0 <= y < height and bool(self.kept[y, x])

    def apply(self, image: Image) -> Image:
        """The picture (H, W, 3) with everything else blank; nothing is copied where all may be seen."""
        if self.everything:
            return image
        x1, y1, x2, y2 = self._box
        cv2.copyTo(image[y1:y2, x1:x2], self.kept[y1:y2, x1:x2], self._canvas[y1:y2, x1:x2])
        return self._canvas


@dataclass(frozen=True)
class _Reach:
    """How far up people in a zone are seen, in pictures of one size."""

    size: tuple[int, int]
    ground: Ground | None

    def of_seat(self, seat: Polygon) -> list[NDArray[np.int32]]:
        """The outline of a seat and of whoever stands up from it."""
        if not seat:
            return []
        heights = [y for _, y in seat]
        up = STANDS_UP * (max(heights) - min(heights))
        return self._swept(seat, [(x, y - up) for x, y in seat])

    def of_floor(self, area: Polygon) -> list[NDArray[np.int32]]:
        """The outline of a part of the floor and of whoever stands on it."""
        outline = _followed(area)
        return self._swept(outline, [self._head_over(point) for point in outline])

    def _head_over(self, share: Point) -> Point:
        """Where the head of a tall adult is seen who stands there (shares of the picture)."""
        rough = share[0], share[1] - TALL_SHARE
        ground = self.ground
        if ground is None or ground.camera is None or ground.camera.height_m <= TALL_M:
            return rough
        pixel = share[0] * self.size[0], share[1] * self.size[1]
        x, y = ground.camera.to_pixels(ground.floor.to_metres(pixel), TALL_M)
        head = x / self.size[0], y / self.size[1]
        # Beyond the horizon a floor point means nothing; heads are above feet and not above the ceiling.
        finite = all(math.isfinite(value) for value in head)
        return head if finite and abs(head[0]) < 2 and -2 < head[1] < share[1] else rough

    def _swept(self, low: Sequence[Point], high: Sequence[Point]) -> list[NDArray[np.int32]]:
        """What lies between an outline and the same outline higher up: both, and a wall over each side."""
        if not low:
            return []
        below, above = (np.round(np.array(side) * self.size).astype(np.int32) for side in (low, high))
        walls = [
            cv2.convexHull(np.array([below[i - 1], below[i], above[i], above[i - 1]]))
            for i in range(len(below))
        ]
        return [below, above, *(np.asarray(wall, dtype=np.int32) for wall in walls)]


def _followed(area: Polygon) -> list[Point]:
    """The outline with points at most `STEP` apart."""
    points: list[Point] = []
    for (x1, y1), (x2, y2) in zip(area, area[1:] + area[:1], strict=True):
        pieces = max(1, math.ceil(math.dist((x1, y1), (x2, y2)) / STEP))
        points += [(x1 + (x2 - x1) * i / pieces, y1 + (y2 - y1) * i / pieces) for i in range(pieces)]
    return points
