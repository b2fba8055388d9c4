"""Released originals over HTTP for the process that marks them, and the archive that people fetch."""

import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api import audit
from api.clip_store import MAXIMUM_CLIP_BYTES, ClipCorruptError, StoredFile
from api.fields import PlainText, Sha256
from api.originals.requests import OriginalPath
from api.originals.tables import OriginalRequestRow
from api.originals.watermark import mark_of, require_font, watermark
from api.permits import MACHINE
from api.problems import Problem
from api.services import Parts, Services
from api.tables import ClipRow, EventRow
from api.worker_access import from_worker

intake = APIRouter(prefix="/api/v1/ingest/originals", tags=["ingest"], dependencies=[Depends(from_worker)])

FORMAT = 1
WORDS = {
    "zh": "本压缩包含带水印的原始录像,仅供申请人用于所述事由。"
    "原始录像与带水印副本的 SHA-256 如下,审计日志记有本包的 SHA-256。",
    "en": "A marked copy of the original, for the person and the reason named. Its SHA-256 and that of the "
    "original follow; the audit holds that of this archive.",
}


class WantedOriginal(BaseModel):
    """An original that was released and waits for its mark."""

    id: str
    event_id: str
    sha256: str = Field(description="of the original")


class FailedOriginal(BaseModel):
    """Why it cannot be marked."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[PlainText, Field(max_length=1000)]


@intake.get("/wanted", operation_id="listWantedOriginals")
def list_wanted(parts: Parts) -> list[WantedOriginal]:
    """The originals to be marked, those released first before others."""
    query = (
        select(OriginalRequestRow, ClipRow.sha256)
        .join(ClipRow, ClipRow.event_id == OriginalRequestRow.event_id)
        .where(OriginalRequestRow.state == "approved", ClipRow.sha256.is_not(None))
        .where(OriginalRequestRow.expires_at > parts.settings.clock())
        .order_by(OriginalRequestRow.decided_at)
        .limit(20)
    )
    with parts.database.read() as session:
        return [
            WantedOriginal(id=row.id, event_id=row.event_id, sha256=str(sha256))
            for row, sha256 in session.execute(query)
        ]


@intake.get(
    "/{original_id}/watermark.png",
    operation_id="fetchWatermark",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}, "description": "to lie over every picture"}},
)
def fetch_watermark(
    original_id: OriginalPath,
    parts: Parts,
    width: Annotated[int, Query(ge=16, le=8192)],
    height: Annotated[int, Query(ge=16, le=8192)],
) -> Response:
    """The mark, as large as the pictures are."""
    with parts.database.read() as session:
        row = session.get(OriginalRequestRow, str(original_id))
        if row is None or row.state != "approved":
            raise Problem("original_unknown")
        mark = mark_of(session, row)
    return Response(watermark(require_font(parts), mark, (width, height)), media_type="image/png")


@intake.put(
    "/{original_id}/film",
    operation_id="ingestMarkedOriginal",
    status_code=204,
    openapi_extra={"requestBody": {"content": {"video/mp4": {"schema": {"type": "string"}}}}},
)
async def put_film(
    original_id: OriginalPath,
    sha256: Annotated[Sha256, Query(description="of the body")],
    source_sha256: Annotated[Sha256, Query(description="of the original that was marked")],
    request: Request,
    parts: Parts,
) -> None:
    """Store the marked film; with its manifest it is ready. 404 where nobody waits for it."""
    event_id = await run_in_threadpool(_event_of, parts, str(original_id), source_sha256)
    if event_id is None:
        async for _ in request.stream():
            pass  # an answer before the body's end would reach the sender as a broken connection
        raise Problem("original_unknown")
    if int(request.headers.get("content-length", 0)) > MAXIMUM_CLIP_BYTES:
        raise Problem("too_large")
    film = parts.clips.export_path(event_id, str(original_id)).with_suffix(".film.mp4")
    try:
        stored = await parts.clips.receive(film, sha256, request.stream())
        await run_in_threadpool(_pack, parts, str(original_id), source_sha256, stored)
    except ClipCorruptError as error:
        raise Problem("clip_corrupt") from error
    finally:
        film.unlink(missing_ok=True)


@intake.put("/{original_id}/failure", operation_id="ingestOriginalFailure", status_code=204)
def put_failure(original_id: OriginalPath, told: FailedOriginal, parts: Parts) -> None:
    """Say that it cannot be marked; who asked is told why."""
    with parts.database.write() as session:
        row = session.get(OriginalRequestRow, str(original_id), with_for_update=True)
        if row is None or row.state != "approved":
            raise Problem("original_unknown")
        row.state, row.said = "failed", told.reason
        audit.record(session, parts.settings.clock(), MACHINE, "original_failed", row.id, reason=told.reason)


def _event_of(parts: Services, original_id: str, source: str) -> str | None:
    with parts.database.read() as session:
        row = session.get(OriginalRequestRow, original_id)
        clip = session.get(ClipRow, row.event_id) if row and row.state == "approved" else None
    return clip.event_id if clip is not None and clip.sha256 == source else None


def _pack(parts: Services, original_id: str, source: str, film: StoredFile) -> None:
    now = parts.settings.clock()
    with parts.database.write() as session:
        row = session.get(OriginalRequestRow, original_id, with_for_update=True)
        if row is None or row.state != "approved":
            raise Problem("original_unknown")
        event = session.get_one(EventRow, row.event_id)
        manifest = _manifest(row, event, source, film, mark_of(session, row), now)
        path = parts.clips.export_path(row.event_id, row.id)
        stored = parts.clips.write_with(path, lambda part: _write_archive(part, film.path, manifest))
        row.state, row.manifest = "ready", manifest
        row.sha256, row.size_bytes = stored.sha256, stored.size_bytes
        told = {"event": row.event_id, "sha256": stored.sha256, "original_sha256": source}
        audit.record(session, now, MACHINE, "original_ready", row.id, **told)


def _write_archive(part: Path, film: Path, manifest: dict[str, Any]) -> None:
    # The film is compressed already.
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        archive.write(film, manifest["film"]["name"])
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))


def _manifest(
    row: OriginalRequestRow, event: EventRow, source: str, film: StoredFile, mark: str, now: datetime
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "what": WORDS,
        "request": row.id,
        "reason": row.reason,
        "asked": {"by": row.asked_by, "at": row.asked_at.isoformat()},
        "released": {"by": row.decided_by, "at": row.decided_at.isoformat() if row.decided_at else None},
        "made_at": now.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "watermark": mark,
        "event": {
            "id": event.id,
            "behaviour": event.behaviour,
            "window": event.window_id,
            "camera": event.camera_id,
            "started_at": event.started_at.isoformat(),
            "state": event.state,
        },
        "original": {"sha256": source},
        "film": {"name": f"{event.id}.mp4", "bytes": film.size_bytes, "sha256": film.sha256},
    }
