"""What one camera's pictures leave in the spool, also when the disk is full or the worker was killed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cameras.clips import ClipWriter
from cameras.health import CameraState, Health
from cameras.ring import PacketRing
from hallwatch.held_changes import MOST_EVENTS, NOTHING, joined
from hallwatch.live_view import LiveView
from hallwatch.onlookers import Onlookers
from hallwatch.spool import Changes, Spool, SpoolFullError, clip_of
from hallwatch.wire import ClipState
from hallwatch.worker import CameraWork, rescue_clips
from tests.cameras.films import film
from tests.hallwatch import messages
from tests.hallwatch.camera_scenes import NOON, empty_post, event_id, flagged, pictures
from vision.values import Ending, ViewQuality


class FillingDisk(Spool):
    """Takes nothing while `full`; `taken` keeps each step that was committed."""

    full = False

    def commit(self, changes: Changes) -> None:
        if self.full:
            raise SpoolFullError("the disk is full")
        super().commit(changes)
        self.__dict__.setdefault("taken", []).append(changes)

    @property
    def taken(self) -> list[Changes]:
        found = self.__dict__.setdefault("taken", [])
        assert isinstance(found, list)
        return found


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[FillingDisk]:
    with FillingDisk(tmp_path / "spool", now=datetime.now(UTC)) as opened:
        yield opened


@pytest.fixture(scope="module")
def ten_seconds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=10, fps=10)


Begin = Callable[[], CameraWork]


@pytest.fixture
def begun(spool: FillingDisk, tmp_path: Path) -> Iterator[Begin]:
    works: list[CameraWork] = []

    def begin() -> CameraWork:
        works.append(
            CameraWork.resumed(empty_post(), spool, tmp_path / "clips", LiveView(lambda _: Onlookers(), ()))
        )
        return works[-1]

    yield begin
    for work in works:
        # The system closes what a killed worker had open; here the files of clips that still grow.
        for writer in work.clips._writers.values():
            writer.abandon()


@pytest.fixture
def work(begun: Begin) -> CameraWork:
    return begun()


def queued(spool: Spool, kind: str) -> list[str]:
    return [message.key for message in spool.due(kind, float("inf"), 100)]


def play(work: CameraWork, source: Path, *, until_s: float = 99, full_from_s: float = 99) -> None:
    for picture in pictures(source, work.clips.ring):
        if picture.at_s > until_s:
            return
        if isinstance(work.spool, FillingDisk):
            work.spool.full = picture.at_s >= full_from_s
        work.take(picture)


def test_an_events_first_revision_and_its_episode_are_committed_together(
    work: CameraWork, spool: FillingDisk, ten_seconds: Path
) -> None:
    play(work, ten_seconds)
    (born,) = [step for step in spool.taken if any(m.event.revision == 1 for m in step.events)]
    episode = born.episodes["1/absence"]
    assert isinstance(episode, dict)
    assert episode["event_id"] == born.events[0].event.id == event_id(1)


def test_its_clip_and_what_was_seen_in_it_follow(
    work: CameraWork, spool: FillingDisk, ten_seconds: Path
) -> None:
    play(work, ten_seconds)
    assert queued(spool, "event") == [event_id(1)]
    (step,) = [step for step in spool.taken if step.clips]
    assert step.clips[0].state is ClipState.READY
    assert step.skeletons[0].event_id == event_id(1)


def test_a_worker_after_it_goes_on_with_the_same_event(
    begun: Begin, spool: FillingDisk, ten_seconds: Path
) -> None:
    play(begun(), ten_seconds, until_s=4)
    after = begun()
    for picture in pictures(ten_seconds, after.clips.ring, NOON + timedelta(seconds=4.2)):
        after.take(picture)
    assert {m.event.id for step in spool.taken for m in step.events} == {event_id(1)}


def test_the_end_of_the_source_closes_clips_and_keeps_the_hours(
    work: CameraWork, spool: FillingDisk, ten_seconds: Path
) -> None:
    play(work, ten_seconds, until_s=4)
    work.finish()
    clips = [clip for step in spool.taken for clip in step.clips]
    assert [(clip.event_id, clip.state) for clip in clips] == [(event_id(1), ClipState.PARTIAL)]
    row = spool.ledger_row("1", "1", NOON)
    assert row
    assert row.observed_s == pytest.approx(4, abs=0.25)


def test_what_a_full_disk_did_not_take_is_told_when_there_is_room_again(
    work: CameraWork, spool: FillingDisk, ten_seconds: Path
) -> None:
    play(work, ten_seconds, full_from_s=1)
    assert queued(spool, "event") == [], "flagged at the second second, with the disk full"

    spool.full = False
    work.finish()

    assert queued(spool, "event") == [event_id(1)]
    step = spool.taken[-1]
    assert [clip.state for clip in step.clips] == [ClipState.READY]
    assert step.ledger
    assert set(step.episodes) == {"1/absence", "1/post"}
    assert spool.episodes()["1/absence"]["event_id"] == event_id(1)


def test_what_was_held_is_told_once(work: CameraWork, spool: FillingDisk, ten_seconds: Path) -> None:
    play(work, ten_seconds, full_from_s=1)
    spool.full = False
    work.finish()
    told = len(spool.taken)
    work.finish()
    assert not any(step.events or step.clips for step in spool.taken[told:])


def test_of_what_is_held_the_latest_state_of_each_thing_is_kept() -> None:
    first = Changes(events=[messages.event(1), messages.event(2)], ledger=[messages.hour(10)])
    second = Changes(events=[messages.event(1, revision=2)], ledger=[messages.hour(20)])
    both = joined(first, second)
    assert [(m.event.id, m.event.revision) for m in both.events] == [(event_id(2), 1), (event_id(1), 2)]
    assert [row.observed_s for row in both.ledger] == [20]
    assert joined(NOTHING, NOTHING) == NOTHING


def test_what_is_held_is_bounded_and_the_newest_stays() -> None:
    held = NOTHING
    for number in range(1, MOST_EVENTS + 3):
        held = joined(held, Changes(events=[messages.event(number)]))
    assert len(held.events) == MOST_EVENTS
    assert held.events[-1].event.id == event_id(MOST_EVENTS + 2)


@pytest.mark.parametrize("view", [ViewQuality.DARK, ViewQuality.COVERED])
def test_a_view_that_shows_nothing_is_told_once(
    work: CameraWork, spool: FillingDisk, ten_seconds: Path, view: ViewQuality
) -> None:
    pipeline = empty_post()
    pipeline.view = view
    work.pipeline = pipeline
    play(work, ten_seconds, until_s=2)
    assert [status.state for step in spool.taken for status in step.statuses] == [view.value]


def test_a_camera_whose_windows_are_closed_is_off_and_not_dark(
    work: CameraWork, spool: FillingDisk, ten_seconds: Path
) -> None:
    judge = work.pipeline.judge
    judge.rules = [replace(rules, open_at=lambda _: False) for rules in judge.rules]
    play(work, ten_seconds, until_s=2)
    (told,) = spool.due("status", float("inf"), 10)
    assert told.payload["state"] == "off"
    assert "open" in told.payload["detail"]


def test_a_camera_that_fell_silent_is_told_with_its_reason(work: CameraWork, spool: FillingDisk) -> None:
    work.take(Health(CameraState.STALLED, NOON, "fallen silent"))
    (status,) = [status for step in spool.taken for status in step.statuses]
    assert (status.state, status.detail) == ("stalled", "fallen silent")


def started_clip(folder: Path, source: Path, number: int) -> ClipWriter:
    folder.mkdir(exist_ok=True)
    ring = PacketRing()
    list(pictures(source, ring))
    at = flagged(5, number=number)
    return ClipWriter(
        ring, folder / f"{at.id}.mp4", begin=at.started_at, end=at.flagged_at + timedelta(hours=1)
    )


def test_a_clip_that_a_kill_cut_short_is_sent_as_partial(
    spool: FillingDisk, tmp_path: Path, ten_seconds: Path
) -> None:
    grows = started_clip(tmp_path / "before", ten_seconds, 1)
    (tmp_path / "clips").mkdir()
    left = f"{event_id(1)}.mp4.part"
    (tmp_path / "clips" / left).write_bytes((tmp_path / "before" / left).read_bytes())
    grows.abandon()
    rescue_clips(spool, tmp_path / "clips", {event_id(1)})
    (clip,) = [clip_of(message) for message in spool.due("clip", float("inf"), 10)]
    assert (clip.event_id, clip.state) == (event_id(1), ClipState.PARTIAL)
    assert clip.path
    assert clip.path.is_file()


def test_a_whole_clip_that_was_not_told_is_sent_as_ready(
    spool: FillingDisk, tmp_path: Path, ten_seconds: Path
) -> None:
    made = started_clip(tmp_path / "clips", ten_seconds, 1).finish()
    rescue_clips(spool, tmp_path / "clips", {event_id(1)})
    (clip,) = [clip_of(message) for message in spool.due("clip", float("inf"), 10)]
    assert (clip.state, clip.sha256, clip.starts_at) == (ClipState.READY, made.sha256, made.starts_at)


def test_a_clip_whose_event_was_never_raised_is_removed(
    spool: FillingDisk, tmp_path: Path, ten_seconds: Path
) -> None:
    made = started_clip(tmp_path / "clips", ten_seconds, 1).finish()
    rescue_clips(spool, tmp_path / "clips", set())
    assert not made.path.exists()
    assert queued(spool, "clip") == []


def test_a_clip_that_waits_in_the_spool_is_left_as_it_is(
    spool: FillingDisk, tmp_path: Path, ten_seconds: Path
) -> None:
    made = started_clip(tmp_path / "clips", ten_seconds, 1).finish()
    rescue_clips(spool, tmp_path / "clips", {event_id(1)})
    told = len(spool.taken)
    rescue_clips(spool, tmp_path / "clips", set())
    assert made.path.is_file()
    assert len(spool.taken) == told


def test_a_state_that_stays_is_told_again_with_its_old_beginning(
    work: CameraWork, spool: FillingDisk, ten_seconds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hallwatch.worker.STATUS_EVERY_S", 3.0)
    play(work, ten_seconds)
    told = [status for step in spool.taken for status in step.statuses]
    assert [status.state for status in told] == ["live"] * 4
    assert {status.since for status in told} == {told[0].since}


def test_an_event_ends_though_no_picture_comes_any_more(
    work: CameraWork, spool: FillingDisk, ten_seconds: Path
) -> None:
    play(work, ten_seconds)
    work.take(Health(CameraState.STALLED, NOON + timedelta(seconds=60), "no route to the camera"))
    last = spool.taken[-1]
    assert [status.state for status in last.statuses] == ["stalled"]
    (message,) = last.events
    assert (message.event.id, message.event.ending) == (event_id(1), Ending.INTERRUPTED)
