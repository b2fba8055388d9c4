"""What the tests of networks share: the user's store if it is filled, and a detector of one's own."""

import importlib.util
from pathlib import Path

import pytest

from models.registry import registry
from models.storage import Store, holds
from tests.conftest import need


@pytest.fixture(scope="session")
def filled_store() -> Store:
    """The user's own store, with every network of the registry in it and right."""
    store = Store.default()
    right = all(
        holds(store.folder / network.file, network.sha256) for network in registry().networks.values()
    )
    need(right, "the networks (run `hallwatch models pull`)")
    return store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")


@pytest.fixture(scope="session")
def yolox_nano(shared: Path) -> Path:
    """A real detector: YOLOX nano, trained on COCO."""
    path = shared / "models" / "yolox_nano.onnx"
    need(path.is_file(), "yolox_nano.onnx in the folder of test material")
    return path


@pytest.fixture(scope="session")
def mediapipe_is_here() -> None:
    """The extra that a second pose engine needs."""
    need(importlib.util.find_spec("mediapipe"), "the package mediapipe (extra `mediapipe`)")
