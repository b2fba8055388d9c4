"""Families of networks, one file each: what a family's outputs look like, and how they are read.

A module in this folder that has a `FAMILY` is a family; nothing else names it.
"""

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn, TypeVar

from models.engines import Detector, PoseEngine
from models.onnx_network import OnnxNetwork, times

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DetectorFamily:
    """Detectors whose outputs mean the same; `fits` tells them by inputs, outputs and metadata."""

    name: str
    fits: Callable[[OnnxNetwork], bool]
    open: Callable[[OnnxNetwork, Sequence[str] | None], Detector]


@dataclass(frozen=True, slots=True)
class PoseFamily:
    """Pose networks whose outputs mean the same; those that look at one body need a detector to find it.

    `finds` is False for those: `open` gives an engine that finds nobody without a detector.
    """

    name: str
    fits: Callable[[OnnxNetwork], bool]
    open: Callable[[OnnxNetwork, Detector | None], PoseEngine]
    finds: bool = True


def detector_families() -> tuple[DetectorFamily, ...]:
    """Every family of detectors, by name."""
    return tuple(family for family in _families() if isinstance(family, DetectorFamily))


def pose_families() -> tuple[PoseFamily, ...]:
    """Every family of pose networks, by name."""
    return tuple(family for family in _families() if isinstance(family, PoseFamily))


def detector_family(network: OnnxNetwork, declared: str | None = None) -> DetectorFamily:
    """The family declared, else the one that the network's outputs fit. Raises `NetworkRefused`."""
    families = {family.name: family for family in detector_families()}
    if declared is not None:
        return _declared(families, declared, network)
    found = next((family for family in families.values() if family.fits(network)), None)
    return found or _nobody(network, families)


def pose_family(network: OnnxNetwork, declared: str | None = None) -> PoseFamily:
    """The family declared, else the one that the network's outputs fit. Raises `NetworkRefused`."""
    families = {family.name: family for family in pose_families()}
    if declared is not None:
        return _declared(families, declared, network)
    found = next((family for family in families.values() if family.fits(network)), None)
    return found or _nobody(network, families)


def _families() -> list[DetectorFamily | PoseFamily]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return [module.FAMILY for module in modules if hasattr(module, "FAMILY")]


def _declared(families: dict[str, T], name: str, network: OnnxNetwork) -> T:
    if name not in families:
        raise network.refused(f"is declared as {name!r}, which is no family: use {', '.join(families)}")
    return families[name]


def _nobody(network: OnnxNetwork, families: dict[str, DetectorFamily] | dict[str, PoseFamily]) -> NoReturn:
    answers = ", ".join(times(shape) for shape in network.shapes.values())
    raise network.refused(
        f"answers {answers}, which no decoder here understands: export one of {', '.join(families)} to ONNX"
    )
