"""What of a picture a review copy shows: the staff's side, and of that no head that is not known as staff's.

Everything else is blurred: no search for faces is needed to hide the public's side, so none can fail. Where
nothing was observed around a moment, the whole picture of that moment is blurred.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Box = tuple[float, float, float, float]
Polygon = Sequence[tuple[float, float]]
FindHeads = Callable[[Image], Sequence[Box]]
"""Boxes (px) of the faces in a picture (H, W, 3), BGR."""

AROUND_S = 0.7
"""Observations so near count for a moment. They come five times a second; a busy machine looks less often."""

CELLS = 24
"""The picture's height is left this many cells: a face one tenth of the picture high is then two of them."""

HEAD_CELLS = 4
"""A large head is left at most so many cells: fewer than faces can be told by."""

FOUND_MARGIN = 0.6
"""What is covered about a found face, in its own size: hair, ears, and the steps between pictures."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Who was seen at `at_s`: boxes in shares of the picture.

    `hidden` are heads that nobody may see; `staff` whole persons whose heads may be seen.
    """

    at_s: float
    hidden: tuple[Box, ...] = ()
    staff: tuple[Box, ...] = ()


@dataclass(frozen=True)
class BlurPlan:
    """What may be shown: `shown` are polygons in shares of the picture; `sightings` are in order of time."""

    shown: Sequence[Polygon]
    sightings: Sequence[Sighting]
    _times: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the times, to look up moments by."""
        object.__setattr__(self, "_times", [one.at_s for one in self.sightings])

    def around(self, at_s: float) -> Sequence[Sighting]:
        """The sightings that count for a moment."""
        first, last = bisect_left(self._times, at_s - AROUND_S), bisect_right(self._times, at_s + AROUND_S)
        return self.sightings[first:last]


def blurred(image: Image, at_s: float, plan: BlurPlan, find_heads: FindHeads | None = None) -> Image:
    """The picture (H, W, 3) of a moment as it may be seen; a new array."""
    around = plan.around(at_s)
    if not around or not plan.shown:
        return _coarse(image, CELLS)
    height, width = image.shape[:2]
    sharp = _shown(plan.shown, width, height)
    heads = [_pixels(box, width, height) for one in around for box in one.hidden]
    if find_heads is not None:
        staff = [_pixels(box, width, height) for one in around for box in one.staff]
        heads += [_wider(box) for box in find_heads(image) if not _within_any(box, staff)]
    for x1, y1, x2, y2 in heads:
        middle = round((x1 + x2) / 2), round((y1 + y2) / 2)
        axes = max(round((x2 - x1) * 0.71), 2), max(round((y2 - y1) * 0.71), 2)
        cv2.ellipse(sharp, middle, axes, 0, 0, 360, 0, -1)
    coarse = _coarse(image, CELLS)
    for head in heads:
        _coarsen_large(coarse, head)
    return np.where(sharp[:, :, None] > 0, image, coarse)


def _shown(polygons: Sequence[Polygon], width: int, height: int) -> Mask:
    mask = np.zeros((height, width), dtype=np.uint8)
    for polygon in polygons:
        cv2.fillPoly(mask, [np.round(np.array(polygon) * (width, height)).astype(np.int32)], 255)
    return mask


def _coarse(image: Image, cells: int) -> Image:
    """The picture in so few cells along its height that no face is told by it, without hard edges."""
    height, width = image.shape[:2]
    few = max(2, round(cells * width / height)), max(2, min(cells, height // 2))
    small = cv2.resize(image, few, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _coarsen_large(image: Image, box: Box) -> None:
    """Blur a head further that is larger than the cells of the picture already hide."""
    x1, y1, x2, y2 = (round(value) for value in box)
    if y2 - y1 <= HEAD_CELLS * image.shape[0] / CELLS:
        return
    grow_x, grow_y = (x2 - x1) // 4, (y2 - y1) // 4
    inside = image[max(y1 - grow_y, 0) : y2 + grow_y, max(x1 - grow_x, 0) : x2 + grow_x]
    if min(inside.shape[:2]) >= 4:
        inside[:] = _coarse(inside, HEAD_CELLS)


def _pixels(box: Box, width: int, height: int) -> Box:
    return box[0] * width, box[1] * height, box[2] * width, box[3] * height


def _wider(box: Box) -> Box:
    dx, dy = (box[2] - box[0]) * FOUND_MARGIN, (box[3] - box[1]) * FOUND_MARGIN
    return box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy


def _within_any(box: Box, persons: Sequence[Box]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(x1 <= x <= x2 and y1 <= y <= y2 for x1, y1, x2, y2 in persons)
