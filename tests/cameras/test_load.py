"""A worker that cannot keep up looks less often, evenly, and as often as asked again when it can."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cameras.load import BUSY, LEAST_RATE, Load
from cameras.reader import read
from cameras.source import Source


def followed(load: Load, took_s: float, pictures: int = 200) -> float:
    for _ in range(pictures):
        load.took(took_s)
    return load.rate


def test_who_keeps_up_keeps_the_rate() -> None:
    assert followed(Load(5.0), 0.1) == 5.0


def test_who_falls_behind_is_given_fewer_and_then_keeps_up() -> None:
    load = Load(5.0)
    rate = followed(load, 0.4)
    assert rate < 5.0
    assert rate * 0.4 <= BUSY + 1e-9


def test_the_rate_comes_back_when_the_load_is_gone() -> None:
    load = Load(5.0)
    followed(load, 0.5)
    assert followed(load, 0.05) == 5.0


def test_a_single_slow_picture_changes_nothing() -> None:
    load = Load(5.0)
    followed(load, 0.08)
    load.took(0.9)
    assert followed(load, 0.08, 3) == 5.0


@given(st.floats(1.0, 25.0), st.lists(st.floats(0.0, 3.0), max_size=120))
def test_the_rate_stays_between_one_and_what_was_asked(asked: float, took: list[float]) -> None:
    load = Load(asked)
    for seconds in took:
        load.took(seconds)
        assert min(LEAST_RATE, asked) <= load.rate <= asked


@given(st.floats(0.0, 0.17))
def test_a_steady_load_does_not_make_the_rate_swing(took_s: float) -> None:
    load = Load(5.0)
    followed(load, took_s)
    settled = load.rate
    assert {followed(load, took_s, 1) for _ in range(60)} == {settled}


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Twenty seconds at 10 pictures a second."""
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.time_base = 64, 48, Fraction(1, 10)
        for number in range(200):
            image = np.full((48, 64, 3), number, dtype=np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        out.mux(stream.encode())
    return path


@dataclass
class Clock:
    """Time that goes on only by sleeping."""

    now_s: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    def monotonic(self) -> float:
        return self.now_s


def test_a_slow_taker_of_a_stream_gets_pictures_evenly_and_none_late(clip: Path) -> None:
    clock = Clock()
    load = Load(5.0)
    source = Source.parse(str(clip))
    seen = []
    for picture in read(source, pace="live", load=load, sleep=clock.sleep, monotonic=clock.monotonic):
        seen.append((picture.at_s, clock.now_s - picture.at_s))
        clock.sleep(0.45)  # what looking at it takes
    later = [at_s for at_s, _ in seen if at_s > 10]
    steps = np.diff(later)
    assert load.rate < 2.3
    assert steps.max() - steps.min() <= 0.21  # whole pictures of a tenth of a second
    assert max(late for at_s, late in seen if at_s > 10) < 1.5
