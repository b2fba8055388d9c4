"""Networks that users bring, detectors and pose networks: taken into the store, and opened from anywhere."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from models.detector_cards import (
    SUFFIX,
    UNKNOWN_LICENCE,
    NetworkCard,
    card_of,
    imported_detectors,
    imported_poses,
    read_card,
)
from models.engines import Detector, PoseEngine
from models.errors import NetworkMissing, NetworkRefused
from models.export_metadata import exported_licence
from models.families import detector_family, pose_families, pose_family
from models.onnx_network import OnnxNetwork
from models.registry import registry
from models.storage import Store, write_whole

PERSON = "person"
NAME = re.compile(r"\w[\w.-]{0,63}")


def open_detector(
    path: Path,
    labels: Sequence[str] | None = None,
    *,
    family: str | None = None,
    provider: str = "cpu",
) -> Detector:
    """The detector in an ONNX file, imported or not.

    Its decoder is the family given, else the one on the card beside the file, else the one that its outputs
    fit. Labels are those given, else those on the card, else those in the file, else COCO's.

    Raises:
        NetworkRefused: the file is no network that a decoder here understands, or its card is damaged.
        ProviderMissing: ONNX Runtime cannot compute on `provider` here.
    """
    card = read_card(path)
    network = OnnxNetwork(path, provider)
    chosen = detector_family(network, family or (card.decoder if card and labels is None else None))
    return chosen.open(network, labels if labels is not None or card is None else card.labels)


def open_pose(
    path: Path,
    detector: Detector | None = None,
    *,
    family: str | None = None,
    provider: str = "cpu",
) -> PoseEngine:
    """The pose network in an ONNX file, imported or not; `detector` finds bodies for those that cannot.

    Raises:
        NetworkRefused: the file is no network that a decoder here understands, or its card is damaged.
        ProviderMissing: ONNX Runtime cannot compute on `provider` here.
    """
    card = read_card(path)
    network = OnnxNetwork(path, provider)
    chosen = pose_family(network, family or (card.decoder if card else None))
    engine = chosen.open(network, detector)
    if not chosen.finds and detector is None:
        raise network.refused(
            f"is a {chosen.name}, which sees joints of people that a detector finds: import a detector too"
        )
    return engine


def import_detector(
    store: Store,
    path: Path,
    name: str | None = None,
    labels: Sequence[str] | None = None,
    licence: str = UNKNOWN_LICENCE,
    family: str | None = None,
) -> Path:
    """Copy a detector into the store under `name` (by default the file's own); answers where it lies.

    It is opened and asked once before anything is kept.

    Raises:
        NetworkRefused: it cannot be used, or the name is taken or cannot be one.
        PullFailed: the store cannot be written.
    """
    network = OnnxNetwork(path)
    chosen = detector_family(network, family)
    names = chosen.open(network, labels).labels
    return _kept(store, store.detectors, network, name, chosen.name, names, licence)


def import_pose(
    store: Store,
    path: Path,
    name: str | None = None,
    licence: str = UNKNOWN_LICENCE,
    family: str | None = None,
) -> Path:
    """Copy a pose network into the store, as `import_detector` does; raises what it raises."""
    network = OnnxNetwork(path)
    chosen = pose_family(network, family)
    chosen.open(network, None)
    return _kept(store, store.poses, network, name, chosen.name, (PERSON,), licence)


def import_network(
    store: Store,
    path: Path,
    name: str | None = None,
    labels: Sequence[str] | None = None,
    licence: str = UNKNOWN_LICENCE,
    family: str | None = None,
) -> Path:
    """Import a pose network where its outputs are one's, else a detector; raises what both raise."""
    network = OnnxNetwork(path)
    is_pose = any(one.name == family or (family is None and one.fits(network)) for one in pose_families())
    if is_pose and labels is None:
        return import_pose(store, path, name, licence, family)
    return import_detector(store, path, name, labels, licence, family)


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
    return _asked_for("detector", here, asked)


def find_pose(store: Store, asked: str) -> Path:
    """The pose network asked for: a file, or the name of an imported one.

    Raises:
        NetworkMissing: it is not there.
    """
    return _asked_for("pose network", imported_poses(store), asked)


def _asked_for(what: str, here: dict[str, Path], asked: str) -> Path:
    path = here.get(asked) or Path(asked)
    if not path.is_file():
        names = f"; imported are {', '.join(here)}" if here else ""
        raise NetworkMissing(f"There is no {what} {asked}: give an ONNX file or an imported name{names}.")
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


def _kept(
    store: Store,
    folder: Path,
    network: OnnxNetwork,
    name: str | None,
    decoder: str,
    labels: Sequence[str],
    licence: str,
) -> Path:
    """The network's file copied into a folder of the store with its card; opened once more from there."""
    content = network.path.read_bytes()
    target = _free_place(store, folder, name if name is not None else network.path.stem, content)
    if licence == UNKNOWN_LICENCE:
        licence = exported_licence(network.metadata) or UNKNOWN_LICENCE
    card = NetworkCard(
        decoder=decoder,
        labels=tuple(labels),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        licence=licence,
    )
    write_whole(target, content)
    write_whole(card_of(target), card.model_dump_json(indent=2).encode())
    _opens_by_itself(target)
    return target


def _free_place(store: Store, folder: Path, name: str, content: bytes) -> Path:
    if not NAME.fullmatch(name):
        raise NetworkRefused(f"{name!r} is no name for a network: give --name letters, digits, '-' or '_'.")
    if name in registry().networks or name in registry().bundles:
        raise NetworkRefused(f"{name} is a network of hallwatch's own: give --name another name.")
    target = folder / f"{name}{SUFFIX}"
    if target.is_file() and target.read_bytes() != content:
        raise NetworkRefused(f"Another network is imported as {name}: give --name another name.")
    return target


def _opens_by_itself(target: Path) -> None:
    """A network that keeps its weights in a second file opens where it came from, but not from its copy."""
    try:
        OnnxNetwork(target)
    except NetworkRefused as error:
        target.unlink(missing_ok=True)
        card_of(target).unlink(missing_ok=True)
        raise NetworkRefused(
            "The network keeps its weights in a second file: export it to ONNX as a single file."
        ) from error
