"""The live picture: the newest only, as often as somebody looks, whatever the other side does."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from hallwatch.delivery import SinkUnreachableError
from hallwatch.live_view import LiveView
from hallwatch.onlookers import Onlookers
from vision.values import Observation
from vision.zones import WHOLE_PICTURE, WindowZones

SEEN = Observation("1", datetime(2026, 3, 2, tzinfo=UTC), (64, 48))


class Screen:
    """Takes pictures, one each time it is let; keeps their brightness."""

    def __init__(self, watchers: int, errors: Iterator[Exception]) -> None:
        self.shown: list[int] = []
        self.asked = threading.Semaphore(0)
        self.free = threading.Event()
        self.free.set()
        self.still_wanted = False
        self.stills: list[tuple[int, ...]] = []
        self._watchers, self._errors = watchers, errors

    def show(self, jpeg: bytes) -> Onlookers:
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert image is not None
        self.shown.append(round(float(image.mean()) / 10))
        self.asked.release()
        assert self.free.wait(5)
        if error := next(self._errors, None):
            raise error
        return Onlookers(self._watchers, self.still_wanted)

    def show_still(self, jpeg: bytes) -> None:
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert image is not None
        self.stills.append((*image.shape[:2], round(float(image.std()))))
        self.asked.release()

    def waits_for_one(self, within_s: float = 5) -> bool:
        return self.asked.acquire(timeout=within_s)


Start = Callable[..., tuple[LiveView, Screen]]


@pytest.fixture
def started() -> Iterator[Start]:
    views = []

    def start(
        watchers: int = 1,
        errors: tuple[Exception, ...] = (),
        watched_s: float = 0.0,
        unwatched_s: float = 0.0,
        zones: tuple[WindowZones, ...] = (),
    ) -> tuple[LiveView, Screen]:
        screen = Screen(watchers, iter(errors))
        view = LiveView(screen.show, zones, screen.show_still, watched_s=watched_s, unwatched_s=unwatched_s)
        view.start()
        views.append((view, screen))
        return view, screen

    yield start
    for view, screen in views:
        screen.free.set()
        view.stop()


def offer(view: LiveView, number: int) -> None:
    view.offer(np.full((48, 64, 3), number * 10, np.uint8), SEEN, ())


def test_what_came_while_one_was_under_way_is_skipped_for_the_newest(started: Start) -> None:
    view, screen = started()
    screen.free.clear()
    offer(view, 1)
    assert screen.waits_for_one()
    for number in (2, 3, 4):
        offer(view, number)
    screen.free.set()
    assert screen.waits_for_one()
    assert screen.shown == [1, 4]


def test_somebody_watching_gets_the_next_picture_sooner(started: Start) -> None:
    view, screen = started(watchers=1, watched_s=0.0, unwatched_s=3600)
    offer(view, 1)
    assert screen.waits_for_one()
    offer(view, 2)
    assert screen.waits_for_one()


def test_with_nobody_watching_the_next_picture_waits(started: Start) -> None:
    view, screen = started(watchers=0, watched_s=0.0, unwatched_s=3600)
    offer(view, 1)
    assert screen.waits_for_one()
    offer(view, 2)
    assert not screen.waits_for_one(within_s=0.3)


def test_a_still_has_nothing_drawn_on_it_and_is_sent_only_when_wanted(started: Start) -> None:
    view, screen = started(zones=(WindowZones("1", ((0.2, 0.2), (0.8, 0.2), (0.5, 0.8)), WHOLE_PICTURE),))
    offer(view, 1)
    assert screen.waits_for_one()
    assert screen.stills == []
    screen.still_wanted = True
    offer(view, 2)
    assert screen.waits_for_one()
    assert screen.waits_for_one()
    assert screen.stills == [(48, 64, 0)]


@pytest.mark.parametrize("error", [SinkUnreachableError("no answer"), OSError("no route")])
def test_a_sink_that_raises_does_not_end_it(started: Start, error: Exception) -> None:
    view, screen = started(errors=(error,))
    offer(view, 1)
    assert screen.waits_for_one()
    offer(view, 2)
    assert screen.waits_for_one()
    assert screen.shown == [1, 2]
