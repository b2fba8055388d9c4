"""Holding an event back from deletion, and what was deleted."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, literal, select, tuple_

from api import audit
from api.event_path import EventPath
from api.event_queue import Cursor
from api.fields import PlainText
from api.judging import known_event
from api.listing import CursorText, parsed_cursor
from api.problems import Problem
from api.retention.deleting import what_is_due
from api.retention.tables import DeletedEventRow, LegalHoldRow
from api.rights.guard import Permitted
from api.services import Parts
from api.tables import UtcTime

router = APIRouter(prefix="/api/v1", tags=["retention"])


class HoldIn(BaseModel):
    """Why an event must not be deleted."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[PlainText, Field(min_length=1, max_length=500)]


class HoldOut(BaseModel):
    """An event that is not deleted, however old it gets."""

    event: str
    reason: str
    placed_by: str
    placed_at: datetime


class RetentionOut(BaseModel):
    """How long what is kept, and what the next deletion takes."""

    days: dict[str, int] = Field(description="by class, as set")
    due: dict[str, int] = Field(description="events by class, and `originals`, that are due now")
    held: int = Field(description="events that somebody holds back")


class DeletedEvent(BaseModel):
    """The proof of one deletion."""

    id: str
    window: str
    behaviour: str
    state: str
    started_at: datetime
    deleted_at: datetime
    files: list[dict[str, Any]] = Field(description="name, bytes and SHA-256 of each file that was")
    rows: dict[str, int] = Field(description="rows that were, by table")


class DeletionReport(BaseModel):
    """Some deletions, the latest first."""

    items: list[DeletedEvent]
    next_cursor: str | None = Field(description="`cursor` of the next page; null: this is the last")


@router.get("/events/{event_id}/hold", operation_id="readHold")
def read_hold(event_id: EventPath, person: Permitted, parts: Parts) -> HoldOut | None:
    """Who holds the event back, and why; null where nobody does."""
    with parts.database.read() as session:
        known_event(session, event_id)
        row = session.get(LegalHoldRow, event_id)
    return None if row is None else _shown(row)


@router.put("/events/{event_id}/hold", operation_id="holdEvent")
def hold_event(event_id: EventPath, told: HoldIn, person: Permitted, parts: Parts) -> HoldOut:
    """Keep an event and its film from deletion by age until it is released; again: the reason is replaced."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        known_event(session, event_id, locked=True)
        row = session.merge(
            LegalHoldRow(event_id=event_id, reason=told.reason, placed_by=person.username, placed_at=now)
        )
        audit.record(session, now, person.username, "held", event_id, reason=told.reason)
        return _shown(row)


@router.delete("/events/{event_id}/hold", operation_id="releaseHold", status_code=204)
def release_hold(event_id: EventPath, person: Permitted, parts: Parts) -> None:
    """Let the event be deleted by age again."""
    with parts.database.write() as session:
        row = session.get(LegalHoldRow, event_id)
        if row is None:
            raise Problem("not_held")
        session.delete(row)
        audit.record(session, parts.settings.clock(), person.username, "hold_released", event_id)


@router.get("/retention", operation_id="readRetention")
def read_retention(person: Permitted, parts: Parts) -> RetentionOut:
    """What is kept for how long, and what is due."""
    rules = asdict(parts.settings.retention)
    due = what_is_due(parts)
    with parts.database.read() as session:
        held = session.scalar(select(func.count()).select_from(LegalHoldRow)) or 0
    days = {name.removesuffix("_days"): value for name, value in rules.items() if name.endswith("_days")}
    return RetentionOut(days=days, due=due.events | {"originals": due.originals}, held=held)


@router.get("/retention/deletions", operation_id="listDeletions")
def list_deletions(
    person: Permitted,
    parts: Parts,
    cursor: CursorText = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> DeletionReport:
    """What was deleted by age: the deletion report."""
    place = (DeletedEventRow.deleted_at, DeletedEventRow.id)
    wanted = select(DeletedEventRow).order_by(*(column.desc() for column in place))
    if cursor is not None:
        after = parsed_cursor(cursor)
        wanted = wanted.where(
            tuple_(*place) < tuple_(literal(after.started_at, UtcTime()), literal(after.id))
        )
    with parts.database.read() as session:
        rows = session.scalars(wanted.limit(limit + 1)).all()
    shown = rows[:limit]
    items = [
        DeletedEvent(
            id=row.id,
            window=row.window_id,
            behaviour=row.behaviour,
            state=row.state,
            started_at=row.started_at,
            deleted_at=row.deleted_at,
            files=row.files,
            rows=row.rows,
        )
        for row in shown
    ]
    last = Cursor(shown[-1].deleted_at, shown[-1].id).text() if len(rows) > limit else None
    return DeletionReport(items=items, next_cursor=last)


def _shown(row: LegalHoldRow) -> HoldOut:
    return HoldOut(event=row.event_id, reason=row.reason, placed_by=row.placed_by, placed_at=row.placed_at)
