"""Detectors that users bring: taking a copy into the store, and opening them, imported or not."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from models.detector_cards import (
    SUFFIX,
    UNKNOWN_LICENCE,
    DetectorCard,
    card_of,
    imported_detectors,
    read_card,
)
from models.errors import NetworkMissing, NetworkRefused
from models.registry import registry
from models.storage import Store, write_whole
from models.yolox import YoloX

NAME = re.compile(r"\w[\w.-]{0,63}")


def open_detector(path: Path, labels: Sequence[str] | None = None) -> YoloX:
    """The detector in an ONNX file, imported or not; its decoder follows from its inputs and outputs.

    Labels are those given, else those on the card beside the file, else COCO's.

    Raises:
        NetworkRefused: the file is no network that a decoder here understands, or its card is damaged.
    """
    card = read_card(path) if labels is None else None
    return YoloX(path, card.labels if card else labels)


def import_detector(
    store: Store,
    path: Path,
    name: str | None = None,
    labels: Sequence[str] | None = None,
    licence: str = UNKNOWN_LICENCE,
) -> Path:
    """Copy a detector into the store under `name` (by default the file's own); answers where it lies.

    It is opened and asked once before anything is kept.

    Raises:
        NetworkRefused: it cannot be used, or the name is taken or cannot be one.
        PullFailed: the store cannot be written.
    """
    detector = open_detector(path, labels)
    chosen = name if name is not None else path.stem
    content = path.read_bytes()
    target = _free_place(store, chosen, content)
    card = DetectorCard(
        decoder="yolox",
        labels=detector.labels,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        licence=licence,
    )
    write_whole(target, content)
    write_whole(card_of(target), card.model_dump_json(indent=2).encode())
    _opens_by_itself(target)
    return target


def find_detector(store: Store, asked: str | None = None) -> Path | None:
    """The detector to use: the file or imported name asked for, else the only one imported, else none.

    Raises:
        NetworkMissing: what was asked for is not there, or several are imported and none was asked for.
    """
    here = imported_detectors(store)
    if asked is None:
        if len(here) > 1:
            raise NetworkMissing(f"Several detectors are imported ({', '.join(here)}): name the one to use.")
        return next(iter(here.values()), None)
    path = here.get(asked) or Path(asked)
    if not path.is_file():
        names = f"; imported are {', '.join(here)}" if here else ""
        raise NetworkMissing(f"There is no detector {asked}: give an ONNX file or an imported name{names}.")
    return path


def read_labels(path: Path) -> tuple[str, ...]:
    """Class names from a text file, one a line in the network's order.

    Raises:
        NetworkRefused: the file cannot be read as UTF-8 text, or has an empty line between names.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").strip().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NetworkRefused(f"{path} cannot be read as text in UTF-8: check the labels file.") from error
    labels = tuple(line.strip() for line in lines)
    if not labels or not all(labels):
        raise NetworkRefused(f"{path} must name one class on each line, without empty ones between.")
    return labels


def _free_place(store: Store, name: str, content: bytes) -> Path:
    if not NAME.fullmatch(name):
        raise NetworkRefused(f"{name!r} is no name for a detector: give --name letters, digits, '-' or '_'.")
    if name in registry().networks or name in registry().bundles:
        raise NetworkRefused(f"{name} is a network of hallwatch's own: give --name another name.")
    target = store.detectors / f"{name}{SUFFIX}"
    if target.is_file() and target.read_bytes() != content:
        raise NetworkRefused(f"Another detector is imported as {name}: give --name another name.")
    return target


def _opens_by_itself(target: Path) -> None:
    """A network that keeps its weights in a second file opens where it came from, but not from its copy."""
    try:
        open_detector(target)
    except NetworkRefused as error:
        target.unlink(missing_ok=True)
        card_of(target).unlink(missing_ok=True)
        raise NetworkRefused(
            "The network keeps its weights in a second file: export it to ONNX as a single file."
        ) from error
