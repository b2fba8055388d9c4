"""Figures over HTTP: by hour, day, week, month; by window, hall, sub-district, district; by behaviour."""

import hashlib
from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from api.compliance.buckets import Grain, bounds
from api.compliance.comma_separated import behaviours_csv, table_csv
from api.compliance.definitions import DEFINITIONS
from api.compliance.models import BehavioursOut, DefinitionOut, DefinitionsOut, TableOut
from api.compliance.reading import Asked, Level, check_days, error_rate, read_behaviours, read_table
from api.compliance.reviewing import ReviewingOut, read_reviewing
from api.compliance.rolling_up import WINDOW_LEVEL
from api.compliance.settling import settle
from api.compliance.worst_hours import WorstHoursOut, worst_hours
from api.fields import Day, Id
from api.hall import hall_zone
from api.rights.guard import Permitted
from api.services import Parts

router = APIRouter(prefix="/api/v1/figures", tags=["figures"])

Language = Annotated[Literal["zh", "en"], Query(description="of the headings")]
CSV = "text/csv; charset=utf-8"


def _asked(
    parts: Parts,
    person: Permitted,
    grain: Annotated[Grain, Query(description="what a row is of")] = "hour",
    level: Annotated[Level, Query(description="of whom a row is")] = "window",
    first: Annotated[
        Day | None, Query(alias="from", description="first local day; that of `to` by default")
    ] = None,
    last: Annotated[
        Day | None, Query(alias="to", description="last local day, included; today by default")
    ] = None,
    unit: Annotated[Id | None, Query(description="only this window")] = None,
    compare: Annotated[bool, Query(description="the same span a week before too")] = False,
) -> Asked:
    """What is asked for; computes first what became stale, so that everybody reads what was written."""
    if level != WINDOW_LEVEL:
        person.scope.require_whole()
    if unit is not None:
        person.scope.require(unit)
    settle(parts)
    if last is None:
        with parts.database.read() as session:
            last = parts.settings.clock().astimezone(ZoneInfo(hall_zone(session).key)).date()
    return Asked(grain, level, first or last, last, unit, compare, person.scope)


def _days(
    parts: Parts,
    first: Annotated[Day | None, Query(alias="from", description="first local day; `to` by default")] = None,
    last: Annotated[Day | None, Query(alias="to", description="last local day; today by default")] = None,
) -> tuple[date, date, ZoneInfo]:
    """The days asked for, both included, and the hall's zone."""
    with parts.database.read() as session:
        zone = hall_zone(session)
    last = last or parts.settings.clock().astimezone(zone).date()
    check_days(first or last, last, "day")
    return first or last, last, zone


Question = Annotated[Asked, Depends(_asked)]


@router.get("/table", operation_id="readFigures", response_model=TableOut)
def read_figures(request: Request, parts: Parts, asked: Question) -> Response:
    """Time, compliance and events of each unit in each bucket, with coverage beside them."""
    with parts.database.read() as session:
        return _tagged(request, read_table(session, asked, parts.settings.clock()))


@router.get("/behaviours", operation_id="readBehaviourFigures", response_model=BehavioursOut)
def read_by_behaviour(request: Request, parts: Parts, asked: Question) -> Response:
    """Events and rates by behaviour."""
    with parts.database.read() as session:
        return _tagged(request, read_behaviours(session, asked))


@router.get("/table.csv", operation_id="exportFigures", response_class=Response)
def export_figures(request: Request, parts: Parts, asked: Question, language: Language = "zh") -> Response:
    """The table as a spreadsheet takes it."""
    with parts.database.read() as session:
        text = table_csv(read_table(session, asked, parts.settings.clock()), language)
    return _answer(request, text.encode(), CSV, f"figures-{asked.first}-{asked.last}.csv")


@router.get("/behaviours.csv", operation_id="exportBehaviourFigures", response_class=Response)
def export_by_behaviour(
    request: Request, parts: Parts, asked: Question, language: Language = "zh"
) -> Response:
    """The table by behaviour as a spreadsheet takes it."""
    with parts.database.read() as session:
        text = behaviours_csv(read_behaviours(session, asked), language)
    return _answer(request, text.encode(), CSV, f"behaviours-{asked.first}-{asked.last}.csv")


Days = Annotated[tuple[date, date, ZoneInfo], Depends(_days)]


@router.get("/worst-hours", operation_id="readWorstHours", response_model=WorstHoursOut)
def read_worst_hours(request: Request, person: Permitted, parts: Parts, days: Days) -> Response:
    """The ten window-hours with the largest share of confirmed breach time, of those seen well enough."""
    settle(parts)
    first, last, zone = days
    begin, end = bounds(first.isoformat(), "day", zone)[0], bounds(last.isoformat(), "day", zone)[1]
    with parts.database.read() as session:
        hours = worst_hours(session, begin, end, zone, person.scope)
    return _tagged(request, WorstHoursOut(first=first, last=last, time_zone=zone.key, hours=hours))


@router.get("/reviewing", operation_id="readReviewing", response_model=ReviewingOut)
def read_how_reviewing_goes(request: Request, parts: Parts, days: Days) -> Response:
    """What waits for people, how soon they decide, which cameras flag what they confirm, and agreement."""
    with parts.database.read() as session:
        return _tagged(request, read_reviewing(session, days[0], days[1], parts.settings.clock()))


@router.get("/definitions", operation_id="readFigureDefinitions", response_model=DefinitionsOut)
def read_definitions(request: Request) -> Response:
    """What each figure means, in both languages, and how right the machine was when it was measured."""
    definitions = [DefinitionOut.model_validate(asdict(one)) for one in DEFINITIONS]
    return _tagged(request, DefinitionsOut(definitions=definitions, error_rate=error_rate()))


def _tagged(request: Request, answer: BaseModel) -> Response:
    return _answer(request, answer.model_dump_json(by_alias=True).encode(), "application/json")


def _answer(request: Request, body: bytes, media_type: str, filename: str | None = None) -> Response:
    """With a strong ETag of its content; 304 to who has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    sent = request.headers.get("if-none-match", "")
    if tag in {part.strip().removeprefix("W/") for part in sent.split(",")}:
        return Response(status_code=304, headers=headers)
    if filename:
        headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return Response(body, media_type=media_type, headers=headers)
