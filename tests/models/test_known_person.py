"""`models verify` asks each network about a picture whose answer is known."""

from pathlib import Path

import numpy as np
import pytest

from models.blazepose import BlazePose
from models.detectors import import_detector, import_pose, open_detector
from models.errors import NetworkRefused
from models.known_person import check_finds, check_sees_joints, known_person
from models.registry import Registry
from models.storage import Store
from models.verify import verify
from tests.models.tiny_networks import SIDE, Floats, network_of

NOTHING = Registry(packages={}, networks={})


def person_row(shift: float = 0) -> Floats:
    """The known person as a YOLO-pose of 64 pixels tells it."""
    image, truth = known_person()
    scale = SIDE / image.shape[0]
    joints = [(*(np.array(spot) * scale + shift), 0.9) if spot else (0, 0, 0) for spot in truth.joints]
    return np.concatenate([np.array(truth.box) * scale + shift, (0.9, 0), np.ravel(joints)])


def answers(row: Floats) -> dict[str, Floats]:
    return {"output0": np.pad(row[None, None], ((0, 0), (0, 19), (0, 0)))}


def test_the_real_networks_find_the_person(filled_store: Store, yolox_nano: Path) -> None:
    detection, landmarks = (filled_store.path(f"pose_{name}") for name in ("detection", "landmark_full"))
    check_sees_joints(BlazePose(detection, landmarks), landmarks)
    check_finds(open_detector(yolox_nano), yolox_nano)


def test_networks_that_see_the_person_are_right(store: Store, tmp_path: Path) -> None:
    row = person_row()
    import_detector(store, network_of(tmp_path / "d.onnx", answers(row[:6])), labels=("person",))
    import_pose(store, network_of(tmp_path / "p.onnx", answers(row)))
    assert [(one.name, one.trouble) for one in verify(NOTHING, store)] == [("d", None), ("p", None)]


def test_networks_that_see_nobody_or_elsewhere_are_told(store: Store, tmp_path: Path) -> None:
    away = person_row(8)
    import_detector(store, network_of(tmp_path / "d.onnx", answers(np.zeros(6))), labels=("person",))
    import_pose(store, network_of(tmp_path / "p.onnx", answers(away)))
    detector, pose = verify(NOTHING, store)
    assert "does not find the person" in str(detector.trouble)
    assert "sees joints where they are not" in str(pose.trouble)


def test_a_detector_that_knows_no_people_need_not_find_any(tmp_path: Path) -> None:
    path = network_of(tmp_path / "d.onnx", answers(np.zeros(6)))
    check_finds(open_detector(path, ("phone",)), path)
    with pytest.raises(NetworkRefused, match="does not find the person"):
        check_finds(open_detector(path, ("行人",)), path)
