"""`models export` runs Ultralytics in a process of its own, where it is installed, and says where not."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from models.commands import app
from models.errors import ExportFailed
from models.export import export
from tests.models.tiny_networks import network_of

FAKE = """
import os, pathlib, shutil
assert os.environ["YOLO_OFFLINE"] == "true"
class YOLO:
    def __init__(self, weights):
        self.weights = pathlib.Path(weights)
    def export(self, format, imgsz, **more):
        if self.weights.read_bytes() == b"bad":
            raise ValueError("these are no weights")
        assert (format, imgsz) == ("onnx", 320)
        made = self.weights.with_suffix(".onnx")
        shutil.copy(self.weights, made)
        return str(made)
"""


@pytest.fixture
def ultralytics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for Ultralytics and torch that copies."""
    for name, code in (("ultralytics", FAKE), ("torch", "")):
        (tmp_path / "site" / name).mkdir(parents=True)
        (tmp_path / "site" / name / "__init__.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site")]))


@pytest.mark.usefixtures("ultralytics")
def test_weights_become_a_network_beside_them(tmp_path: Path) -> None:
    weights = network_of(tmp_path / "own.pt", {"output0": np.zeros((1, 20, 6))})
    assert export(weights, 320) == tmp_path / "own.onnx"
    assert (tmp_path / "own.onnx").is_file()


@pytest.mark.usefixtures("ultralytics")
def test_why_it_failed_is_told_in_its_last_words(tmp_path: Path) -> None:
    weights = tmp_path / "own.pt"
    weights.write_bytes(b"bad")
    with pytest.raises(ExportFailed, match=r"could not export .*own\.pt: ValueError: these are no weights"):
        export(weights, 320)


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    weights = tmp_path / "own.pt"
    weights.write_bytes(b"anything")
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n', encoding="utf-8")
    bare.chmod(0o755)
    with pytest.raises(ExportFailed, match=r"pip install 'hallwatch\[train\]'"):
        export(weights, python=str(bare))


def test_weights_that_are_not_there_are_told_after_what_the_licence_means(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["export", str(tmp_path / "none.pt")])
    assert done.exit_code == 1
    assert "AGPL" in done.stdout
    assert "There is no file" in done.stderr
