"""Cameras: how each is, and its live picture."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.fields import Id
from api.hall import present_cameras
from api.ingest_models import CameraStatusIn
from api.live_pictures import BOUNDARY
from api.problems import Problem
from api.services import Parts
from api.tables import CameraRow

router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"])

CameraPath = Annotated[Id, Path(description="the camera's id")]


class CameraOut(BaseModel):
    """A camera, the windows it sees, and how it was last heard to be."""

    id: str
    name: str
    windows: list[str]
    state: str
    since: datetime | None
    detail: str | None
    analysed_fps: float | None
    has_picture: bool


@router.get("", operation_id="listCameras")
def list_cameras(parts: Parts) -> list[CameraOut]:
    """All cameras of the hall."""
    now = parts.settings.clock()
    with parts.database.read() as session:
        rows = present_cameras(session)
    return [
        CameraOut(
            id=row.id,
            name=row.name,
            windows=row.windows,
            state=row.state,
            since=row.since,
            detail=row.detail,
            analysed_fps=row.analysed_fps,
            has_picture=parts.pictures.get(row.id, now) is not None,
        )
        for row in rows
    ]


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


def keep_status(session: Session, camera_id: str, told: CameraStatusIn) -> bool:
    """Store how a camera is, unless something newer is known; whether its state is another one now."""
    row = session.get(CameraRow, camera_id, with_for_update=True)
    if row is None:
        row = CameraRow(id=camera_id, name=camera_id, windows=[], position=None, state="off")
        session.add(row)
    if row.since is not None and told.since < row.since:
        return False
    changed = row.state != told.state
    row.state, row.since = told.state, told.since
    row.detail, row.analysed_fps = told.detail, told.analysed_fps
    return changed
