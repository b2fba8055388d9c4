"""A real disk that is full or read-only: events go on, clips say why not, and all recovers by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hallwatch.live_view import LiveView
from hallwatch.onlookers import Onlookers
from hallwatch.spool import Spool, SpoolNotWritableError, clip_of
from hallwatch.wire import ClipState
from hallwatch.worker import CameraWork, rescue_clips
from tests.cameras.films import film
from tests.fakes.small_disk import SmallDisk, small_disk
from tests.hallwatch.camera_scenes import NOON, empty_post, event_id, pictures

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=4) as found:
        yield found


@pytest.fixture(scope="module")
def ten_seconds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=10, fps=10)


def working(spool: Spool, clips: Path) -> CameraWork:
    return CameraWork.resumed(empty_post(), spool, clips, LiveView(lambda _: Onlookers(), ()))


def play(work: CameraWork, source: Path, starts_at: datetime = NOON) -> None:
    for picture in pictures(source, work.clips.ring, starts_at):
        work.take(picture)


def clip_told(spool: Spool, number: int) -> ClipState:
    """What was told of an event's clip; with a reason where there is none."""
    spool.settle(spool.due("event", float("inf"), 100))
    (told,) = [m for m in spool.due("clip", float("inf"), 100) if m.key == event_id(number)]
    clip = clip_of(told)
    assert clip.reason or clip.state is ClipState.READY
    assert (clip.path is not None and clip.path.is_file()) == (clip.state is not ClipState.FAILED)
    return clip.state


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_an_event_goes_on_without_its_clip_and_says_so(
    disk: SmallDisk, tmp_path: Path, ten_seconds: Path, trouble: str
) -> None:
    with Spool(tmp_path / "spool", now=NOW) as spool:
        work = working(spool, disk.folder / "clips")
        disk.fill() if trouble == "full" else disk.make_read_only()
        play(work, ten_seconds)
        assert [m.key for m in spool.due("event", float("inf"), 100)] == [event_id(1)]
        assert clip_told(spool, 1) is ClipState.FAILED
        disk.clear() if trouble == "full" else disk.make_writable()
        later = working(spool, disk.folder / "clips")
        later.pipeline.judge = empty_post().judge
        play(later, ten_seconds, NOON + timedelta(minutes=5))
        assert clip_told(spool, 1) is ClipState.READY, "with room there are clips again"


def test_what_a_full_disk_does_not_take_at_all_is_told_when_there_is_room(
    disk: SmallDisk, ten_seconds: Path
) -> None:
    with Spool(disk.folder / "spool", now=NOW) as spool:
        work = working(spool, disk.folder / "clips")
        disk.fill()
        play(work, ten_seconds)
        assert spool.due("event", float("inf"), 100) == []
        disk.clear()
        work.finish()
        assert [m.key for m in spool.due("event", float("inf"), 100)] == [event_id(1)]
        assert clip_told(spool, 1) is ClipState.FAILED


def test_a_spool_that_became_read_only_is_written_again_once_it_can(
    tmp_path: Path, ten_seconds: Path
) -> None:
    with Spool(tmp_path / "spool", now=NOW) as spool:
        work = working(spool, tmp_path / "clips")
        spool._connection.execute("PRAGMA query_only = ON")
        play(work, ten_seconds)
        assert spool.due("event", float("inf"), 100) == []
        spool._connection.execute("PRAGMA query_only = OFF")
        work.finish()
        assert [m.key for m in spool.due("event", float("inf"), 100)] == [event_id(1)]
        assert clip_told(spool, 1) is ClipState.READY


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_a_worker_that_starts_on_such_a_disk_says_so_and_can_try_again(disk: SmallDisk, trouble: str) -> None:
    (disk.folder / "spool").mkdir()
    disk.fill() if trouble == "full" else disk.make_read_only()
    with pytest.raises(SpoolNotWritableError), Spool(disk.folder / "spool", now=NOW):
        pass
    disk.clear() if trouble == "full" else disk.make_writable()
    with Spool(disk.folder / "spool", now=NOW) as spool:
        assert spool.counts().waiting == 0


def test_a_part_that_a_full_disk_keeps_from_being_finished_waits(
    disk: SmallDisk, tmp_path: Path, ten_seconds: Path
) -> None:
    clips = disk.folder / "clips"
    with Spool(tmp_path / "spool", now=NOW) as spool:
        work = working(spool, clips)
        for picture in pictures(ten_seconds, work.clips.ring):
            work.take(picture)
            if picture.at_s > 4:
                break
        for writer in work.clips._writers.values():
            writer._file.close()  # what the system does for a killed process
        disk.fill()
        rescue_clips(spool, clips, set())
        spool.settle(spool.due("event", float("inf"), 100))
        assert spool.due("clip", float("inf"), 100) == []
        disk.clear()
        rescue_clips(spool, clips, set())
        assert clip_told(spool, 1) is ClipState.PARTIAL
