"""The hash chain of the audit: each row's SHA-256 is over its own content and the hash of the row before.

    sha256(row) = SHA-256(canonical JSON of [previous sha256, id, at, actor, action, subject, detail])

Canonical: UTF-8, no spaces, keys sorted, `at` in UTC with microseconds. Ids count up by one. The head (last
id and hash) stands in a row of its own, so that a cut-off end is found too. Who can write the whole database
can compute a whole new chain; against that, an exported copy kept elsewhere is compared (`hallwatch audit
verify --against`).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.tables import AuditHeadRow, AuditRow

START = "0" * 64
"""Before the first row."""

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it is hashed and exported."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str | None
    detail: dict[str, Any]
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """As a line of an export holds it."""
        return {
            "id": self.id,
            "at": _written(self.at),
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "detail": self.detail,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain begins and ends: the hash before the first row, and the last row's id and hash."""

    before: str
    id: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that does not hold, and why, for people."""

    id: int
    why: str


def entry_of(row: AuditRow) -> Entry:
    """The row as a value."""
    return Entry(row.id, row.at, row.actor, row.action, row.subject, row.detail, row.sha256)


def sha256_of(previous: str, entry: Entry) -> str:
    """The hash that the row must have behind one with the hash `previous`."""
    content = [
        previous,
        entry.id,
        _written(entry.at),
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def append(session: Session, row: AuditRow) -> None:
    """Add the row behind the last one. Only at the end of a transaction, when it is alone (`at_end`)."""
    head = session.scalars(select(AuditHeadRow)).one_or_none()
    if head is None:
        head = AuditHeadRow(id=1, before_sha256=START, last_id=0, last_sha256=START)
        session.add(head)
    row.id = head.last_id + 1
    # As it will be read again: JSON knows no tuples, and no keys but texts.
    row.detail = json.loads(json.dumps(row.detail, allow_nan=False))
    entry = Entry(row.id, row.at, row.actor, row.action, row.subject, row.detail, "")
    row.sha256 = sha256_of(head.last_sha256, entry)
    head.last_id, head.last_sha256 = row.id, row.sha256
    session.add(row)


def first_fault(entries: Iterable[Entry], head: Head) -> Fault | None:
    """The first row that was changed, or before which rows are missing or moved; None where all hold."""
    previous, expected = head.before, None
    last = 0
    for entry in entries:
        if expected is not None and entry.id != expected:
            return Fault(entry.id, f"row {expected} is missing or was moved")
        if sha256_of(previous, entry) != entry.sha256:
            return Fault(entry.id, "it was changed, or rows before it were removed")
        previous, expected, last = entry.sha256, entry.id + 1, entry.id
    if (last, previous) != (head.id, head.sha256) and not (last == 0 and head.id == 0):
        return Fault(head.id, f"the end is missing: the last row should be {head.id}, it is {last}")
    return None


def read_head(session: Session) -> Head:
    """The head as stored; of an empty audit, zeros."""
    row = session.scalars(select(AuditHeadRow)).one_or_none()
    return Head(row.before_sha256, row.last_id, row.last_sha256) if row else Head(START, 0, START)


def read_entries(session: Session, until: int | None = None) -> Iterator[Entry]:
    """All rows in order, some at a time; none behind `until`, which may have been added meanwhile."""
    after = 0
    while True:
        wanted = select(AuditRow).where(AuditRow.id > after).order_by(AuditRow.id).limit(AT_ONCE)
        if until is not None:
            wanted = wanted.where(AuditRow.id <= until)
        rows = session.scalars(wanted).all()
        if not rows:
            return
        yield from map(entry_of, rows)
        after = rows[-1].id
        session.expunge_all()


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
