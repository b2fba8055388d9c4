"""What a start does with clips that a killed process left, when the disk does not help."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cameras.clips import ClipState, ClipWriter, sweep
from cameras.reader import read
from cameras.ring import PacketRing
from cameras.source import Source
from tests.cameras.conftest import MakeVideo
from tests.cameras.films import NOON


def left_by_a_killed_process(video: Path, folder: Path) -> Path:
    """A part with four seconds in it, under a name that no living writer holds."""
    ring = PacketRing()
    for _ in read(Source.parse(str(video)), ring=ring, starts_at=NOON):
        pass
    writer = ClipWriter(ring, folder / "living.mp4", begin=NOON, end=NOON + timedelta(seconds=60))
    part = folder / "left.mp4.part"
    part.write_bytes((folder / "living.mp4.part").read_bytes())
    writer.abandon()
    return part


@contextmanager
def disk_that_takes_no_more_than(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_at_the_start_does_not_cost_the_evidence(make_video: MakeVideo, tmp_path: Path) -> None:
    part = left_by_a_killed_process(make_video(), tmp_path)
    with disk_that_takes_no_more_than(500):
        assert sweep(tmp_path) == []
    assert list(tmp_path.iterdir()) == [part]

    (clip,) = sweep(tmp_path)
    assert (clip.path.name, clip.state, clip.starts_at) == ("left.mp4", ClipState.PARTIAL, NOON)
    assert list(tmp_path.iterdir()) == [clip.path]
