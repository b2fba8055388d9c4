"""What workers deliver; every route may be repeated, in any order."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from api.cameras import keep_status
from api.compliance.ledger import keep_hours
from api.event_store import bump_version, take
from api.fields import EventId, Id
from api.hall import hall_zone, keep_hall
from api.ingest_models import (
    CameraStatusIn,
    EventResult,
    EventsIn,
    EventsResult,
    HallIn,
    LedgerIn,
    SkeletonIn,
    Watchers,
)
from api.live_pictures import Picture
from api.permit_rules import HELD_BACK
from api.permits import reconsider
from api.problems import FieldError, Problem
from api.review_rules import due_at
from api.services import Parts
from api.tables import EventRow, SkeletonRow
from api.worker_access import from_worker

router = APIRouter(prefix="/api/v1/ingest", tags=["ingest"], dependencies=[Depends(from_worker)])

EventPath = Annotated[EventId, Path(description="the event's id")]
CameraPath = Annotated[Id, Path(description="the camera's id")]


@router.put("/hall", operation_id="ingestHall", status_code=204)
def put_hall(hall: HallIn, parts: Parts) -> None:
    """Say what the hall is: name, time zone, windows, cameras."""
    with parts.database.write() as session:
        keep_hall(session, hall)
    parts.broadcaster.publish("figures", {})


@router.post("/events", operation_id="ingestEvents")
def post_events(delivery: EventsIn, parts: Parts) -> EventsResult:
    """Deliver events. A higher revision replaces what the machine said before; human decisions stay."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        zone = hall_zone(session)
        taken = take(
            session,
            [event.told() for event in delivery.events],
            now,
            lambda flagged_at: due_at(flagged_at, zone, parts.settings.review),
        )
        fresh = {one.id for one in taken if one.outcome in ("stored", "updated")}
        weighed = {event.id for event in delivery.events if event.behaviour == HELD_BACK} & fresh
        states = {one.id: one.state for one in reconsider(session, weighed, now)} if weighed else {}
    for one in taken:
        parts.metrics.events.labels(one.outcome).inc()
        if one.outcome in ("stored", "updated"):
            data = {"id": one.id, "revision": one.revision, "state": states.get(one.id, one.state)}
            parts.broadcaster.publish("event", data)
    return EventsResult(results=[EventResult(id=one.id, outcome=one.outcome) for one in taken])


@router.put("/events/{event_id}/skeleton", operation_id="ingestSkeleton", status_code=204)
def put_skeleton(event_id: EventPath, skeleton: SkeletonIn, parts: Parts) -> None:
    """Store the poses of an event's clip; 404 while the event itself has not arrived."""
    with parts.database.read() as session:
        if session.get(EventRow, event_id) is None:
            raise Problem("event_unknown")
    stored = parts.clips.write_skeleton(event_id, skeleton.model_dump_json().encode())
    with parts.database.write() as session:
        event = bump_version(session, event_id)
        assert event is not None
        session.merge(
            SkeletonRow(event_id=event_id, size_bytes=stored.size_bytes, stored_at=parts.settings.clock())
        )
    parts.broadcaster.publish("event", {"id": event_id, "revision": event.revision, "state": event.state})


@router.post("/ledger", operation_id="ingestLedger", status_code=204)
def post_ledger(ledger: LedgerIn, parts: Parts) -> None:
    """Deliver hours: absolute seconds open, observed and present; the larger observed_s stays."""
    with parts.database.write() as session:
        keep_hours(session, ledger.rows)
    parts.broadcaster.publish("figures", {})


@router.put("/cameras/{camera_id}/status", operation_id="ingestCameraStatus", status_code=204)
def put_status(camera_id: CameraPath, status: CameraStatusIn, parts: Parts) -> None:
    """Say how a camera is, also when nothing changed: who falls silent is `not_reporting`.

    An older state than the known one changes nothing.
    """
    with parts.database.write() as session:
        changed = keep_status(session, camera_id, status, parts.settings.clock())
    if status.analysed_fps is not None:
        parts.metrics.analysed_fps.labels(camera_id).set(status.analysed_fps)
    if status.clock_ahead_s is not None:
        parts.metrics.clock_ahead.labels(camera_id).set(status.clock_ahead_s)
    if changed:
        parts.broadcaster.publish("camera", {"id": camera_id, "state": status.state})


@router.put(
    "/cameras/{camera_id}/live",
    operation_id="ingestLivePicture",
    openapi_extra={"requestBody": {"required": True, "content": {"image/jpeg": {}}}},
)
async def put_live(camera_id: CameraPath, request: Request, parts: Parts) -> Watchers:
    """Show a camera's latest picture; it is kept in memory only. Answers how many people watch."""
    jpeg = await _jpeg_of(request)
    watchers = parts.pictures.put(camera_id, Picture(jpeg, parts.settings.clock()))
    return Watchers(watchers=watchers, still_wanted=parts.stills.wanted(camera_id))


@router.put(
    "/cameras/{camera_id}/still",
    operation_id="ingestStill",
    status_code=204,
    openapi_extra={"requestBody": {"required": True, "content": {"image/jpeg": {}}}},
)
async def put_still(camera_id: CameraPath, request: Request, parts: Parts) -> None:
    """Hand a picture with nothing drawn on it to those who wait for one; it is not kept."""
    parts.stills.put(camera_id, await _jpeg_of(request))


async def _jpeg_of(request: Request) -> bytes:
    jpeg = await request.body()
    if not jpeg.startswith(b"\xff\xd8"):
        raise Problem("invalid", FieldError("", "不是 JPEG 图片", "Not a JPEG picture"))
    return jpeg
