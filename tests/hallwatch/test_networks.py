"""Which networks run is a setting, and whichever runs stands behind the same two verbs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from hallwatch.networks import open_networks
from hallwatch.settings import SettingsError, read_settings
from models.blazepose import BlazePose
from models.detectors import import_detector, import_pose
from models.errors import NetworkMissing, NetworkRefused, ProviderMissing
from models.families.rtmpose import RtmPose
from models.families.yolo_pose import YoloPose
from models.registry import registry
from models.storage import Store
from tests.conftest import need
from tests.models.tiny_networks import Floats, network_of
from vision.perception import Perception
from vision.values import Frame
from vision.zones import WHOLE_PICTURE, WindowZones

SIDE = 64
BODY = {
    "nose": (32, 12), "left_shoulder": (40, 20), "right_shoulder": (24, 20), "left_hip": (38, 44),
    "right_hip": (26, 44), "left_wrist": (44, 40), "right_wrist": (20, 40),
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with a detector that sees one person, and none of hallwatch's own networks."""
    monkeypatch.setenv("HALLWATCH_MODELS", str(tmp_path / "store"))
    made = Store(tmp_path / "store")
    row = np.zeros((1, 20, 6), np.float32)
    row[0, 0] = (18, 6, 46, 50, 0.9, 0)
    import_detector(made, network_of(tmp_path / "people.onnx", {"output0": row}), labels=("person",))
    return made


def body() -> Floats:
    from vision.values import JOINT

    joints = np.zeros((17, 3), np.float32)
    joints[:] = (32, 30, 0.9)
    for name, spot in BODY.items():
        joints[JOINT[name], :2] = spot
    return joints


def whole_frame_pose(folder: Path) -> Path:
    answer = np.zeros((1, 20, 57), np.float32)
    answer[0, 0] = np.concatenate([(18, 6, 46, 50, 0.9, 0), body().reshape(-1)])
    return network_of(folder / "bodies.onnx", {"output0": answer})


def top_down_pose(folder: Path) -> Path:
    simcc = {"simcc_x": np.zeros((1, 17, 96)), "simcc_y": np.zeros((1, 17, 128))}
    # The body fills what the network is shown, a quarter of room left out: so each look finds it again there.
    spots = (body()[:, :2] - (32, 28)) * 64 / 1.25 / 32 + (24, 32)
    for row, (x, y) in enumerate(spots):
        simcc["simcc_x"][0, row, round(2 * x)] = simcc["simcc_y"][0, row, round(2 * y)] = 0.9
    return network_of(folder / "joints.onnx", simcc, (1, 3, 64, 48))


def test_a_pose_network_of_ones_own_is_chosen_by_name(store: Store, tmp_path: Path) -> None:
    import_pose(store, whole_frame_pose(tmp_path))
    networks = open_networks(settings=read_settings(pose="bodies"))
    assert isinstance(networks.pose, YoloPose)
    assert networks.detector is not None
    assert networks.detector.labels == ("person",)


def test_one_that_looks_at_one_body_uses_the_detector(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HALLWATCH_POSE", str(top_down_pose(tmp_path)))
    networks = open_networks()
    assert isinstance(networks.pose, RtmPose)
    assert len(networks.pose.find(np.zeros((SIDE, SIDE, 3), np.uint8))) == 1


def test_without_a_setting_blazepose_runs() -> None:
    here = all((Store.default().folder / entry.file).is_file() for entry in registry().networks.values())
    need(here, "the networks (run `hallwatch models pull`)")
    assert isinstance(open_networks(settings=read_settings()).pose, BlazePose)


def test_a_pose_network_that_is_not_there_is_told(store: Store) -> None:
    with pytest.raises(NetworkMissing, match="no pose network rtmo"):
        open_networks(settings=read_settings(pose="rtmo"))


def test_a_detector_is_no_pose_network(store: Store) -> None:
    with pytest.raises(NetworkRefused, match="is declared as 'yolo'"):
        open_networks(settings=read_settings(pose=str(store.detectors / "people.onnx")))


def test_a_provider_that_is_not_installed_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ProviderMissing, match="install onnxruntime-gpu"):
        open_networks(settings=read_settings(provider="cuda"))


def test_a_provider_that_there_is_not_is_a_mistake_of_the_setting() -> None:
    with pytest.raises(SettingsError, match="HALLWATCH_PROVIDER"):
        read_settings(provider="tpu")


@pytest.mark.parametrize("make", [whole_frame_pose, top_down_pose])
def test_perception_follows_people_with_whichever_engine_is_chosen(
    store: Store, tmp_path: Path, make: object
) -> None:
    assert callable(make)
    networks = open_networks(settings=read_settings(pose=str(make(tmp_path))))
    eyes = Perception([WindowZones("1", WHOLE_PICTURE)], networks.pose, networks.detector)
    began = datetime(2026, 11, 23, tzinfo=UTC)
    rng = np.random.default_rng(27)
    tracks = set()
    for step in range(6):
        image = rng.integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
        seen = eyes.observe(Frame("hall", step, began + timedelta(seconds=step / 5), image))
        (person,) = seen.persons
        assert person.pose is not None
        tracks.add(person.track)
    assert len(tracks) == 1
