"""Clips and skeletons as files: written crash-safe, named by their content.

A file is written as `.part`, synced, renamed, and its folder synced; whoever finds a file under its final
name finds all of it. A clip's name holds its checksum, so that a row and its file cannot disagree.
"""

import errno
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from starlette.concurrency import run_in_threadpool
from typing_extensions import Buffer

MAXIMUM_CLIP_BYTES = 512 * 1024 * 1024
CHUNK_BYTES = 256 * 1024
REVIEW = ".review."
"""In the name of whatever was made for review, with faces blurred."""

EXPORT = ".export.zip"
"""At the end of the name of a marked copy of an original, which shows faces."""

ReviewPart = Literal["film", "poster", "filmstrip"]

_FULL = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY = {errno.EROFS, errno.EACCES}


class DiskFullError(Exception):
    """There is no room for the file; nothing of it is left."""


class DiskReadOnlyError(Exception):
    """The disk cannot be written for now; nothing of the file is left."""


class ClipCorruptError(Exception):
    """What arrived is not what its checksum says."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file under its final name."""

    path: Path
    size_bytes: int
    sha256: str


class NewFile(Protocol):
    """What is used of a file that is being written."""

    def write(self, data: Buffer, /) -> int | None:
        """Write some of the data; how many bytes that were."""

    def fileno(self) -> int:
        """Its descriptor."""

    def close(self) -> None:
        """Let go of it; may be called twice."""


OpenNew = Callable[[Path], NewFile]
"""Makes a file that must not exist yet."""


def _open_new(path: Path) -> NewFile:
    return path.open("xb", buffering=0)


class ClipStore:
    """A folder of clips and skeletons, spread over 256 sub-folders by the end of the event's id."""

    def __init__(self, folder: Path, open_new: OpenNew = _open_new) -> None:
        self._folder = folder / "clips"
        self._open_new = open_new

    def clip_path(self, event_id: str, sha256: str) -> Path:
        """Where the clip of that content is, or would be."""
        return self._folder / event_id[-2:] / f"{event_id}-{sha256[:16]}.mp4"

    def skeleton_path(self, event_id: str) -> Path:
        """Where the event's skeleton is, or would be."""
        return self._folder / event_id[-2:] / f"{event_id}.json"

    def review_path(self, event_id: str, source_sha256: str, part: ReviewPart) -> Path:
        """Where a part of the review copy of that clip is, or would be."""
        ending = "mp4" if part == "film" else "jpg"
        return self._folder / event_id[-2:] / f"{event_id}-{source_sha256[:16]}{REVIEW}{part}.{ending}"

    def export_path(self, event_id: str, request_id: str) -> Path:
        """Where the marked copy of an original is that was released on that request, or would be."""
        return self._folder / event_id[-2:] / f"{event_id}-{request_id}{EXPORT}"

    async def receive_clip(self, event_id: str, sha256: str, body: AsyncIterator[bytes]) -> StoredFile:
        """Write the body as the clip; raises DiskFullError or ClipCorruptError, leaving nothing behind."""
        return await self.receive(self.clip_path(event_id, sha256), sha256, body)

    async def receive(self, path: Path, sha256: str, body: AsyncIterator[bytes]) -> StoredFile:
        """Write the body as that file of this store; raises as `receive_clip`."""
        part = await run_in_threadpool(_Part, path, self._open_new)
        try:
            async for chunk in body:
                if chunk:
                    await run_in_threadpool(part.write, chunk)
            return await run_in_threadpool(part.finish, sha256)
        finally:
            part.discard()

    def write_skeleton(self, event_id: str, content: bytes) -> StoredFile:
        """Replace the event's skeleton; raises DiskFullError, leaving the old one."""
        part = _Part(self.skeleton_path(event_id), self._open_new)
        try:
            part.write(content)
            return part.finish(None)
        finally:
            part.discard()

    def write_with(self, path: Path, write: Callable[[Path], None]) -> StoredFile:
        """Let `write` make that file of this store under another name, then give it its own; synced."""
        part = path.with_name(f"{path.name}.{os.urandom(4).hex()}.part")
        try:
            with _room():
                path.parent.mkdir(parents=True, exist_ok=True)
                write(part)
                with part.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                    os.fsync(file.fileno())
                size = part.stat().st_size
                part.replace(path)
                _sync_folder(path.parent)
        finally:
            part.unlink(missing_ok=True)
        return StoredFile(path, size, digest)

    def delete_original(self, event_id: str) -> int:
        """Delete what shows faces, the clip as the camera sent it; how many files that were.

        Also what of one is half-written. Skeleton and review copy stay. Raises OSError where a file cannot be
        deleted; call it again then.
        """
        originals = (path for path in self.files_of(event_id) if _is_original(path))
        return _deleted(originals)

    def delete_review(self, event_id: str) -> int:
        """Delete the review copy and its pictures; how many files that were."""
        return _deleted(path for path in self.files_of(event_id) if REVIEW in path.name)

    def delete_event(self, event_id: str) -> int:
        """Delete every file of an event: clip, skeleton, review copy, pictures; how many files that were.

        When it returns, none is left and the folder is synced: the deletion survives a power cut. Calling it
        again is harmless. Raises OSError where a file cannot be deleted. Rows are the caller's.
        """
        number = _deleted(self.files_of(event_id))
        if left := list(self.files_of(event_id)):
            raise OSError(errno.EBUSY, f"{len(left)} files of event {event_id} came back while being deleted")
        return number

    def files_of(self, event_id: str) -> Iterator[Path]:
        """Every file of an event; compared by name, since an id is never a pattern."""
        folder = self._folder / event_id[-2:]
        if folder.is_dir():
            begins = (f"{event_id}-", f"{event_id}.")
            yield from (path for path in list(folder.iterdir()) if path.name.startswith(begins))

    def sweep(self) -> int:
        """Remove what a killed process left half-written; how many files that were."""
        parts = list(self._folder.glob("*/*.part"))
        for part in parts:
            part.unlink(missing_ok=True)
        return len(parts)


def read_slice(path: Path, first: int, last: int) -> Iterator[bytes]:
    """The bytes `first` to `last`, both included, in pieces."""
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(CHUNK_BYTES, left))):
            left -= len(piece)
            yield piece


class _Part:
    """A file being written beside its final name; each request writes one of its own."""

    def __init__(self, final: Path, open_new: OpenNew) -> None:
        self._final = final
        self._path = final.with_name(f"{final.name}.{os.urandom(4).hex()}.part")
        self._sha256 = hashlib.sha256()
        self._size = 0
        with _room():
            final.parent.mkdir(parents=True, exist_ok=True)
            self._file = open_new(self._path)

    def write(self, chunk: bytes) -> None:
        with _room():
            view = memoryview(chunk)
            while view:
                view = view[self._file.write(view) or 0 :]
        self._sha256.update(chunk)
        self._size += len(chunk)

    def finish(self, expected: str | None) -> StoredFile:
        found = self._sha256.hexdigest()
        if expected is not None and found != expected:
            raise ClipCorruptError(f"expected {expected}, found {found}")
        with _room():
            os.fsync(self._file.fileno())
            self._file.close()
            self._path.replace(self._final)
            _sync_folder(self._final.parent)
        return StoredFile(self._final, self._size, found)

    def discard(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


def _is_original(path: Path) -> bool:
    if REVIEW in path.name:
        return False
    return path.name.removesuffix(".part").partition(".mp4")[1] == ".mp4" or EXPORT in path.name


def _deleted(paths: Iterable[Path]) -> int:
    folders = set()
    number = 0
    for path in paths:
        path.unlink(missing_ok=True)
        folders.add(path.parent)
        number += 1
    for folder in folders:
        _sync_folder(folder)
    return number


@contextmanager
def _room() -> Iterator[None]:
    """Turns the operating system's "no space" and "read-only" into DiskFullError and DiskReadOnlyError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(str(error)) from error
        if error.errno in _READ_ONLY:
            raise DiskReadOnlyError(str(error)) from error
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
