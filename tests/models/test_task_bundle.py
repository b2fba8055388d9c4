"""The `.task` file holds both networks, and the landmark network's says how it is fed."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as tflite

from models.errors import NetworkRefused
from models.runtime import litert_interpreter
from models.storage import Store
from models.task_bundle import packed_task, with_normalization

DATA = 4
"""Where a buffer's table keeps the place of its content."""


@pytest.fixture(scope="module")
def landmarks(filled_store: Store) -> bytes:
    return filled_store.path("pose_landmark_full").read_bytes()


@pytest.fixture(scope="module")
def task(filled_store: Store, landmarks: bytes) -> bytes:
    return packed_task(filled_store.path("pose_detection").read_bytes(), landmarks)


def answers(path: Path, content: bytes) -> list[np.ndarray]:
    """What a network says to a fixed random picture."""
    path.write_bytes(content)
    interpreter = litert_interpreter(path)
    entry = interpreter.get_input_details()[0]
    picture = np.random.default_rng(27).random(entry["shape"], dtype=np.float32)
    interpreter.set_tensor(entry["index"], picture)
    interpreter.invoke()
    return [interpreter.get_tensor(output["index"]) for output in interpreter.get_output_details()]


def test_the_network_answers_the_same_with_metadata(landmarks: bytes, tmp_path: Path) -> None:
    before = answers(tmp_path / "before.tflite", landmarks)
    after = answers(tmp_path / "after.tflite", with_normalization(landmarks))
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_same_networks_give_the_same_file(filled_store: Store, landmarks: bytes, task: bytes) -> None:
    assert packed_task(filled_store.path("pose_detection").read_bytes(), landmarks) == task


def test_members_are_stored_and_begin_on_sixteen_bytes(task: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(task)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
        for member in archive.infolist():
            assert member.compress_type == zipfile.ZIP_STORED
            content = archive.read(member)
            assert task.index(content) % 16 == 0


def test_metadata_is_not_added_twice(landmarks: bytes) -> None:
    once = with_normalization(landmarks)
    assert with_normalization(once).count(b"TFLITE_METADATA") == 1


def test_weights_begin_on_sixteen_bytes_so_that_they_are_used_in_place(landmarks: bytes) -> None:
    model = tflite.Model.GetRootAs(with_normalization(landmarks))
    tables = [model.Buffers(index)._tab for index in range(model.BuffersLength())]
    begins = [table.Vector(table.Offset(DATA)) for table in tables if table.Offset(DATA)]
    assert len(begins) > 100
    assert all(begin % 16 == 0 for begin in begins)


@pytest.mark.usefixtures("mediapipe_is_here")
def test_mediapipe_reads_in_our_metadata_that_pixels_go_to_0_to_1(landmarks: bytes) -> None:
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAs(with_normalization(landmarks)))
    (entry,) = [entry for entry in model.metadata if entry.name == b"TFLITE_METADATA"]
    read = schema.ModelMetadata.GetRootAs(bytes(model.buffers[entry.buffer].data))
    unit = read.SubgraphMetadata(0).InputTensorMetadata(0).ProcessUnits(0)
    assert unit.OptionsType() == schema.ProcessUnitOptions.NormalizationOptions
    options = schema.NormalizationOptions()
    options.Init(unit.Options().Bytes, unit.Options().Pos)
    assert (options.Mean(0), options.Std(0)) == (0.0, 255.0)


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x00\x00\x00\x7fTFL3" + bytes(20)])
def test_what_is_no_network_is_refused(content: bytes) -> None:
    with pytest.raises(NetworkRefused, match="hallwatch models pull"):
        with_normalization(content)
