"""What ONNX Runtime computes on: the CPU, or an accelerator whose provider is installed."""

from typing import Literal, get_args

from models.errors import ProviderMissing

Provider = Literal["cpu", "cuda", "tensorrt", "openvino"]

CPU_PROVIDER = "CPUExecutionProvider"
CUDA_PROVIDER = "CUDAExecutionProvider"

IN_ORDER: dict[str, tuple[str, ...]] = {
    "cpu": (CPU_PROVIDER,),
    "cuda": (CUDA_PROVIDER, CPU_PROVIDER),
    "tensorrt": ("TensorrtExecutionProvider", CUDA_PROVIDER, CPU_PROVIDER),
    "openvino": ("OpenVINOExecutionProvider", CPU_PROVIDER),
}
"""ONNX Runtime's names; a layer that the first cannot compute goes to the next."""

BUILDS = {"cuda": "onnxruntime-gpu", "tensorrt": "onnxruntime-gpu", "openvino": "onnxruntime-openvino"}
"""Which build of ONNX Runtime has the provider; only one build can be installed at a time."""

GAINS_FROM_BATCHES = frozenset({"cuda", "tensorrt"})
"""Where several pictures in one call cost less than one after the other; on one CPU thread they do not."""


def providers_of(provider: str) -> list[str]:
    """ONNX Runtime's providers for a setting, checked against what is installed.

    Raises:
        ProviderMissing: there is no such setting, or the installed build of ONNX Runtime lacks it.
    """
    wanted = IN_ORDER.get(provider)
    if wanted is None:
        raise ProviderMissing(
            f"There is no provider {provider!r}: choose one of {', '.join(get_args(Provider))}."
        )
    import onnxruntime  # settings know the names without it

    available = onnxruntime.get_available_providers()
    if wanted[0] not in available:
        build = BUILDS.get(provider, "onnxruntime")
        raise ProviderMissing(
            f"This build of ONNX Runtime cannot compute on {provider}: "
            f"run `pip uninstall onnxruntime && pip install {build}`, or set the provider to cpu."
        )
    return [name for name in wanted if name in available]


def check_taken(provider: str, taken: list[str]) -> None:
    """Refuse a session that fell back to the CPU: it would be slower than asked for, and nobody would know.

    Raises:
        ProviderMissing: the provider is installed, but its driver or libraries are not.
    """
    wanted = IN_ORDER[provider][0]
    if wanted not in taken:
        raise ProviderMissing(
            f"ONNX Runtime cannot start {provider} here: check its driver and libraries, "
            "or set the provider to cpu."
        )
