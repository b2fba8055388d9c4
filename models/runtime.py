"""The two engines that run networks, each held to one thread.

One thread a session and one camera a core beats threads inside a session: YOLOX-nano takes 14.2 ms of CPU
with one thread and 19.7 ms with two. A process keeps one session of a network, however many cameras it has.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from models.errors import NetworkRefused
from models.providers import check_taken, providers_of

__all__ = ["NetworkRefused", "litert_interpreter", "onnx_session"]

ORT_REFUSALS = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
    ort_errors.EPFail,
)
"""How ONNX Runtime says that it will not load or run a network; they have no common ancestor of their own."""

ORT_QUIET = 4
"""Log only what is fatal: a refusal is raised to the caller, who says it once and in words."""


def onnx_session(path: Path, provider: str = "cpu") -> onnxruntime.InferenceSession:
    """The process's one session of the network in `path`; on the CPU with one thread that never spins.

    The network is loaded again when the file changes.

    Raises:
        ProviderMissing: ONNX Runtime cannot compute on `provider` here.
        NetworkRefused: the file is absent, unreadable, or not an ONNX network this runtime can load.
    """
    return _session(path.resolve(), _stamp(path), provider)


def litert_interpreter(path: Path) -> Any:
    """A LiteRT interpreter of the network in `path` with one thread, its tensors allocated.

    Raises:
        NetworkRefused: the file is absent, unreadable, or not a TensorFlow Lite network.
    """
    # Imported here because ONNX users need not pay for it, nor the other way round.
    from ai_edge_litert.interpreter import Interpreter

    _stamp(path)
    try:
        interpreter = Interpreter(model_path=str(path), num_threads=1)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise NetworkRefused(
            f"{path} is not a usable TensorFlow Lite network (damaged, cut short or another format): "
            "run `hallwatch models pull` to fetch it anew."
        ) from error
    return interpreter


@lru_cache(maxsize=16)
def _session(path: Path, stamp: tuple[int, int], provider: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = ORT_QUIET
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    providers = providers_of(provider)
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=providers)
    except ORT_REFUSALS as error:
        raise NetworkRefused(
            f"{path} is not a usable ONNX network (damaged, cut short, or another format): "
            "export it to ONNX again and check its size."
        ) from error
    check_taken(provider, session.get_providers())
    return session


def _stamp(path: Path) -> tuple[int, int]:
    """Modification time (ns) and size (bytes), by which a changed file is told."""
    try:
        status = path.stat()
        readable = path.is_file() and os.access(path, os.R_OK)
    except OSError as error:
        raise NetworkRefused(f"There is no file {path}: check the name of the network file.") from error
    if not readable:
        raise NetworkRefused(f"{path} is not a file that can be read: check what it is and who may read it.")
    return status.st_mtime_ns, status.st_size
