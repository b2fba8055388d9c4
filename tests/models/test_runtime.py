"""Networks run on one thread, once a process, and refusals are typed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import NetworkRefused
from models.runtime import litert_interpreter, onnx_session
from models.storage import Store
from tests.conftest import REPOSITORY
from tests.models.tiny_networks import network, rows


def test_a_process_keeps_one_session_of_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = network(tmp_path / "d.onnx", rows())
    monkeypatch.chdir(tmp_path)
    assert onnx_session(path) is onnx_session(Path("d.onnx"))


def test_a_network_that_changed_is_loaded_again(tmp_path: Path) -> None:
    path = network(tmp_path / "d.onnx", rows())
    before = onnx_session(path)
    network(path, rows(2))
    assert onnx_session(path) is not before


THREADS_OF_A_SESSION = """
import os, sys
from pathlib import Path
from models.runtime import onnx_session
onnx_session(Path(sys.argv[1]))  # the runtime starts what it starts once
before = len(os.listdir("/proc/self/task"))
onnx_session(Path(sys.argv[2]))
print(len(os.listdir("/proc/self/task")) - before)
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_a_session_starts_no_threads(tmp_path: Path) -> None:
    paths = [str(network(tmp_path / f"{name}.onnx", rows())) for name in ("one", "two")]
    command = [sys.executable, "-c", THREADS_OF_A_SESSION, *paths]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPOSITORY, timeout=60)
    assert said.stdout.strip() == "0"


def test_a_landmark_network_is_opened(filled_store: Store) -> None:
    interpreter = litert_interpreter(filled_store.path("hand_landmark_full"))
    assert tuple(interpreter.get_input_details()[0]["shape"]) == (1, 224, 224, 3)


def test_a_truncated_network_is_refused(filled_store: Store, tmp_path: Path) -> None:
    whole = filled_store.path("hand_landmark_full").read_bytes()
    path = tmp_path / "cut.tflite"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NetworkRefused, match=r"cut\.tflite is not a usable TensorFlow Lite network"):
        litert_interpreter(path)


@pytest.mark.parametrize("content", [b"", b"no network", bytes(5000)])
def test_what_is_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "n.tflite"
    path.write_bytes(content)
    with pytest.raises(NetworkRefused, match="not a usable TensorFlow Lite network"):
        litert_interpreter(path)


def test_a_network_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NetworkRefused, match="There is no file"):
        litert_interpreter(tmp_path / "none.tflite")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_network_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    path = network(tmp_path / "d.onnx", rows())
    path.chmod(0)
    with pytest.raises(NetworkRefused, match="who may read it"):
        onnx_session(path)
