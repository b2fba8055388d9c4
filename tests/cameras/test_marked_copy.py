"""The mark lies on every picture, and no picture leaves without it."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from cameras.errors import ClipFailed
from cameras.marked_copy import make_marked_copy
from tests.cameras.films import film


def stripe(width: int, height: int) -> bytes:
    """A mark: white over the middle third, half see-through."""
    mark = np.zeros((height, width, 4), dtype=np.uint8)
    mark[height // 3 : 2 * height // 3] = (255, 255, 255, 128)
    return cv2.imencode(".png", mark)[1].tobytes()


def pictures(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def test_every_picture_of_the_copy_bears_the_mark_and_is_otherwise_the_same(tmp_path: Path) -> None:
    original, copy = film(tmp_path / "original.mp4"), tmp_path / "marked.mp4"
    make_marked_copy(original, copy, stripe)
    before, after = pictures(original), pictures(copy)
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        assert new.shape == old.shape
        third = old.shape[0] // 3
        middle = old[third + 4 : 2 * third - 4].astype(float)
        assert np.abs(new[third + 4 : 2 * third - 4] - (middle + 255) / 2).mean() < 6
        assert np.abs(new[: third - 4].astype(float) - old[: third - 4]).mean() < 6


@pytest.mark.parametrize("mark", [b"no picture", stripe(10, 10)])
def test_without_a_fitting_mark_there_is_no_copy(tmp_path: Path, mark: bytes) -> None:
    original, copy = film(tmp_path / "original.mp4"), tmp_path / "marked.mp4"
    with pytest.raises(ClipFailed, match="mark"):
        make_marked_copy(original, copy, lambda width, height: mark)
    assert not copy.exists()
