"""Fitting a picture, or a crop of one, into a network's square without bending it, and back."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]

PADDING_GREY = 114
"""What YOLOX's training filled the rest of the square with."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a crop of a picture lies in the network's square: at its top left, `width` × `height` pixels.

    `crop` is x1, y1, x2, y2 in whole pixels of the picture.
    """

    crop: tuple[int, int, int, int]
    width: int
    height: int

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of the square for one of the picture along x and y; rounding makes them differ."""
        x1, y1, x2, y2 = self.crop
        return self.width / (x2 - x1), self.height / (y2 - y1)

    def to_picture(self, boxes: Floats) -> Floats:
        """Boxes (N, 4) x1, y1, x2, y2 of the square in the picture's pixels."""
        return np.asarray(boxes / np.tile(self.scale, 2) + np.tile(self.crop[:2], 2), dtype=np.float32)

    def to_network(self, boxes: Floats) -> Floats:
        """Boxes (N, 4) x1, y1, x2, y2 of the picture in the square's pixels."""
        return np.asarray((boxes - np.tile(self.crop[:2], 2)) * np.tile(self.scale, 2), dtype=np.float32)


def letterbox_of(picture: tuple[int, int], crop: Box | None, square: tuple[int, int]) -> Letterbox | None:
    """How a crop (px; the whole picture by default) fits a square; None where it lies outside the picture.

    `picture` and `square` are (width, height) in pixels. A crop is cut off at the picture's rim and widened
    to whole pixels.
    """
    whole = (0, 0, *picture) if crop is None else _whole_pixels(crop, picture)
    width, height = whole[2] - whole[0], whole[3] - whole[1]
    if width <= 0 or height <= 0:
        return None
    scale = min(square[0] / width, square[1] / height)
    fitted = (max(1, round(width * scale)), max(1, round(height * scale)))
    return Letterbox(whole, min(fitted[0], square[0]), min(fitted[1], square[1]))


def blob(image: Image, fit: Letterbox, square: tuple[int, int]) -> Floats:
    """The network's input (1, 3, H, W), BGR 0..255, for a picture (H, W, 3) BGR."""
    x1, y1, x2, y2 = fit.crop
    canvas = np.full((square[1], square[0], 3), PADDING_GREY, dtype=np.uint8)
    room = canvas[: fit.height, : fit.width]
    cv2.resize(image[y1:y2, x1:x2], (fit.width, fit.height), dst=room, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.dnn.blobFromImage(canvas), dtype=np.float32)


def _whole_pixels(crop: Box, picture: tuple[int, int]) -> tuple[int, int, int, int]:
    if not np.isfinite(crop).all():
        return (0, 0, 0, 0)
    x1, y1 = max(0, int(np.floor(crop[0]))), max(0, int(np.floor(crop[1])))
    x2, y2 = min(picture[0], int(np.ceil(crop[2]))), min(picture[1], int(np.ceil(crop[3])))
    return (x1, y1, x2, y2)
