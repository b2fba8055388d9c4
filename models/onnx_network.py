"""An ONNX network that takes a picture: opened once, asked once before it is trusted, and run.

What it answers on a made input at load tells its family and refuses what is broken; what it answers at run
time is checked again, since NaN must never reach a judgement.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bad_answers import count_bad_answer
from models.errors import NetworkRefused
from models.export_metadata import exported_size
from models.letterbox import Floats
from models.providers import GAINS_FROM_BATCHES
from models.runtime import ORT_REFUSALS, onnx_session

Answers = dict[str, Floats]
"""One picture's outputs by name, each with its batch axis of 1."""

FLOATS = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
TARGET_SIZES = "orig_target_sizes"
"""DETR exports want to be told the picture's size beside the picture; they are told the square's."""

MADE_INPUT = 0.5
"""An even picture: nearly black where 0..255 is wanted, grey where 0..1 is."""


class OnnxNetwork:
    """The network in `path`, computed on `provider` (cpu, cuda, tensorrt, openvino).

    `square` is the (width, height) in pixels that it takes, `shapes` are those of its outputs by name for one
    picture, and `metadata` what its exporter wrote into the file. INT8 networks (QDQ) take and give floats as
    others do. A batch axis that is left open runs several pictures at once where the provider gains from it.

    Raises:
        ProviderMissing: ONNX Runtime cannot compute on the provider here.
        NetworkRefused: the file is no ONNX network, takes something else than a picture, or answers NaN.
    """

    def __init__(self, path: Path, provider: str = "cpu") -> None:
        self.path = path
        self._session = onnx_session(path, provider)
        self.metadata: Mapping[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
        self._inputs = self._session.get_inputs()
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._type = _picture_type(path, self._inputs)
        open_batch, self.square = _size(path, self._inputs[0].shape, self.metadata)
        self._batches = open_batch and provider in GAINS_FROM_BATCHES and len(self._inputs) == 1
        self.shapes = self._asked_once()

    def run(self, tensor: Floats) -> Answers | None:
        """The outputs for one picture (1, 3, H, W); None, and counted, if a number in them is not finite.

        Raises:
            NetworkRefused: the network fails on this picture.
        """
        return self._finite(self._answers(tensor))

    def run_each(self, tensors: Sequence[Floats]) -> list[Answers | None]:
        """`run` for several pictures: in one call where that gains, else one after the other."""
        if not self._batches or len(tensors) < 2:
            return [self.run(tensor) for tensor in tensors]
        answers = self._answers(np.concatenate(tensors))
        return [
            self._finite({name: value[row : row + 1] for name, value in answers.items()})
            for row in range(len(tensors))
        ]

    def refused(self, why: str) -> NetworkRefused:
        """The error that names this file and says `why` (with what to do)."""
        return NetworkRefused(f"{self.path} {why}.")

    def _answers(self, tensor: Floats) -> Answers:
        feed: dict[str, NDArray[Any]] = {self._inputs[0].name: tensor.astype(self._type, copy=False)}
        for extra in self._inputs[1:]:
            feed[extra.name] = np.tile(np.array([self.square], np.int64), (len(tensor), 1))
        try:
            values = self._session.run(None, feed)
        except ORT_REFUSALS as error:
            raise self.refused("fails on a picture: export it to ONNX again") from error
        return {name: np.asarray(value) for name, value in zip(self._outputs, values, strict=True)}

    def _finite(self, answers: Answers) -> Answers | None:
        if all(np.isfinite(value).all() for value in answers.values()):
            return {name: _in_float32(value) for name, value in answers.items()}
        count_bad_answer(self.path.name)
        return None

    def _asked_once(self) -> dict[str, tuple[int, ...]]:
        """Ask rather than read from the file: exporters leave sizes of outputs open that are fixed."""
        width, height = self.square
        answers = self._answers(np.full((1, 3, height, width), MADE_INPUT, dtype=np.float32))
        if not all(np.isfinite(value).all() for value in answers.values()):
            raise self.refused("answers NaN or infinity: export it to ONNX again, in float32")
        return {name: value.shape for name, value in answers.items()}


def times(shape: Sequence[Any]) -> str:
    """A shape as people write it: 1×3×416×416."""
    return "×".join(str(side) for side in shape)


def _in_float32(value: NDArray[Any]) -> Floats:
    return value.astype(np.float32, copy=False) if value.dtype.kind == "f" else value


def _picture_type(path: Path, inputs: Sequence[Any]) -> type:
    extras = inputs[1:]
    fits = bool(inputs) and len(inputs[0].shape) == 4 and inputs[0].type in FLOATS
    if not fits or not all(extra.name == TARGET_SIZES and extra.type == "tensor(int64)" for extra in extras):
        raise NetworkRefused(
            f"{path} does not take one float32 picture (1, 3, height, width): "
            "export a network that finds things or joints in pictures."
        )
    return FLOATS[inputs[0].type]


def _size(path: Path, shape: Sequence[Any], metadata: Mapping[str, str]) -> tuple[bool, tuple[int, int]]:
    """Whether the batch axis is open, and the input's (width, height)."""
    batch, colours, *sides = shape
    if not all(isinstance(side, int) for side in sides):
        told = exported_size(metadata)
        if told is None:
            raise NetworkRefused(
                f"{path} leaves its input size open ({times(shape)}): "
                "export it with a fixed one (1×3×416×416)."
            )
        sides = list(told)
    open_batch = not isinstance(batch, int) or batch < 1
    if colours != 3 or not (open_batch or batch == 1) or min(sides) < 1:
        raise NetworkRefused(f"{path} takes {times(shape)}, not one picture in three colours.")
    return open_batch, (sides[1], sides[0])
