"""Videos made for a test: a white square that moves over grey, so that each picture says when it was."""

from pathlib import Path
from typing import Protocol

import pytest

from tests.cameras.films import film, square

square_at = square


class MakeVideo(Protocol):
    """Makes a video of 25 pictures a second with a key frame a second; nobody may change the file."""

    def __call__(self, name: str = "a.mp4", *, seconds: float = 4.0, codec: str = "h264") -> Path:
        """The path of the video, whose suffix names the container."""


@pytest.fixture(scope="session")
def make_video(tmp_path_factory: pytest.TempPathFactory) -> MakeVideo:
    """Each kind of video is made once and read by many tests."""
    made: dict[tuple[str, float, str], Path] = {}

    def make(name: str = "a.mp4", *, seconds: float = 4.0, codec: str = "h264") -> Path:
        kind = (name, seconds, codec)
        if kind not in made:
            made[kind] = film(tmp_path_factory.mktemp("video") / name, seconds=seconds, codec=codec)
        return made[kind]

    return make
