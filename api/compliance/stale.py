"""What figures have to be computed anew: noted in the transaction that changes what they are made of."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from api.compliance.tables import StaleRow
from api.tables import EventRow

Touched = tuple[str, datetime, datetime]
"""Window, and the time from and until which something about it changed."""

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def mark(session: Session, touched: Iterable[Touched]) -> None:
    """Note that figures of these windows and times no longer hold."""
    rows = [{"window_id": w, "from_at": begin, "until_at": max(begin, end)} for w, begin, end in touched]
    if rows:
        session.execute(insert(StaleRow), rows)


def mark_everything(session: Session) -> None:
    """Note that no figure holds any more: the hall's days begin at other moments now."""
    mark(session, [("", BEGINNING, BEGINNING)])


def touched_by(row: EventRow) -> Touched:
    """The time that an event speaks for, as it stands now."""
    return row.window_id, row.started_at, row.known_until
