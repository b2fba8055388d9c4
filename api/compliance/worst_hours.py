"""The window-hours with the largest share of confirmed breach time, of those that were seen well enough."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from api.compliance.buckets import hour_name, hour_of
from api.compliance.models import UnitOut
from api.compliance.rolling_up import WINDOW_LEVEL
from api.compliance.tables import FigureRow
from api.rights.scope import WHOLE, Scope
from api.tables import WindowRow

WORST = 10


class WorstHour(BaseModel):
    """A window's hour with confirmed breaches and at least half of it observed."""

    unit: UnitOut
    bucket: str = Field(description="the hour's name in UTC, as in the table of figures")
    starts_at: datetime = Field(description="in the hall's offset")
    compliance: float
    coverage: float
    breach_s: float
    confirmed: int


class WorstHoursOut(BaseModel):
    """The worst ten of the local days from `from` to `to`, worst first."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    time_zone: str
    hours: list[WorstHour]


def worst_hours(
    session: Session, begin: datetime, end: datetime, zone: ZoneInfo, scope: Scope = WHOLE
) -> list[WorstHour]:
    """Those from `begin` to before `end`, worst first; ten at most."""
    share = FigureRow.breach_ms * literal_column("1.0") / FigureRow.observed_ms
    wanted = (
        select(FigureRow)
        .where(
            FigureRow.grain == "hour",
            FigureRow.level == WINDOW_LEVEL,
            FigureRow.bucket >= hour_name(begin),
            FigureRow.bucket < hour_name(end),
            FigureRow.breach_ms > 0,
            2 * FigureRow.observed_ms >= FigureRow.open_ms,
            *scope.condition(FigureRow.unit_id),
        )
        .order_by(share.desc(), FigureRow.bucket, FigureRow.unit_id)
        .limit(WORST)
    )
    rows = session.scalars(wanted).all()
    names = select(WindowRow).where(WindowRow.id.in_({row.unit_id for row in rows}))
    named = {row.id: UnitOut(id=row.id, name=row.name, name_en=row.name_en) for row in session.scalars(names)}
    return [
        WorstHour(
            unit=named.get(row.unit_id, UnitOut(id=row.unit_id, name=row.unit_id, name_en=row.unit_id)),
            bucket=row.bucket,
            starts_at=hour_of(row.bucket).astimezone(zone),
            compliance=1 - row.breach_ms / row.observed_ms,
            coverage=min(1.0, row.observed_ms / row.open_ms),
            breach_s=row.breach_ms / 1000,
            confirmed=row.confirmed,
        )
        for row in rows
    ]
