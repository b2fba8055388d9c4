"""Fitting a picture, or a crop of one, into a network's square without bending it, and back."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]

PADDING_GREY = 114
"""What the training of YOLOX, YOLO and RTMDet filled the rest of the square with."""

Placing = Literal["top_left", "centred", "stretched"]


@dataclass(frozen=True, slots=True)
class Feed:
    """How a network was fed in training: where the picture lay in its square, and what its numbers were.

    `mean` and `spread` are per channel in the order of `colours`, in units of 0..255.
    """

    placing: Placing = "top_left"
    colours: Literal["bgr", "rgb"] = "bgr"
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    spread: tuple[float, float, float] = (1.0, 1.0, 1.0)


PLAIN = Feed()


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a crop of a picture lies in the network's square: `width` × `height` pixels from `left`, `top`.

    `crop` is x1, y1, x2, y2 in whole pixels of the picture.
    """

    crop: tuple[int, int, int, int]
    width: int
    height: int
    left: int = 0
    top: int = 0

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of the square for one of the picture along x and y; rounding makes them differ."""
        x1, y1, x2, y2 = self.crop
        return self.width / (x2 - x1), self.height / (y2 - y1)

    def to_picture(self, boxes: Floats) -> Floats:
        """Boxes (N, 4) x1, y1, x2, y2 of the square in the picture's pixels."""
        return self.points_to_picture(boxes.reshape(-1, 2)).reshape(-1, 4)

    def points_to_picture(self, points: Floats) -> Floats:
        """Points (..., 2) x, y of the square in the picture's pixels."""
        inside = (points - np.array((self.left, self.top))) / np.array(self.scale)
        return np.asarray(inside + np.array(self.crop[:2]), dtype=np.float32)

    def to_network(self, boxes: Floats) -> Floats:
        """Boxes (N, 4) x1, y1, x2, y2 of the picture in the square's pixels."""
        inside = (boxes - np.tile(self.crop[:2], 2)) * np.tile(self.scale, 2)
        return np.asarray(inside + np.tile((self.left, self.top), 2), dtype=np.float32)


def letterbox_of(
    picture: tuple[int, int], crop: Box | None, square: tuple[int, int], placing: Placing = "top_left"
) -> Letterbox | None:
    """How a crop (px; the whole picture by default) fits a square; None where it lies outside the picture.

    `picture` and `square` are (width, height) in pixels. A crop is cut off at the picture's rim and widened
    to whole pixels.
    """
    whole = (0, 0, *picture) if crop is None else _whole_pixels(crop, picture)
    width, height = whole[2] - whole[0], whole[3] - whole[1]
    if width <= 0 or height <= 0:
        return None
    if placing == "stretched":
        return Letterbox(whole, *square)
    scale = min(square[0] / width, square[1] / height)
    fitted = (min(max(1, round(width * scale)), square[0]), min(max(1, round(height * scale)), square[1]))
    if placing == "top_left":
        return Letterbox(whole, *fitted)
    # An odd rest goes to the right and below, as in Ultralytics' training.
    return Letterbox(whole, *fitted, (square[0] - fitted[0]) // 2, (square[1] - fitted[1]) // 2)


def blob(image: Image, fit: Letterbox, square: tuple[int, int], feed: Feed = PLAIN) -> Floats:
    """The network's input (1, 3, H, W) for a picture (H, W, 3) BGR, its numbers as `feed` says."""
    x1, y1, x2, y2 = fit.crop
    canvas = np.full((square[1], square[0], 3), PADDING_GREY, dtype=np.uint8)
    room = canvas[fit.top : fit.top + fit.height, fit.left : fit.left + fit.width]
    cv2.resize(image[y1:y2, x1:x2], (fit.width, fit.height), dst=room, interpolation=cv2.INTER_LINEAR)
    return normalised(canvas, feed)


def normalised(canvas: Image, feed: Feed) -> Floats:
    """A BGR picture of the network's own size as its input (1, 3, H, W)."""
    tensor = np.asarray(cv2.dnn.blobFromImage(canvas, swapRB=feed.colours == "rgb"), dtype=np.float32)
    if any(feed.mean):
        tensor -= np.array(feed.mean, np.float32)[None, :, None, None]
    if feed.spread != PLAIN.spread:
        tensor *= (1 / np.array(feed.spread, np.float32))[None, :, None, None]
    return tensor


def _whole_pixels(crop: Box, picture: tuple[int, int]) -> tuple[int, int, int, int]:
    if not np.isfinite(crop).all():
        return (0, 0, 0, 0)
    x1, y1 = max(0, int(np.floor(crop[0]))), max(0, int(np.floor(crop[1])))
    x2, y2 = min(picture[0], int(np.ceil(crop[2]))), min(picture[1], int(np.ceil(crop[3])))
    return (x1, y1, x2, y2)
