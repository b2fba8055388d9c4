"""Hourly figures over HTTP."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.compliance.ledger import hours_between
from api.event_store import STATES
from api.fields import Day, Id
from api.hall import hall_row, present_windows
from api.problems import FieldError, Problem
from api.rights.guard import Permitted
from api.services import Parts
from api.statistics import HOUR, Episode, Observed, WindowHour, hourly, hours_of
from api.tables import EventRow

router = APIRouter(prefix="/api/v1/statistics", tags=["statistics"])

LOOK_BACK = timedelta(hours=24)
"""Confirmed episodes that began this long before may reach into the day; closing time ends each."""


class BehaviourNumbers(BaseModel):
    """Events of one behaviour that started in the hour."""

    confirmed: int
    pending: int
    dismissed: int


class WindowHourOut(BaseModel):
    """One window in one hour: seconds, events, and compliance (null where nothing was observed)."""

    window: str
    open_s: float
    observed_s: float
    present_s: float
    confirmed: int
    pending: int
    dismissed: int
    confirmed_s: float
    compliance: float | None
    by_behaviour: dict[str, BehaviourNumbers]


class HourOut(BaseModel):
    """One hour, written in the hall's zone."""

    hour: datetime
    windows: list[WindowHourOut]


class HourlyOut(BaseModel):
    """A day's hours in the hall's zone."""

    date: date
    time_zone: str
    hours: list[HourOut]


@router.get("/hourly", operation_id="readHourlyFigures")
def read_hourly(
    parts: Parts,
    person: Permitted,
    day: Annotated[
        Day | None, Query(alias="date", description="in the hall's zone; today by default")
    ] = None,
    window: Annotated[Id | None, Query(description="only this window")] = None,
) -> HourlyOut:
    """Every hour of a day, every window: what was observed, what was flagged, and how it was judged."""
    if window is not None:
        person.scope.require(window)
    with parts.database.read() as session:
        hall = hall_row(session)
        zone = ZoneInfo(hall.time_zone)
        day = day or parts.settings.clock().astimezone(zone).date()
        hours = _hours(day, zone)
        observed = hours_between(session, hours[0], hours[-1] + HOUR, window)
        episodes = _episodes(session, hours, window)
        known = [row.id for row in present_windows(session)]
    windows = [one for one in _windows(window, known, observed, episodes) if person.scope.holds(one)]
    table = hourly(hours, windows, observed, episodes)
    shown = [
        HourOut(hour=hour.astimezone(zone), windows=[_out(figures) for figures in row])
        for hour, row in zip(hours, table, strict=True)
    ]
    return HourlyOut(date=day, time_zone=hall.time_zone, hours=shown)


def _hours(day: date, zone: ZoneInfo) -> list[datetime]:
    try:
        return hours_of(day, zone)
    except OverflowError as error:
        raise Problem("invalid", FieldError("/query/date", "日期超出范围", "Date out of range")) from error


def _episodes(session: Session, hours: list[datetime], window: str | None) -> list[Episode]:
    """Events that started in the day, and confirmed ones that reach into it from before."""
    first, end = hours[0], hours[-1] + HOUR
    columns = (
        EventRow.window_id,
        EventRow.behaviour,
        EventRow.state,
        EventRow.started_at,
        EventRow.known_until,
    )
    within = select(*columns).where(
        EventRow.state.in_(STATES), EventRow.started_at >= first, EventRow.started_at < end
    )
    before = select(*columns).where(
        EventRow.state == "confirmed",
        EventRow.started_at >= first - LOOK_BACK,
        EventRow.started_at < first,
        EventRow.known_until > first,
    )
    both = [
        query if window is None else query.where(EventRow.window_id == window) for query in (within, before)
    ]
    return [Episode(*row) for query in both for row in session.execute(query)]


def _windows(
    asked: str | None, known: list[str], observed: list[Observed], episodes: list[Episode]
) -> list[str]:
    """The hall's windows in its order, then those that left it but have figures on that day."""
    if asked is not None:
        return [asked]
    others = {row.window for row in observed} | {row.window for row in episodes}
    return known + sorted(others - set(known))


def _out(figures: WindowHour) -> WindowHourOut:
    return WindowHourOut(
        window=figures.window,
        open_s=figures.open_s,
        observed_s=figures.observed_s,
        present_s=figures.present_s,
        confirmed=figures.numbers.get("confirmed", 0),
        pending=figures.numbers.get("pending", 0),
        dismissed=figures.numbers.get("dismissed", 0),
        confirmed_s=figures.confirmed_s,
        compliance=figures.compliance,
        by_behaviour={code: BehaviourNumbers(**numbers) for code, numbers in figures.by_behaviour.items()},
    )
