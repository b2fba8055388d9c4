"""Truth files are read whole, or refused with a sentence that says what is wrong and where."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from datasets.true_frames import read_frames
from datasets.truth import TruthError, find_truths, load_truth
from tests.datasets.measured import STANDING, at, episode, true_person, written
from vision.values import JOINT


def saved(folder: Path, **changes: Any) -> Path:
    at(folder).write_text(json.dumps(written(**changes)), encoding="utf-8")
    return at(folder)


def test_truth_is_read_and_knows_its_files(tmp_path: Path) -> None:
    path = saved(tmp_path, episodes=[episode("phone_use", 5, 19)], frames="clip.frames.jsonl")
    truth = load_truth(path)
    assert truth.name == "clip"
    assert truth.clip_path == tmp_path / "clip.mp4"
    assert truth.frames_path == tmp_path / "clip.frames.jsonl"
    assert truth.site_path is None
    assert truth.episodes[0].duration_s == 14


def test_a_site_file_beside_the_clip_is_found_without_being_named(tmp_path: Path) -> None:
    (tmp_path / "clip.site.yaml").write_text("hall: {}")
    assert load_truth(saved(tmp_path)).site_path == tmp_path / "clip.site.yaml"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": 2}, "format 2"),
        ({"format": "1"}, "must be 1"),
        ({"format": None}, "`format` is missing"),
        ({"colour": "red"}, "no key `colour`"),
        ({"episodes": [{**episode("phone_use", 1, 2), "sort": 1}]}, "no key `episodes.0.sort`"),
        ({"episodes": [episode("sleeping", 1, 2)]}, "no behaviour"),
        ({"episodes": [episode("phone_use", 9, 2)]}, "ends before it starts"),
        ({"episodes": [episode("phone_use", 1, 2, window="7")]}, "names a window"),
        ({"duration_s": float("nan")}, "duration_s"),
        ({"clip": "../elsewhere.mp4"}, "clip"),
        ({"starts_at": "2026-03-02T09:30:00"}, "starts_at"),
        ({"windows": {}}, "windows"),
    ],
)
def test_a_slip_in_the_truth_is_told_in_one_sentence(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    path = saved(tmp_path, **changes)
    with pytest.raises(TruthError) as refused:
        load_truth(path)
    assert told in str(refused.value)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "3"])
def test_what_is_no_truth_at_all_is_refused(tmp_path: Path, text: str) -> None:
    at(tmp_path).write_text(text)
    with pytest.raises(TruthError):
        load_truth(at(tmp_path))


def test_a_folder_without_truth_says_how_truth_lies(tmp_path: Path) -> None:
    with pytest.raises(TruthError, match=r"NAME\.mp4"):
        find_truths(tmp_path)


def test_truths_are_found_by_name_and_a_file_stands_for_itself(tmp_path: Path) -> None:
    path = saved(tmp_path)
    (tmp_path / "another.truth.json").write_text("{}")
    assert [found.name for found in find_truths(tmp_path)] == ["another.truth.json", "clip.truth.json"]
    assert find_truths(path) == (path,)


def lines(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "clip.frames.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def test_short_joint_names_are_the_persons_own_left(tmp_path: Path) -> None:
    joints = {"nose": [1, 2], "shL": [3, 4], "wrR": [5, 6], "anL": [7, 8], "eyeR": [9, 10]}
    path = lines(tmp_path, {"t_s": 0, "persons": [{"id": "a", "side": "staff", "joints_px": joints}]})
    points = read_frames(path).frames[0].persons[0].joints
    assert points[JOINT["left_shoulder"]].tolist() == [3, 4]
    assert points[JOINT["right_wrist"]].tolist() == [5, 6]
    assert points[JOINT["left_ankle"]].tolist() == [7, 8]
    assert points[JOINT["right_eye"]].tolist() == [9, 10]


def test_a_packed_file_stands_for_the_plain_one(tmp_path: Path) -> None:
    plain = lines(tmp_path, {"t_s": 0.2, "persons": [true_person()]})
    (tmp_path / "clip.frames.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert read_frames(plain).frames[0].t_s == 0.2


def test_a_wrong_line_is_named_by_its_number(tmp_path: Path) -> None:
    wrong = {"t_s": 0.1, "persons": [{"id": "a", "side": "roof"}]}
    with pytest.raises(TruthError, match=r"clip\.frames\.jsonl:2: persons\.0\.side"):
        read_frames(lines(tmp_path, {"t_s": 0.0}, wrong))


def test_an_unknown_joint_is_refused(tmp_path: Path) -> None:
    wrong = {"t_s": 0.0, "persons": [true_person(joints_px={"tail": [1, 2]})]}
    with pytest.raises(TruthError, match="no joint `tail`"):
        read_frames(lines(tmp_path, wrong))


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "clip.frames.jsonl.gz").write_bytes(gzip.compress(b"x" * 5000)[:20])
    with pytest.raises(TruthError, match="cannot be read"):
        read_frames(tmp_path / "clip.frames.jsonl")


def test_frames_are_found_by_their_time_and_not_beyond(tmp_path: Path) -> None:
    found = read_frames(lines(tmp_path, {"t_s": 0.2}, {"t_s": 0.0}, {"t_s": 0.1}))
    nearest = found.at(0.12, 0.06)
    assert nearest is not None
    assert nearest.t_s == 0.1
    assert found.at(0.4, 0.06) is None


def test_joints_outside_the_picture_or_hidden_are_not_in_view(tmp_path: Path) -> None:
    joints = {**STANDING, "left_ankle": (115, 400)}
    hidden = {name: name != "nose" for name in STANDING}
    person = true_person(joints_px=joints, visible=hidden)
    in_view = (
        read_frames(lines(tmp_path, {"t_s": 0, "persons": [person]})).frames[0].persons[0].in_view(640, 360)
    )
    assert not in_view[JOINT["left_ankle"]]
    assert not in_view[JOINT["nose"]]
    assert in_view.sum() == 15


def test_every_clip_of_the_test_material_is_read(shared: Path) -> None:
    for path in find_truths(shared / "clips"):
        truth = load_truth(path)
        assert truth.clip_path.is_file()
        assert truth.frames_path is not None
        assert len(read_frames(truth.frames_path).frames) == round(truth.duration_s * truth.fps)
