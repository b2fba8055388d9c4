"""`hallwatch analyze` and `hallwatch inspect` as people type them, on real clips and on broken files."""

import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from onnx import TensorProto, helper

from cameras.reader import read
from cameras.source import Source
from models.storage import Store
from tests.cameras.films import cut_off, film, no_frames, sound_only
from tests.conftest import need

KEYS = {"behaviour", "variant", "window", "started_s", "ended_s", "score", "measures", "clip"}
FULL_DISK_BYTES = 30_000

SITE = """
hall: {id: h, name: 大厅, name_en: Hall, time_zone: Asia/Shanghai}
windows: [{id: "7", name: 七号, name_en: Seven}]
cameras:
  - id: c
    name: c
    source: unused.mp4
    analysis_fps: RATE
    zones: {"7": {staff: ZONE}}
"""
WHOLE = "[[0, 0], [1, 0], [1, 1], [0, 1]]"
CORNER = "[[0, 0], [0.05, 0], [0.05, 0.05], [0, 0.05]]"


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    errors: list[str]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def said_of(self, path: Path) -> list[str]:
        return [line for line in self.errors if path.name in line]


def hallwatch(*words: object, disk_bytes: int | None = None) -> Answer:
    """Run the command; `disk_bytes` is the size at which no file can grow further."""

    def small_disk() -> None:
        if disk_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (disk_bytes, disk_bytes))

    command = [sys.executable, "-m", "hallwatch", *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=200, preexec_fn=small_disk, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Answer(done.returncode, done.stdout, done.stderr.splitlines())


@pytest.fixture(scope="module")
def clips(shared: Path) -> Path:
    need((Store.default().folder / "pose_landmark_full.tflite").is_file(), "the networks (make networks)")
    return shared / "clips"


@pytest.fixture
def networks(clips: Path) -> None:
    """The networks are here."""


def site_file(folder: Path, zone: str = WHOLE, rate: float = 5) -> Path:
    path = folder / "site.yaml"
    path.write_text(SITE.replace("RATE", str(rate)).replace("ZONE", zone), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def three_clips(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Path]:
    names = ("phone_ear-woman-desk", "arms_crossed-man-cctv", "normal-woman-cctv")
    out = tmp_path_factory.mktemp("out")
    return hallwatch("analyze", *(clips / f"{name}.mp4" for name in names), "--json", "--out", out), out


def test_each_event_is_a_line_with_the_promised_keys(three_clips: tuple[Answer, Path]) -> None:
    answer, _ = three_clips
    assert answer.code == 0
    assert answer.lines
    assert all(set(line) >= KEYS for line in answer.lines)
    assert all(0 <= line["score"] <= 1 and line["window"] == "1" for line in answer.lines)


def test_clips_show_what_their_truth_names_and_ordinary_work_nothing(
    three_clips: tuple[Answer, Path],
) -> None:
    found = [(Path(line["source"]).stem, line["behaviour"], line["variant"]) for line in three_clips[0].lines]
    assert found == [
        ("phone_ear-woman-desk", "phone_use", "call"),
        ("arms_crossed-man-cctv", "arms_crossed", None),
    ]


def test_they_begin_and_end_within_two_seconds_of_the_truth(
    three_clips: tuple[Answer, Path], clips: Path
) -> None:
    for line in three_clips[0].lines:
        truth = json.loads((clips / f"{Path(line['source']).stem}.truth.json").read_text(encoding="utf-8"))
        (episode,) = truth["episodes"]
        assert line["started_s"] == pytest.approx(episode["start_s"], abs=2)
        assert line["ended_s"] == pytest.approx(episode["end_s"], abs=2)


def test_out_has_a_clip_that_plays_and_the_annotated_video(three_clips: tuple[Answer, Path]) -> None:
    answer, out = three_clips
    clip = Path(answer.lines[1]["clip"])
    assert clip.parent == out / "clips"
    assert list(read(Source.parse(str(clip))))[-1].at_s > 10
    annotated = list(read(Source.parse(str(out / "arms_crossed-man-cctv.annotated.mp4"))))
    assert annotated[-1].at_s == pytest.approx(23.8, abs=0.5)


@pytest.mark.parametrize(("zone", "found"), [(WHOLE, ["7"]), (CORNER, [])])
def test_a_site_says_where_the_clerks_are(clips: Path, tmp_path: Path, zone: str, found: list[str]) -> None:
    site = site_file(tmp_path, zone, rate=2)
    answer = hallwatch("analyze", clips / "arms_crossed-man-cctv.mp4", "--site", site, "--json")
    assert answer.code == 0
    assert [line["window"] for line in answer.lines if line["behaviour"] == "arms_crossed"] == found


@pytest.mark.slow
def test_an_absence_of_minutes_is_found(clips: Path, tmp_path: Path) -> None:
    site = site_file(tmp_path, rate=1)
    answer = hallwatch("analyze", clips / "absence-man-cctv.mp4", "--site", site, "--json")
    (absence,) = [line for line in answer.lines if line["behaviour"] == "absence"]
    assert absence["started_s"] == pytest.approx(10, abs=2)
    assert absence["ended_s"] == pytest.approx(210, abs=2)


@pytest.mark.slow
def test_people_who_are_there_are_not_absent(clips: Path, shared: Path, tmp_path: Path) -> None:
    video = shared / "video" / "one-by-one-person-detection.mp4"
    answer = hallwatch("analyze", video, "--site", site_file(tmp_path, rate=1), "--json")
    assert answer.code == 0
    assert not [line for line in answer.lines if line["behaviour"] == "absence"]


def text(path: Path) -> None:
    path.write_text("not a film\n" * 200, encoding="utf-8")


def archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("film", b"film" * 1000)


def without_index(path: Path) -> None:
    path.write_bytes(film(path.with_name("whole.mp4"), seconds=1).read_bytes().replace(b"moov", b"junk"))


def broken_off(path: Path) -> None:
    cut_off(path, film(path.with_name("long.mp4"), seconds=3))


def wounded(path: Path) -> None:
    data = bytearray(film(path.with_name("sound.mp4"), seconds=3, size=(320, 240)).read_bytes())
    middle = len(data) // 2
    data[middle : middle + 300] = bytes(byte ^ 0xFF for byte in data[middle : middle + 300])
    path.write_bytes(data)


def sized(width: int, height: int) -> Callable[[Path], object]:
    return lambda path: film(path, seconds=0.2, fps=5, size=(width, height), codec="ffv1")


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing.mp4": (lambda path: None, "check the path"),
    "text.mp4": (text, "give an MP4"),
    "zip.mp4": (archive, "give an MP4"),
    "sound.m4a": (sound_only, "choose a recording of a camera"),
    "no_picture.mp4": (no_frames, "copy the file again|choose a recording"),
    "no_index.mp4": (without_index, "give an MP4"),
    "broken_off.mp4": (broken_off, "copy the file again"),
    "wounded.mp4": (wounded, "copy the file again"),
    "tiny.mkv": (sized(1, 1), "at least 32×32"),
    "huge.mkv": (sized(8320, 32), "8192 is the limit"),
}


@pytest.fixture(scope="module")
def broken(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Path]:
    """All broken files, and after them a good one, in one command."""
    folder = tmp_path_factory.mktemp("broken")
    for name, (make, _) in BROKEN.items():
        make(folder / name)
    good = clips / "arms_crossed-man-cctv.mp4"
    site = site_file(folder, rate=2)
    return hallwatch("analyze", *(folder / name for name in BROKEN), good, "--site", site, "--json"), folder


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_analysed_gets_one_sentence_that_says_what_to_do(
    broken: tuple[Answer, Path], name: str
) -> None:
    answer, folder = broken
    (sentence,) = answer.said_of(folder / name)
    assert any(advice in sentence for advice in BROKEN[name][1].split("|"))


def test_the_other_files_are_analysed_all_the_same(broken: tuple[Answer, Path]) -> None:
    answer, _ = broken
    assert answer.code == 2
    assert [line["behaviour"] for line in answer.lines] == ["arms_crossed"]


def test_a_full_disk_costs_clip_and_video_but_not_the_event(clips: Path, tmp_path: Path) -> None:
    video = clips / "arms_crossed-man-cctv.mp4"
    site = site_file(tmp_path, rate=2)
    answer = hallwatch(
        "analyze", video, "--site", site, "--json", "--out", tmp_path / "out", disk_bytes=FULL_DISK_BYTES
    )
    assert answer.code == 2
    assert [(line["behaviour"], line["clip"]) for line in answer.lines] == [("arms_crossed", None)]
    assert any("The disk is full" in line and "Make room" in line for line in answer.errors)
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()], "no torn file is left"


@pytest.mark.usefixtures("networks")
def test_a_folder_that_cannot_be_made_is_told_before_the_work(tmp_path: Path) -> None:
    video = film(tmp_path / "film.mp4", seconds=1)
    answer = hallwatch("analyze", video, "--out", video / "out")
    assert answer.code == 2
    assert "name with --out a folder you may write to" in answer.errors[-1]


@pytest.mark.usefixtures("networks")
def test_a_site_file_with_errors_is_told_by_line(tmp_path: Path) -> None:
    site = site_file(tmp_path)
    site.write_text(
        site.read_text(encoding="utf-8").replace("analysis_fps", "analysis_fsp"), encoding="utf-8"
    )
    answer = hallwatch("analyze", film(tmp_path / "film.mp4", seconds=1), "--site", site)
    assert answer.code == 2
    assert any("analysis_fps" in line for line in answer.errors), "the right spelling is suggested"


@pytest.mark.usefixtures("networks")
def test_a_detector_that_is_no_network_is_told(tmp_path: Path) -> None:
    text(tmp_path / "detector.onnx")
    video = film(tmp_path / "film.mp4", seconds=1)
    answer = hallwatch("analyze", video, "--detector", tmp_path / "detector.onnx")
    assert answer.code == 2
    assert "export it to ONNX again" in answer.errors[-1]


@pytest.mark.usefixtures("networks")
def test_a_detector_with_other_outputs_is_told(tmp_path: Path) -> None:
    odd = tmp_path / "odd.onnx"
    value = partial(helper.make_tensor_value_info, elem_type=TensorProto.FLOAT, shape=[1, 3])
    graph = helper.make_graph(
        [helper.make_node("Relu", ["x"], ["y"])], "odd", [value(name="x")], [value(name="y")]
    )
    opset = [helper.make_opsetid("", 17)]
    odd.write_bytes(helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString())
    answer = hallwatch("analyze", film(tmp_path / "film.mp4", seconds=1), "--detector", odd)
    assert answer.code == 2
    assert answer.said_of(odd)


@pytest.fixture(scope="module")
def stills(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Path]:
    """Pictures that are none, one of a clerk with crossed arms, and one of 8K, in one command."""
    folder = tmp_path_factory.mktemp("stills")
    crossed = Source.parse(str(clips / "arms_crossed-man-cctv.mp4"))
    image = next(picture.image for picture in read(crossed, rate=1) if picture.at_s >= 12)
    cv2.imwrite(str(folder / "crossed.jpg"), image)
    cv2.imwrite(str(folder / "8k.jpg"), np.full((4320, 7680, 3), 90, np.uint8))
    cv2.imwrite(str(folder / "tiny.png"), np.zeros((1, 1, 3), np.uint8))
    cut_off(folder / "cut.jpg", folder / "crossed.jpg")
    text(folder / "text.jpg")
    names = ("missing.jpg", "text.jpg", "tiny.png", "cut.jpg", "crossed.jpg", "8k.jpg")
    paths = [folder / name for name in names]
    return hallwatch("inspect", *paths, "--json", "--overlay", folder / "drawn"), folder


def test_each_picture_is_a_line_and_scores_are_shares(stills: tuple[Answer, Path]) -> None:
    answer, folder = stills
    crossed, empty = answer.lines
    assert crossed.keys() == empty.keys() == {"image", "persons", "things"}
    assert (crossed["image"], empty["persons"]) == (str(folder / "crossed.jpg"), [])
    (person,) = crossed["persons"]
    assert person.keys() == {"box", "zone", "keypoints", "scores"}
    assert len(person["keypoints"]) == 17
    assert all(score is None or 0 <= score <= 1 for score in person["scores"].values())
    assert person["scores"]["arms_crossed"] > 0.5


def test_the_overlay_is_a_picture_of_the_same_size(stills: tuple[Answer, Path]) -> None:
    _, folder = stills
    drawn, plain = (cv2.imread(str(folder / name)) for name in ("drawn/crossed.jpg", "crossed.jpg"))
    assert drawn is not None
    assert plain is not None
    assert drawn.shape == plain.shape
    assert np.abs(drawn.astype(int) - plain).max() > 100, "something is drawn on it"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("missing.jpg", "check the name"),
        ("text.jpg", "give a JPEG or PNG"),
        ("tiny.png", "at least 32×32"),
        ("cut.jpg", "copy the picture again"),
    ],
)
def test_a_picture_that_cannot_be_inspected_gets_one_sentence(
    stills: tuple[Answer, Path], name: str, advice: str
) -> None:
    answer, folder = stills
    (sentence,) = answer.said_of(folder / name)
    assert advice in sentence
    assert answer.code == 2


def test_an_overlay_that_cannot_be_written_costs_the_drawing_alone(
    stills: tuple[Answer, Path],
) -> None:
    picture = stills[1] / "crossed.jpg"
    answer = hallwatch("inspect", picture, "--json", "--overlay", picture / "drawn")
    assert answer.code == 2
    assert len(answer.lines) == 1
    assert any("cannot be written" in line for line in answer.errors)
