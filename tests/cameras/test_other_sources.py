"""HTTP cameras, webcams, and folders of files."""

import itertools
import shutil
from pathlib import Path
from typing import Any

import av
import pytest

from cameras.errors import NoPicture, NotFound, Unreachable
from cameras.probe import probe
from cameras.reader import Damage, read
from cameras.ring import PacketRing
from cameras.source import Kind, Source
from tests.cameras.conftest import MakeVideo
from tests.cameras.films import NOON, film
from tests.fakes.mjpeg_camera import MjpegCamera


def test_pictures_over_http_are_read() -> None:
    with MjpegCamera() as camera:
        seen = list(itertools.islice(read(Source.parse(camera.address), rate=5), 6))
    assert seen[-1].image.shape == (120, 160, 3)
    assert seen[-1].at_s > seen[0].at_s


def test_pictures_over_http_behind_a_password_are_read() -> None:
    with MjpegCamera(("admin", "p@ss")) as camera:
        behind = camera.address.replace("http://", "http://admin:p%40ss@")
        assert next(read(Source.parse(behind))).image.any()
        with pytest.raises(Unreachable):
            next(read(Source.parse(camera.address.replace("http://", "http://admin:wrong@"))))


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("0", "/dev/video0"),
        ("/dev/video2", "/dev/video2"),
        ("/dev/v4l/by-id/usb-cam", "/dev/v4l/by-id/usb-cam"),
    ],
)
def test_a_webcam_is_opened_by_number_or_path(
    monkeypatch: pytest.MonkeyPatch, make_video: MakeVideo, text: str, device: str
) -> None:
    opened: list[tuple[str, str | None]] = []
    really_open, video = av.open, make_video()

    def open_film(name: str, mode: str, *, format: str | None, **_how: Any) -> Any:  # noqa: A002
        opened.append((name, format))
        return really_open(str(video))

    monkeypatch.setattr("cameras.libav.av.open", open_film)
    source = Source.parse(text)
    assert source.kind is Kind.WEBCAM
    assert source.is_live
    assert next(read(source)).image.shape == (120, 160, 3)
    assert opened == [(device, "v4l2")]


def test_a_webcam_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(NotFound, match="no webcam /dev/video987"):
        next(read(Source.parse("/dev/video987")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A recorder's folder: parts of one, two and one second, of two makes, and a note."""
    film(tmp_path / "part2.mp4", seconds=2.0)
    film(tmp_path / "part10.ts", seconds=1.0)
    film(tmp_path / "part1.mp4", seconds=1.0)
    (tmp_path / "readme.txt").write_text("not a video")
    return tmp_path


def test_the_files_of_a_folder_follow_one_another_without_a_gap(folder: Path) -> None:
    ring = PacketRing()
    seen = list(read(Source.parse(str(folder)), starts_at=NOON, ring=ring))
    assert [round(p.at_s, 1) for p in seen] == [round(n / 5, 1) for n in range(20)]
    assert ring.generation == 3, "packets of two files are never joined into one clip"


def test_a_folder_is_entered_in_the_middle_of_a_part(folder: Path) -> None:
    seen = list(read(Source.parse(str(folder)), starts_at=NOON, skip_to_s=2.0))
    assert len(seen) == pytest.approx(10, abs=1)


def test_a_folder_is_played_again_and_again(folder: Path) -> None:
    seen = list(itertools.islice(read(Source.parse(str(folder)), starts_at=NOON, loop=True), 50))
    steps = [later.at_s - sooner.at_s for sooner, later in itertools.pairwise(seen)]
    assert 0.1 < min(steps) <= max(steps) < 0.3


def test_a_damaged_part_costs_only_itself(folder: Path) -> None:
    (folder / "part2.mp4").write_bytes(b"no video at all")
    damage = Damage()
    assert len(list(read(Source.parse(str(folder)), starts_at=NOON, damage=damage))) == 10
    assert damage.files == 1


def test_a_folder_is_told_by_its_first_part_and_whole_length(folder: Path) -> None:
    told = probe(Source.parse(str(folder)))
    assert (told.width, told.codec) == (160, "h264")
    assert told.duration_s == pytest.approx(4.0, abs=0.2)


def test_an_empty_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    with pytest.raises(NoPicture, match="put MP4"):
        next(read(Source.parse(str(tmp_path))))
