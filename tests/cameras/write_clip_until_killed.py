"""A child of `test_clips`: writes clips of a looping camera, one after the other, until it is killed."""

import sys
from datetime import timedelta
from pathlib import Path

from cameras.clips import ClipWriter
from cameras.reader import read
from cameras.ring import PacketRing
from cameras.source import Source


def main(video: str, folder: Path) -> None:
    ring = PacketRing()
    writer: ClipWriter | None = None
    count = 0
    for picture in read(Source.parse(video), ring=ring, pace="live", loop=True, sleep=lambda _: None):
        if writer is None:
            at = picture.captured_at
            path = folder / f"{count:04}.mp4"
            writer = ClipWriter(ring, path, begin=at - timedelta(seconds=2), end=at + timedelta(seconds=8))
            count += 1
        elif writer.advance() is not None:
            writer = None


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
