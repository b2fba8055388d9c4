"""Where networks lie on this machine, and how files get there whole or not at all."""

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from models.errors import NetworkMissing, PullFailed
from models.registry import Registry, registry

STORE_VARIABLE = "HALLWATCH_MODELS"
STAGING = ".staging"
LOCK = ".lock"
CHUNK_BYTES = 1 << 20


def default_folder() -> Path:
    """`$HALLWATCH_MODELS`, else `hallwatch/models` in the user's cache folder (XDG)."""
    chosen = os.environ.get(STORE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    cache = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache"
    return base / "hallwatch" / "models"


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of networks."""

    folder: Path

    @classmethod
    def default(cls) -> "Store":
        """The store this user has."""
        return cls(default_folder())

    @property
    def detectors(self) -> Path:
        """Where imported detectors lie."""
        return self.folder / "detectors"

    @property
    def poses(self) -> Path:
        """Where imported pose networks lie."""
        return self.folder / "poses"

    def path(self, name: str, known: Registry | None = None) -> Path:
        """The file of the network or bundle `name`; its presence is checked, its content is not.

        Raises:
            NetworkMissing: it is not in the registry, or has not been fetched.
        """
        known = known or registry()
        entry = known.networks.get(name) or known.bundles.get(name)
        if entry is None:
            there = ", ".join([*known.networks, *known.bundles])
            raise NetworkMissing(f"There is no network {name!r} in the registry: it has {there}.")
        path = self.folder / entry.file
        if not path.is_file():
            raise NetworkMissing(f"The network {name} is not in {self.folder}: run `hallwatch models pull`.")
        return path


def sha256_of(path: Path) -> str:
    """The checksum of a file's content, as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def holds(path: Path, sha256: str) -> bool:
    """Whether `path` is a file with exactly this content; a file that cannot be read does not."""
    try:
        return path.is_file() and sha256_of(path) == sha256
    except OSError:
        return False


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` so that a reader, or a power cut, finds the old file or the whole new one.

    Raises:
        PullFailed: the disk is full, read-only, or not ours to write on.
    """
    with explained(path.parent, len(content)):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(part).chmod(0o644)
            Path(part).replace(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


@contextmanager
def staging(store: Store) -> Iterator[Path]:
    """A folder inside the store for what is under way, ours alone while it is open.

    What an interrupted run left in it stays, to be taken up again; it is removed after a run that ends well.

    Raises:
        PullFailed: another run has it open, or the store cannot be written.
    """
    folder = store.folder / STAGING
    with explained(store.folder, 0):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (store.folder / LOCK).open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PullFailed(
                f"Networks are already being fetched into {store.folder}: wait until that is done."
            ) from None
        for part in store.folder.glob(".*.part"):
            part.unlink(missing_ok=True)
        yield folder
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def explained(folder: Path, bytes_needed: int) -> Iterator[None]:
    """Turn what the file system refuses into one sentence."""
    try:
        yield
    except OSError as error:
        raise PullFailed(_why_not_written(error, folder, bytes_needed)) from error


def _why_not_written(error: OSError, folder: Path, bytes_needed: int) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        megabytes = max(1, round(bytes_needed / 1e6))
        return f"No space is left for networks in {folder}: free at least {megabytes} MB and run it again."
    return (
        f"{folder} cannot be written ({error.strerror}): make it writable, "
        f"or name another folder in {STORE_VARIABLE}."
    )


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; some network file systems cannot and need not."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
