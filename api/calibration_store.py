"""Saved calibrations as rows: history is only ever added to, the newest revision holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from api.calibration_content import CalibrationContent
from api.ingest_models import WindowIn
from api.problems import Problem
from api.tables import CalibrationRow, CameraRow, HallRow, WindowRow

ANY_SIZE = (1280, 720)
"""The picture's size while no worker told it; points are shares, so that only a lens's bend depends on it."""


def camera_row(session: Session, camera_id: str, *, locked: bool = False) -> CameraRow:
    """The camera; raises Problem where there is none."""
    row = session.get(CameraRow, camera_id, with_for_update=locked)
    if row is None:
        raise Problem("camera_unknown")
    return row


def size_of(camera: CameraRow) -> tuple[int, int]:
    """The size of the camera's picture, pixels."""
    return (camera.width, camera.height) if camera.width and camera.height else ANY_SIZE


def newest(session: Session, camera_id: str) -> CalibrationRow | None:
    """What was saved last; None where the site file still holds."""
    return session.scalars(_of(camera_id).limit(1)).first()


def history(session: Session, camera_id: str) -> Sequence[CalibrationRow]:
    """Everything that was saved, newest first."""
    return session.scalars(_of(camera_id)).all()


def windows_of(session: Session, camera: CameraRow) -> list[WindowIn]:
    """The windows that the camera sees, in its order."""
    rows = session.scalars(select(WindowRow).where(WindowRow.id.in_(camera.windows))).all()
    known = {row.id: row for row in rows}
    return [
        WindowIn(id=one, name=known[one].name, name_en=known[one].name_en)
        if one in known
        else WindowIn(id=one, name=one, name_en=one)
        for one in camera.windows
    ]


def content_of(camera: CameraRow, row: CalibrationRow | None) -> CalibrationContent | None:
    """What a revision means by now; None where the worker never told its site file.

    Which windows a camera sees is the site file's to say: one that came to the camera later has its zones
    from there, one that left it has none.
    """
    site = camera.site_calibration
    if row is None or row.content is None:
        return None if site is None else CalibrationContent.model_validate(site)
    zones = {**(site or {}).get("zones", {}), **row.content["zones"]}
    held = {window: zones[window] for window in camera.windows if window in zones}
    return CalibrationContent.model_validate({**row.content, "zones": held})


def add(
    session: Session,
    camera: CameraRow,
    content: dict[str, Any] | None,
    *,
    person: str,
    now: datetime,
    points: int,
    worst_cm: float | None,
    note: str | None = None,
    restored_from: int | None = None,
) -> CalibrationRow:
    """A new revision of that content, the site file's where it is None; it holds from now on.

    The camera's row must be locked.
    """
    last = newest(session, camera.id)
    row = CalibrationRow(
        camera_id=camera.id,
        revision=last.revision + 1 if last else 1,
        content=content,
        note=note,
        saved_by=person,
        saved_at=now,
        restored_from=restored_from,
        points=points,
        worst_cm=worst_cm,
    )
    session.add(row)
    session.flush()
    return row


def hall_time_zone(session: Session) -> str:
    """The name of the hall's time zone."""
    hall = session.scalars(select(HallRow)).first()
    return hall.time_zone if hall else "UTC"


def _of(camera_id: str) -> Select[CalibrationRow]:
    wanted = select(CalibrationRow).where(CalibrationRow.camera_id == camera_id)
    return wanted.order_by(CalibrationRow.revision.desc())
