"""Keeping figures in step: what was marked as stale is computed anew, and all that it is a part of."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.changes.hours import tell_corrections
from api.chores import stopped_within
from api.compliance.buckets import HOUR, first_hour, full_hour, hour_name, hour_of, local_day
from api.compliance.rolling_up import WINDOW_LEVEL, Group, Key, in_order, key_of_hour, keys_above
from api.compliance.sources import hours_of_span, read_sources
from api.compliance.stored_figures import alone, store, sums_of
from api.compliance.tables import FigureRow, LedgerRow, StaleRow
from api.compliance.window_hour import Figures
from api.database import Database
from api.hall import hall_zone
from api.retention.tables import DeletedEventRow
from api.services import Services
from api.tables import EventRow

EVERY_S = 2.0
AT_ONCE = 2000
LONGEST = timedelta(days=2)
"""No episode is longer: closing time ends each. What claims to be is counted for so long."""

SUMS_AT_ONCE = 50
BREATH_S = 0.15
"""Between two days of a rebuild; who waits to write to SQLite looks every 0.1 s whether it may."""

WindowHour = tuple[str, datetime]

Clock = Callable[[], datetime]

Progress = Callable[[int, int], None]


async def settle_now_and_then(parts: Services, stopping: asyncio.Event) -> None:
    """Compute what became stale, soon after it did."""
    while not stopping.is_set():
        await run_in_threadpool(settle_all, parts.database, parts.settings.clock)
        await stopped_within(EVERY_S, stopping)


def settle(parts: Services) -> None:
    """Compute what is stale before somebody reads it; not what takes minutes: that is under way by itself."""
    while _settle_some(parts.database, parts.settings.clock):
        pass


def settle_all(database: Database, clock: Clock) -> None:
    """Compute all that is stale; afterwards figures are those of what the database holds."""
    while True:
        while _settle_some(database, clock):
            pass
        with database.read() as session:
            asked = session.scalar(select(func.max(StaleRow.id)).where(StaleRow.window_id == ""))
        if asked is None:
            return
        rebuild(database, clock)
        with database.write() as session:
            session.execute(delete(StaleRow).where(StaleRow.window_id == "", StaleRow.id <= asked))


def _settle_some(database: Database, clock: Clock) -> bool:
    """Compute the oldest of what is stale, in a transaction of its own; whether there was anything."""
    wanted = select(StaleRow).where(StaleRow.window_id != "").order_by(StaleRow.id).limit(AT_ONCE)
    with database.read() as session:
        if session.scalar(wanted.with_only_columns(StaleRow.id).limit(1)) is None:
            return False
    with database.write() as session:
        alone(session)
        rows = session.scalars(wanted).all()
        hours = {
            (row.window_id, hour)
            for row in rows
            for hour in hours_of_span(row.from_at, min(row.until_at, row.from_at + LONGEST))
        }
        now = clock()
        changed = _compute(session, hours, now, late=True)
        tell_corrections(session, now, changed)
        for start in range(0, len(rows), 500):
            some = [row.id for row in rows[start : start + 500]]
            session.execute(delete(StaleRow).where(StaleRow.id.in_(some)))
    return True


def rebuild(database: Database, clock: Clock, progress: Progress | None = None) -> int:
    """Compute every figure anew from the ledger, the events and the permits; how many rows changed.

    A day at a time, each in a transaction of its own, so that others can write in between; it may be stopped
    at any moment and begun again. `progress` is told days done and days in all.
    """
    with database.read() as session:
        zone = hall_zone(session)
        days = list(days_of_anything(session, zone))
    changed = 0
    for number, day in enumerate(days, 1):
        with database.write() as session:
            alone(session)
            rewritten = _rebuild_day(session, day, zone, clock())
        if rewritten:
            time.sleep(BREATH_S)
        changed += rewritten
        if progress:
            progress(number, len(days))
    return changed + _rebuild_sums(database, zone, clock)


def _rebuild_sums(database: Database, zone: ZoneInfo, clock: Clock) -> int:
    """Sum up anew what sums there are: where days were cut otherwise before, some are of nothing by now."""
    with database.read() as session:
        groups = _grouped(_sums_there_are(session))
    ordered, changed = in_order(groups), 0
    for start in range(0, len(ordered), SUMS_AT_ONCE):
        some = {group: groups[group] for group in ordered[start : start + SUMS_AT_ONCE]}
        with database.write() as session:
            alone(session)
            found = _sum_groups(session, some, zone, clock(), late=False)
        if found:
            time.sleep(BREATH_S)
        changed += found
    return changed


def _rebuild_day(session: Session, day: date, zone: ZoneInfo, now: datetime) -> int:
    known = figure_hours(session, day, zone)
    first, end = first_hour(day, zone), first_hour(day + timedelta(days=1), zone)
    sources = read_sources(session, first, end)
    hours = {pair for pair in sources.hours() if first <= pair[1] < end} | known
    figures = {key_of_hour(*pair): sources.figures(*pair) for pair in hours}
    changed = store(session, figures, zone, now, late=False)
    return len(changed) + _sum_up(session, hours, zone, now, late=False)


def days_of_anything(session: Session, zone: ZoneInfo) -> Iterable[date]:
    """The hall's days from the first of which anything is known to the last."""
    moments: list[datetime | None] = [
        *session.execute(select(func.min(LedgerRow.hour), func.max(LedgerRow.hour))).one(),
        *session.execute(select(func.min(EventRow.started_at), func.max(EventRow.known_until))).one(),
        *session.execute(
            select(func.min(DeletedEventRow.started_at), func.max(DeletedEventRow.known_until))
        ).one(),
    ]
    known = [full_hour(at) for at in moments if at is not None]
    if not known:
        return
    day, last = local_day(min(known), zone), local_day(max(known), zone)
    while day <= last:
        yield day
        day += timedelta(days=1)


def figure_hours(session: Session, day: date, zone: ZoneInfo) -> set[WindowHour]:
    """The windows' hours of a day that have stored figures."""
    first, last = first_hour(day, zone), first_hour(day + timedelta(days=1), zone) - HOUR
    wanted = select(FigureRow.unit_id, FigureRow.bucket).where(
        FigureRow.grain == "hour",
        FigureRow.level == WINDOW_LEVEL,
        FigureRow.bucket.between(hour_name(first), hour_name(last)),
    )
    return {(unit, hour_of(bucket)) for unit, bucket in session.execute(wanted)}


def _compute(session: Session, hours: Iterable[WindowHour], now: datetime, *, late: bool) -> list[WindowHour]:
    """Compute these hours and their sums; those that changed."""
    zone = hall_zone(session)
    by_day: defaultdict[date, set[WindowHour]] = defaultdict(set)
    for window, hour in hours:
        by_day[local_day(hour, zone)].add((window, hour))
    changed: list[WindowHour] = []
    for of_day in by_day.values():
        times = [hour for _, hour in of_day]
        sources = read_sources(session, min(times), max(times) + HOUR, {window for window, _ in of_day})
        figures = {key_of_hour(*pair): sources.figures(*pair) for pair in of_day}
        stored = set(store(session, figures, zone, now, late=late))
        changed += [pair for pair in of_day if key_of_hour(*pair) in stored]
    _sum_up(session, changed, zone, now, late=late)
    return changed


def _sum_up(
    session: Session, hours: Iterable[WindowHour], zone: ZoneInfo, now: datetime, *, late: bool
) -> int:
    """Sum up anew all that these windows' hours are a part of; how many rows changed."""
    above = (key for window, hour in hours for key in keys_above(window, hour, zone))
    return _sum_groups(session, _grouped(above), zone, now, late=late)


def _grouped(keys: Iterable[Key]) -> dict[Group, set[str]]:
    groups: defaultdict[Group, set[str]] = defaultdict(set)
    for grain, level, bucket, unit in keys:
        groups[grain, level, bucket].add(unit)
    return groups


def _sum_groups(
    session: Session, groups: Mapping[Group, set[str]], zone: ZoneInfo, now: datetime, *, late: bool
) -> int:
    changed = 0
    for group in in_order(groups):
        sums: dict[Key, Figures] = {
            (*group, unit): figures for unit, figures in sums_of(session, group, groups[group], zone).items()
        }
        changed += len(store(session, sums, zone, now, late=late))
    return changed


def _sums_there_are(session: Session) -> list[Any]:
    """The keys of every stored sum."""
    columns = (FigureRow.grain, FigureRow.level, FigureRow.bucket, FigureRow.unit_id)
    above = or_(FigureRow.grain != "hour", FigureRow.level != WINDOW_LEVEL)
    return [tuple(row) for row in session.execute(select(*columns).where(above))]
