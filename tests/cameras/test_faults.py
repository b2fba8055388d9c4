"""Cameras that misbehave: each fault ends in a sentence within seconds, or is read through."""

import itertools
import time
from datetime import timedelta
from pathlib import Path

import pytest

from cameras import libav, reader
from cameras.errors import CameraError, Stalled, Unreachable
from cameras.reader import Damage, Picture, read
from cameras.ring import PacketRing
from cameras.source import Source
from tests.cameras.conftest import MakeVideo
from tests.cameras.films import film
from tests.fakes.rtsp_faults import Fault, FaultyCamera

OPEN_S, READ_S = 1.0, 1.0


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libav, "OPEN_TIMEOUT_S", OPEN_S)
    monkeypatch.setattr(libav, "READ_TIMEOUT_S", READ_S)


def seen(fault: Fault, film: Path, count: int, *, speed: float = 4.0, **more: object) -> list[Picture]:
    with FaultyCamera(film, faults=[fault], speed=speed) as camera:
        return list(itertools.islice(read(Source.parse(camera.address), **more), count))  # type: ignore[arg-type]


def test_without_a_fault_it_is_a_camera(make_video: MakeVideo) -> None:
    pictures = seen(Fault(), make_video(), 30)
    assert [round(p.at_s - pictures[0].at_s, 1) for p in pictures] == [round(n / 5, 1) for n in range(30)]


NO_ANSWER = {
    **{f"hangs up in {m}": Fault(drop_in=m) for m in ("OPTIONS", "DESCRIBE", "SETUP", "PLAY")},
    **{f"silent in {m}": Fault(silent_in=m) for m in ("OPTIONS", "DESCRIBE", "SETUP", "PLAY")},
    "endless header": Fault(header_bomb=True),
    "asks for the password for ever": Fault(ever_401=True),
    "answers with noise": Fault(garbage=True),
}


@pytest.mark.parametrize("fault", NO_ANSWER.values(), ids=NO_ANSWER.keys())
def test_a_camera_that_does_not_get_to_a_picture_is_given_up_within_its_time(
    make_video: MakeVideo, fault: Fault
) -> None:
    began_s = time.monotonic()
    with pytest.raises(Unreachable, match="does not answer: check its address"):
        seen(fault, make_video(), 1)
    assert time.monotonic() - began_s < OPEN_S * 2 + 2


def test_a_camera_that_stalls_is_noticed(make_video: MakeVideo) -> None:
    pictures: list[Picture] = []
    with FaultyCamera(make_video(), faults=[Fault(stall_after=60)], speed=4) as camera:
        reading = read(Source.parse(camera.address))
        began_s = time.monotonic()
        with pytest.raises(Stalled, match="fallen silent"):
            pictures.extend(reading)
    assert len(pictures) >= 8
    assert time.monotonic() - began_s < READ_S * 2 + 4


def test_a_camera_that_sends_no_picture_in_what_it_sends_is_noticed(
    make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "NO_PICTURE_S", 1.0)
    # Decoders conceal what is damaged, so here nothing is ever given out.
    monkeypatch.setattr("cameras.reader._Reading._decoded", lambda *_: iter(()))
    with pytest.raises(Stalled, match="no picture that can be decoded"):
        seen(Fault(), make_video(), 1)


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1])
def test_corrupt_pictures_are_read_through(make_video: MakeVideo, share: float) -> None:
    damage = Damage()
    try:
        pictures = seen(Fault(corrupt=share), make_video(), 30, damage=damage)
    except CameraError:
        assert share > 0.01
        return
    assert len(pictures) == 30
    assert all(picture.image.shape == (120, 160, 3) for picture in pictures)


WRAP = 2**32


@pytest.mark.parametrize(
    "ticks",
    [
        pytest.param(-20 * 90_000, id="20 s back"),
        pytest.param(3600 * 90_000, id="an hour ahead"),
        pytest.param(WRAP - 40 * 3600, id="wrapped"),
    ],
)
def test_a_camera_whose_clock_jumps_goes_on_in_time(make_video: MakeVideo, ticks: int) -> None:
    pictures = seen(Fault(jump_at=40, jump_ticks=ticks), make_video(), 25)
    steps = [later.at_s - sooner.at_s for sooner, later in itertools.pairwise(pictures)]
    assert 0.1 < min(steps) <= max(steps) < 1.0


def test_each_connection_has_a_ring_of_its_own_size(make_video: MakeVideo, tmp_path: Path) -> None:
    """A camera that is set to another resolution hangs up and comes back with it."""
    ring = PacketRing()
    large = film(tmp_path / "large.mp4", size=(320, 240))
    faults = [Fault(cut_after=50), Fault(film=1)]
    shapes = []
    with FaultyCamera(make_video(), large, faults=faults, speed=4) as camera:
        for _ in range(2):
            pictures = list(itertools.islice(read(Source.parse(camera.address), ring=ring), 12))
            shapes.append(pictures[-1].image.shape)
            assert ring.parameters is not None
            assert (ring.parameters.height, ring.parameters.width) == pictures[-1].image.shape[:2]
    assert shapes == [(120, 160, 3), (240, 320, 3)]
    assert ring.generation == 2


def test_pictures_are_dated_by_our_clock_whatever_the_cameras_says(make_video: MakeVideo) -> None:
    late: list[timedelta] = []
    with FaultyCamera(make_video(), faults=[Fault(clock_s=86_400.0)]) as camera:
        reading = itertools.islice(read(Source.parse(camera.address)), 10)
        late.extend(reader.utc_now() - picture.captured_at for picture in reading)
    # What was waiting at the opening is dated back; then a decoder holds a picture or two.
    assert timedelta(seconds=0.5) < late[0] < timedelta(seconds=3)
    assert timedelta(seconds=-0.4) < late[-1] < timedelta(seconds=0.4)
