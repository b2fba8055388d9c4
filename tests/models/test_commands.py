"""`hallwatch models …` as people use it: what is printed, and the exit code."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.commands import app
from models.storage import Store
from tests.models.tiny_networks import network, rows


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, store: Store) -> Store:
    """An empty store that the command uses."""
    monkeypatch.setenv("HALLWATCH_MODELS", str(store.folder))
    return store


@pytest.fixture
def filled_home(home: Store, filled_store: Store) -> Store:
    """A store of its own with every network, so that a test may break one."""
    assert models("pull", "--from", str(filled_store.folder)).exit_code == 0
    return home


def models(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def assert_one_sentence(result: Result) -> str:
    """The command failed with one line and no traceback."""
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith(".\n")
    return result.stderr


def test_a_pull_from_a_folder_says_what_it_stored_and_where(filled_store: Store, home: Store) -> None:
    result = models("pull", "--from", str(filled_store.folder))
    assert result.exit_code == 0
    assert "pose_landmark_full.tflite: stored" in result.stdout
    assert f"Networks are in {home.folder}" in result.stdout
    again = models("pull")
    assert again.exit_code == 0
    assert "pose_landmark_full.tflite: already here" in again.stdout
    assert "stored" not in again.stdout


def test_a_pull_from_an_empty_folder_fails_in_one_sentence(home: Store, tmp_path: Path) -> None:
    assert "pose_detection.tflite" in assert_one_sentence(models("pull", "--from", str(tmp_path)))


def test_the_list_shows_licence_and_what_is_missing(home: Store) -> None:
    result = models("list")
    assert result.exit_code == 0
    (row,) = [line for line in result.stdout.splitlines() if "pose_landmark_full " in line]
    assert "Apache-2.0" in row
    assert "6.4" in row
    assert "│ no " in row


def test_the_list_shows_a_detector_of_ones_own(home: Store, tmp_path: Path) -> None:
    path = network(tmp_path / "own.onnx", rows())
    assert models("import", str(path), "--licence", "MIT").exit_code == 0
    (row,) = [line for line in models("list").stdout.splitlines() if " own " in line]
    assert "detector" in row
    assert "MIT" in row
    assert "│ yes " in row


def test_a_good_store_is_verified(filled_home: Store, tmp_path: Path) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_text("phone\ncigarette\n", encoding="utf-8")
    own = network(tmp_path / "own.onnx", rows(2))
    assert models("import", str(own), "--labels", str(labels)).exit_code == 0
    result = models("verify")
    assert result.exit_code == 0, result.stdout
    lines = result.stdout.splitlines()
    assert len(lines) == 8
    assert all(line.endswith(": right") for line in lines)


def test_an_empty_store_is_not(home: Store) -> None:
    result = models("verify")
    assert result.exit_code == 1
    assert result.stdout.count("run `hallwatch models pull`") == 7


def test_a_damaged_network_is_told_and_the_others_still_checked(filled_home: Store) -> None:
    path = filled_home.folder / "hand_landmark_full.tflite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    result = models("verify")
    assert result.exit_code == 1
    assert "hand_landmark_full.tflite is not the network it should be (checksum differs)" in result.stdout
    assert result.stdout.count(": right") == 6


def test_a_damaged_bundle_is_told_and_pull_packs_it_again(filled_home: Store) -> None:
    (filled_home.folder / "pose_landmarker_full.task").write_bytes(b"half")
    assert "pose_landmarker_full.task is not what its networks make" in models("verify").stdout
    assert models("pull").exit_code == 0
    assert models("verify").exit_code == 0


def test_a_detector_that_changed_after_its_import_is_told(home: Store, tmp_path: Path) -> None:
    assert models("import", str(network(tmp_path / "own.onnx", rows()))).exit_code == 0
    changed = rows()
    changed[0, 4] = 0.5
    network(home.detectors / "own.onnx", changed)
    assert "has changed since it was imported" in models("verify").stdout


def test_what_is_no_network_is_not_imported(home: Store, tmp_path: Path) -> None:
    path = tmp_path / "letter.onnx"
    path.write_text("Dear Sir or Madam", encoding="utf-8")
    assert "letter.onnx is not a usable ONNX network" in assert_one_sentence(models("import", str(path)))


def test_labels_are_taken_from_a_file(home: Store, tmp_path: Path) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_text("phone\ncigarette\n", encoding="utf-8")
    path = network(tmp_path / "own.onnx", rows(2))
    assert "knows 2 classes" in assert_one_sentence(models("import", str(path)))
    assert models("import", str(path), "--labels", str(labels)).exit_code == 0


def test_the_real_detector_is_imported(home: Store, yolox_nano: Path) -> None:
    result = models("import", str(yolox_nano), "--name", "coco")
    assert result.exit_code == 0
    assert (home.detectors / "coco.onnx").is_file()


def test_a_store_that_cannot_be_written_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, filled_store: Store
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("HALLWATCH_MODELS", str(tmp_path / "file" / "models"))
    said = assert_one_sentence(models("pull", "--from", str(filled_store.folder)))
    assert "name another folder in HALLWATCH_MODELS" in said


def test_the_help_is_chinese_and_english() -> None:
    shown = models("--help").stdout
    assert "下载模型" in shown
    assert "Bring the networks" in shown
