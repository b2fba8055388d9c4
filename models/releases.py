"""`hallwatch models pull NAME`: a published network from its makers, or from a folder, into the store.

What comes is held to the checksum that is known, else to that of the first download on this machine.
"""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import httpx

from models.errors import NetworkMissing, PullFailed
from models.pins import pin, pinned
from models.pull import UNREADABLE_WHEEL, Progress
from models.registry import Registry, Release
from models.storage import CHUNK_BYTES, Store, explained, sha256_of, staging

TIMEOUT_S = 30.0
MOST_BYTES = 1_000_000_000
"""No network for this work is larger; an endless answer ends here."""

COPYLEFT = "AGPL"
COPYLEFT_MEANS = (
    "AGPL: whoever lets others use a service with it must offer them the source of the whole; "
    "ask whoever decides on licences before you use it"
)

Import = Callable[[Store, Path, str, Release], Path]
"""Takes a downloaded network into the store under a name; answers where it lies."""


class Fetch(Protocol):
    """Brings a release's file to `target`."""

    def __call__(self, release: Release, target: Path, progress: Progress) -> None: ...


def release_of(known: Registry, name: str) -> Release:
    """The release `name`. Raises `NetworkMissing` with the names there are."""
    if name not in known.releases:
        raise NetworkMissing(f"There is no release {name!r}: there are {', '.join(known.releases)}.")
    return known.releases[name]


def licence_told(licence: str) -> str:
    """A licence as it is shown before use; copyleft that reaches services is named as such."""
    return f"{licence} ({COPYLEFT_MEANS})" if licence.upper().startswith(COPYLEFT) else licence


def pull_release(
    known: Registry, store: Store, name: str, progress: Progress, fetch: Fetch, take: Import
) -> Path:
    """Bring one release into the store; answers where it lies.

    Raises:
        NetworkMissing: there is no such release.
        PullFailed: it could not be fetched, is not what it was or should be, or could not be written.
        NetworkRefused: what came is no network that can be used here.
    """
    release = release_of(known, name)
    with staging(store) as folder:
        file = folder / release.file
        with explained(store.folder, 0):
            fetch(release, file, progress)
            came = sha256_of(file)
        _check(store, name, release, came)
        network = _unpacked(file, release, folder / f"{name}.onnx")
        target = take(store, network, name, release)
    if release.sha256 is None:
        pin(store, name, came)
    progress.stored(target.name, fresh=True)
    return target


def download_release(
    release: Release, target: Path, progress: Progress, client: httpx.Client | None = None
) -> None:
    """Download over HTTPS, redirects included. Raises `PullFailed`."""
    own = client or httpx.Client(follow_redirects=True, timeout=TIMEOUT_S)
    try:
        with own, own.stream("GET", release.url) as answer:
            if answer.url.scheme != "https":
                raise PullFailed(f"{release.file} is offered without encryption only: fetch it by hand.")
            answer.raise_for_status()
            _written(answer, target, progress, release)
    except httpx.HTTPStatusError as error:
        code = error.response.status_code
        raise PullFailed(f"{release.url} answers {code}: {_by_hand(release)}.") from error
    except httpx.HTTPError as error:
        raise PullFailed(
            f"{release.url} cannot be reached or broke off: check the network, or {_by_hand(release)}."
        ) from error


def brought(origin: Path) -> Fetch:
    """A fetch without a network: the file by its own name from a folder, or that file itself."""

    def fetch(release: Release, target: Path, progress: Progress) -> None:
        source = origin / release.file if origin.is_dir() else origin
        if not source.is_file() or source.name != release.file:
            raise PullFailed(f"{origin} does not have {release.file}: put it there.")
        progress.downloading(release.file, source.stat().st_size)(source.stat().st_size)
        target.write_bytes(source.read_bytes())

    return fetch


def _by_hand(release: Release) -> str:
    return (
        f"on a machine that can, download {release.file}, bring it here, "
        "and run `hallwatch models pull NAME --from FOLDER`"
    )


def _written(answer: httpx.Response, target: Path, progress: Progress, release: Release) -> None:
    total = int(answer.headers.get("content-length") or 0)
    advance = progress.downloading(release.file, total)
    here = 0
    with target.open("wb") as file:
        for chunk in answer.iter_bytes(CHUNK_BYTES):
            here += len(chunk)
            if here > MOST_BYTES:
                raise PullFailed(f"{release.url} sends more than a network has: ask its makers.")
            file.write(chunk)
            advance(here)


def _check(store: Store, name: str, release: Release, came: str) -> None:
    if release.sha256 is not None and came != release.sha256:
        raise PullFailed(f"{release.file} is not the file that is known (checksum differs): fetch it again.")
    before = pinned(store, name)
    if release.sha256 is None and before is not None and came != before:
        raise PullFailed(
            f"{release.file} is not what it was when it first came (checksum differs): ask its makers why, "
            f"and take {name} out of pins.json in {store.folder} if it is meant to be another."
        )


def _unpacked(file: Path, release: Release, target: Path) -> Path:
    if release.member is None:
        return file.replace(target)
    try:
        with zipfile.ZipFile(file) as archive:
            name = next(one for one in archive.infolist() if Path(one.filename).name == release.member)
            if name.file_size > MOST_BYTES:
                raise PullFailed(f"{release.member} in {release.file} is too large to be a network.")
            target.write_bytes(archive.read(name))
    except (*UNREADABLE_WHEEL, StopIteration) as error:
        raise PullFailed(f"{release.member} cannot be read out of {release.file}: fetch it again.") from error
    return target
