"""Small videos with a moving square, and ways to break one thing about them."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from cameras.write_video import VideoWriter

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def square(number: int, size: tuple[int, int] = (160, 120)) -> NDArray[np.uint8]:
    """A grey picture in which a white square has moved `number` steps."""
    width, height = size
    image = np.full((height, width, 3), 90, np.uint8)
    side = max(1, min(width, height) // 4)
    left = (number * 3) % max(1, width - side)
    image[:side, left : left + side] = 255
    return image


def film(
    path: Path,
    *,
    seconds: float = 4.0,
    fps: float = 25.0,
    size: tuple[int, int] = (160, 120),
    codec: str = "h264",
    keyframe_interval_s: float = 1.0,
) -> Path:
    """A film of `seconds` at `path`, whose suffix names the container."""
    with VideoWriter(path, fps, size, codec=codec, keyframe_interval_s=keyframe_interval_s) as writer:
        for number in range(round(seconds * fps)):
            writer.write(square(number, size))
    return path


def film_in_two_sizes(path: Path) -> Path:
    """An MPEG transport stream that changes from 160×120 to 320×240 after a second."""
    small, large = path.with_name("small.ts"), path.with_name("large.ts")
    film(small, seconds=1.0)
    film(large, seconds=1.0, size=(320, 240))
    path.write_bytes(small.read_bytes() + large.read_bytes())
    return path


def sound_only(path: Path) -> Path:
    """A second of silence."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000, layout="mono")
        for number in range(8):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 8000, number * 1024, Fraction(1, 8000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def no_frames(path: Path) -> Path:
    """A film whose video track holds no picture at all."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "empty_moov"}) as container:
        stream = container.add_stream("h264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        container.start_encoding()
    return path


def cut_off(path: Path, source: Path, share: float = 0.6) -> Path:
    """The first `share` of the bytes of `source`."""
    data = source.read_bytes()
    path.write_bytes(data[: round(len(data) * share)])
    return path


def hurt(data: bytes, seed: int, blows: int = 8) -> bytes:
    """`data` with `blows` bytes changed and, for every fifth seed, its end cut off."""
    random = np.random.default_rng(seed)
    hurt_data = bytearray(data)
    for place in random.integers(0, len(data), blows):
        hurt_data[place] = int(random.integers(0, 256))
    return bytes(hurt_data[: int(random.integers(1, len(data)))]) if seed % 5 == 0 else bytes(hurt_data)
