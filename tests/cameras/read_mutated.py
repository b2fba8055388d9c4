"""Reads mutilated films until told to stop; run as a process, for what may bring a process down.

    python read_mutated.py WHOLE FIRST_SEED COUNT

Says how many were read and how many refused. Any other end than a `CameraError` is a defect.
"""

import sys
from pathlib import Path

from cameras.errors import CameraError
from cameras.reader import read
from cameras.ring import PacketRing
from cameras.source import Source
from tests.cameras.films import NOON, hurt


def main(whole: Path, first: int, count: int) -> None:
    """Read `count` films that are `whole` with a few bytes changed."""
    data = whole.read_bytes()
    path = whole.with_name(f"hurt-{first}{whole.suffix}")
    outcomes = {"read": 0, "refused": 0}
    for seed in range(first, first + count):
        path.write_bytes(hurt(data, seed))
        try:
            for picture in read(Source.parse(str(path)), rate=100, ring=PacketRing(), starts_at=NOON):
                assert picture.image.ndim == 3
            outcomes["read"] += 1
        except CameraError:
            outcomes["refused"] += 1
    sys.stdout.write(f"{outcomes['read']} {outcomes['refused']}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
