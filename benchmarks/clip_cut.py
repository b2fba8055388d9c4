"""CPU time for cutting a 20 s clip at 1280×720 out of a ring; the budget is 50 ms."""

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from cameras.clips import ClipWriter
from cameras.reader import read
from cameras.ring import PacketRing
from cameras.source import Source
from cameras.write_video import VideoWriter

BUDGET_MS = 50.0
CLIP_S = 20.0
FPS = 25
ROUNDS = 20
BEGIN = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def film(path: Path) -> None:
    """A camera's 25 seconds: a moving block over a noisy background, so that the file has a camera's size."""
    background = np.random.default_rng(0).integers(60, 120, (720, 1280, 3), np.uint8)
    with VideoWriter(path, FPS, (1280, 720)) as writer:
        for number in range(round((CLIP_S + 5) * FPS)):
            image = background.copy()
            image[200:500, number : number + 200] = 200
            writer.write(image)


def cut_ms(ring: PacketRing, path: Path) -> float:
    """CPU milliseconds of one clip, from the flag to the finished file."""
    began_s = time.process_time()
    writer = ClipWriter(ring, path, begin=BEGIN, end=BEGIN + timedelta(seconds=CLIP_S))
    clip = writer.advance() or writer.finish()
    spent_ms = (time.process_time() - began_s) * 1000
    if abs(clip.duration_s - CLIP_S) > 1:
        raise RuntimeError(f"the clip lasts {clip.duration_s:.1f} s and not {CLIP_S:.0f}")
    return spent_ms


def main() -> None:
    """Cut the same clip again and again, and print the middle and the worst."""
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "camera.mp4"
        film(video)
        ring = PacketRing()
        for _ in read(Source.parse(str(video)), rate=1.0, ring=ring, starts_at=BEGIN):
            pass
        spent = [cut_ms(ring, Path(folder) / f"clip{number}.mp4") for number in range(ROUNDS)]
        size_mb = (Path(folder) / "clip0.mp4").stat().st_size / 1e6
    print(f"{CLIP_S:.0f} s at 1280×720, {size_mb:.1f} MB: CPU median {statistics.median(spent):.1f} ms,")
    print(f"worst {max(spent):.1f} ms of {ROUNDS}; budget {BUDGET_MS:.0f} ms")


if __name__ == "__main__":
    main()
