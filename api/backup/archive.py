"""The archive: a tar of the tables, the films and the workers' key, with a manifest of SHA-256 at its end.

Rows are read from one moment of the database, while others go on writing. A film never changes under its
name, so that those that the rows name can be copied afterwards; one that was deleted meanwhile by age is
named as missing.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.audit.chain import first_fault, read_entries, read_head
from api.backup.rows import lines_of, load, tables
from api.clip_store import ClipStore
from api.database import Database
from api.tables import ClipRow, EventRow

FORMAT = 1
MANIFEST = "manifest.json"
KEY_FILE = "worker.key"
CHUNK = 1 << 20

Progress = Callable[[str], None]


class BackupError(Exception):
    """The archive cannot be made, or not be put back; the text says why and what to do."""


@dataclass(slots=True)
class Manifest:
    """What an archive holds; rows by table, and bytes and SHA-256 of each file."""

    revision: str
    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    audit_id: int = 0
    audit_sha256: str = ""

    def text(self) -> str:
        """As it is written."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({"format": FORMAT} | told, ensure_ascii=False, indent=1)

    @classmethod
    def parse(cls, content: bytes) -> "Manifest":
        """Back from the archive; raises BackupError."""
        try:
            told = json.loads(content)
            if told.pop("format") != FORMAT:
                raise BackupError(
                    "the archive is of another format; restore it with the version that made it"
                )
            told["files"] = {name: (size, sha256) for name, (size, sha256) in told["files"].items()}
            return cls(**told)
        except (ValueError, KeyError, TypeError) as error:
            raise BackupError(f"the archive's manifest cannot be read ({error})") from error


def back_up(database: Database, data_dir: Path, target: Path, progress: Progress) -> Manifest:
    """Write the archive, whole or not at all; raises BackupError where it is there already, or OSError."""
    if target.exists():
        raise BackupError(f"{target} is there already; name another file")
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as stream:
            part.chmod(0o600)
            with tarfile.open(fileobj=stream, mode="w|") as tar:
                found = _write(database, data_dir, tar, progress)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return found


def restore(database: Database, data_dir: Path, source: Path, progress: Progress) -> Manifest:
    """Put an archive back into an empty folder and an empty database, and check it all.

    Raises BackupError where something is there already, the archive is not whole, or was made by a version
    with other tables; the database then holds nothing of it.
    """
    ours = (data_dir / "clips", data_dir / KEY_FILE)
    for path in ours:
        if path.exists():
            raise BackupError(f"{data_dir} holds {path.name} already; restore into an empty folder")
    manifest = _manifest_of(source)
    database.migrate()
    try:
        _put_back(database, data_dir, source, manifest, progress)
    except BaseException:
        # Half a restoration would look like a whole one; what was there before was nothing.
        shutil.rmtree(data_dir / "clips", ignore_errors=True)
        (data_dir / KEY_FILE).unlink(missing_ok=True)
        raise
    return manifest


def _put_back(
    database: Database, data_dir: Path, source: Path, manifest: Manifest, progress: Progress
) -> None:
    with database.write() as session:
        if session.scalar(select(EventRow.id).limit(1)) is not None:
            raise BackupError("the database holds events already; restore into an empty one")
        if manifest.revision != _revision(session):
            raise BackupError(
                f"the archive's tables are of revision {manifest.revision}, this version's of "
                f"{_revision(session)}; restore with the version that made it, then update"
            )
        with tarfile.open(source, mode="r|") as tar:
            _read(session, tar, data_dir, manifest, progress)
        _check_audit(session, manifest)


def _write(database: Database, data_dir: Path, tar: tarfile.TarFile, progress: Progress) -> Manifest:
    store = ClipStore(data_dir)
    with database.snapshot() as session:
        head = read_head(session)
        manifest = Manifest(_revision(session), audit_id=head.id, audit_sha256=head.sha256)
        for table in tables():
            progress(table.name)
            manifest.rows[table.name] = _add_table(tar, manifest, table.name, lines_of(session, table))
        ids = list(session.scalars(select(EventRow.id).order_by(EventRow.id)))
        named = _films(session, store, data_dir)
    for number, event_id in enumerate(ids, 1):
        progress(f"films {number}/{len(ids)}")
        for path in store.files_of(event_id):
            if path.suffix != ".part":
                _add_file(tar, manifest, data_dir, path)
    manifest.missing = sorted(name for name in named if name not in manifest.files)
    key = data_dir / KEY_FILE
    if key.is_file():
        _add_file(tar, manifest, data_dir, key)
    _add(tar, MANIFEST, manifest.text().encode())
    return manifest


def _films(session: Session, store: ClipStore, data_dir: Path) -> set[str]:
    wanted = select(ClipRow.event_id, ClipRow.sha256).where(ClipRow.sha256.is_not(None))
    return {
        str(store.clip_path(event_id, sha256).relative_to(data_dir))
        for event_id, sha256 in session.execute(wanted)
        if sha256 is not None
    }


def _add_table(tar: tarfile.TarFile, manifest: Manifest, name: str, lines: Iterator[bytes]) -> int:
    digest, number = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as content:
        for line in lines:
            content.write(line)
            digest.update(line)
            number += 1
        size = content.tell()
        content.seek(0)
        _add_stream(tar, f"tables/{name}.ndjson", content, size)
    manifest.files[f"tables/{name}.ndjson"] = (size, digest.hexdigest())
    return number


def _add_file(tar: tarfile.TarFile, manifest: Manifest, data_dir: Path, path: Path) -> None:
    name = str(path.relative_to(data_dir))
    try:
        with path.open("rb") as content:
            # Open, it stays whole, also where it is deleted or replaced at this moment.
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            size = content.tell()
            content.seek(0)
            _add_stream(tar, name, content, size)
    except FileNotFoundError:
        return
    manifest.files[name] = (size, digest)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    _add_stream(tar, name, io.BytesIO(content), len(content))


def _add_stream(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


def _manifest_of(source: Path) -> Manifest:
    try:
        with tarfile.open(source, mode="r|") as tar:
            for entry in tar:
                if entry.name == MANIFEST and entry.isfile():
                    content = tar.extractfile(entry)
                    assert content is not None
                    return Manifest.parse(content.read())
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{source} is no whole archive ({error})") from error
    raise BackupError(f"{source} has no manifest: it is no archive of ours, or was cut off")


def _read(
    session: Session, tar: tarfile.TarFile, data_dir: Path, manifest: Manifest, progress: Progress
) -> None:
    known = {f"tables/{table.name}.ndjson": table for table in tables()}
    seen: set[str] = set()
    try:
        for entry in tar:
            if entry.name == MANIFEST:
                continue
            _check_name(entry, manifest)
            progress(entry.name)
            content = tar.extractfile(entry)
            assert content is not None
            if entry.name in known:
                with tempfile.TemporaryFile() as copy:
                    _copy(content, copy, manifest.files[entry.name], entry.name)
                    copy.seek(0)
                    number = load(session, known[entry.name], copy)
                if number != manifest.rows[known[entry.name].name]:
                    raise BackupError(f"{entry.name} does not hold the rows that its manifest names")
            else:
                _extract(content, data_dir / entry.name, manifest.files[entry.name])
            seen.add(entry.name)
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"the archive is not whole ({error})") from error
    if left := manifest.files.keys() - seen:
        raise BackupError(f"the archive lacks {sorted(left)[0]} and {len(left) - 1} more")


def _check_name(entry: tarfile.TarInfo, manifest: Manifest) -> None:
    """Only plain files that the manifest names, and only where we would have put them."""
    name = Path(entry.name)
    ours = entry.name == KEY_FILE or name.parts[0] in ("clips", "tables")
    if not entry.isfile() or entry.name not in manifest.files or not ours or ".." in name.parts:
        raise BackupError(f"the archive holds {entry.name!r}, which is not of ours")


def _extract(content: IO[bytes], path: Path, expected: tuple[int, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as stream:
        path.chmod(0o600)
        _copy(content, stream, expected, path.name)
        os.fsync(stream.fileno())


def _copy(content: IO[bytes], target: IO[bytes], expected: tuple[int, str], name: str) -> None:
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(CHUNK):
        target.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    if (size, digest.hexdigest()) != expected:
        raise BackupError(f"{name} was changed since the archive was made")


def _check_audit(session: Session, manifest: Manifest) -> None:
    session.flush()
    head = read_head(session)
    if (head.id, head.sha256) != (manifest.audit_id, manifest.audit_sha256):
        raise BackupError("the audit does not end where the archive says")
    if fault := first_fault(read_entries(session), head):
        raise BackupError(f"the audit's chain is broken: {fault}")


def _revision(session: Session) -> str:
    return str(session.scalar(text("SELECT version_num FROM alembic_version")))
