"""A detector of one's own is copied, remembered with its names, and found again."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from models.detector_cards import imported_detectors, read_card
from models.detectors import find_detector, import_detector, open_detector, read_labels
from models.errors import NetworkMissing, NetworkRefused
from models.storage import Store, sha256_of
from tests.models.tiny_networks import network, row_of, rows

PICTURE = np.zeros((64, 64, 3), dtype=np.uint8)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A detector of two classes that sees the second one."""
    answer = rows(2)
    index, row = row_of((10, 10, 40, 40), 8, 2, 1)
    answer[index] = row
    return network(tmp_path / "counter.onnx", answer)


def test_an_imported_detector_works_with_its_names_after_the_original_is_gone(
    store: Store, own: Path
) -> None:
    target = import_detector(store, own, labels=("phone", "cigarette"))
    own.unlink()
    assert imported_detectors(store) == {"counter": target}
    assert [thing.label for thing in open_detector(target).detect(PICTURE)] == ["cigarette"]


def test_its_card_says_what_it_is(store: Store, own: Path) -> None:
    target = import_detector(store, own, "windows", ("phone", "cigarette"), licence="MIT")
    card = read_card(target)
    assert card is not None
    assert target.name == "windows.onnx"
    assert (card.decoder, card.licence, card.labels) == ("yolox", "MIT", ("phone", "cigarette"))
    assert card.sha256 == sha256_of(own)


def test_a_detector_is_opened_from_its_file_without_import(own: Path) -> None:
    assert open_detector(own, ("phone", "cigarette")).labels == ("phone", "cigarette")


def test_a_refused_detector_leaves_the_store_as_it_was(store: Store, own: Path) -> None:
    with pytest.raises(NetworkRefused, match="knows 2 classes"):
        import_detector(store, own)
    assert imported_detectors(store) == {}


def test_importing_the_same_again_changes_names_and_nothing_else(store: Store, own: Path) -> None:
    import_detector(store, own, labels=("phone", "cigarette"))
    target = import_detector(store, own, labels=("mobile", "smoke"))
    assert open_detector(target).labels == ("mobile", "smoke")
    assert len(imported_detectors(store)) == 1


def test_another_detector_does_not_take_a_name_that_is_taken(store: Store, own: Path, tmp_path: Path) -> None:
    first = import_detector(store, own, labels=("phone", "cigarette"))
    other = network(tmp_path / "other.onnx", rows())
    with pytest.raises(NetworkRefused, match="Another network is imported as counter"):
        import_detector(store, other, "counter")
    assert open_detector(first).labels == ("phone", "cigarette")


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "a b", "x" * 65, "-rf"])
def test_a_name_that_is_no_plain_file_name_is_refused(store: Store, own: Path, name: str) -> None:
    with pytest.raises(NetworkRefused, match="is no name for a network"):
        import_detector(store, own, name, ("phone", "cigarette"))


def test_a_chinese_name_is_a_name(store: Store, own: Path) -> None:
    assert import_detector(store, own, "窗口检测", ("手机", "香烟")).stem == "窗口检测"


def test_a_name_of_hallwatchs_own_networks_is_refused(store: Store, own: Path) -> None:
    with pytest.raises(NetworkRefused, match="hallwatch's own"):
        import_detector(store, own, "pose_detection", ("phone", "cigarette"))


def test_weights_in_a_second_file_are_refused_and_not_kept(store: Store, tmp_path: Path) -> None:
    whole = onnx.load(network(tmp_path / "whole.onnx", rows()))
    split = tmp_path / "split.onnx"
    onnx.save(whole, split, save_as_external_data=True, location="split.data", size_threshold=0)
    with pytest.raises(NetworkRefused, match="weights in a second file"):
        import_detector(store, split)
    assert list(store.detectors.iterdir()) == []


def test_without_any_detector_there_is_none(store: Store) -> None:
    assert find_detector(store) is None


def test_the_only_imported_detector_is_used_unasked(store: Store, own: Path) -> None:
    target = import_detector(store, own, labels=("phone", "cigarette"))
    assert find_detector(store) == target


def test_of_several_one_must_be_named(store: Store, own: Path) -> None:
    import_detector(store, own, "one", ("phone", "cigarette"))
    two = import_detector(store, own, "two", ("phone", "cigarette"))
    with pytest.raises(NetworkMissing, match=r"one, two\): name the one to use"):
        find_detector(store)
    assert find_detector(store, "two") == two


def test_a_file_is_found_by_its_path(store: Store, own: Path) -> None:
    assert find_detector(store, str(own)) == own


def test_a_detector_that_is_nowhere_is_said_with_those_there_are(store: Store, own: Path) -> None:
    import_detector(store, own, labels=("phone", "cigarette"))
    with pytest.raises(NetworkMissing, match=r"no detector conter: .*imported are counter"):
        find_detector(store, "conter")


def test_a_damaged_card_is_said(store: Store, own: Path) -> None:
    target = import_detector(store, own, labels=("phone", "cigarette"))
    target.with_suffix(".json").write_text('{"labels": 3}', encoding="utf-8")
    with pytest.raises(NetworkRefused, match=r"counter\.json is damaged: import the network counter again"):
        open_detector(target)


def test_labels_are_read_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "labels.txt"
    path.write_bytes("\ufeff手机\r\ncigarette \n".encode())
    assert read_labels(path) == ("手机", "cigarette")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"phone\n\ncigarette\n"])
def test_labels_with_holes_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "labels.txt"
    path.write_bytes(content)
    with pytest.raises(NetworkRefused, match="one class on each line"):
        read_labels(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_labels_that_cannot_be_read_are_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "labels.txt"
    if content:
        path.write_bytes(content)
    with pytest.raises(NetworkRefused, match="cannot be read as text"):
        read_labels(path)
