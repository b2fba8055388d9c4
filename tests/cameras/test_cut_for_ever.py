"""A stream that is cut again and again: nothing leaks."""

from pathlib import Path

import pytest

from cameras import libav
from cameras.health import CameraState, Health
from cameras.reconnect import watch
from cameras.ring import PacketRing
from cameras.source import Source
from tests.cameras.films import film
from tests.fakes.process_use import process_use
from tests.fakes.rtsp_faults import Fault, FaultyCamera

CYCLES = 500
SETTLED_AFTER = 150
CUTS = [
    *(Fault(drop_in=method) for method in ("OPTIONS", "DESCRIBE", "SETUP", "PLAY")),
    *(Fault(cut_after=pictures) for pictures in (1, 7, 30)),
    Fault(ever_401=True),
]


def test_files_threads_and_memory_stay_flat_over_500_cuts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libav, "OPEN_TIMEOUT_S", 1.0)
    faults = [CUTS[number % len(CUTS)] for number in range(CYCLES + 50)]
    stalled = pictures = 0
    settled = None
    with FaultyCamera(film(tmp_path / "a.mp4"), faults=faults, speed=50) as camera:
        for item in watch(Source.parse(camera.address), ring=PacketRing(), sleep=lambda _: None):
            if not isinstance(item, Health):
                pictures += 1
            elif item.state is CameraState.STALLED:
                stalled += 1
                if stalled == SETTLED_AFTER:
                    settled = process_use()
                if stalled == CYCLES:
                    break
        ended = process_use()
    assert settled is not None
    assert pictures > CYCLES / 8
    # A connection that just ended may still be open on the camera's side, which is in this process too.
    assert ended.files <= settled.files + 3
    assert ended.threads <= settled.threads
    assert ended.memory_mb - settled.memory_mb < 12
