"""Hourly figures among the changes: each window's hour once it is settled, and again when it is corrected."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.changes.recording import Change, record
from api.changes.tables import ToldHoursRow
from api.chores import stopped_within
from api.compliance.buckets import HOUR, full_hour, hour_name, hour_of
from api.compliance.models import NumbersOut, numbers_out
from api.compliance.numbers import NAMES, Numbers
from api.compliance.rolling_up import WINDOW_LEVEL
from api.compliance.stored_figures import SETTLED_AFTER, alone
from api.compliance.tables import FigureRow
from api.services import Services

EVERY_S = 30.0
LOOK_BACK = timedelta(days=1)
"""What is older when this hall is first told of is history, to be read as figures."""

AT_ONCE = timedelta(hours=6)


async def tell_hours_now_and_then(parts: Services, stopping: asyncio.Event) -> None:
    """Tell of the hours that became settled, at once and every half minute."""
    while True:
        while await run_in_threadpool(tell_hours, parts):
            pass
        if await stopped_within(EVERY_S, stopping):
            return


def tell_hours(parts: Services) -> bool:
    """Tell of some hours that are settled and not told yet; whether there are more."""
    now = parts.settings.clock()
    settled = full_hour(now - SETTLED_AFTER)
    with parts.database.read() as session:
        row = session.get(ToldHoursRow, 1)
        if row is not None and row.until >= settled:
            return False
    with parts.database.write() as session:
        alone(session)
        row = session.get(ToldHoursRow, 1)
        if row is None:
            row = ToldHoursRow(id=1, until=settled - LOOK_BACK)
            session.add(row)
        until = min(settled, row.until + AT_ONCE)
        if until <= row.until:
            return False
        _tell(session, now, row.until, until)
        row.until = until
        return until < settled


def tell_corrections(session: Session, now: datetime, hours: Iterable[tuple[str, datetime]]) -> None:
    """Tell again of those of these windows' hours that were told before; their figures changed."""
    row = session.get(ToldHoursRow, 1)
    told = [] if row is None else [(window, hour) for window, hour in hours if hour < row.until]
    for window, hour in sorted(told, key=lambda pair: (pair[1], pair[0])):
        _tell(session, now, hour, hour + HOUR, window)


def _tell(session: Session, now: datetime, begin: datetime, end: datetime, window: str | None = None) -> None:
    columns = [getattr(FigureRow, name) for name in NAMES]
    wanted = select(FigureRow.unit_id, FigureRow.bucket, FigureRow.revision, *columns).where(
        FigureRow.grain == "hour",
        FigureRow.level == WINDOW_LEVEL,
        FigureRow.bucket >= hour_name(begin),
        FigureRow.bucket < hour_name(end),
    )
    if window is not None:
        wanted = wanted.where(FigureRow.unit_id == window)
    changes = []
    wanted = wanted.order_by(FigureRow.bucket, FigureRow.unit_id)
    for unit, bucket, revision, *values in session.execute(wanted):
        shown = NumbersOut.model_validate(numbers_out(Numbers(*values))).model_dump(mode="json")
        starts = hour_of(bucket).isoformat().replace("+00:00", "Z")
        data = {"window": unit, "hour": starts, "revision": revision, **shown}
        changes.append(Change(now, "figures.hour", unit, unit, data))
    record(session, *changes)
