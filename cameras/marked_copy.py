"""A marked copy of an original: every picture at its full size, with a transparent picture laid over it."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cameras.blurring import Image
from cameras.errors import ClipFailed
from cameras.reader import read
from cameras.source import Kind, Source
from cameras.write_video import VideoWriter

RATE = 25.0
CRF = 20

FindMark = Callable[[int, int], bytes]
"""(width, height) to a PNG with transparency, of that size."""


def make_marked_copy(original: Path, target: Path, find_mark: FindMark) -> None:
    """Write `original` to `target` with the mark on every picture, at most 25 a second.

    Raises a `CameraError` where the original cannot be read, `ClipFailed` where there is no picture in it,
    the mark is of another size or no PNG, or the copy cannot be written; then there is no `target`.
    """
    pictures = read(Source(Kind.FILE, str(original)), rate=RATE)
    first = next(pictures, None)
    if first is None:
        raise ClipFailed(f"{original.name} holds no picture, so there is nothing to copy.", "unreadable")
    height, width = first.image.shape[:2]
    lay_over = overlay(find_mark(width, height), (width, height))
    with VideoWriter(target, RATE, (width, height), crf=CRF) as writer:
        writer.write(lay_over(first.image), 0.0)
        for picture in pictures:
            if picture.image.shape[:2] == (height, width):
                writer.write(lay_over(picture.image), picture.at_s - first.at_s)


def overlay(mark: bytes, size: tuple[int, int]) -> Callable[[Image], Image]:
    """Lays a PNG over pictures of `size` (width, height); raises ClipFailed where it does not fit."""
    found = cv2.imdecode(np.frombuffer(mark, dtype=np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None or found.ndim != 3 or found.shape[2] != 4 or found.shape[1::-1] != size:
        raise ClipFailed(f"the mark is no transparent picture of {size[0]}x{size[1]}", "unreadable")
    alpha: NDArray[np.float32] = found[:, :, 3:].astype(np.float32) / np.float32(255)
    colour: NDArray[np.float32] = found[:, :, :3].astype(np.float32) * alpha
    behind = np.float32(1) - alpha

    def laid(image: Image) -> Image:
        return np.asarray(image * behind + colour + 0.5, dtype=np.uint8)

    return laid
