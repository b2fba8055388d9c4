"""What exporters write into a network's file beside its weights: class names, task, size, licence.

Ultralytics writes Python literals (`{0: 'person', 1: 'bicycle'}`, `[640, 640]`); others write JSON.
"""

import ast
from collections.abc import Mapping
from typing import Any


def exported_names(metadata: Mapping[str, str]) -> tuple[str, ...] | None:
    """The class names in the network's order; None where the file has none."""
    told = _literal(metadata.get("names"))
    if isinstance(told, dict):
        told = [told.get(index) or told.get(str(index)) for index in range(len(told))]
    if not isinstance(told, list | tuple) or not told or not all(isinstance(name, str) for name in told):
        return None
    return tuple(told)


def exported_size(metadata: Mapping[str, str]) -> tuple[int, int] | None:
    """The (height, width) it was exported for; None where the file does not say."""
    told = _literal(metadata.get("imgsz"))
    if not isinstance(told, list | tuple) or len(told) != 2:
        return None
    height, width = told
    return (height, width) if isinstance(height, int) and isinstance(width, int) else None


def exported_licence(metadata: Mapping[str, str]) -> str | None:
    """The licence as the exporter names it, without an address; None where the file does not say."""
    told = metadata.get("license", "").partition("(")[0].strip()
    return told.removesuffix(" License") or None


def _literal(text: str | None) -> Any:
    if not text or len(text) > 100_000:
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
