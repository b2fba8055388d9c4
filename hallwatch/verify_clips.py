"""Whether every film that the database names is there, whole, unchanged, and can be played."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from api.clip_store import ClipStore
from api.database import Database
from api.evidence.stored_files import ExpectedFile, expected_files
from cameras.errors import CameraError
from cameras.reader import read
from cameras.source import Kind, Source

What = Literal["missing", "size", "hash", "unplayable", "nobody's", "half-written"]
PART_AGE_S = 3600.0
"""A file still called `.part` after an hour belongs to no request that runs."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file."""

    path: Path
    what: What
    event_id: str | None = None


@dataclass(slots=True)
class Verified:
    """How many films were looked at."""

    films: int = 0


def verify(
    database: Database, store: ClipStore, folder: Path, now_s: float, count: Verified, *, play: bool = True
) -> Iterator[Fault]:
    """The faults of everything in `folder`, as they are found; `now_s` is Unix seconds.

    Films that arrive while this runs are no fault. `play` decodes the first picture of each.
    """
    there = {path for path in folder.glob("*/*") if path.is_file()}
    named = set()
    for expected in expected_files(database, store):
        named.add(expected.path)
        count.films += 1
        if (what := fault_of(expected, play=play)) is not None:
            yield Fault(expected.path, what, expected.event_id)
    yield from _unnamed(there - named, now_s)


def fault_of(expected: ExpectedFile, *, play: bool) -> What | None:
    """What is wrong with one film; None where nothing is."""
    try:
        with expected.path.open("rb") as film:
            digest = hashlib.file_digest(film, "sha256").hexdigest()
        size = expected.path.stat().st_size
    except OSError:
        return "missing"
    if size != expected.size_bytes:
        return "size"
    if digest != expected.sha256:
        return "hash"
    return None if not play or _plays(expected.path) else "unplayable"


def _plays(path: Path) -> bool:
    try:
        return next(read(Source(Kind.FILE, str(path))), None) is not None
    except CameraError:
        return False


def _unnamed(paths: Iterable[Path], now_s: float) -> Iterator[Fault]:
    for path in sorted(paths):
        try:
            age_s = now_s - path.stat().st_mtime
        except OSError:
            continue  # it was renamed or deleted meanwhile
        if age_s < PART_AGE_S:
            continue
        if path.suffix == ".part":
            yield Fault(path, "half-written")
        elif path.suffix == ".mp4":
            yield Fault(path, "nobody's")
