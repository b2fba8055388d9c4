"""Bad networks are refused when opened, bad answers yield nothing, and providers are what was asked for."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_static

from models import onnx_network
from models.bad_answers import bad_answers
from models.detections import Region
from models.detectors import open_detector, open_pose
from models.errors import NetworkRefused, ProviderMissing
from models.onnx_network import OnnxNetwork
from models.providers import providers_of
from tests.models.tiny_networks import SIDE, Floats, Shape, network_of

DARK = np.zeros((SIDE, SIDE, 3), dtype=np.uint8)
BRIGHT = np.full((SIDE, SIDE, 3), 255, dtype=np.uint8)
END_TO_END = np.tile(np.array([2, 3, 40, 50, 0.9, 0], np.float32), (1, 20, 1))
BODIES = np.concatenate([END_TO_END, np.tile(np.array([20, 20, 0.9], np.float32), (1, 20, 17))], axis=2)


def averages(path: Path) -> Path:
    """A network whose answers follow the picture: a weighted average of each patch."""
    weights = np.linspace(-0.02, 0.02, 12 * 3 * 8 * 8, dtype=np.float32).reshape(12, 3, 8, 8)
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["images", "weights"], ["cells"], kernel_shape=[8, 8], strides=[8, 8]),
            helper.make_node("Sigmoid", ["cells"], ["output"]),
        ],
        "averages",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, (1, 3, SIDE, SIDE))],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, (1, 12, 8, 8))],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 10
    onnx.save(model, path)
    return path


class Noise(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime has no types
    """Pictures by which a network is quantised."""

    def __init__(self) -> None:
        rng = np.random.default_rng(27)
        self._left = [rng.random((1, 3, SIDE, SIDE), dtype=np.float32) for _ in range(8)]

    def get_next(self) -> dict[str, Floats] | None:
        return {"images": self._left.pop()} if self._left else None


def test_a_quantised_network_runs_as_the_one_it_was_made_of(tmp_path: Path) -> None:
    whole, small = averages(tmp_path / "whole.onnx"), tmp_path / "int8.onnx"
    quantize_static(str(whole), str(small), Noise(), quant_format=QuantFormat.QDQ)
    kinds = {node.op_type for node in onnx.load(small).graph.node}
    assert {"QuantizeLinear", "DequantizeLinear"} <= kinds
    picture = np.random.default_rng(28).random((1, 3, SIDE, SIDE), dtype=np.float32)
    exact, near = OnnxNetwork(whole).run(picture), OnnxNetwork(small).run(picture)
    assert exact is not None
    assert near is not None
    assert np.ptp(exact["output"]) > 0.2
    np.testing.assert_allclose(near["output"], exact["output"], atol=0.03)


def test_a_picture_that_is_answered_with_nan_shows_nothing_and_is_counted(tmp_path: Path) -> None:
    path = network_of(tmp_path / "sometimes_nan.onnx", {"output0": END_TO_END}, nan_above=0.9)
    detector = open_detector(path)
    before = bad_answers().get("sometimes_nan.onnx", 0)
    assert len(detector.detect(DARK)) == 20
    assert detector.detect(BRIGHT) == ()
    assert len(detector.detect(DARK)) == 20
    assert bad_answers()["sometimes_nan.onnx"] == before + 1


def test_a_pose_that_is_no_number_is_no_pose(tmp_path: Path) -> None:
    engine = open_pose(network_of(tmp_path / "nan_pose.onnx", {"output0": BODIES}, nan_above=0.9))
    assert engine.estimate(DARK, Region(21, 26, 60)) is not None
    assert engine.estimate(BRIGHT, Region(21, 26, 60)) is None
    assert engine.find(BRIGHT) == ()
    assert bad_answers()["nan_pose.onnx"] >= 2


def write_nan(path: Path) -> None:
    network_of(path, {"output0": np.full((1, 20, 6), np.nan)})


def write_infinity(path: Path) -> None:
    network_of(path, {"output0": np.full((1, 20, 6), np.inf)})


def write_half(path: Path) -> None:
    network_of(path, {"output0": END_TO_END})
    path.write_bytes(path.read_bytes()[:400])


def write_flipped(path: Path) -> None:
    network_of(path, {"output0": END_TO_END})
    content = bytearray(path.read_bytes())
    content[:40] = bytes(40)
    path.write_bytes(content)


def write_letter(path: Path) -> None:
    path.write_text("Dear Sir or Madam", encoding="utf-8")


def write_later_opset(path: Path) -> None:
    network_of(path, {"output0": END_TO_END})
    model = onnx.load(path)
    model.opset_import[0].version = 900
    onnx.save(model, path)


def write_unknown_layer(path: Path) -> None:
    network_of(path, {"output0": END_TO_END})
    model = onnx.load(path)
    model.graph.node[0].op_type = "ReduceMost"
    onnx.save(model, path)


def write_other_shape(path: Path) -> None:
    network_of(path, {"output0": np.zeros((1, 7, 11))})


def write_other_input(path: Path) -> None:
    network_of(path, {"output0": END_TO_END}, (1, 1, SIDE, SIDE))


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (write_nan, "answers NaN or infinity"),
        (write_infinity, "answers NaN or infinity"),
        (write_half, "not a usable ONNX network"),
        (write_flipped, "not a usable ONNX network"),
        (write_letter, "not a usable ONNX network"),
        (write_later_opset, "not a usable ONNX network"),
        (write_unknown_layer, "not a usable ONNX network"),
        (write_other_shape, "answers 1×7×11, which no decoder here understands"),
        (write_other_input, "not one picture in three colours"),
    ],
)
@pytest.mark.parametrize("opens", [open_detector, open_pose])
def test_a_bad_network_is_refused_in_one_sentence(
    tmp_path: Path, write: Callable[[Path], None], sentence: str, opens: Callable[[Path], object]
) -> None:
    path = tmp_path / "bad.onnx"
    write(path)
    with pytest.raises(NetworkRefused, match=sentence) as refused:
        opens(path)
    assert "\n" not in str(refused.value)
    assert "bad.onnx" in str(refused.value)


@pytest.mark.parametrize("shape", [("batch", 3, SIDE, SIDE), ("batch", 3, "height", "width")])
def test_what_an_export_left_open_is_taken_from_its_metadata(tmp_path: Path, shape: Shape) -> None:
    path = network_of(tmp_path / "d.onnx", {"output0": END_TO_END}, shape, {"imgsz": f"[{SIDE}, {SIDE}]"})
    assert OnnxNetwork(path).square == (SIDE, SIDE)
    assert len(open_detector(path).detect(DARK)) == 20


def means(path: Path) -> Path:
    """A network of an open batch axis that answers the mean of each picture."""
    graph = helper.make_graph(
        [helper.make_node("ReduceMean", ["images"], ["mean"], axes=[1, 2, 3], keepdims=0)],
        "means",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ("batch", 3, SIDE, SIDE))],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, ("batch",))],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 10
    onnx.save(model, path)
    return path


@pytest.mark.parametrize(("gains", "calls"), [(frozenset(), 3), (frozenset({"cpu"}), 1)])
def test_several_pictures_go_in_one_call_where_that_gains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gains: frozenset[str], calls: int
) -> None:
    monkeypatch.setattr(onnx_network, "GAINS_FROM_BATCHES", gains)
    network = OnnxNetwork(means(tmp_path / "means.onnx"))
    answered = network._answers
    asked: list[int] = []
    monkeypatch.setattr(network, "_answers", lambda tensor: (asked.append(len(tensor)), answered(tensor))[1])
    pictures = [np.full((1, 3, SIDE, SIDE), value, np.float32) for value in (1, np.nan, 3)]
    first, second, third = network.run_each(pictures)
    assert first is not None
    assert third is not None
    assert (first["mean"][0], second, third["mean"][0]) == (1, None, 3)
    assert len(asked) == calls


@pytest.mark.parametrize(
    ("provider", "package"),
    [("cuda", "onnxruntime-gpu"), ("tensorrt", "onnxruntime-gpu"), ("openvino", "onnxruntime-openvino")],
)
def test_a_provider_that_is_not_installed_is_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str, package: str
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ProviderMissing, match=rf"cannot compute on {provider}: run .*install {package}`"):
        open_detector(network_of(tmp_path / "d.onnx", {"output0": END_TO_END}), provider=provider)


@pytest.mark.filterwarnings("ignore:Specified provider")
def test_a_provider_without_its_driver_does_not_fall_back_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"]
    )
    with pytest.raises(ProviderMissing, match="cannot start cuda here: check its driver"):
        open_detector(network_of(tmp_path / "d.onnx", {"output0": END_TO_END}), provider="cuda")


def test_a_provider_that_there_is_not_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProviderMissing, match="choose one of cpu, cuda, tensorrt, openvino"):
        providers_of("tpu")


def test_what_the_accelerator_cannot_compute_goes_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    here = ["CPUExecutionProvider", "CUDAExecutionProvider", "TensorrtExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: here)
    assert providers_of("tensorrt") == list(reversed(here))
