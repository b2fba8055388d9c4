"""Clips show the main stream while the sub-stream is analysed; where it is down, they say so."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cameras.probe import probe
from cameras.reader import read
from cameras.ring import PacketRing
from cameras.source import Source
from hallwatch.evidence_clips import NO_MAIN, OVERDUE, Cut, EvidenceClips
from hallwatch.main_stream import MainStream
from hallwatch.skeleton_trail import SkeletonTrail
from hallwatch.wire import ClipState
from tests.cameras.films import film
from tests.fakes.rtsp_faults import Fault, FaultyCamera
from tests.hallwatch.camera_scenes import event_id
from vision.values import Event

SUB, MAIN = (160, 120), (640, 480)


class Both:
    """A camera with two streams, the sub-stream read as a worker does."""

    def __init__(self, folder: Path, main_faults: list[Fault]) -> None:
        self._held = ExitStack()
        opened = self._held.enter_context
        self.sub = opened(FaultyCamera(film(folder / "sub.mp4", seconds=6, size=SUB)))
        self.main = opened(FaultyCamera(film(folder / "main.mp4", seconds=6, size=MAIN), faults=main_faults))
        self.stream = MainStream("1", Source.parse(self.main.address))
        (folder / "clips").mkdir()
        self.clips = EvidenceClips(PacketRing(), SkeletonTrail(), folder / "clips", self.stream)
        self.stream.start()

    def cut_of(self, flag_after_s: float, *, silence: timedelta = timedelta()) -> Cut:
        """Flag something so long after the first picture; its end is looked at `silence` later."""
        event: Event | None = None
        first: datetime | None = None
        for picture in read(Source.parse(self.sub.address), rate=5, ring=self.clips.ring):
            first = first or picture.captured_at
            if event is None and (picture.captured_at - first).total_seconds() >= flag_after_s:
                event = flagged_at(picture.captured_at)
                if (failed := self.clips.begin(event)) is not None:
                    return failed
            for cut in self.clips.advance(picture.captured_at + silence):
                return cut
        raise AssertionError("the stream ended")

    def close(self) -> None:
        self.stream.stop()
        self._held.close()


def flagged_at(at: datetime) -> Event:
    return Event(event_id(1), "absence", "1", "1", at, at, peak_score=0.9)


@pytest.fixture
def cameras(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Both]:
    found = Both(tmp_path, getattr(request, "param", [Fault()]))
    yield found
    found.close()


def test_a_clip_is_cut_of_the_main_stream(cameras: Both) -> None:
    clip = cameras.cut_of(2.0).clip
    assert clip.state is ClipState.READY
    assert clip.reason is None
    assert clip.path
    shown = probe(Source.parse(str(clip.path)))
    assert (shown.width, shown.height) == MAIN
    assert shown.duration_s == pytest.approx(7, abs=1.5), "two seconds before the flag and five after"


@pytest.mark.parametrize("cameras", [[Fault(drop_in="DESCRIBE")], [Fault(stall_after=5)]], indirect=True)
def test_without_its_main_stream_the_sub_stream_is_shown_and_that_is_said(cameras: Both) -> None:
    clip = cameras.cut_of(4.0).clip
    assert (clip.state, clip.reason) == (ClipState.READY, NO_MAIN)
    assert clip.path
    shown = probe(Source.parse(str(clip.path)))
    assert (shown.width, shown.height) == SUB


@pytest.mark.parametrize("cameras", [[Fault(stall_after=90), Fault(silent_in="DESCRIBE")]], indirect=True)
def test_a_main_stream_that_falls_silent_does_not_hold_its_clip_up(cameras: Both) -> None:
    clip = cameras.cut_of(2.0, silence=OVERDUE).clip
    assert clip.state is ClipState.PARTIAL
    assert clip.path
