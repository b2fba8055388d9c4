"""The review copy of a clip: H.264, at most 720 lines, 10 pictures a second, faces of the public blurred.

With it come a poster (the moment of the flag) and a filmstrip. Each picture is blurred before it reaches an
encoder, and a file gets its name only when it is whole: there is no moment at which an unblurred one exists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from cameras.blurring import BlurPlan, FindHeads, Image, blurred
from cameras.errors import ClipFailed
from cameras.reader import read
from cameras.source import Kind, Source
from cameras.write_video import VideoWriter

RATE = 10.0
MOST_LINES, MOST_COLUMNS = 720, 1280
STRIP_PICTURES = 8
STRIP_LINES = 90
POSTER_LINES = 360
CRF = 26


@dataclass(frozen=True, slots=True)
class BlurredCopy:
    """The files of a finished review copy."""

    film: Path
    poster: Path
    filmstrip: Path


def make_blurred_copy(
    original: Path,
    folder: Path,
    plan: BlurPlan,
    *,
    flagged_at_s: float,
    duration_s: float,
    find_heads: FindHeads | None = None,
) -> BlurredCopy:
    """Make the review copy of `original` in `folder`, a folder of its own.

    Raises a `CameraError` where the original cannot be read, `ClipFailed` where the copy cannot be written.
    """
    film, part = folder / "review.mp4", folder / "part.mp4"
    pictures = _blurred_pictures(original, plan, find_heads)
    first = next(pictures, None)
    if first is None:
        raise ClipFailed(f"{original.name} holds no picture, so there is nothing to copy.", "unreadable")
    height, width = first[1].shape[:2]
    strip = _Strip(duration_s, flagged_at_s, first[1])
    with VideoWriter(part, RATE, (width, height), crf=CRF) as writer:
        writer.write(first[1], first[0])
        for at_s, image in pictures:
            writer.write(image, at_s)
            strip.take(at_s, image)
    poster, filmstrip = folder / "poster.jpg", folder / "filmstrip.jpg"
    _write_jpeg(poster, _of_height(strip.poster, POSTER_LINES))
    _write_jpeg(filmstrip, strip.joined())
    part.replace(film)
    return BlurredCopy(film, poster, filmstrip)


def _blurred_pictures(
    original: Path, plan: BlurPlan, find_heads: FindHeads | None
) -> Iterator[tuple[float, Image]]:
    began_s: float | None = None
    for picture in read(Source(Kind.FILE, str(original)), rate=RATE, max_width=MOST_COLUMNS):
        began_s = picture.at_s if began_s is None else began_s
        at_s = picture.at_s - began_s
        yield at_s, _of_height(blurred(picture.image, at_s, plan, find_heads), MOST_LINES)


class _Strip:
    """Keeps the pictures of the filmstrip and the poster while a copy is made."""

    def __init__(self, duration_s: float, flagged_at_s: float, first: Image) -> None:
        count = STRIP_PICTURES
        self._wanted = [duration_s * (number + 0.5) / count for number in range(count)]
        self._kept = [_of_height(first, STRIP_LINES)] * count
        self._flagged_at_s = flagged_at_s
        self.poster = first

    def take(self, at_s: float, image: Image) -> None:
        """Each place shows the last picture up to its moment."""
        later = [number for number, moment in enumerate(self._wanted) if at_s <= moment]
        if later:
            small = _of_height(image, STRIP_LINES)
            for number in later:
                self._kept[number] = small
        if at_s <= self._flagged_at_s:
            self.poster = image

    def joined(self) -> Image:
        """All of it in a row."""
        return np.hstack(self._kept)


def _of_height(image: Image, lines: int) -> Image:
    height, width = image.shape[:2]
    if height <= lines:
        return image
    size = max(2, round(width * lines / height / 2) * 2), lines
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _write_jpeg(path: Path, image: Image) -> None:
    made, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])
    if not made:
        raise ClipFailed(f"{path.name} could not be made of the clip's pictures.", "unreadable")
    path.write_bytes(jpeg.tobytes())
