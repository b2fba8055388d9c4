"""A thousand mutilated films: none brings the process down that reads them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cameras.films import film
from tests.conftest import REPOSITORY

EACH = 250


@pytest.mark.parametrize("name", ["a.mp4", "a.ts", "a.mkv", "h265.mp4"])
def test_no_mutilated_film_brings_its_reader_down(tmp_path: Path, name: str) -> None:
    codec = "hevc" if "265" in name else "h264"
    whole = film(tmp_path / name, seconds=0.8, fps=10, codec=codec)
    command = [sys.executable, "-m", "tests.cameras.read_mutated", str(whole), "1", str(EACH)]
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    read, refused = map(int, ended.stdout.split())
    assert read + refused == EACH
    assert read > EACH / 10, "most damage is read through"
