"""The list of networks says everything that is needed, and mistakes in it are named."""

from pathlib import Path

import pytest

from models.errors import NetworkMissing, RegistryRefused
from models.registry import REGISTRY_FILE, read_registry, registry
from models.storage import Store


def changed(folder: Path, old: str, new: str) -> Path:
    """The registry with one thing in it replaced."""
    text = REGISTRY_FILE.read_text(encoding="utf-8")
    assert old in text
    path = folder / "registry.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_every_network_may_be_used_without_copyleft() -> None:
    for name, network in registry().networks.items():
        assert network.licence == "Apache-2.0", name
        assert registry().packages[network.source.package].licence == network.licence


def test_body_hand_and_face_are_all_covered() -> None:
    assert {network.task for network in registry().networks.values()} == {"pose", "hands", "face"}


def test_a_bundle_is_made_of_networks_of_the_registry() -> None:
    bundle = registry().bundles["pose_landmarker_full"]
    assert bundle.detector in registry().networks
    assert bundle.landmarks in registry().networks


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    path = changed(tmp_path, 'decoder = "face_landmarks"', 'decoder = "face_landmarks"\ncolour = "red"')
    with pytest.raises(RegistryRefused, match=r"networks\.face_landmark\.colour: Extra inputs"):
        read_registry(path)


def test_a_checksum_that_is_none_is_named(tmp_path: Path) -> None:
    path = changed(tmp_path, 'sha256 = "9ba9dd3d', 'sha256 = "zzz')
    with pytest.raises(RegistryRefused, match=r"networks\.pose_detection\.sha256"):
        read_registry(path)


def test_a_network_out_of_a_package_nobody_listed_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, '{ package = "mediapipe"', '{ package = "mediapie"')
    with pytest.raises(RegistryRefused, match=r"networks\.pose_detection: there is no package 'mediapie'"):
        read_registry(path)


def test_a_bundle_of_a_network_nobody_listed_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, 'detector = "pose_detection"', 'detector = "posedetection"')
    with pytest.raises(RegistryRefused, match="there is no network 'posedetection'"):
        read_registry(path)


def test_two_networks_in_one_file_are_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, 'file = "face_landmark.tflite"', 'file = "pose_detection.tflite"')
    with pytest.raises(RegistryRefused, match=r"kept in one file: pose_detection\.tflite"):
        read_registry(path)


@pytest.mark.parametrize("name", ["../escape.tflite", "a/b.tflite", ".hidden", "a\\\\b", ""])
def test_a_file_name_cannot_lead_out_of_the_store(tmp_path: Path, name: str) -> None:
    path = changed(tmp_path, 'file = "face_landmark.tflite"', f'file = "{name}"')
    with pytest.raises(RegistryRefused, match=r"networks\.face_landmark\.file"):
        read_registry(path)


def test_what_is_not_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "registry.toml"
    path.write_text("[networks", encoding="utf-8")
    with pytest.raises(RegistryRefused, match="not valid TOML"):
        read_registry(path)


def test_a_missing_registry_is_said(tmp_path: Path) -> None:
    with pytest.raises(RegistryRefused, match="cannot be read"):
        read_registry(tmp_path / "none.toml")


def test_asking_for_an_unknown_network_tells_the_known_ones(store: Store) -> None:
    with pytest.raises(NetworkMissing, match=r"no network 'pose'.*pose_detection"):
        store.path("pose")


def test_asking_for_a_network_that_was_not_fetched_tells_how_to(store: Store) -> None:
    with pytest.raises(NetworkMissing, match="hallwatch models pull"):
        store.path("pose_detection")
