"""Adding to the list of changes, with the change itself or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from api.changes.tables import ChangeRow
from api.changes.types import TYPES
from api.commit_order import at_end
from vision.article27 import CATALOGUE

_WAITING = "hallwatch changes"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened; `data` is how it stood then, as JSON says it."""

    at: datetime
    type: str
    subject: str
    window: str | None
    data: Mapping[str, Any]
    unreviewed: bool = False


def record(session: Session, *changes: Change) -> None:
    """Number these at the end of the transaction, behind all that was committed before."""
    for change in changes:
        assert change.type in TYPES, change.type
    if not changes:
        return
    waiting = session.info.get(_WAITING)
    if waiting is None:
        waiting = []
        session.info[_WAITING] = waiting
        at_end(session, lambda: _number(session))
    waiting.extend(changes)


def record_event(session: Session, at: datetime, type_: str, fields: Mapping[str, Any] | Any) -> None:
    """As `record`, of an event: its row, or the columns of one that was inserted."""
    record(session, event_change(at, type_, fields))


def event_change(at: datetime, type_: str, fields: Mapping[str, Any] | Any) -> Change:
    """What an event's change tells: no picture, no score, and nobody's name (Article 30)."""
    read = fields.__getitem__ if isinstance(fields, Mapping) else lambda name: getattr(fields, name)
    article = CATALOGUE.get(read("behaviour"))
    data = {
        "id": read("id"),
        "revision": read("revision"),
        "state": read("state"),
        "behaviour": read("behaviour"),
        "variant": read("variant"),
        "behaviour_zh": article.zh if article else read("behaviour"),
        "behaviour_en": article.en if article else read("behaviour"),
        "clause": article.clause if article else "",
        "severity": read("severity"),
        "window": read("window_id"),
        "camera": read("camera_id"),
        "started_at": _written(read("started_at")),
        "ended_at": _written(read("ended_at")) if read("ended_at") else None,
    }
    # What was taken back is told to everybody: they were told of the verdict.
    unreviewed = type_ in ("event.flagged", "event.updated") and read("state") == "pending"
    return Change(at, type_, read("id"), read("window_id"), data, unreviewed=unreviewed)


def _number(session: Session) -> None:
    changes: list[Change] = session.info.pop(_WAITING)
    last = session.scalar(select(func.max(ChangeRow.number))) or 0
    rows = [
        {
            "number": number,
            "at": change.at,
            "type": change.type,
            "subject": change.subject,
            "window_id": change.window,
            "unreviewed": change.unreviewed,
            "data": dict(change.data),
        }
        for number, change in enumerate(changes, last + 1)
    ]
    session.execute(insert(ChangeRow), rows)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
