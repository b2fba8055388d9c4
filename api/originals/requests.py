"""Asking for an original, releasing it as a second person, and fetching the marked copy (P9)."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import audit
from api.event_path import EventPath
from api.fields import Id, PlainText
from api.judging import known_event
from api.originals.tables import OriginalRequestRow
from api.originals.watermark import require_font
from api.problems import Problem
from api.rights.guard import Permitted
from api.second_factor.again import identify_again
from api.services import Parts
from api.sessions import SignedIn
from api.tables import ClipRow, EventRow

router = APIRouter(prefix="/api/v1", tags=["originals"])

MOST_SHOWN = 200
State = Literal["waiting", "approved", "ready", "refused", "failed", "expired"]
OriginalPath = Annotated[uuid.UUID, Path(description="the request's id")]
Code = Annotated[PlainText, Field(max_length=32)]


class OriginalPlea(BaseModel):
    """Why somebody needs an original."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[PlainText, Field(min_length=4, max_length=500, description="what it is needed for")]
    code: Code | None = Field(default=None, description="of the second factor, where the hall demands it")


class Release(BaseModel):
    """A second person releases it."""

    model_config = ConfigDict(extra="forbid")

    code: Code | None = Field(default=None, description="of the second factor, where the hall demands it")


class Refusal(BaseModel):
    """A second person refuses it."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[PlainText, Field(min_length=2, max_length=500)]


class OriginalOut(BaseModel):
    """A request: `waiting` for a second person, `approved` and being made, `ready` to fetch, or over."""

    id: str
    event: str
    window: str
    behaviour: str
    started_at: datetime
    state: State
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    said: str | None = Field(description="why it was refused, or could not be made")
    expires_at: datetime = Field(description="of the request while it waits, of the copy once it is ready")
    sha256: str | None = Field(description="of the archive")
    size_bytes: int | None
    url: str | None = Field(description="for who asked, while it is ready")
    may_decide: bool = Field(description="whether who reads this may release or refuse it")


@router.get("/originals", operation_id="listOriginals")
def list_originals(
    person: Permitted,
    parts: Parts,
    event: Annotated[Id | None, Query(description="only of this event")] = None,
) -> list[OriginalOut]:
    """The last 200 requests, the latest first."""
    query = select(OriginalRequestRow, EventRow).join(EventRow, EventRow.id == OriginalRequestRow.event_id)
    query = query.where(*person.scope.condition(EventRow.window_id))
    if event is not None:
        query = query.where(OriginalRequestRow.event_id == event)
    query = query.order_by(OriginalRequestRow.asked_at.desc(), OriginalRequestRow.id).limit(MOST_SHOWN)
    with parts.database.read() as session:
        return [_shown(row, flagged, person) for row, flagged in session.execute(query)]


@router.post("/events/{event_id}/originals", operation_id="askForOriginal", status_code=201)
def ask_for_original(
    event_id: EventPath, plea: OriginalPlea, request: Request, person: Permitted, parts: Parts
) -> OriginalOut:
    """Ask for an event's original, saying why; a second person has to release it."""
    now = parts.settings.clock()
    require_font(parts)
    if parts.settings.second_factor.originals:
        identify_again(parts, request, person, plea.code)
    with parts.database.write() as session:
        event = known_event(session, event_id)
        clip = session.get(ClipRow, event_id)
        if clip is None or clip.sha256 is None:
            raise Problem("clip_missing")
        row = OriginalRequestRow(
            id=str(uuid.uuid4()),
            event_id=event_id,
            state="waiting",
            reason=plea.reason,
            asked_by=person.username,
            asked_at=now,
            expires_at=now + timedelta(days=parts.settings.originals.waits_days),
        )
        session.add(row)
        session.flush()
        told = {"event": event_id, "reason": plea.reason}
        audit.record(session, now, person.username, "original_asked", row.id, **told)
        return _shown(row, event, person)


@router.post("/originals/{original_id}/release", operation_id="releaseOriginal")
def release_original(
    original_id: OriginalPath, told: Release, request: Request, person: Permitted, parts: Parts
) -> OriginalOut:
    """Release it as the second person; a marked copy is made, for who asked alone."""
    if parts.settings.second_factor.originals:
        identify_again(parts, request, person, told.code)
    now = parts.settings.clock()
    with parts.database.write() as session:
        row, event = _waiting(session, original_id, person, now)
        row.state, row.decided_by, row.decided_at = "approved", person.username, now
        row.expires_at = now + timedelta(hours=parts.settings.originals.valid_hours)
        audit.record(session, now, person.username, "original_released", row.id, event=row.event_id)
        return _shown(row, event, person)


@router.post("/originals/{original_id}/refusal", operation_id="refuseOriginal")
def refuse_original(original_id: OriginalPath, told: Refusal, person: Permitted, parts: Parts) -> OriginalOut:
    """Refuse it as the second person, saying why."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        row, event = _waiting(session, original_id, person, now)
        row.state, row.decided_by, row.decided_at = "refused", person.username, now
        row.said, row.expires_at = told.reason, now
        said = {"event": row.event_id, "reason": told.reason}
        audit.record(session, now, person.username, "original_refused", row.id, **said)
        return _shown(row, event, person)


@router.get(
    "/originals/{original_id}/archive",
    operation_id="fetchOriginalArchive",
    response_class=FileResponse,
    responses={
        200: {
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            "description": "the marked film and its manifest",
        }
    },
)
def fetch_archive(original_id: OriginalPath, person: Permitted, parts: Parts) -> FileResponse:
    """The marked film with its manifest, for who asked, until it expires; each fetch is written down."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        row, _ = _known(session, original_id)
        path = parts.clips.export_path(row.event_id, row.id)
        if row.asked_by != person.username:
            raise Problem("not_permitted")
        if row.state != "ready" or now >= row.expires_at or not path.is_file():
            raise Problem("original_over")
        told = {"event": row.event_id, "sha256": row.sha256}
        audit.record(session, now, person.username, "original_fetched", row.id, **told)
    name = f"hallwatch-original-{row.event_id}.zip"
    headers = {"Cache-Control": "no-store"}
    return FileResponse(path, media_type="application/zip", filename=name, headers=headers)


def _known(session: Session, original_id: uuid.UUID) -> tuple[OriginalRequestRow, EventRow]:
    row = session.get(OriginalRequestRow, str(original_id), with_for_update=True)
    if row is None:
        raise Problem("original_unknown")
    return row, known_event(session, row.event_id)


def _waiting(
    session: Session, original_id: uuid.UUID, person: SignedIn, now: datetime
) -> tuple[OriginalRequestRow, EventRow]:
    row, event = _known(session, original_id)
    if row.state != "waiting" or now >= row.expires_at:
        raise Problem("original_over")
    if row.asked_by == person.username:
        raise Problem("own_request")
    return row, event


def _shown(row: OriginalRequestRow, event: EventRow, person: SignedIn) -> OriginalOut:
    own = row.asked_by == person.username
    same = {name: getattr(row, name) for name in OriginalOut.model_fields if hasattr(row, name)}
    return OriginalOut(
        **same,
        event=row.event_id,
        window=event.window_id,
        behaviour=event.behaviour,
        started_at=event.started_at,
        url=f"/api/v1/originals/{row.id}/archive" if row.state == "ready" and own else None,
        may_decide=row.state == "waiting" and not own,
    )
