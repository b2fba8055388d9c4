"""A camera that falls silent is called again, ever more patiently."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import cv2
import numpy as np
import pytest

from cameras.errors import Stalled, Unreachable
from cameras.health import CameraState, Health
from cameras.live_picture import live_jpeg
from cameras.reader import Picture
from cameras.reconnect import waits, watch
from cameras.source import Source
from tests.cameras.conftest import MakeVideo

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
CAMERA = Source.parse("rtsp://admin:c4n4ry@cam/1")


def picture(at_s: float) -> Picture:
    return Picture(0, NOON + timedelta(seconds=at_s), at_s, np.zeros((2, 2, 3), np.uint8))


class FakeCamera:
    """Plays back what each connection is to give: times of pictures, then an error or the end."""

    def __init__(self, *connections: list[float | Exception]) -> None:
        self.connections = list(connections)
        self.waited: list[float] = []
        self.time = NOON

    def read(self, source: Source, **how: object) -> Iterator[Picture]:
        for step in self.connections.pop(0):
            if isinstance(step, Exception):
                raise step
            yield picture(step)

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.time += timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self.time

    def states(self, count: int, source: Source = CAMERA) -> list[CameraState | str]:
        seen = watch(source, reader=self.read, sleep=self.sleep, now=self.now, chance=lambda: 1.0)
        return [step.state if isinstance(step, Health) else "picture" for step in islice(seen, count)]


def test_waits_double_up_to_half_a_minute() -> None:
    assert list(islice(waits(lambda: 1.0), 7)) == [1, 2, 4, 8, 16, 30, 30]
    assert all(1 <= wait <= 30 for wait in islice(waits(), 50))


def test_a_camera_that_is_cut_comes_back() -> None:
    camera = FakeCamera([0.0, 0.2, Stalled("silent")], [0.0])
    assert camera.states(8) == [
        "connecting",
        "live",
        "picture",
        "picture",
        "stalled",
        "connecting",
        "live",
        "picture",
    ]


def test_a_camera_that_stays_away_is_called_ever_more_rarely() -> None:
    camera = FakeCamera(*[[Unreachable("no answer")] for _ in range(8)])
    camera.states(15)
    assert camera.waited == [1, 2, 4, 8, 16, 30, 30]


def test_a_good_connection_makes_the_next_wait_short_again() -> None:
    camera = FakeCamera([Stalled("x")], [Stalled("x")], [0.0, 60.0, Stalled("x")], [Stalled("x")])
    camera.states(11)
    assert camera.waited == [1, 2, 1]


def test_a_camera_that_shows_pictures_but_is_cut_at_once_is_called_within_ten_seconds() -> None:
    cut, away = [0.0, Stalled("x")], [Unreachable("no answer")]
    camera = FakeCamera(*[cut] * 6, *[away] * 3, cut, away)
    camera.states(37)
    assert camera.waited == [1, 2, 4, 8, 10, 10, 1, 2, 4, 10, 1]


def test_a_stall_is_told_with_its_time_and_without_the_password() -> None:
    camera = FakeCamera([0.0, Stalled(f"{CAMERA.address} fell silent")])
    last = list(islice(watch(CAMERA, reader=camera.read, sleep=camera.sleep, now=camera.now), 4))[-1]
    assert isinstance(last, Health)
    assert last.since == NOON
    assert last.last_error == "rtsp://admin:***@cam/1 fell silent"


def test_the_end_of_a_file_is_an_end_and_no_stall(make_video: MakeVideo) -> None:
    seen = list(watch(Source.parse(str(make_video()))))
    assert isinstance(seen[-1], Health)
    assert seen[-1].state is CameraState.ENDED
    assert sum(isinstance(step, Picture) for step in seen) == 20


@pytest.mark.parametrize(("width", "shown"), [(1920, 960), (640, 640), (1, 1)])
def test_the_live_picture_is_no_wider_than_asked(width: int, shown: int) -> None:
    coded = live_jpeg(np.zeros((max(1, width // 2), width, 3), np.uint8))
    assert cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_COLOR).shape[1] == shown
