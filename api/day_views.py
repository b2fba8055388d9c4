"""The hall by the day: a calendar of flags, and each window's day as a line of time."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.compliance.ledger import hours_between
from api.event_store import LISTED
from api.fields import Day, Id
from api.hall import hall_row, present_windows
from api.problems import FieldError, Problem
from api.review_models import Counts, StateName
from api.rights.guard import Permitted
from api.rights.scope import Scope
from api.services import Parts
from api.statistics import HOUR, Observed, day_bounds, hours_of
from api.tables import EventRow

router = APIRouter(prefix="/api/v1/statistics", tags=["statistics"])

AWAY = ("absence", "empty_post", "early_departure")
"""Behaviours that say that nobody was at the post while they lasted."""

LOOK_BACK = timedelta(hours=24)


class DayCounts(BaseModel):
    """Events that began on a day in the hall's zone."""

    date: date
    counts: Counts


class CalendarOut(BaseModel):
    """The days of a month on which something began."""

    month: str
    days: list[DayCounts]


class Flag(BaseModel):
    """An event on the line of time."""

    id: str
    behaviour: str
    state: StateName
    started_at: datetime
    until: datetime = Field(description="last moment at which it is known to have gone on")
    away: bool = Field(description="nobody was at the post while it lasted")


class HourOfPost(BaseModel):
    """The seconds of one hour: at the post, away from it, open but not observed; the rest was closed."""

    hour: datetime
    on_s: float
    away_s: float
    unknown_s: float


class WindowDay(BaseModel):
    """One window's day."""

    window: str
    hours: list[HourOfPost]
    flags: list[Flag]


class TimelineOut(BaseModel):
    """Every window's day, in the hall's order."""

    date: date
    time_zone: str
    begins_at: datetime
    ends_at: datetime
    windows: list[WindowDay]


Month = Annotated[str, Query(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$", description="YYYY-MM")]


@router.get("/calendar", operation_id="readCalendar")
def read_calendar(
    parts: Parts,
    person: Permitted,
    month: Month,
    window: Annotated[Id | None, Query(description="only this window")] = None,
) -> CalendarOut:
    """How many events began on each day of a month, by where they stand."""
    if window is not None:
        person.scope.require(window)
    begin = date.fromisoformat(f"{month}-01")
    end = (begin + timedelta(days=32)).replace(day=1)
    days = [begin + timedelta(days=n) for n in range((end - begin).days)]
    with parts.database.read() as session:
        zone = ZoneInfo(hall_row(session).time_zone)
        edges = [day_bounds(day, zone)[0] for day in [*days, end]]
        shown = [
            DayCounts(date=day, counts=Counts(**_numbers(session, first, last, window, person.scope)))
            for day, first, last in zip(days, edges[:-1], edges[1:], strict=True)
        ]
    return CalendarOut(month=month, days=[day for day in shown if any(day.counts.model_dump().values())])


@router.get("/timeline", operation_id="readTimeline")
def read_timeline(
    parts: Parts,
    person: Permitted,
    day: Annotated[
        Day | None, Query(alias="date", description="in the hall's zone; today by default")
    ] = None,
) -> TimelineOut:
    """Each window across a day: at the post, away, not observed by the hour, and every flag at its moment."""
    with parts.database.read() as session:
        hall = hall_row(session)
        zone = ZoneInfo(hall.time_zone)
        day = day or parts.settings.clock().astimezone(zone).date()
        try:
            hours, (begin, end) = hours_of(day, zone), day_bounds(day, zone)
        except OverflowError as error:
            raise Problem(
                "invalid", FieldError("/query/date", "日期超出范围", "Date out of range")
            ) from error
        observed = _best(hours_between(session, hours[0], hours[-1] + HOUR, None))
        flags = _flags(session, begin, end)
        windows = [row.id for row in present_windows(session)]
    gone = sorted(({window for window, _ in observed} | set(flags)) - set(windows))
    return TimelineOut(
        date=day,
        time_zone=hall.time_zone,
        begins_at=begin,
        ends_at=end,
        windows=[
            WindowDay(
                window=window,
                hours=[_hour(observed[window, hour]) for hour in hours if (window, hour) in observed],
                flags=flags.get(window, []),
            )
            for window in windows + gone
            if person.scope.holds(window)
        ],
    )


def _numbers(
    session: Session, first: datetime, end: datetime, window: str | None, scope: Scope
) -> dict[str, int]:
    """Events of each state that began in that time; counted in the database, out of each state's index."""
    numbers: dict[str, int] = {}
    for state in LISTED:
        wanted = select(func.count()).where(
            EventRow.state == state,
            EventRow.started_at >= first,
            EventRow.started_at < end,
            *scope.condition(EventRow.window_id),
        )
        if window is not None:
            wanted = wanted.where(EventRow.window_id == window)
        numbers[state] = session.scalar(wanted) or 0
    return numbers


def _best(rows: list[Observed]) -> dict[tuple[str, datetime], Observed]:
    """Of two cameras on one window the one that saw more."""
    best: dict[tuple[str, datetime], Observed] = {}
    for row in rows:
        known = best.get((row.window, row.hour))
        if known is None or (row.observed_s, row.open_s) > (known.observed_s, known.open_s):
            best[row.window, row.hour] = row
    return best


def _hour(row: Observed) -> HourOfPost:
    return HourOfPost(
        hour=row.hour.astimezone(UTC),
        on_s=row.present_s,
        away_s=max(0.0, row.observed_s - row.present_s),
        unknown_s=max(0.0, row.open_s - row.observed_s),
    )


def _flags(session: Session, begin: datetime, end: datetime) -> dict[str, list[Flag]]:
    columns = (
        EventRow.id,
        EventRow.behaviour,
        EventRow.started_at,
        EventRow.known_until,
        EventRow.window_id,
    )
    found: defaultdict[str, list[Flag]] = defaultdict(list)
    for state in LISTED:
        wanted = select(*columns).where(
            EventRow.state == state,
            EventRow.started_at >= begin - LOOK_BACK,
            EventRow.started_at < end,
            EventRow.known_until > begin,
        )
        for event_id, behaviour, started, until, window in session.execute(wanted):
            found[window].append(
                Flag(
                    id=event_id,
                    behaviour=behaviour,
                    state=state,
                    started_at=started,
                    until=until,
                    away=behaviour in AWAY,
                )
            )
    return {window: sorted(flags, key=lambda one: one.started_at) for window, flags in found.items()}
