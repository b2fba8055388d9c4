"""A worker killed at any moment of clip writing: every event has its film, or says that it has none, and why.

HALLWATCH_TEST_KILLS sets how often (200 in the full proof).
"""

import hashlib
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from cameras.reader import read
from cameras.source import Kind, Source
from hallwatch.spool import Changes, Spool, clip_of
from hallwatch.wire import ClipMessage, ClipState, EventMessage
from hallwatch.worker import rescue_clips
from tests.cameras.films import film
from tests.hallwatch.camera_scenes import event_id, flagged

KILLS = int(os.environ.get("HALLWATCH_TEST_KILLS", "4"))
ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = 1_000_000


def kill_a_worker(video: Path, folder: Path, after_s: float) -> None:
    """Let a worker begin, and kill it so long after."""
    child = Path(__file__).with_name("work_until_killed.py")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(child), str(video), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"working\n"
        time.sleep(after_s)
        worker.kill()


def test_every_event_of_killed_workers_has_its_film_or_says_why_not(tmp_path: Path) -> None:
    video = film(tmp_path / "film.mp4", seconds=10, fps=10)
    chance = random.Random(7)
    for _ in range(KILLS):
        kill_a_worker(video, tmp_path, chance.uniform(0.05, 1.2))
    with Spool(tmp_path / "spool", now=datetime.now(UTC)) as spool:
        rescue_clips(spool, tmp_path / "clips", set())
        events = {message.key for message in spool.due("event", float("inf"), EVERYTHING)}
        assert len(events) >= KILLS
        spool.settle(spool.due("event", float("inf"), EVERYTHING))
        told = {m.key: clip_of(m) for m in spool.due("clip", float("inf"), EVERYTHING)}
    assert set(told) == events
    assert ClipState.PARTIAL in {clip.state for clip in told.values()}
    for clip in told.values():
        _is_as_told(clip)
    kept = {clip.path for clip in told.values() if clip.path}
    assert set((tmp_path / "clips").iterdir()) == kept


def _is_as_told(clip: ClipMessage) -> None:
    if clip.state is ClipState.FAILED:
        assert clip.reason
        return
    assert clip.path is not None
    assert hashlib.sha256(clip.path.read_bytes()).hexdigest() == clip.sha256
    assert next(read(Source(Kind.FILE, str(clip.path))), None) is not None
    assert clip.reason or clip.state is ClipState.READY


def test_an_event_that_was_delivered_and_is_over_keeps_its_clip(tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    with Spool(tmp_path / "spool", now=datetime.now(UTC)) as spool:
        spool.commit(Changes(events=[EventMessage(flagged(3), ())]))
        spool.settle(spool.due("event", float("inf"), 10))
        film(clips / f"{event_id(1)}.mp4")
        rescue_clips(spool, clips, set())
        assert (clips / f"{event_id(1)}.mp4").is_file() or spool.due("clip", float("inf"), 10)


def test_an_event_of_which_nothing_was_recorded_says_so_once(tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    with Spool(tmp_path / "spool", now=datetime.now(UTC)) as spool:
        spool.commit(Changes(events=[EventMessage(flagged(3), ())]))
        spool.settle(spool.due("event", float("inf"), 10))
        rescue_clips(spool, clips, set())
        (message,) = spool.due("clip", float("inf"), 10)
        clip = clip_of(message)
        assert (clip.event_id, clip.state) == (event_id(1), ClipState.FAILED)
        assert clip.reason
        spool.settle([message])
        rescue_clips(spool, clips, set())
        assert spool.due("clip", float("inf"), 10) == []
