"""`hallwatch models verify`: is each network the one it should be, and does it run on this machine?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from models.blazepose import BlazePose
from models.detector_cards import imported_detectors, imported_poses, read_card
from models.detectors import open_detector, open_pose
from models.errors import ModelsError, NetworkRefused
from models.known_person import check_finds, check_sees_joints
from models.registry import Bundle, Network, Registry
from models.runtime import litert_interpreter
from models.storage import Store, sha256_of
from models.task_bundle import packed_task

DETECTION, LANDMARKS = "blazepose_detection", "blazepose_landmarks"
FETCH_AGAIN = "run `hallwatch models pull` to fetch it anew"


@dataclass(frozen=True, slots=True)
class Finding:
    """What checking one network gave; `trouble` is the sentence that says what is wrong, None if nothing."""

    name: str
    trouble: str | None = None


def verify(known: Registry, store: Store) -> Iterator[Finding]:
    """Check every network of the registry and every imported one, one after the other."""
    for name, network in known.networks.items():
        yield _finding(name, partial(_check_entry, store, known, name, network))
    for name, bundle in known.bundles.items():
        yield _finding(name, partial(_check_bundle, store, known, name, bundle))
    for name, path in imported_detectors(store).items():
        yield _finding(name, partial(check_detector, path))
    finder = next(iter(imported_detectors(store).values()), None)
    for name, path in imported_poses(store).items():
        yield _finding(name, partial(check_pose, path, finder))


def check_network(path: Path, network: Network) -> None:
    """Compare the checksum and ask the network once about an even picture.

    Raises:
        NetworkRefused: it is not the network of the registry, or answers something that is no number.
    """
    if sha256_of(path) != network.sha256:
        raise NetworkRefused(f"{path} is not the network it should be (checksum differs): {FETCH_AGAIN}.")
    interpreter = litert_interpreter(path)
    entry = interpreter.get_input_details()[0]
    if tuple(entry["shape"]) != network.input.shape:
        raise NetworkRefused(
            f"{path} takes {tuple(entry['shape'])}, not {network.input.shape}: {FETCH_AGAIN}."
        )
    interpreter.set_tensor(entry["index"], np.full(network.input.shape, 0.5, dtype=np.float32))
    interpreter.invoke()
    for output in interpreter.get_output_details():
        if not np.isfinite(interpreter.get_tensor(output["index"])).all():
            raise NetworkRefused(f"{path} answers NaN or infinity on this machine: report this with its CPU.")


def check_detector(path: Path) -> None:
    """Compare an imported detector with its card, and let it find the person in the known picture.

    Raises:
        NetworkRefused: it changed since it was imported, cannot be used, or knows people and finds none.
    """
    _check_unchanged(path)
    check_finds(open_detector(path), path)


def check_pose(path: Path, finder: Path | None) -> None:
    """The same for an imported pose network; `finder` is a detector for those that need one.

    Raises:
        NetworkRefused: it changed since it was imported, cannot be used, or sees the joints elsewhere.
    """
    _check_unchanged(path)
    check_sees_joints(open_pose(path, open_detector(finder) if finder else None), path)


def _check_unchanged(path: Path) -> None:
    card = read_card(path)
    if card and sha256_of(path) != card.sha256:
        raise NetworkRefused(f"{path} has changed since it was imported: import it again.")


def _check_entry(store: Store, known: Registry, name: str, network: Network) -> None:
    path = store.path(name, known)
    check_network(path, network)
    if network.decoder == LANDMARKS and (finder := _file_of(DETECTION, store, known)):
        check_sees_joints(BlazePose(finder, path), path)


def _file_of(decoder: str, store: Store, known: Registry) -> Path | None:
    """The stored network of a decoder, if it is here and right."""
    for name, network in known.networks.items():
        path = store.folder / network.file
        if network.decoder == decoder and path.is_file() and sha256_of(path) == network.sha256:
            return store.path(name, known)
    return None


def _check_bundle(store: Store, known: Registry, name: str, bundle: Bundle) -> None:
    """A bundle is right when packing its networks again gives the same file."""
    path = store.path(name, known)
    parts = [store.path(part, known).read_bytes() for part in (bundle.detector, bundle.landmarks)]
    if packed_task(*parts) != path.read_bytes():
        raise NetworkRefused(f"{path} is not what its networks make: {FETCH_AGAIN}.")


def _finding(name: str, check: Callable[[], None]) -> Finding:
    try:
        check()
    except ModelsError as error:
        return Finding(name, str(error))
    except OSError as error:
        return Finding(name, f"{name} cannot be read ({error.strerror}): check who may read it.")
    return Finding(name)
