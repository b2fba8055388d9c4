"""The hall: kept as the worker reports it, shown to the page."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from api.compliance.stale import mark_everything
from api.ingest_models import CameraIn, CameraTold, HallIn, WindowIn
from api.problems import Problem
from api.services import Parts
from api.tables import CameraRow, HallRow, WindowRow

router = APIRouter(prefix="/api/v1", tags=["hall"])


class HallOut(BaseModel):
    """The hall, its windows and cameras, in the site file's order."""

    id: str
    name: str
    name_en: str
    time_zone: str
    windows: list[WindowIn]
    cameras: list[CameraIn]


@router.get("/hall", operation_id="readHall")
def read_hall(parts: Parts) -> HallOut:
    """The hall as its worker last described it."""
    with parts.database.read() as session:
        row = hall_row(session)
        return HallOut(
            id=row.id,
            name=row.name,
            name_en=row.name_en,
            time_zone=row.time_zone,
            windows=[WindowIn(id=w.id, name=w.name, name_en=w.name_en) for w in present_windows(session)],
            cameras=[CameraIn(id=c.id, name=c.name, windows=c.windows) for c in present_cameras(session)],
        )


def keep_hall(session: Session, told: HallIn) -> None:
    """Replace what is known of the hall; windows and cameras that left it keep their names for old events."""
    before = session.scalars(select(HallRow)).first()
    if before is None or before.time_zone != told.time_zone:
        mark_everything(session)
    session.execute(delete(HallRow).where(HallRow.id != told.id))
    session.merge(
        HallRow(
            id=told.id,
            name=told.name,
            name_en=told.name_en,
            time_zone=told.time_zone,
            permit_rules=told.permits.model_dump() if told.permits else None,
            above=_above(told),
        )
    )
    session.execute(update(WindowRow).values(position=None))
    session.execute(update(CameraRow).values(position=None))
    for position, window in enumerate(told.windows):
        session.merge(WindowRow(id=window.id, name=window.name, name_en=window.name_en, position=position))
    for position, camera in enumerate(told.cameras):
        _keep_camera(session, camera, position)


def hall_row(session: Session) -> HallRow:
    """The hall; raises Problem where no worker reported one yet."""
    row = session.scalars(select(HallRow)).first()
    if row is None:
        raise Problem("hall_unknown")
    return row


def hall_id(session: Session) -> str:
    """The hall's id; `hall` where no worker reported one yet."""
    return session.scalars(select(HallRow.id)).first() or "hall"


def hall_zone(session: Session) -> ZoneInfo:
    """The hall's time zone; UTC where no worker reported a hall yet."""
    row = session.scalars(select(HallRow)).first()
    return ZoneInfo(row.time_zone if row else "UTC")


def present_windows(session: Session) -> Sequence[WindowRow]:
    """The windows of the hall in its order."""
    return session.scalars(
        select(WindowRow).where(WindowRow.position.is_not(None)).order_by(WindowRow.position)
    ).all()


def present_cameras(session: Session) -> Sequence[CameraRow]:
    """The cameras of the hall in its order."""
    return session.scalars(
        select(CameraRow).where(CameraRow.position.is_not(None)).order_by(CameraRow.position)
    ).all()


def _above(told: HallIn) -> dict[str, Any] | None:
    units = {"sub_district": told.sub_district, "district": told.district}
    return {level: unit.model_dump() for level, unit in units.items() if unit} or None


def _keep_camera(session: Session, camera: CameraTold, position: int) -> None:
    row = session.get(CameraRow, camera.id)
    if row is None:
        row = CameraRow(id=camera.id, state="off")
        session.add(row)
    row.name, row.windows, row.position = camera.name, list(camera.windows), position
    row.record = camera.record.model_dump(mode="json") if camera.record else None
    row.site_calibration = camera.calibration.model_dump(mode="json") if camera.calibration else None
