"""Cameras: how each is, and its live picture."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.changes.recording import Change, record
from api.fields import Id
from api.hall import present_cameras
from api.ingest_models import CameraRecord, CameraStatusIn
from api.live_pictures import BOUNDARY, Picture
from api.problems import Problem
from api.reports.fonts import FontMissingError
from api.reports.notice import notice_pdf
from api.rights.guard import Permitted
from api.services import Parts, Services
from api.tables import CameraRow

router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"])

CameraPath = Annotated[Id, Path(description="the camera's id")]

SILENT_AFTER = timedelta(seconds=90)
"""Workers tell of each camera twice a minute; who missed that three times is gone."""

STILL_WITHIN_S = 6.0
"""A worker that nobody watches sends a picture every three seconds, and then learns what is wanted."""

NOT_REPORTING = "not_reporting"

OFF = "off"
"""All its windows are closed, or it was never on."""

_SILENT_BY_NATURE = frozenset({"ended"})
"""States after which nothing more is expected."""


class CameraOut(BaseModel):
    """A camera, the windows it sees, and how it was last heard to be.

    `clock_ahead_s` is how far its own clock is before ours; pictures are dated by ours.
    `state` is `not_reporting` where its worker fell silent, `since` then says when it was last heard.
    """

    id: str
    name: str
    windows: list[str]
    state: str
    since: datetime | None
    detail: str | None
    analysed_fps: float | None
    clock_ahead_s: float | None
    heard_at: datetime | None
    has_picture: bool
    record: CameraRecord | None = Field(description="why it may watch (P1); null: nobody said")


@router.get("", operation_id="listCameras")
def list_cameras(person: Permitted, parts: Parts) -> list[CameraOut]:
    """The cameras of the hall that see a window this person answers for."""
    return [one for one in all_cameras(parts) if person.scope.holds_some(one.windows)]


@router.get(
    "/notice.pdf",
    operation_id="readCameraNotice",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "one page to print, in Chinese"}},
)
def read_notice(parts: Parts) -> Response:
    """The notice to put up where cameras watch: which ones, why, and what becomes of the pictures."""
    with parts.database.read() as session:
        try:
            body = notice_pdf(session, parts.settings)
        except FontMissingError as error:
            raise Problem("font_missing", said=(error.zh, error.en)) from None
    headers = {"Content-Disposition": 'attachment; filename="hallwatch-notice.pdf"'}
    return Response(body, media_type="application/pdf", headers=headers)


def all_cameras(parts: Services) -> list[CameraOut]:
    """Every camera of the hall, in its order."""
    now = parts.settings.clock()
    with parts.database.read() as session:
        rows = present_cameras(session)
    return [_shown(row, parts.pictures.get(row.id, now), now) for row in rows]


def _shown(row: CameraRow, picture: Picture | None, now: datetime) -> CameraOut:
    heard_at = max((at for at in (row.heard_at, picture.at if picture else None) if at), default=None)
    silent = heard_at is None or now - heard_at > SILENT_AFTER
    never_on = row.state == OFF and row.heard_at is None
    not_reporting = silent and not never_on and row.state not in _SILENT_BY_NATURE
    return CameraOut(
        id=row.id,
        name=row.name,
        windows=row.windows,
        state=NOT_REPORTING if not_reporting else row.state,
        since=heard_at if not_reporting else row.since,
        detail=row.detail,
        analysed_fps=row.analysed_fps,
        clock_ahead_s=row.clock_ahead_s,
        heard_at=heard_at,
        has_picture=picture is not None,
        record=CameraRecord.model_validate(row.record) if row.record else None,
    )


@router.get(
    "/{camera_id}/live.jpg",
    operation_id="readLivePicture",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "the picture"}},
)
def read_picture(camera_id: CameraPath, parts: Parts) -> Response:
    """The camera's latest picture, people outlined; 404 where none came within the last minute."""
    picture = parts.pictures.get(camera_id, parts.settings.clock())
    if picture is None:
        raise Problem("picture_missing")
    return Response(picture.jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.get(
    "/{camera_id}/still.jpg",
    operation_id="readStill",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "the picture"}},
)
async def read_still(camera_id: CameraPath, parts: Parts) -> Response:
    """The camera's next picture with nothing drawn on it, within seconds; 404 where none comes."""
    if parts.pictures.get(camera_id, parts.settings.clock()) is None:
        raise Problem("picture_missing")
    jpeg = await parts.stills.next(camera_id, STILL_WITHIN_S)
    if jpeg is None:
        raise Problem("picture_missing")
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.get(
    "/{camera_id}/live.mjpeg",
    operation_id="watchLivePictures",
    response_class=StreamingResponse,
    responses={200: {"content": {"multipart/x-mixed-replace": {}}, "description": "pictures as they come"}},
)
def watch_pictures(camera_id: CameraPath, parts: Parts) -> StreamingResponse:
    """The camera's pictures as they come; counts as a watcher while open."""
    with parts.database.read() as session:
        if session.get(CameraRow, camera_id) is None:
            raise Problem("camera_unknown")
    media_type = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
    return StreamingResponse(parts.pictures.follow(camera_id), media_type=media_type)


def keep_status(session: Session, camera_id: str, told: CameraStatusIn, now: datetime) -> bool:
    """Store how a camera is, unless something newer is known; whether there is something new to show.

    `now` is the server's time: whatever is told, its worker lives.
    """
    row = session.get(CameraRow, camera_id, with_for_update=True)
    if row is None:
        row = CameraRow(id=camera_id, name=camera_id, windows=[], position=None, state="off")
        session.add(row)
    silent = row.heard_at is not None and now - row.heard_at > SILENT_AFTER
    row.heard_at = now
    if told.size is not None:
        row.width, row.height = told.size
    recalibrated = told.calibration not in (None, row.calibration_in_use)
    if told.calibration is not None:
        row.calibration_in_use = told.calibration
    if row.since is not None and told.since < row.since:
        return recalibrated
    if row.state != told.state:
        data = {"camera": camera_id, "state": told.state, "detail": told.detail, "windows": row.windows}
        record(session, Change(now, "camera.state", camera_id, None, data))
    changed = silent or recalibrated or row.state != told.state
    row.state, row.since = told.state, told.since
    row.detail, row.analysed_fps, row.clock_ahead_s = told.detail, told.analysed_fps, told.clock_ahead_s
    return changed
