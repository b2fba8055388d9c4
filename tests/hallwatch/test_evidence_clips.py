"""A clip shows ten seconds before the deed and five after its flag, or says why there is none."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cameras.reader import read
from cameras.ring import PacketRing
from cameras.source import Source
from hallwatch.evidence_clips import Cut, EvidenceClips
from hallwatch.skeleton_trail import SkeletonTrail
from hallwatch.wire import ClipState
from tests.cameras.films import film
from tests.hallwatch.camera_scenes import NOON, event_id, flagged, pictures
from vision.values import Event, Observation


@pytest.fixture(scope="module")
def half_a_minute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=30, fps=10)


@pytest.fixture
def clips(tmp_path: Path) -> EvidenceClips:
    return EvidenceClips(PacketRing(), SkeletonTrail(), tmp_path)


def watched(clips: EvidenceClips, source: Path, *events: Event) -> Iterator[tuple[float, Cut]]:
    """Plays the film, begins each event's clip at its flag; (second, cut) of what came of it."""
    waiting = list(events)
    for picture in pictures(source, clips.ring):
        clips.trail.remember(Observation("1", picture.captured_at, (160, 120)))
        while waiting and picture.captured_at >= waiting[0].flagged_at:
            if cut := clips.begin(waiting.pop(0)):
                yield picture.at_s, cut
        yield from ((picture.at_s, cut) for cut in clips.advance())


def test_it_shows_ten_seconds_before_and_five_after(clips: EvidenceClips, half_a_minute: Path) -> None:
    ((at_s, cut),) = watched(clips, half_a_minute, flagged(20, started_s=15))
    assert cut.clip.state is ClipState.READY
    assert cut.clip.starts_at == NOON + timedelta(seconds=5)
    assert cut.clip.duration_s == pytest.approx(20, abs=0.3)
    assert 25 <= at_s <= 25.6, "complete as soon as its end is there"


def test_it_plays_and_comes_with_what_was_seen_in_it(clips: EvidenceClips, half_a_minute: Path) -> None:
    ((_, cut),) = watched(clips, half_a_minute, flagged(20, started_s=15))
    assert cut.clip.path
    shown = list(read(Source.parse(str(cut.clip.path))))
    assert shown[-1].at_s == pytest.approx(20, abs=0.5)
    assert cut.skeleton
    assert [frame["t_s"] for frame in cut.skeleton.skeleton["frames"]] == pytest.approx(
        [number / 5 for number in range(101)], abs=0.11
    )


def test_a_source_that_ends_closes_the_clip_with_what_it_has(
    clips: EvidenceClips, half_a_minute: Path
) -> None:
    assert not list(watched(clips, half_a_minute, flagged(28)))
    (cut,) = clips.finish()
    assert cut.clip.duration_s
    assert 11.9 <= cut.clip.duration_s <= 13.2, "from the key frame before the tenth second before"
    assert not list(clips.finish()), "told once"


def test_a_ring_without_packets_is_told_with_a_reason(clips: EvidenceClips) -> None:
    cut = clips.begin(flagged(1))
    assert cut
    assert cut.clip.state is ClipState.FAILED
    assert cut.clip.reason
    assert "check its connection" in cut.clip.reason


def test_a_folder_that_is_gone_costs_the_clip_and_nothing_else(
    clips: EvidenceClips, half_a_minute: Path, tmp_path: Path
) -> None:
    home, clips.folder = clips.folder, tmp_path / "gone"
    seen = watched(clips, half_a_minute, flagged(5, number=1), flagged(12, number=2))
    _, failed = next(seen)
    clips.folder = home
    _, made = next(seen)
    assert (failed.clip.event_id, failed.clip.state) == (event_id(1), ClipState.FAILED)
    assert failed.clip.reason
    assert (made.clip.event_id, made.clip.state) == (event_id(2), ClipState.READY)
