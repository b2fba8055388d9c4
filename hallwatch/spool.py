"""The worker's durable memory: what the API has not been told yet, and where each episode stands.

One SQLite file. An event and the episode it came from are written in one transaction: a worker killed
anywhere neither loses an event nor raises it twice. Rows leave only after the API said that it has them.
"""

import errno
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import structlog

from hallwatch.folder_lock import FolderLock
from hallwatch.wire import CameraStatus, ClipMessage, ClipState, EventMessage, LedgerRow, SkeletonMessage

_log = structlog.get_logger(__name__)
_SCHEMA = Path(__file__).with_name("spool.sql")
_KEEP_LEDGER = timedelta(hours=48)
PASSING = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
"""What a disk says that is full or fails: somebody mends it, and it goes on."""


class SpoolError(Exception):
    """The spool cannot be read or written."""


class SpoolNotWritableError(SpoolError):
    """The disk takes nothing for now; nothing of the change was kept, everything before it was."""


class SpoolFullError(SpoolNotWritableError):
    """The disk is full."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one step of the worker leaves behind; written as a whole or not at all.

    `episodes` maps an episode's key to its state as JSON can hold it, or to None when it is over.
    """

    events: Sequence[EventMessage] = ()
    clips: Sequence[ClipMessage] = ()
    skeletons: Sequence[SkeletonMessage] = ()
    statuses: Sequence[CameraStatus] = ()
    ledger: Sequence[LedgerRow] = ()
    episodes: Mapping[str, object | None] = field(default_factory=dict)
    hall: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A waiting message as it is stored: what `settle` and its siblings are told again."""

    kind: str
    key: str
    revision: int
    payload: Any
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class SpoolCounts:
    """How many messages wait, and how many the API refused for good."""

    waiting: int
    refused: int


class Spool:
    """The spool of one worker process; used from its camera and delivery threads alike."""

    def __init__(self, folder: Path, *, now: datetime) -> None:
        """Open or create the spool. Raises `SpoolError`, or `FolderInUse` when another worker has it."""
        try:
            self._lock_file = FolderLock(folder)
        except OSError as error:
            kind = SpoolNotWritableError if error.errno in PASSING else SpoolError
            raise kind(f"the spool folder {folder} cannot be used ({error.strerror})") from None
        self._guard = threading.Lock()
        self.changed = threading.Event()
        try:
            self._connection = _opened(folder / "spool.db", now)
            self._prune(now)
        except SpoolError:
            self._lock_file.release()
            raise

    def close(self) -> None:
        """Close the file and let the folder go."""
        with self._guard:
            self._connection.close()
        self._lock_file.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def commit(self, changes: Changes) -> None:
        """Write all or nothing.

        Raises `SpoolNotWritableError` where the disk takes nothing, else `SpoolError`.
        """
        with self._transaction() as connection:
            if changes.hall is not None:
                _replace(connection, "hall", str(changes.hall["id"]), changes.hall)
            for event in changes.events:
                _put_event(connection, event)
                if event.event.revision == 1:
                    connection.execute("INSERT OR IGNORE INTO unfilmed VALUES (?)", (event.event.id,))
            for clip in changes.clips:
                connection.execute("DELETE FROM unfilmed WHERE event_id = ?", (clip.event_id,))
                _replace(connection, "clip", clip.event_id, _clip_record(clip))
            for skeleton in changes.skeletons:
                _replace(connection, "skeleton", skeleton.event_id, skeleton.skeleton)
            for status in changes.statuses:
                _replace(connection, "status", status.camera, status.as_json())
            for row in changes.ledger:
                _put_ledger(connection, row)
            for key, snapshot in changes.episodes.items():
                _put_episode(connection, key, snapshot)
        self.changed.set()

    def episodes(self) -> dict[str, Any]:
        """The state of each unfinished episode by its key, as last committed."""
        rows = self._read("SELECT key, snapshot FROM episodes")
        return {key: json.loads(snapshot) for key, snapshot in rows}

    def keys(self, kind: str) -> set[str]:
        """What messages of a kind are about that wait, whether or not they are due."""
        return {row[0] for row in self._read("SELECT key FROM outbox WHERE kind = ?", (kind,))}

    def unfilmed(self) -> set[str]:
        """The ids of events whose clip is neither done nor given up."""
        return {row[0] for row in self._read("SELECT event_id FROM unfilmed")}

    def ledger_row(self, window: str, camera: str, hour: datetime) -> LedgerRow | None:
        """What was counted so far for an hour; None when nothing."""
        rows = self._read(
            "SELECT open_s, observed_s, present_s, detail, until FROM ledger"
            " WHERE window = ? AND camera = ? AND hour = ?",
            (window, camera, hour.isoformat()),
        )
        return _ledger_row(window, camera, hour.isoformat(), *rows[0]) if rows else None

    def counted_until(self, camera: str) -> datetime | None:
        """The moment up to which a camera's time was counted; None when none was."""
        rows = self._read("SELECT max(until) FROM ledger WHERE camera = ?", (camera,))
        return datetime.fromisoformat(rows[0][0]) if rows[0][0] else None

    def due(self, kind: str, now_s: float, limit: int) -> list[Queued]:
        """Waiting messages of a kind whose time has come, oldest first.

        Clips and skeletons wait for their event: while that is queued itself, they are not due.
        """
        rows = self._read(
            "SELECT kind, key, revision, payload, attempts FROM outbox AS o"
            " WHERE kind = ? AND refused IS NULL AND next_try <= ?"
            " AND (kind NOT IN ('clip', 'skeleton') OR NOT EXISTS"
            "  (SELECT 1 FROM outbox WHERE kind = 'event' AND key = o.key AND refused IS NULL))"
            " ORDER BY sequence LIMIT ?",
            (kind, now_s, limit),
        )
        return [Queued(kind, key, rev, json.loads(text), tries) for kind, key, rev, text, tries in rows]

    def due_ledger(self, limit: int) -> list[tuple[LedgerRow, int]]:
        """Ledger rows that the API has not, each with its version, oldest hour first."""
        rows = self._read(
            "SELECT window, camera, hour, open_s, observed_s, present_s, detail, until, version FROM ledger"
            " WHERE version > sent AND refused IS NULL ORDER BY hour LIMIT ?",
            (limit,),
        )
        return [(_ledger_row(*told), version) for *told, version in rows]

    def next_try_s(self) -> float | None:
        """When the next message falls due (Unix seconds); None when none waits."""
        rows = self._read("SELECT min(next_try) FROM outbox WHERE refused IS NULL")
        return rows[0][0] if rows else None

    def settle(self, messages: Sequence[Queued]) -> None:
        """The API has them: forget these revisions; a newer one queued meanwhile stays."""
        with self._transaction() as connection:
            connection.executemany(
                "DELETE FROM outbox WHERE kind = ? AND key = ? AND revision = ?",
                [(m.kind, m.key, m.revision) for m in messages],
            )

    def settle_ledger(self, rows: Sequence[tuple[LedgerRow, int]]) -> None:
        """The API has these versions of ledger rows."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE ledger SET sent = max(sent, ?) WHERE window = ? AND camera = ? AND hour = ?",
                [(version, row.window, row.camera, row.hour.isoformat()) for row, version in rows],
            )

    def postpone(self, messages: Sequence[Queued], until_s: float) -> None:
        """Try these again, not before `until_s` (Unix seconds)."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE outbox SET attempts = attempts + 1, next_try = ?"
                " WHERE kind = ? AND key = ? AND revision = ?",
                [(until_s, m.kind, m.key, m.revision) for m in messages],
            )

    def refuse(self, message: Queued, reason: str) -> None:
        """The API can never take this one: keep it aside. A refused event's clip and skeleton go with it."""
        kinds = ("event", "clip", "skeleton") if message.kind == "event" else (message.kind,)
        marks = ", ".join("?" * len(kinds))
        with self._transaction() as connection:
            connection.execute(
                f"UPDATE outbox SET refused = ? WHERE key = ? AND kind IN ({marks})"
                " AND (kind <> ? OR revision = ?)",
                (reason, message.key, *kinds, message.kind, message.revision),
            )

    def refuse_ledger(self, rows: Sequence[tuple[LedgerRow, int]], reason: str) -> None:
        """The API can never take these rows: keep them aside."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE ledger SET refused = ? WHERE window = ? AND camera = ? AND hour = ?",
                [(reason, row.window, row.camera, row.hour.isoformat()) for row, _ in rows],
            )

    def counts(self) -> SpoolCounts:
        """How much waits and how much was refused."""
        rows = self._read(
            "SELECT (SELECT count(*) FROM outbox WHERE refused IS NULL)"
            " + (SELECT count(*) FROM ledger WHERE version > sent AND refused IS NULL),"
            " (SELECT count(*) FROM outbox WHERE refused IS NOT NULL)"
            " + (SELECT count(*) FROM ledger WHERE refused IS NOT NULL)"
        )
        return SpoolCounts(*rows[0])

    def _prune(self, now: datetime) -> None:
        horizon = (now.astimezone(UTC) - _KEEP_LEDGER).isoformat()
        with self._transaction() as connection:
            connection.execute("DELETE FROM ledger WHERE sent >= version AND hour < ?", (horizon,))

    def _read(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._guard, _translated():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._guard, _translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")


def clip_of(message: Queued) -> ClipMessage:
    """The clip message that was stored."""
    record = dict(message.payload)
    starts_at, path = record.pop("starts_at"), record.pop("path")
    return ClipMessage(
        **record | {"state": ClipState(record["state"])},
        event_id=message.key,
        starts_at=datetime.fromisoformat(starts_at) if starts_at else None,
        path=Path(path) if path else None,
    )


def _clip_record(clip: ClipMessage) -> dict[str, Any]:
    return {
        "state": clip.state.value,
        "starts_at": clip.starts_at.isoformat() if clip.starts_at else None,
        "duration_s": clip.duration_s,
        "path": str(clip.path) if clip.path else None,
        "sha256": clip.sha256,
        "reason": clip.reason,
        "delete_after": clip.delete_after,
    }


def _put_event(connection: sqlite3.Connection, message: EventMessage) -> None:
    connection.execute(
        "INSERT INTO outbox (kind, key, revision, payload) VALUES ('event', ?, ?, ?)"
        " ON CONFLICT (kind, key) DO UPDATE SET revision = excluded.revision, payload = excluded.payload,"
        "  attempts = 0, next_try = 0, refused = NULL WHERE excluded.revision > outbox.revision",
        (message.event.id, message.event.revision, _text(message.as_json())),
    )


def _replace(connection: sqlite3.Connection, kind: str, key: str, payload: Mapping[str, Any]) -> None:
    connection.execute(
        "INSERT INTO outbox (kind, key, revision, payload) VALUES (?, ?, 1, ?)"
        " ON CONFLICT (kind, key) DO UPDATE SET revision = outbox.revision + 1, payload = excluded.payload,"
        "  attempts = 0, next_try = 0, refused = NULL",
        (kind, key, _text(payload)),
    )


def _put_ledger(connection: sqlite3.Connection, row: LedgerRow) -> None:
    connection.execute(
        "INSERT INTO ledger (window, camera, hour, open_s, observed_s, present_s, detail, until)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (window, camera, hour) DO UPDATE SET open_s = excluded.open_s,"
        "  observed_s = excluded.observed_s, present_s = excluded.present_s, detail = excluded.detail,"
        "  until = excluded.until, version = ledger.version + 1, refused = NULL",
        (
            row.window,
            row.camera,
            row.hour.isoformat(),
            row.open_s,
            row.observed_s,
            row.present_s,
            None if row.detail is None else _text(row.detail),
            None if row.until is None else row.until.astimezone(UTC).isoformat(),
        ),
    )


def _ledger_row(
    window: str,
    camera: str,
    hour: str,
    open_s: float,
    observed_s: float,
    present_s: float,
    detail: str | None,
    until: str | None,
) -> LedgerRow:
    more = None if detail is None else json.loads(detail)
    counted = None if until is None else datetime.fromisoformat(until)
    begin = datetime.fromisoformat(hour)
    return LedgerRow(window, camera, begin, open_s, observed_s, present_s, more, counted)


def _put_episode(connection: sqlite3.Connection, key: str, snapshot: object | None) -> None:
    if snapshot is None:
        connection.execute("DELETE FROM episodes WHERE key = ?", (key,))
    else:
        connection.execute("INSERT OR REPLACE INTO episodes VALUES (?, ?)", (key, _text(snapshot)))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _opened(path: Path, now: datetime) -> sqlite3.Connection:
    """A sound connection; a file that is damaged is set aside and a new one begun."""
    with _translated():
        try:
            return _connected(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            _set_aside(path, now, str(error))
            return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
        _add_columns(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _add_columns(connection: sqlite3.Connection) -> None:
    """Bring a spool that an earlier version began to what this one keeps."""
    there = {row[1] for row in connection.execute("PRAGMA table_info(ledger)")}
    for column in ("detail", "until"):
        if column not in there:
            connection.execute(f"ALTER TABLE ledger ADD COLUMN {column} TEXT")


def _set_aside(path: Path, now: datetime, why: str) -> None:
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for part in ("", "-wal", "-shm"):
        file = path.with_name(path.name + part)
        if file.exists():
            file.rename(path.with_name(f"{path.stem}.damaged-{stamp}.db{part}"))
    _log.error(
        "the spool was damaged and is set aside; a new one begins", file=str(path), reason=why, stamp=stamp
    )


@contextmanager
def _translated() -> Iterator[None]:
    """The database's errors in our own words; the one place that knows them."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise SpoolFullError("the disk is full; free some space, the worker goes on by itself") from error
        if code == sqlite3.SQLITE_READONLY:
            raise SpoolNotWritableError(
                "the spool's folder cannot be written; check its rights and mount, the worker goes on then"
            ) from error
        if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
            raise SpoolNotWritableError(
                f"the disk of the spool fails ({error}); the worker goes on by itself"
            ) from error
        raise SpoolError(f"the spool cannot be used: {error}") from error
