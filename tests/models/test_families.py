"""Each family reads a network's answers as its own upstream does, and a new family is one file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import families
from models.class_names import kind_of
from models.coco_classes import COCO_CLASSES
from models.detections import Detection, Region
from models.detectors import import_network, open_detector, open_pose
from models.errors import NetworkRefused
from models.families import detector_families, pose_families
from models.families.rtmpose import RtmPose
from models.scripted import ScriptedDetector
from models.storage import Store
from models.whole_frame_pose import WholeFramePose, region_of_box
from tests.models.tiny_networks import SIDE, Floats, network_of

RECORDED = Path(__file__).parent / "recorded"
PICTURE = np.zeros((SIDE, SIDE, 3), dtype=np.uint8)
NAMES = ("phone", "cigarette", "cup")
SCORE = 0.3


def recorded(name: str, kind: str) -> dict[str, Floats]:
    with np.load(RECORDED / f"{name}.npz") as kept:
        return {key.removeprefix(f"{kind}_"): kept[key] for key in kept if key.startswith(kind)}


def told(things: tuple[Detection, ...], names: tuple[str, ...]) -> Floats:
    """(N, 6): box, score, class."""
    kinds = [kind_of(name) for name in names]
    return np.array([(*thing.box, thing.score, kinds.index(thing.label)) for thing in things])


@pytest.mark.parametrize(
    ("name", "family", "labels"),
    [
        ("yolo", "yolo", NAMES),
        ("yolo_end_to_end", "yolo", NAMES),
        ("yolox", "yolox", NAMES),
        ("detr", "detr", NAMES),
        ("rtmdet", "rtmdet", ("person",)),
    ],
)
def test_a_detector_says_what_upstream_makes_of_the_same_answer(
    tmp_path: Path, name: str, family: str, labels: tuple[str, ...]
) -> None:
    path = network_of(tmp_path / "d.onnx", recorded(name, "answer"))
    expected = recorded(name, "expected")
    assert [one.name for one in detector_families() if one.fits(opened(path))] == [family]
    detector = open_detector(path, labels)
    found = told(detector.detect(PICTURE, min_score=SCORE), labels)
    assert len(found) == len(expected["boxes"]) > 5
    boxes = np.clip(expected["boxes"], 0, SIDE)  # ours end where the picture ends
    np.testing.assert_allclose(in_order(found[:, :4]), in_order(boxes), atol=1e-2)
    if "scores" in expected:
        np.testing.assert_allclose(found[:, 4], np.sort(expected["scores"])[::-1], atol=1e-5)
    if "classes" in expected:
        np.testing.assert_array_equal(np.sort(found[:, 5]), np.sort(expected["classes"]))


@pytest.mark.parametrize("name", ["yolo_pose", "yolo_pose_end_to_end", "rtmo"])
def test_a_pose_network_says_what_upstream_makes_of_the_same_answer(tmp_path: Path, name: str) -> None:
    path = network_of(tmp_path / "p.onnx", recorded(name, "answer"))
    expected = recorded(name, "expected")["joints"].reshape(-1, 17, 3)
    engine = open_pose(path)
    assert isinstance(engine, WholeFramePose)
    poses = engine.poses(PICTURE, min_score=SCORE)
    assert len(poses) == len(expected) > 3
    joints = np.array([pose.keypoints.reshape(-1) for pose in poses])
    np.testing.assert_allclose(in_order(joints), in_order(expected.reshape(-1, 51)), atol=1e-3)
    assert [pose.presence for pose in poses] == sorted((pose.presence for pose in poses), reverse=True)


def test_rtmpose_places_joints_where_upstream_does(tmp_path: Path) -> None:
    engine = open_pose(rtmpose(tmp_path), ScriptedDetector())
    assert isinstance(engine, RtmPose)
    expected = recorded("rtmpose", "expected")
    box = expected["box"].tolist()
    picture = np.zeros((360, 640, 3), dtype=np.uint8)
    pose = engine.estimate(picture, region_of_box((box[0], box[1], box[2], box[3]), 48 / 64))
    assert pose is not None
    np.testing.assert_allclose(pose.keypoints, expected["joints"], atol=2e-2)


def opened(path: Path) -> Any:
    from models.onnx_network import OnnxNetwork

    return OnnxNetwork(path)


def rtmpose(folder: Path) -> Path:
    return network_of(folder / "rtmpose.onnx", recorded("rtmpose", "answer"), (1, 3, 64, 48))


def in_order(rows: Floats) -> Floats:
    """Rows by their first numbers, so that two lists of the same compare."""
    return rows[np.lexsort(np.round(rows[:, ::-1], 1).T)]


def test_rtmpose_looks_where_a_detector_finds_people(tmp_path: Path) -> None:
    found = ScriptedDetector(
        [Detection("person", (10, 5, 40, 60), 0.9), Detection("cell phone", (1, 1, 5, 5), 0.9)]
    )
    engine = open_pose(rtmpose(tmp_path), found)
    (body,) = engine.find(PICTURE)
    assert body.region.cx == pytest.approx(25)
    assert body.region.side == pytest.approx(55 * 1.25)
    with pytest.raises(NetworkRefused, match="import a detector too"):
        open_pose(rtmpose(tmp_path))


def test_a_body_found_in_a_crop_is_told_in_the_whole_picture(tmp_path: Path) -> None:
    answer = np.zeros((1, 20, 57), dtype=np.float32)
    answer[0, 0, :6] = (16, 16, 48, 48, 0.9, 0)
    answer[0, 0, 6:] = np.tile((32, 32, 0.8), 17)
    engine = open_pose(network_of(tmp_path / "p.onnx", {"output0": answer}))
    picture = np.zeros((400, 400, 3), dtype=np.uint8)
    (body,) = engine.find(picture, (100, 200, 228, 328))
    assert (body.region.cx, body.region.cy) == pytest.approx((164, 264))
    pose = engine.estimate(picture, body.region)
    assert pose is not None
    np.testing.assert_allclose(pose.keypoints[0], (164, 264, 0.8), atol=1e-3)


def test_everybody_in_a_picture_costs_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = np.zeros((1, 20, 57), dtype=np.float32)
    for row, left in enumerate((2, 34)):
        answer[0, row, :6] = (left, 10, left + 24, 50, 0.9, 0)
        answer[0, row, 6:] = np.tile((left + 12, 30, 0.8), 17)
    engine = open_pose(network_of(tmp_path / "p.onnx", {"output0": answer}))
    assert isinstance(engine, WholeFramePose)
    runs: list[int] = []
    run = engine.network.run
    monkeypatch.setattr(engine.network, "run", lambda tensor: (runs.append(1), run(tensor))[1])
    picture = PICTURE.copy()
    seen = [engine.estimate(picture, Region(x, 30, 50)) for x in (14, 46)]
    assert [pose.keypoints[0, 0] for pose in seen if pose] == pytest.approx([14, 46])
    assert len(runs) == 1
    picture[:] = 90
    engine.estimate(picture, Region(14, 30, 50))
    assert len(runs) == 2


def test_nobody_is_where_nobody_was_seen(tmp_path: Path) -> None:
    engine = open_pose(network_of(tmp_path / "p.onnx", {"output0": np.zeros((1, 20, 57), np.float32)}))
    assert engine.find(PICTURE) == ()
    assert engine.estimate(PICTURE, Region(30, 30, 40)) is None


def test_classes_are_named_by_the_networks_own_metadata(tmp_path: Path) -> None:
    names = {"names": "{0: '手机', 1: 'Cigarette', 2: 'Pedestrian'}", "task": "detect"}
    path = network_of(tmp_path / "d.onnx", recorded("yolo", "answer"), metadata=names)
    detector = open_detector(path)
    assert detector.labels == ("手机", "Cigarette", "Pedestrian")
    labels = {thing.label for thing in detector.detect(PICTURE)}
    assert labels == {"cell phone", "cigarette", "person"}


@pytest.mark.parametrize("name", COCO_CLASSES)
def test_cocos_own_names_are_the_common_ones(name: str) -> None:
    assert kind_of(name) == name


def test_a_pose_network_is_imported_as_one_and_says_its_licence(store: Store, tmp_path: Path) -> None:
    metadata = {"task": "pose", "license": "AGPL-3.0 License (some address)"}
    path = network_of(tmp_path / "own.onnx", recorded("yolo_pose", "answer"), metadata=metadata)
    target = import_network(store, path)
    assert target.parent == store.poses
    assert '"licence": "AGPL-3.0"' in target.with_suffix(".json").read_text(encoding="utf-8")
    assert isinstance(open_pose(target), WholeFramePose)


@pytest.mark.parametrize("task", ["pose", "detect"])
def test_one_class_in_the_metadata_tells_joints_from_classes(store: Store, tmp_path: Path, task: str) -> None:
    metadata = {"task": task, "names": "{0: 'person'}"}
    path = network_of(tmp_path / "own.onnx", recorded("yolo_pose", "answer"), metadata=metadata)
    assert import_network(store, path).parent == store.poses


def test_fifty_two_classes_in_the_metadata_are_no_joints(store: Store, tmp_path: Path) -> None:
    metadata = {"task": "detect", "names": str(dict(enumerate(f"thing {n}" for n in range(52))))}
    path = network_of(tmp_path / "own.onnx", recorded("yolo_pose", "answer"), metadata=metadata)
    assert import_network(store, path).parent == store.detectors


def test_detr_with_its_post_processing_is_told_the_squares_size(tmp_path: Path) -> None:
    answers = {
        "labels": np.array([[2.0, 0.0]]),
        "boxes": np.array([[[4.0, 4, 20, 20], [32, 0, 64, 64]]]),
        "scores": np.array([[0.5, 0.9]]),
    }
    detector = open_detector(network_of(tmp_path / "d.onnx", answers, sizes=True), NAMES)
    best, other = detector.detect(np.zeros((128, 256, 3), np.uint8))
    assert best.label == "cell phone"
    assert best.box == pytest.approx((128, 0, 256, 128))
    assert other.box == pytest.approx((16, 8, 80, 40))


FAKE = """
from models.families import DetectorFamily
from models.onnx_detector import Boxes, OnnxDetector
import numpy as np


class Fake(OnnxDetector):
    def __init__(self, network, labels=None):
        super().__init__(network, labels or ("person",), None)

    def decode(self, answers, min_score):
        boxes = answers["one_box"][0]
        return Boxes(boxes, np.ones(len(boxes)), np.zeros(len(boxes), np.intp))


FAMILY = DetectorFamily("fake", lambda network: "one_box" in network.shapes, Fake)
"""


def test_a_detector_of_another_family_is_added_by_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    path = network_of(tmp_path / "d.onnx", {"one_box": np.array([[[1.0, 2, 30, 40]]])})
    with pytest.raises(NetworkRefused, match="which no decoder here understands"):
        open_detector(path)
    folder = tmp_path / "added"
    folder.mkdir()
    (folder / "fake_one_box.py").write_text(FAKE, encoding="utf-8")
    monkeypatch.setattr(families, "__path__", [*families.__path__, str(folder)])
    (thing,) = open_detector(import_network(store, path)).detect(PICTURE)
    assert (thing.label, thing.box) == ("person", (1, 2, 30, 40))


WRONG: Mapping[str, dict[str, Floats]] = {
    "joints": {"output0": np.zeros((1, 44, 84), np.float32)},
    "rtmo_of_14": {"dets": np.zeros((1, 5, 5)), "keypoints": np.zeros((1, 5, 14, 3))},
    "vector": {"output": np.zeros((1, 1000))},
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("family", [None, *(one.name for one in pose_families())])
def test_what_is_no_pose_network_is_refused_in_one_sentence(
    tmp_path: Path, name: str, family: str | None
) -> None:
    path = network_of(tmp_path / "pose.onnx", WRONG[name])
    with pytest.raises(NetworkRefused, match=r"pose\.onnx .*: export one") as refused:
        open_pose(path, family=family)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("family", [one.name for one in detector_families()])
def test_what_is_no_detector_of_the_declared_family_is_refused(tmp_path: Path, family: str) -> None:
    path = network_of(tmp_path / "d.onnx", WRONG["vector"])
    with pytest.raises(NetworkRefused, match=r"d\.onnx .*: export"):
        open_detector(path, family=family)


def test_a_family_that_there_is_not_is_told_with_those_there_are(tmp_path: Path) -> None:
    path = network_of(tmp_path / "d.onnx", WRONG["vector"])
    with pytest.raises(NetworkRefused, match="no family: use detr, rtmdet, yolo, yolox"):
        open_detector(path, family="ssd")
