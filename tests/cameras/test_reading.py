"""What a reader gives: pictures by media time, each with its instant, whatever the file is like."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from cameras.errors import CameraError, NoPicture, NotFound, NotVideo, TooLarge
from cameras.probe import probe
from cameras.reader import Damage, Picture, read
from cameras.ring import PacketRing
from cameras.source import Source
from cameras.write_video import VideoWriter
from tests.cameras.films import (
    NOON,
    cut_off,
    film,
    film_in_two_sizes,
    hurt,
    no_frames,
    sound_only,
    square,
)


@pytest.fixture(scope="module")
def plain_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of H.264, 25 pictures a second, a key frame a second."""
    return film(tmp_path_factory.mktemp("films") / "plain.mp4")


@pytest.fixture(scope="module")
def streaming_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds as a camera sends them: a transport stream, in which damage hurts only what it hits."""
    return film(tmp_path_factory.mktemp("films") / "camera.ts", seconds=6.0)


def pictures(path: Path, rate: float = 5.0, **more: object) -> list[Picture]:
    return list(read(Source.parse(str(path)), rate=rate, starts_at=NOON, **more))  # type: ignore[arg-type]


class LifeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


def test_pictures_come_at_the_rate_asked_for_by_media_time(plain_film: Path) -> None:
    assert [round(p.at_s, 2) for p in pictures(plain_film, 5.0)] == [round(n / 5, 2) for n in range(20)]


@pytest.mark.parametrize("fps", [6.0, 10.0, 25.0, 30.0])
def test_the_rate_of_the_camera_does_not_change_how_many_are_analysed(tmp_path: Path, fps: float) -> None:
    assert len(pictures(film(tmp_path / "a.mp4", fps=fps), 5.0)) == 20


def test_a_rate_above_the_cameras_gives_every_picture_once(plain_film: Path) -> None:
    assert len(pictures(plain_film, 1000.0)) == 100


def test_each_picture_carries_its_number_and_its_instant(plain_film: Path) -> None:
    seen = pictures(plain_film, 5.0)
    assert [p.sequence for p in seen] == list(range(20))
    assert [p.captured_at for p in seen] == [NOON + timedelta(seconds=p.at_s) for p in seen]
    assert seen[0].captured_at.tzinfo is UTC


def test_a_picture_shows_what_was_written_and_cannot_be_changed(plain_film: Path) -> None:
    image = pictures(plain_film, 5.0)[2].image
    assert np.abs(image.astype(int) - square(10).astype(int)).mean() < 4
    assert image.flags.c_contiguous
    assert image.dtype == np.uint8
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 0


def test_wide_pictures_are_scaled_down_where_a_width_is_given(plain_film: Path) -> None:
    assert pictures(plain_film, max_width=80)[0].image.shape == (60, 80, 3)
    assert pictures(plain_film, max_width=400)[0].image.shape == (120, 160, 3)


def test_pictures_with_uneven_gaps_are_all_found_though_the_mean_rate_says_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "uneven.mp4"
    shown = [*np.arange(0, 1, 0.04), 2.11, 3.13, 4.17, 5.19, *np.arange(6, 7, 0.04)]
    with VideoWriter(path, 25, (160, 120)) as writer:
        for number, at_s in enumerate(shown):
            writer.write(square(number), float(at_s))
    wanted = sorted({int(at_s * 5 + 1e-6) for at_s in shown})
    assert [int(p.at_s * 5 + 1e-3) for p in pictures(path, 5.0)] == wanted


def test_a_file_says_itself_when_it_was_made_unless_it_is_told(plain_film: Path, tmp_path: Path) -> None:
    path = tmp_path / "dated.mp4"
    with av.open(str(plain_film)) as old, av.open(str(path), "w") as new:
        new.metadata["creation_time"] = "2024-05-06T07:08:09Z"
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(video=0):
            if packet.size:
                packet.stream = stream
                new.mux_one(packet)
    source = Source.parse(str(path))
    assert next(read(source)).captured_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert next(read(source, starts_at=NOON)).captured_at == NOON


def test_a_file_without_a_date_begins_when_it_is_opened(plain_film: Path) -> None:
    assert next(read(Source.parse(str(plain_film)), now=lambda: NOON)).captured_at == NOON


def test_a_file_played_as_if_live_takes_as_long_as_it_lasts(plain_film: Path) -> None:
    life = LifeTime()
    seen = pictures(plain_film, pace="live", sleep=life.sleep, monotonic=life.monotonic)
    assert len(seen) == 20
    assert sum(life.slept) == pytest.approx(4.0, abs=0.1)


def test_a_worker_that_is_late_gives_pictures_up_instead_of_falling_behind(plain_film: Path) -> None:
    life, damage = LifeTime(), Damage()
    reading = read(
        Source.parse(str(plain_film)),
        pace="live",
        sleep=life.sleep,
        monotonic=life.monotonic,
        damage=damage,
    )
    next(reading)
    life.now_s += 2.5
    assert next(reading).at_s >= 1.4
    assert damage.pictures_late >= 5


def looped(path: Path, count: int, rate: float = 5.0) -> list[Picture]:
    reading: Iterator[Picture] = read(Source.parse(str(path)), rate=rate, starts_at=NOON, loop=True)
    return list(itertools.islice(reading, count))


def test_a_file_that_is_repeated_moves_on_in_time(plain_film: Path) -> None:
    seen = looped(plain_film, 65)
    steps = [later.at_s - sooner.at_s for sooner, later in itertools.pairwise(seen)]
    assert min(steps) > 0.1
    assert max(steps) < 0.3
    assert seen[-1].captured_at > NOON + timedelta(seconds=12)


def test_a_repeated_file_shorter_than_the_analysis_step_goes_on(tmp_path: Path) -> None:
    assert len(looped(film(tmp_path / "short.mp4", seconds=0.4), 5, rate=1.0)) == 5


def test_a_repeated_file_survives_a_pause_longer_than_itself(tmp_path: Path) -> None:
    life = LifeTime()
    reading = read(
        Source.parse(str(film(tmp_path / "short.mp4", seconds=0.5))),
        pace="live",
        loop=True,
        sleep=life.sleep,
        monotonic=life.monotonic,
    )
    next(reading)
    life.now_s += 4.0
    assert next(reading).at_s >= 3.0


def test_a_camera_that_changes_its_picture_size_is_followed(tmp_path: Path) -> None:
    shapes = [p.image.shape for p in pictures(film_in_two_sizes(tmp_path / "two.ts"))]
    assert shapes[0] == (120, 160, 3)
    assert shapes[-1] == (240, 320, 3)


def test_one_pixel_is_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "dot.png"
    cv2.imwrite(str(path), np.zeros((1, 1, 3), np.uint8))
    assert pictures(path)[0].image.shape == (1, 1, 3)


def test_pictures_above_the_limit_are_refused_with_their_size(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    cv2.imwrite(str(path), np.zeros((2, 8194, 3), np.uint8))
    with pytest.raises(TooLarge, match="8194×2"):
        pictures(path)


def test_every_packet_goes_to_the_ring_also_those_of_pictures_not_wanted(plain_film: Path) -> None:
    ring = PacketRing()
    assert len(pictures(plain_film, 1.0, ring=ring)) == 4
    assert len(ring) == 100


def test_damage_in_the_middle_is_passed_over_and_counted(streaming_film: Path, tmp_path: Path) -> None:
    data = bytearray(streaming_film.read_bytes())
    third = len(data) // 3
    data[third : third + 2000] = bytes(np.random.default_rng(1).integers(0, 256, 2000, np.uint8))
    path = tmp_path / "hurt.ts"
    path.write_bytes(data)
    whole, seen = pictures(streaming_film), pictures(path)
    assert len(seen) >= len(whole) - 8
    assert seen[-1].at_s == pytest.approx(whole[-1].at_s, abs=0.5)


def nothing(path: Path) -> Path:
    return path


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def text(path: Path) -> Path:
    path.write_text("the minutes of the meeting\n" * 50)
    return path


def archive(path: Path) -> Path:
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def headless(path: Path) -> Path:
    """An ordinary MP4, whose index is at the end, cut off before it."""
    whole = path.with_name("whole.mov.mkv.mp4")
    with av.open(str(whole), "w") as container:
        stream = container.add_stream("h264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(50):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(square(number), format="bgr24")))
        container.mux(stream.encode(None))
    return cut_off(path, whole)


@pytest.mark.parametrize(
    ("make", "name", "kind"),
    [
        (nothing, "none.mp4", NotFound),
        (empty, "empty.mp4", NoPicture),
        (text, "text.mp4", NotVideo),
        (text, "notes.txt", NotVideo),
        (archive, "archive.zip", NotVideo),
        (folder, "folder", NoPicture),
        (headless, "headless.mp4", NotVideo),
        (sound_only, "sound.m4a", NoPicture),
        (no_frames, "no_frames.mp4", NoPicture),
    ],
)
def test_what_is_no_video_is_refused_in_one_sentence_that_names_it(
    make: object, name: str, kind: type[CameraError], tmp_path: Path
) -> None:
    path = make(tmp_path / name)  # type: ignore[operator]
    with pytest.raises(kind) as caught:
        pictures(path)
    sentence = str(caught.value)
    assert name in sentence
    assert ":" in sentence
    assert "\n" not in sentence
    assert "Errno" not in sentence


@pytest.mark.parametrize("suffix", ["mp4", "ts", "gif"])
def test_no_mutilated_file_brings_the_reader_down(suffix: str, tmp_path: Path) -> None:
    codec = "gif" if suffix == "gif" else "h264"
    whole = small_film(tmp_path / f"whole.{suffix}", codec).read_bytes()
    path = tmp_path / f"hurt.{suffix}"
    outcomes: set[str] = set()
    for seed in range(70):
        path.write_bytes(hurt(whole, seed))
        outcomes.add(read_or_refused(path))
    assert "read" in outcomes


def small_film(path: Path, codec: str) -> Path:
    if codec == "h264":
        return film(path, seconds=1.0, fps=10)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "rgb8"
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(square(number), format="bgr24").reformat(format="rgb8")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def read_or_refused(path: Path) -> str:
    """All outcomes that are allowed; any other exception fails the test."""
    try:
        for picture in read(Source.parse(str(path)), rate=100, ring=PacketRing(), starts_at=NOON):
            assert picture.image.ndim == 3
    except CameraError as refusal:
        return type(refusal).__name__
    return "read"


def test_real_videos_are_read_to_their_end(shared: Path) -> None:
    paths = sorted((shared / "video").glob("*.[gm][ip][f4]"))
    assert paths
    for path in paths:
        info = probe(Source.parse(str(path)))
        last = 0.0
        for picture in read(Source.parse(str(path)), rate=1.0):
            last = picture.at_s
        assert info.duration_s is not None
        assert last > info.duration_s - 2.1
