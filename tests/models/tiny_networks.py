"""Small ONNX networks that answer what a test wants, whatever they are shown."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SIDE = 64
ROWS = (SIDE // 8) ** 2 + (SIDE // 16) ** 2 + (SIDE // 32) ** 2

Shape = tuple[int | str, ...]
Floats = NDArray[np.float32]


def rows(classes: int = 80) -> Floats:
    """The output of a network that sees nothing: (ROWS, 5 + classes)."""
    return np.zeros((ROWS, 5 + classes), dtype=np.float32)


def network(
    path: Path,
    answer: Floats,
    input_shape: Shape = (1, 3, SIDE, SIDE),
    input_type: int = TensorProto.FLOAT,
) -> Path:
    """Write a network whose one output is `answer`, with a batch axis before it."""
    batch = answer[None].astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Cast", ["images"], ["numbers"], to=TensorProto.FLOAT),
            helper.make_node("ReduceMax", ["numbers"], ["brightest"], keepdims=0),
            helper.make_node("Mul", ["brightest", "zero"], ["nothing"]),
            helper.make_node("Add", ["answer", "nothing"], ["output"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("images", input_type, input_shape)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, batch.shape)],
        [
            numpy_helper.from_array(batch, "answer"),
            numpy_helper.from_array(np.zeros((), np.float32), "zero"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 10
    onnx.save(model, path)
    return path


def row_of(
    box: tuple[float, float, float, float], stride: int, classes: int, label: int
) -> tuple[int, Floats]:
    """Which row of the output a box (x1, y1, x2, y2 px of the square) stands in, and what stands there."""
    centre = np.array([box[0] + box[2], box[1] + box[3]]) / 2 / stride
    size = np.array([box[2] - box[0], box[3] - box[1]]) / stride
    cell = np.floor(centre).astype(int)
    before = sum((SIDE // finer) ** 2 for finer in (8, 16) if finer < stride)
    row = np.zeros(5 + classes, dtype=np.float32)
    row[:2], row[2:4] = centre - cell, np.log(size)
    row[4], row[5 + label] = 0.9, 1.0
    return int(before + cell[1] * (SIDE // stride) + cell[0]), row


def network_of(
    path: Path,
    answers: Mapping[str, Floats],
    input_shape: Shape = (1, 3, SIDE, SIDE),
    metadata: Mapping[str, str] | None = None,
    *,
    nan_above: float | None = None,
    sizes: bool = False,
) -> Path:
    """Write a network with several outputs, batch axes included; it answers the same whatever it sees.

    Where a number in its input is above `nan_above` it answers NaN; `sizes` is
     a second input that tells the picture's size, as DETR's exports have it.
    """
    nodes = [
        helper.make_node("ReduceMax", ["images"], ["brightest"], keepdims=0),
        helper.make_node("Sub", ["limit", "brightest"], ["below"]),
        helper.make_node("Sqrt", ["below"], ["root"]),
        helper.make_node("Mul", ["root", "zero"], ["added"]),
    ]
    constants = [
        numpy_helper.from_array(np.zeros((), np.float32), "zero"),
        numpy_helper.from_array(np.array(nan_above or 1e9, np.float32), "limit"),
    ]
    outputs = []
    for name, answer in answers.items():
        constants.append(numpy_helper.from_array(answer.astype(np.float32), f"{name}_constant"))
        nodes.append(helper.make_node("Add", [f"{name}_constant", "added"], [name]))
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, answer.shape))
    inputs = [helper.make_tensor_value_info("images", TensorProto.FLOAT, input_shape)]
    if sizes:
        inputs.append(helper.make_tensor_value_info("orig_target_sizes", TensorProto.INT64, (1, 2)))
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 10
    helper.set_model_props(model, dict(metadata or {}))
    onnx.save(model, path)
    return path
