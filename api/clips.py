"""Clips and skeletons over HTTP: taken from workers, shown to reviewers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from api.clip_store import MAXIMUM_CLIP_BYTES, ClipCorruptError
from api.event_store import bump_version
from api.evidence.wanted_copies import ask_for_copy
from api.fields import EventId, PlainText, Seconds, Sha256, Time
from api.problems import FieldError, Problem
from api.services import Parts, Services
from api.tables import ClipRow, EventRow
from api.worker_access import from_worker

intake = APIRouter(prefix="/api/v1/ingest/events", tags=["ingest"], dependencies=[Depends(from_worker)])
router = APIRouter(prefix="/api/v1/events", tags=["events"])

EventPath = Annotated[EventId, Path(description="the event's id")]
ClipState = Literal["ready", "partial", "failed"]
RANK = {"failed": 0, "partial": 1, "ready": 2}
"""A later message of lower rank was overtaken on its way and changes nothing."""

_MP4 = {"content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}}


@dataclass(frozen=True, slots=True)
class ClipTold:
    """The query of a delivered clip."""

    state: Annotated[ClipState, Query(description="failed: there is no clip; the body is empty")]
    starts_at: Annotated[Time | None, Query(description="camera time of its first picture")] = None
    duration_s: Annotated[Seconds | None, Query(description="its length in seconds")] = None
    sha256: Annotated[Sha256 | None, Query(description="of the body, 64 hexadecimal digits")] = None
    reason: Annotated[PlainText | None, Query(max_length=1000, description="why partial or failed")] = None


Told = Annotated[ClipTold, Depends()]


@intake.put(
    "/{event_id}/clip",
    operation_id="ingestClip",
    status_code=204,
    openapi_extra={"requestBody": _MP4},
)
async def put_clip(event_id: EventPath, told: Told, request: Request, parts: Parts) -> None:
    """Store an event's clip, or say that there is none; 404 while the event itself has not arrived."""
    if not await run_in_threadpool(_is_known, parts, event_id):
        async for _ in request.stream():
            pass  # an answer before the body's end would reach the sender as a broken connection
        raise Problem("event_unknown")
    row = _row(event_id, told, parts.settings.clock())
    if told.state != "failed":
        row.sha256 = _required(told)
        if int(request.headers.get("content-length", 0)) > MAXIMUM_CLIP_BYTES:
            raise Problem("too_large")
        try:
            stored = await parts.clips.receive_clip(event_id, row.sha256, request.stream())
        except ClipCorruptError as error:
            raise Problem("clip_corrupt") from error
        row.size_bytes = stored.size_bytes
    await run_in_threadpool(_keep, parts, row)


@router.get(
    "/{event_id}/skeleton",
    operation_id="readSkeleton",
    response_class=FileResponse,
    responses={200: {"content": {"application/json": {}}, "description": "the poses, as delivered"}},
)
def read_skeleton(event_id: EventPath, parts: Parts) -> FileResponse:
    """The poses that go with an event's clip, in pixels, by seconds since the clip's start."""
    path = parts.clips.skeleton_path(event_id)
    if not path.is_file():
        raise Problem("skeleton_missing")
    return FileResponse(path, media_type="application/json")


def _is_known(parts: Services, event_id: str) -> bool:
    with parts.database.read() as session:
        return session.get(EventRow, event_id) is not None


def _required(told: ClipTold) -> str:
    names = [name for name in ("starts_at", "duration_s", "sha256") if getattr(told, name) is None]
    if told.sha256 is None or names:
        raise Problem(
            "invalid", *(FieldError(f"/query/{name}", "缺少此项", "Field required") for name in names)
        )
    return told.sha256


def _row(event_id: str, told: ClipTold, now: datetime) -> ClipRow:
    return ClipRow(
        event_id=event_id,
        state=told.state,
        reason=told.reason,
        starts_at=told.starts_at,
        duration_s=told.duration_s if told.state != "failed" else None,
        size_bytes=None,
        sha256=None,
        stored_at=now,
    )


def _keep(parts: Services, row: ClipRow) -> None:
    with parts.database.write() as session:
        known = session.get(ClipRow, row.event_id, with_for_update=True)
        before = (known.state, known.sha256) if known else ("failed", None)
        overtaken = RANK[row.state] < RANK[before[0]]
        event = None
        if known is None or not (overtaken or before == (row.state, row.sha256)):
            session.merge(row)
            if row.sha256 is not None:
                ask_for_copy(session, row.event_id, row.sha256, row.stored_at)
            event = bump_version(session, row.event_id)
    unused = row.sha256 if overtaken else before[1]
    kept = before[1] if overtaken else row.sha256
    if unused and unused != kept:
        parts.clips.clip_path(row.event_id, unused).unlink(missing_ok=True)
        if not overtaken:
            parts.clips.delete_review(row.event_id)
    if event is not None:
        parts.metrics.clips.labels(row.state).inc()
        data = {"id": event.id, "revision": event.revision, "state": event.state}
        parts.broadcaster.publish("event", data)
