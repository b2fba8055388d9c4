"""Which review copies are still to be made, and what their maker has to know."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.calibration_content import CalibrationContent
from api.tables import CalibrationRow, CameraRow, ClipRow, EventRow, ReviewCopyRow, SkeletonRow

SKELETON_WITHIN = timedelta(seconds=60)
"""A clip's poses come right behind it; a copy made without them is blurred all over, so it waits for them."""

Polygon = list[tuple[float, float]]


class WantedCopy(BaseModel):
    """A clip that waits for its review copy."""

    event_id: str
    sha256: str = Field(description="of the clip")
    duration_s: float
    flagged_at_s: float = Field(description="seconds from the clip's start to the flag")
    has_skeleton: bool
    staff: list[Polygon] = Field(
        description="the staff's sides that the camera sees, in shares of the picture; empty: not known"
    )


def ask_for_copy(session: Session, event_id: str, sha256: str, now: datetime) -> None:
    """Have a review copy made of the clip that just arrived."""
    session.merge(
        ReviewCopyRow(
            event_id=event_id,
            state="pending",
            reason=None,
            source_sha256=sha256,
            sha256=None,
            size_bytes=None,
            has_pictures=False,
            asked_at=now,
            made_at=None,
        )
    )


def wanted_copies(session: Session, now: datetime, limit: int) -> list[WantedCopy]:
    """The next review copies to be made, those whose clips arrived last first: they are reviewed live."""
    wanted = (
        select(ReviewCopyRow, ClipRow, EventRow, SkeletonRow.event_id)
        .join(ClipRow, ClipRow.event_id == ReviewCopyRow.event_id)
        .join(EventRow, EventRow.id == ReviewCopyRow.event_id)
        .outerjoin(SkeletonRow, SkeletonRow.event_id == ReviewCopyRow.event_id)
        .where(ReviewCopyRow.state == "pending", ClipRow.sha256.is_not(None))
        .where((SkeletonRow.event_id.is_not(None)) | (ReviewCopyRow.asked_at < now - SKELETON_WITHIN))
        .order_by(ReviewCopyRow.asked_at.desc())
        .limit(limit)
    )
    return [
        WantedCopy(
            event_id=event.id,
            sha256=copy.source_sha256,
            duration_s=clip.duration_s or 0.0,
            flagged_at_s=_seconds(clip.starts_at, event.flagged_at),
            has_skeleton=drawn is not None,
            staff=staff_sides(session, event.camera_id),
        )
        for copy, clip, event, drawn in session.execute(wanted)
    ]


def staff_sides(session: Session, camera_id: str) -> list[Polygon]:
    """The staff's sides in a camera's picture as it is calibrated now; empty where nobody told."""
    newest = session.scalars(
        select(CalibrationRow)
        .where(CalibrationRow.camera_id == camera_id)
        .order_by(CalibrationRow.revision.desc())
        .limit(1)
    ).first()
    camera = session.get(CameraRow, camera_id)
    stored = newest.content if newest is not None else None
    if stored is None:
        stored = camera.site_calibration if camera is not None else None
    if stored is None:
        return []
    zones: Sequence[Sequence[tuple[float, float]]] = [
        zone.staff for zone in CalibrationContent.model_validate(stored).zones.values() if zone.staff
    ]
    return [[(x, y) for x, y in zone] for zone in zones]


def _seconds(starts_at: datetime | None, at: datetime) -> float:
    return max(0.0, (at - starts_at).total_seconds()) if starts_at is not None else 0.0
