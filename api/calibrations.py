"""Calibrations of cameras: read, try, save, look back, restore; and what workers are told of them."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Path, Response
from sqlalchemy.orm import Session

from api import audit, calibration_store
from api.calibration_check import check_zones, shown_preview, surveyed, worst_cm_of
from api.calibration_models import (
    CalibrationIn,
    CalibrationOut,
    PreviewIn,
    PreviewOut,
    RestorationIn,
    RevisionOut,
    WorkerCalibration,
)
from api.fields import Id
from api.problems import Problem
from api.rights.guard import Permitted
from api.services import Parts, Services
from api.tables import CalibrationRow, CameraRow
from api.worker_access import from_worker

router = APIRouter(prefix="/api/v1/cameras", tags=["calibrations"])
intake = APIRouter(prefix="/api/v1/ingest", tags=["ingest"], dependencies=[Depends(from_worker)])

CameraPath = Annotated[Id, Path(description="the camera's id")]
IfMatch = Annotated[str | None, Header(description="the ETag of the revision that was worked on")]
IfNoneMatch = Annotated[str | None, Header(description="the ETag of what the worker has")]

SITE_FILE = 0
"""The revision that nobody saved: what the site file says."""


@router.get("/{camera_id}/calibration", operation_id="readCalibration")
def read_calibration(camera_id: CameraPath, response: Response, parts: Parts) -> CalibrationOut:
    """What a camera is calibrated with; its ETag is needed to save."""
    with parts.database.read() as session:
        camera = calibration_store.camera_row(session, camera_id)
        return _answer(session, camera, calibration_store.newest(session, camera_id), response)


@router.post("/{camera_id}/calibration/preview", operation_id="previewCalibration")
def preview_calibration(camera_id: CameraPath, tried: PreviewIn, parts: Parts) -> PreviewOut:
    """How good the floor would be and how it would look; keeps nothing. Zones are looked at when saved."""
    with parts.database.read() as session:
        calibration_store.camera_row(session, camera_id)
    return shown_preview(surveyed(tried.content, tried.size))


@router.put("/{camera_id}/calibration", operation_id="saveCalibration")
def save_calibration(
    camera_id: CameraPath,
    told: CalibrationIn,
    response: Response,
    person: Permitted,
    parts: Parts,
    if_match: IfMatch = None,
) -> CalibrationOut:
    """Save a calibration made from the newest revision; the camera's worker takes it within seconds."""
    with parts.database.read() as session:
        camera = calibration_store.camera_row(session, camera_id)
        _require_newest(session, camera_id, if_match)
        windows = calibration_store.windows_of(session, camera)
    check_zones(told.content, {one.id: (one.name, one.name_en or one.name) for one in windows})
    # Fitted outside of the transaction: others may write meanwhile.
    found = surveyed(told.content, calibration_store.size_of(camera))
    now = parts.settings.clock()
    with parts.database.write() as session:
        camera = calibration_store.camera_row(session, camera_id, locked=True)
        _require_newest(session, camera_id, if_match)
        row = calibration_store.add(
            session,
            camera,
            told.content.model_dump(mode="json"),
            person=person.username,
            now=now,
            points=len(found.points) if found else 0,
            worst_cm=round(found.worst_m * 100, 2) if found else None,
            note=told.note or None,
        )
        _write_down(session, row, now, "calibration_saved")
        shown = _answer(session, camera, row, response)
    _tell(parts, camera)
    return shown


@router.get("/{camera_id}/calibration/revisions", operation_id="listCalibrationRevisions")
def list_revisions(camera_id: CameraPath, parts: Parts) -> list[RevisionOut]:
    """Every calibration that was saved, newest first; the last is the site file's."""
    with parts.database.read() as session:
        camera = calibration_store.camera_row(session, camera_id)
        rows = calibration_store.history(session, camera_id)
    points, worst_cm = _figures_of_site(camera)
    site = RevisionOut(
        revision=SITE_FILE,
        saved_at=None,
        saved_by=None,
        note=None,
        restored_from=None,
        points=points,
        worst_cm=worst_cm,
    )
    return [*(_revision(row) for row in rows), site]


@router.post("/{camera_id}/calibration/restoration", operation_id="restoreCalibration")
def restore_calibration(
    camera_id: CameraPath,
    wanted: RestorationIn,
    response: Response,
    person: Permitted,
    parts: Parts,
    if_match: IfMatch = None,
) -> CalibrationOut:
    """Let an earlier revision hold again, as a new one; history stays as it is.

    Revision 0 goes back to the site file, also to what it will say when it is changed.
    """
    now = parts.settings.clock()
    with parts.database.write() as session:
        camera = calibration_store.camera_row(session, camera_id, locked=True)
        _require_newest(session, camera_id, if_match)
        content, (points, worst_cm) = None, _figures_of_site(camera)
        if wanted.revision != SITE_FILE:
            old = session.get(CalibrationRow, (camera_id, wanted.revision))
            if old is None:
                raise Problem("calibration_unknown")
            content = old.content
            if content is not None:
                points, worst_cm = old.points, old.worst_cm
        row = calibration_store.add(
            session,
            camera,
            content,
            person=person.username,
            now=now,
            points=points,
            worst_cm=worst_cm,
            restored_from=wanted.revision,
        )
        _write_down(session, row, now, "calibration_restored")
        shown = _answer(session, camera, row, response)
    _tell(parts, camera)
    return shown


@intake.get(
    "/cameras/{camera_id}/calibration",
    operation_id="readWorkerCalibration",
    response_model=WorkerCalibration,
    responses={304: {"description": "the worker has it already"}},
)
def read_for_worker(
    camera_id: CameraPath, parts: Parts, if_none_match: IfNoneMatch = None
) -> Response | WorkerCalibration:
    """What a camera's worker shall work with; 304 while it is what its If-None-Match names."""
    with parts.database.read() as session:
        camera = calibration_store.camera_row(session, camera_id)
        row = calibration_store.newest(session, camera_id)
    tag = _worker_tag(row)
    if if_none_match == tag:
        return Response(status_code=304, headers={"ETag": tag})
    told = WorkerCalibration(revision=SITE_FILE, content=None)
    if row is not None:
        content = calibration_store.content_of(camera, row) if row.content is not None else None
        told = WorkerCalibration(revision=row.revision, content=content)
    return Response(told.model_dump_json(), media_type="application/json", headers={"ETag": tag})


def _worker_tag(row: CalibrationRow | None) -> str:
    """A database that was begun anew counts anew; the time tells its revisions from those before."""
    return '"0"' if row is None else f'"{row.revision}-{row.saved_at.timestamp():.3f}"'


def _require_newest(session: Session, camera_id: str, if_match: str | None) -> None:
    """Refuse who worked on an older revision; `*` would overwrite what nobody looked at."""
    if if_match is None or if_match.strip() in ("", "*"):
        raise Problem("precondition_required")
    sent = {tag.strip().strip('"') for tag in if_match.split(",")}
    last = calibration_store.newest(session, camera_id)
    if str(last.revision if last else SITE_FILE) in sent:
        return
    if last is None:
        raise Problem("calibration_changed", more={"revision": SITE_FILE})
    zone = ZoneInfo(calibration_store.hall_time_zone(session))
    at = last.saved_at.astimezone(zone)
    raise Problem(
        "calibration_changed",
        said=(
            f"{last.saved_by} 已于 {at:%Y-%m-%d %H:%M} 保存第 {last.revision} 版。请载入该版本,再作修改。",
            f"{last.saved_by} saved revision {last.revision} on {at:%Y-%m-%d %H:%M}. "
            "Load it, then make your changes.",
        ),
        more={
            "revision": last.revision,
            "saved_at": last.saved_at.isoformat(),
            "saved_by": last.saved_by,
            "note": last.note,
        },
    )


def _answer(
    session: Session, camera: CameraRow, row: CalibrationRow | None, response: Response
) -> CalibrationOut:
    revision = row.revision if row else SITE_FILE
    response.headers["ETag"] = f'"{revision}"'
    return CalibrationOut(
        revision=revision,
        content=calibration_store.content_of(camera, row),
        saved_at=row.saved_at if row else None,
        saved_by=row.saved_by if row else None,
        note=row.note if row else None,
        size=calibration_store.size_of(camera),
        stale=camera.state == "moved",
        in_use=camera.calibration_in_use,
        windows=calibration_store.windows_of(session, camera),
    )


def _figures_of_site(camera: CameraRow) -> tuple[int, float | None]:
    """How many points the site file measures, and the largest error among them, cm."""
    content = calibration_store.content_of(camera, None)
    if content is None or content.floor is None:
        return 0, None
    return len(content.floor.points), worst_cm_of(content, calibration_store.size_of(camera))


def _revision(row: CalibrationRow) -> RevisionOut:
    return RevisionOut(
        revision=row.revision,
        saved_at=row.saved_at,
        saved_by=row.saved_by,
        note=row.note,
        restored_from=row.restored_from,
        points=row.points,
        worst_cm=row.worst_cm,
    )


def _write_down(session: Session, row: CalibrationRow, now: datetime, action: str) -> None:
    detail = {"revision": row.revision, "points": row.points, "worst_cm": row.worst_cm, "note": row.note}
    if row.restored_from is not None:
        detail["restored_from"] = row.restored_from
    audit.record(session, now, row.saved_by, action, row.camera_id, **detail)


def _tell(parts: Services, camera: CameraRow) -> None:
    parts.broadcaster.publish("camera", {"id": camera.id, "state": camera.state})
