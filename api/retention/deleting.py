"""Deleting what is due: files first, then every row, and what is left is looked for before it is believed."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from api import audit
from api.changes.tables import ChangeRow
from api.clip_store import ClipStore
from api.event_store import bump_version, count
from api.permits import MACHINE
from api.retention.due import CLASSES, events_due, is_due, number_due, originals_due
from api.retention.tables import DeletedEventRow
from api.services import Services
from api.tables import ClipRow, EventRow, Table

ORIGINAL_GONE = "The original was deleted by age; the review copy stays."
AT_ONCE = 100

Progress = Callable[[int, int], None]


class LeftBehindError(RuntimeError):
    """Something of an event was still there after its deletion; the transaction is undone."""


@dataclass(slots=True)
class Outcome:
    """How many events of each class went, and how many originals."""

    events: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CLASSES, 0))
    originals: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.events.values()) + self.originals


def what_is_due(parts: Services) -> Outcome:
    """What a deletion now would take; changes nothing."""
    settings, now = parts.settings, parts.settings.clock()
    with parts.database.read() as session:
        found = Outcome(originals=number_due(session, originals_due(settings.retention, now)))
        for state in CLASSES:
            query = events_due(settings.retention, settings.review, now, state)
            found.events[state] = number_due(session, query)
    return found


def delete_due(parts: Services, progress: Progress | None = None) -> Outcome:
    """Delete all that is due, one event at a time; may be stopped at any moment and begun again.

    Raises OSError where a file cannot be deleted, LeftBehindError where something is still there.
    """
    settings, now = parts.settings, parts.settings.clock()
    due, done = what_is_due(parts), Outcome()
    for state in CLASSES:
        query = events_due(settings.retention, settings.review, now, state)
        for event_id in _ids(parts, query):
            done.events[state] += _delete_event(parts, query, event_id, now)
            _tell(progress, done, due)
    query = originals_due(settings.retention, now)
    for event_id in _ids(parts, query):
        done.originals += _delete_original(parts, query, event_id, now)
        _tell(progress, done, due)
    return done


def rows_of_event(session: Session, event_id: str) -> dict[str, int]:
    """How many rows of each table belong to an event; tables without any are left out."""
    found = {}
    for table, column in _belonging():
        number = session.scalar(select(func.count()).select_from(table).where(column == event_id)) or 0
        if number:
            found[table.name] = number
    return found


def _ids(parts: Services, query: Select[Any]) -> Iterator[str]:
    """Page by page; what could not be deleted does not come again."""
    seen: set[str] = set()
    while True:
        with parts.database.read() as session:
            found = session.scalars(query.limit(AT_ONCE + len(seen))).all()
        fresh = [event_id for event_id in found if event_id not in seen]
        if not fresh:
            return
        seen.update(fresh)
        yield from fresh


def _delete_event(parts: Services, due: Select[Any], event_id: str, now: datetime) -> bool:
    with parts.database.write() as session:
        row = session.get(EventRow, event_id, with_for_update=True)
        if row is None or not is_due(session, due, event_id):
            return False
        files = [_described(path) for path in parts.clips.files_of(event_id)]
        session.add(
            DeletedEventRow(
                id=event_id,
                window_id=row.window_id,
                behaviour=row.behaviour,
                state=row.state,
                started_at=row.started_at,
                known_until=row.known_until,
                deleted_at=now,
                files=files,
                rows=rows_of_event(session, event_id),
            )
        )
        count(session, Counter({(row.window_id, row.behaviour, row.state): -1}))
        parts.clips.delete_event(event_id)
        session.expunge(row)
        for table, column in _belonging():
            session.execute(delete(table).where(column == event_id))
        told = {"id": event_id, "state": "deleted"}
        session.execute(update(ChangeRow).where(ChangeRow.subject == event_id).values(data=told))
        _verify(session, parts.clips, event_id)
        state, number = row.state, len(files)
        audit.record(session, now, MACHINE, "event_deleted", event_id, state=state, files=number)
    return True


def _delete_original(parts: Services, due: Select[Any], event_id: str, now: datetime) -> bool:
    with parts.database.write() as session:
        clip = session.get(ClipRow, event_id, with_for_update=True)
        if clip is None or not is_due(session, due, event_id):
            return False
        sha256 = clip.sha256
        parts.clips.delete_original(event_id)
        clip.sha256, clip.size_bytes, clip.reason = None, None, ORIGINAL_GONE
        bump_version(session, event_id)
        audit.record(session, now, MACHINE, "original_deleted", event_id, sha256=sha256)
    return True


def _verify(session: Session, store: ClipStore, event_id: str) -> None:
    rows, files = rows_of_event(session, event_id), list(store.files_of(event_id))
    if rows or files:
        raise LeftBehindError(f"of event {event_id} there are still {rows} and {[f.name for f in files]}")


def _belonging() -> Iterator[tuple[Any, Any]]:
    """Every table with rows of one event, and the column that names it; what is referred to comes last.

    Found by its foreign key, so that a table that is added later is not forgotten.
    """
    for table in reversed(Table.metadata.sorted_tables):
        for key in table.foreign_keys:
            if key.column is EventRow.__table__.c.id:
                yield table, key.parent
    yield EventRow.__table__, EventRow.__table__.c.id


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest}


def _tell(progress: Progress | None, done: Outcome, due: Outcome) -> None:
    if progress is not None:
        progress(done.total, max(due.total, done.total))
