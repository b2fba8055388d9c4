"""Fifty cuts of a camera in a row: it comes back each time, and nobody is blamed for the gaps."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from cameras.health import CameraState, Health
from cameras.reader import Picture
from cameras.reconnect import watch
from cameras.source import Source
from hallwatch.live_view import LiveView
from hallwatch.onlookers import Onlookers
from hallwatch.pipeline import Seen
from hallwatch.spool import Spool
from hallwatch.worker import CameraWork
from tests.cameras.films import film
from tests.fakes.rtsp_faults import Fault, FaultyCamera
from tests.hallwatch.camera_scenes import NOON, EmptyPost, empty_post
from vision.values import Frame, Observation, Person, Side

CUTS = 50
SPEED = 4.0


@dataclass(slots=True)
class MannedPost(EmptyPost):
    """Somebody always sits there; an absence would be flagged after two seconds."""

    def take(self, frame: Frame) -> Seen:
        size = (frame.image.shape[1], frame.image.shape[0])
        clerk = Person(track=1, box=(60, 40, 100, 110), score=0.9, zone=Side.STAFF, window="1")
        observation = Observation(frame.camera, frame.captured_at, size, persons=(clerk,))
        return Seen(observation, self.judge.observe(observation))


class FastLife:
    """A clock that runs `SPEED` times as fast, as the camera does, and in which waiting takes no time."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._waited_s = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=(time.monotonic() - self._began_s) * SPEED + self._waited_s)

    def sleep(self, seconds: float) -> None:
        self._waited_s += seconds


@pytest.fixture
def work(tmp_path: Path) -> Iterator[CameraWork]:
    scripted = empty_post()
    manned = MannedPost(scripted.site, scripted.camera, scripted.networks, scripted.judge)
    with Spool(tmp_path / "spool", now=datetime.now(UTC)) as spool:
        yield CameraWork.resumed(manned, spool, tmp_path / "clips", LiveView(lambda _: Onlookers(), ()))


def random_cuts(seed: int) -> list[Fault]:
    """Cuts while playing, and some while the camera is being called again."""
    chance = random.Random(seed)
    faults = []
    for _ in range(CUTS):
        faults.append(Fault(cut_after=chance.randrange(30, 120)))
        if chance.random() < 0.2:
            faults.append(Fault(drop_in=chance.choice(["DESCRIBE", "SETUP", "PLAY"])))
    return [*faults, Fault()]


def test_fifty_cuts_in_a_row_cost_only_the_gaps(work: CameraWork, tmp_path: Path) -> None:
    life = FastLife()
    cut_at: datetime | None = None
    back_after_s: list[float] = []
    stretches: list[list[Picture]] = [[]]
    with FaultyCamera(film(tmp_path / "a.mp4"), faults=random_cuts(5), speed=SPEED) as camera:
        for item in watch(Source.parse(camera.address), ring=work.clips.ring, now=life.now, sleep=life.sleep):
            work.take(item)
            if isinstance(item, Picture):
                stretches[-1].append(item)
                if cut_at is not None:
                    back_after_s.append((item.captured_at - cut_at).total_seconds())
                    cut_at = None
                if len(back_after_s) == CUTS:
                    break
            elif item.state is CameraState.STALLED and cut_at is None:
                cut_at = item.since
                stretches.append([])
    assert len(back_after_s) == CUTS
    assert max(back_after_s) < 30
    work.finish()

    assert [m.payload for m in work.spool.due("event", float("inf"), 10)] == [], "no false event"
    (row,) = [entry[0] for entry in work.spool.due_ledger(10)]
    shown_s = sum((s[-1].captured_at - s[0].captured_at).total_seconds() for s in stretches if s)
    lasted_s = (stretches[-1][-1].captured_at - stretches[0][0].captured_at).total_seconds()
    assert shown_s * 0.99 <= row.observed_s <= shown_s + CUTS * 0.6, "the last picture stands until the cut"
    assert lasted_s - row.observed_s > CUTS * 0.5, "the gaps are not observed"
    assert row.present_s == row.observed_s
    times = [picture.captured_at for stretch in stretches for picture in stretch]
    assert all(later > sooner for sooner, later in pairwise(times)), "time never runs backward"
    assert threading.active_count() < 10


def test_a_gap_is_told_as_a_state_of_the_camera(work: CameraWork) -> None:
    work.take(Health(CameraState.STALLED, NOON, "rtsp://cam/1 has fallen silent: check the camera."))
    (told,) = work.spool.due("status", float("inf"), 10)
    assert told.payload["state"] == "stalled"
    assert "fallen silent" in told.payload["detail"]
