"""Writes pictures into a video file that any browser plays: for annotated copies and rendered scenes."""

import errno
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from cameras.errors import ClipFailed

TICKS_PER_S = 60_000
"""Divisible by all usual frame rates, and below MPEG-4 part 2's limit of 65,535."""

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def writing_failed(path: Path, error: OSError) -> ClipFailed:
    """The sentence for an `error` met while writing `path`."""
    if error.errno in NO_ROOM:
        return ClipFailed(
            f"The disk is full: {path.name} was not written. Make room and try again.", "disk_full"
        )
    why = error.strerror or "the system refused"
    return ClipFailed(f"{path} cannot be written ({why}). Choose a folder you may write to.", "not_writable")


class VideoWriter:
    """Writes BGR pictures as they come; a context manager.

    `size` is (width, height) in pixels; an odd side is widened by one, as yuv420p demands. `crf` is x264's
    constant quality (18 is near lossless, 28 small). A block that raises leaves no file behind.

    Raises `ClipFailed` when the disk does not take it.
    """

    def __init__(
        self,
        path: Path,
        fps: float | Fraction,
        size: tuple[int, int],
        *,
        crf: int = 23,
        codec: str = "h264",
        preset: str = "veryfast",
        keyframe_interval_s: float = 2.0,
    ) -> None:
        self.path = path
        self._rate = Fraction(fps).limit_denominator(1001)
        self._size = (size[0] + size[0] % 2, size[1] + size[1] % 2)
        self._tick = -1
        self._count = 0
        try:
            self._container = av.open(str(path), mode="w", options=_muxer_options(path))
        except OSError as error:
            raise writing_failed(path, error) from error
        except ValueError as error:
            raise ClipFailed(
                f"{path.name} names no kind of video: call it NAME.mp4.", "not_writable"
            ) from error
        self._stream = self._add_stream(codec, crf, preset, keyframe_interval_s)

    def _add_stream(self, codec: str, crf: int, preset: str, keyframe_interval_s: float) -> VideoStream:
        options = _encoder_options(codec, crf, preset)
        stream = cast(VideoStream, self._container.add_stream(codec, rate=self._rate, options=options))
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
        stream.codec_context.gop_size = max(1, round(keyframe_interval_s * float(self._rate)))
        stream.codec_context.thread_count = 1
        return stream

    def write(self, image: NDArray[np.uint8], at_s: float | None = None) -> None:
        """Append `image` (H, W, 3), shown from `at_s` seconds on; without it, one frame after the last."""
        shown_s = self._count / self._rate if at_s is None else at_s
        tick = round(shown_s * TICKS_PER_S)
        self._tick = max(tick, self._tick + 1)
        self._count += 1
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="bgr24")
        frame = frame.reformat(*self._size, format=self._stream.pix_fmt)
        frame.pts, frame.time_base = self._tick, Fraction(1, TICKS_PER_S)
        self._mux(frame)

    def _mux(self, frame: av.VideoFrame | None) -> None:
        try:
            self._container.mux(self._stream.encode(frame))
        except OSError as error:
            raise writing_failed(self.path, error) from error

    def close(self) -> None:
        """Write what is still held back, and finish the file."""
        try:
            self._mux(None)
            self._container.close()
        except OSError as error:
            raise writing_failed(self.path, error) from error

    def discard(self) -> None:
        """Give up: the file is removed."""
        try:
            self._container.close()
        except OSError as error:
            raise writing_failed(self.path, error) from error
        finally:
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        else:
            self.discard()


def _muxer_options(path: Path) -> dict[str, str]:
    return {"movflags": "+faststart"} if path.suffix.lower() in {".mp4", ".mov", ".m4v"} else {}


def _encoder_options(codec: str, crf: int, preset: str) -> dict[str, str]:
    if codec not in {"h264", "libx264", "hevc", "libx265"}:
        return {}
    quiet = {"x265-params": "log-level=error"} if codec in {"hevc", "libx265"} else {}
    return {"crf": str(crf), "preset": preset, **quiet}
