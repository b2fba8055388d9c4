"""Review copies over HTTP: asked for and delivered by their maker, shown to reviewers."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.clip_store import MAXIMUM_CLIP_BYTES, ClipCorruptError, ReviewPart, StoredFile
from api.event_path import EventPath
from api.event_store import bump_version
from api.evidence.wanted_copies import WantedCopy, wanted_copies
from api.fields import PlainText, Sha256
from api.film_answer import film_answer, write_viewing
from api.problems import Problem
from api.rights.guard import Permitted
from api.services import Parts, Services
from api.tables import ClipRow, ReviewCopyRow
from api.worker_access import from_worker

intake = APIRouter(prefix="/api/v1/ingest", tags=["ingest"], dependencies=[Depends(from_worker)])
router = APIRouter(prefix="/api/v1/events", tags=["events"])

_MP4 = {"content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}}
_JPEG = {"content": {"image/jpeg": {}}, "description": "the picture, faces of the public blurred"}
Picture = Literal["poster", "filmstrip"]
Source = Annotated[Sha256, Query(description="of the clip that this is made of")]
Content = Annotated[Sha256, Query(description="of the body")]


class FailedCopy(BaseModel):
    """Why no review copy of a clip can be made."""

    model_config = ConfigDict(extra="forbid")

    source_sha256: Sha256
    reason: Annotated[PlainText, Field(max_length=1000)]


@intake.get("/review-copies/wanted", operation_id="listWantedReviewCopies")
def list_wanted(parts: Parts, limit: Annotated[int, Query(ge=1, le=50)] = 5) -> list[WantedCopy]:
    """The next review copies to be made."""
    with parts.database.read() as session:
        return wanted_copies(session, parts.settings.clock(), limit)


@intake.get(
    "/events/{event_id}/clip",
    operation_id="fetchOriginal",
    response_class=FileResponse,
    responses={200: {**_MP4, "description": "the clip as the camera sent it"}},
)
def fetch_original(event_id: EventPath, parts: Parts) -> FileResponse:
    """The original of an event's clip, for who makes the review copy."""
    with parts.database.read() as session:
        row = session.get(ClipRow, event_id)
    path = parts.clips.clip_path(event_id, row.sha256) if row and row.sha256 else None
    if path is None or not path.is_file():
        raise Problem("clip_missing")
    return FileResponse(path, media_type="video/mp4")


@intake.get(
    "/events/{event_id}/skeleton",
    operation_id="fetchSkeleton",
    response_class=FileResponse,
    responses={200: {"content": {"application/json": {}}, "description": "the poses, as delivered"}},
)
def fetch_skeleton(event_id: EventPath, parts: Parts) -> FileResponse:
    """The poses of an event's clip, for who makes the review copy."""
    path = parts.clips.skeleton_path(event_id)
    if not path.is_file():
        raise Problem("skeleton_missing")
    return FileResponse(path, media_type="application/json")


@intake.put("/events/{event_id}/review-copy/{picture}", operation_id="ingestReviewPicture", status_code=204)
async def put_picture(
    event_id: EventPath,
    picture: Picture,
    source_sha256: Source,
    sha256: Content,
    request: Request,
    parts: Parts,
) -> None:
    """Store a picture of a review copy; to be sent before the film, which makes all of it visible."""
    await _received(event_id, picture, source_sha256, sha256, request, parts)


@intake.put(
    "/events/{event_id}/review-copy",
    operation_id="ingestReviewCopy",
    status_code=204,
    openapi_extra={"requestBody": _MP4},
)
async def put_copy(
    event_id: EventPath, source_sha256: Source, sha256: Content, request: Request, parts: Parts
) -> None:
    """Store a review copy; from now on it is what people are shown. 404 where that clip is no more."""
    stored = await _received(event_id, "film", source_sha256, sha256, request, parts)
    await run_in_threadpool(_keep, parts, event_id, source_sha256, stored, None)


@intake.put("/events/{event_id}/review-copy-failure", operation_id="ingestReviewFailure", status_code=204)
def put_failure(event_id: EventPath, told: FailedCopy, parts: Parts) -> None:
    """Say that no review copy can be made of that clip; reviewers are told why."""
    _keep(parts, event_id, told.source_sha256, None, told.reason)


@router.get(
    "/{event_id}/review-copy",
    operation_id="readReviewCopy",
    response_class=StreamingResponse,
    responses={200: {**_MP4, "description": "the copy"}, 206: {**_MP4, "description": "a range of it"}},
)
def read_copy(event_id: EventPath, request: Request, person: Permitted, parts: Parts) -> Response:
    """An event's clip with faces of the public blurred, or a range of it; the look is written down."""
    answer = copy_answer(event_id, request, parts)
    if answer.status_code != 304:
        write_viewing(parts, event_id, person.username)
    return answer


@router.get(
    "/{event_id}/{picture}.jpg",
    operation_id="readReviewPicture",
    response_class=FileResponse,
    responses={200: _JPEG},
)
def read_picture(event_id: EventPath, picture: Picture, parts: Parts) -> FileResponse:
    """The poster of an event's review copy, or its filmstrip: eight moments in a row."""
    row = _ready(event_id, parts)
    path = parts.clips.review_path(event_id, row.source_sha256, picture)
    if not path.is_file():
        raise Problem("review_copy_missing")
    return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


def copy_answer(event_id: str, request: Request, parts: Services) -> Response:
    """The film of a finished review copy. Raises Problem where there is none."""
    row = _ready(event_id, parts)
    path = parts.clips.review_path(event_id, row.source_sha256, "film")
    if row.size_bytes is None or row.sha256 is None or not path.is_file():
        raise Problem("review_copy_missing")
    return film_answer(request, path, row.size_bytes, row.sha256)


def _ready(event_id: str, parts: Services) -> ReviewCopyRow:
    with parts.database.read() as session:
        row = session.get(ReviewCopyRow, event_id)
    if row is None or row.state != "ready":
        raise Problem("review_copy_missing")
    return row


async def _received(
    event_id: str, part: ReviewPart, source: str, sha256: str, request: Request, parts: Services
) -> StoredFile:
    if not await run_in_threadpool(_is_asked_for, parts, event_id, source):
        async for _ in request.stream():
            pass  # an answer before the body's end would reach the sender as a broken connection
        raise Problem("clip_missing")
    if int(request.headers.get("content-length", 0)) > MAXIMUM_CLIP_BYTES:
        raise Problem("too_large")
    try:
        path = parts.clips.review_path(event_id, source, part)
        return await parts.clips.receive(path, sha256, request.stream())
    except ClipCorruptError as error:
        raise Problem("clip_corrupt") from error


def _is_asked_for(parts: Services, event_id: str, source: str) -> bool:
    with parts.database.read() as session:
        row = session.get(ReviewCopyRow, event_id)
    return row is not None and row.source_sha256 == source


def _keep(parts: Services, event_id: str, source: str, stored: StoredFile | None, reason: str | None) -> None:
    with parts.database.write() as session:
        row = session.get(ReviewCopyRow, event_id, with_for_update=True)
        current = row is not None and row.source_sha256 == source
        event = None
        if row is not None and current:
            row.state, row.reason = ("ready", None) if stored else ("failed", reason)
            row.sha256, row.size_bytes = (stored.sha256, stored.size_bytes) if stored else (None, None)
            row.has_pictures = parts.clips.review_path(event_id, source, "poster").is_file()
            row.made_at = parts.settings.clock()
            event = bump_version(session, event_id)
    if not current:
        if stored is not None:
            stored.path.unlink(missing_ok=True)
        raise Problem("clip_missing")
    if event is not None:
        data = {"id": event.id, "revision": event.revision, "state": event.state}
        parts.broadcaster.publish("event", data)
