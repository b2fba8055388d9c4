"""The changes over HTTP: page by page behind a cursor, or many at once as NDJSON."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from api.changes.cursor import cursor_text, number_of
from api.changes.tables import ChangeRow
from api.changes.types import TYPES
from api.fields import Id, Time
from api.problems import FieldError, Problem
from api.rights.guard import Permitted
from api.rights.table import Right
from api.services import Parts, Services
from api.sessions import SignedIn

router = APIRouter(prefix="/api/v1/changes", tags=["integration"])

MOST = 1000
NDJSON = "application/x-ndjson"


class ChangeOut(BaseModel):
    """One thing that happened, as it stood then."""

    number: int = Field(
        description="order in which it was committed; grows, with gaps where you see only some"
    )
    at: datetime
    type: str = Field(description="as in `/api/v1/changes/types`")
    subject: str = Field(description="id of the event or camera, or the window")
    window: str | None
    unreviewed: bool = Field(description="true: a machine's flag that nobody judged yet; no breach (P5)")
    data: dict[str, Any]


class ChangesPage(BaseModel):
    """Some changes in their order."""

    items: list[ChangeOut]
    next_cursor: str = Field(description="`cursor` of the next request, also when there was nothing new")
    more: bool = Field(description="whether there is more right now")


class ChangeTypeOut(BaseModel):
    """A type of change."""

    type: str
    zh: str
    en: str


def _wanted(
    person: Permitted,
    types: Annotated[
        list[str] | None,
        Query(alias="type", description="only these types; repeatable", max_length=len(TYPES)),
    ] = None,
    window: Annotated[Id | None, Query(description="only this window")] = None,
    unreviewed: Annotated[
        bool, Query(description="also what nobody judged yet; a flag is no breach until somebody confirms it")
    ] = False,
) -> Select[Any]:
    for number, name in enumerate(types or ()):
        if name not in TYPES:
            known = ", ".join(TYPES)
            raise Problem("invalid", FieldError(f"/query/type/{number}", "没有此类型", f"types are: {known}"))
    if window is not None:
        person.scope.require(window)
    readable = _readable(person)
    chosen = [name for name in types or TYPES if name in readable]
    query = select(ChangeRow).where(ChangeRow.type.in_(chosen), *person.scope.condition(ChangeRow.window_id))
    if window is not None:
        query = query.where(ChangeRow.window_id == window)
    return query if unreviewed else query.where(~ChangeRow.unreviewed)


Wanted = Annotated[Any, Depends(_wanted)]


@router.get("", operation_id="readChanges")
def read_changes(
    parts: Parts,
    wanted: Wanted,
    cursor: Annotated[
        str | None,
        Query(max_length=100, description="next_cursor of the answer before; left out: from the start"),
    ] = None,
    since: Annotated[
        Time | None, Query(description="without a cursor: what happened at this time or later")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="changes on a page")] = 200,
) -> ChangesPage:
    """What happened, in the order in which it was committed: nothing is left out, nothing comes twice.

    Keep `next_cursor` together with what you made of the page; it stays good for as long as there are
    changes. By default only what people judged is told, and how cameras and figures are.
    """
    with parts.database.read() as session:
        position = _position(session, cursor, since)
        # The end is read first: what is committed meanwhile comes with the next page.
        end = session.scalar(select(func.max(ChangeRow.number))) or 0
        rows = _rows(session, wanted, position, end, limit + 1)
    shown = rows[:limit]
    more = len(rows) > limit
    return ChangesPage(
        items=[_shown(row) for row in shown],
        next_cursor=cursor_text(shown[-1].number if more else max(end, position)),
        more=more,
    )


@router.get("/types", operation_id="listChangeTypes")
def list_types(person: Permitted) -> list[ChangeTypeOut]:
    """The types that may be read with these rights, or be told to webhooks."""
    readable = set(TYPES) if Right.WEBHOOKS in person.rights else _readable(person)
    return [
        ChangeTypeOut(type=name, zh=told.zh, en=told.en) for name, told in TYPES.items() if name in readable
    ]


@router.get(
    "/export.ndjson",
    operation_id="exportChanges",
    response_class=StreamingResponse,
    responses={200: {"content": {NDJSON: {}}, "description": "one change a line"}},
)
def export_changes(
    parts: Parts,
    wanted: Wanted,
    since: Annotated[Time | None, Query(description="what happened at this time or later")] = None,
    until: Annotated[Time | None, Query(description="what happened before this time")] = None,
) -> StreamingResponse:
    """All of it at once, a line each, up to the moment of asking."""
    query = wanted if until is None else wanted.where(ChangeRow.at < until)
    return StreamingResponse(_lines(parts, query, since), media_type=NDJSON)


def _lines(parts: Services, wanted: Select[Any], since: datetime | None) -> Iterator[bytes]:
    with parts.database.read() as session:
        position = _position(session, None, since)
        end = session.scalar(select(func.max(ChangeRow.number))) or 0
    while True:
        # A session for each page: nobody holds the database up who reads slowly.
        with parts.database.read() as session:
            rows = _rows(session, wanted, position, end, MOST)
        for row in rows:
            yield _shown(row).model_dump_json().encode() + b"\n"
        if len(rows) < MOST:
            return
        position = rows[-1].number


def _position(session: Session, cursor: str | None, since: datetime | None) -> int:
    if cursor is not None:
        return number_of(cursor)
    if since is None:
        return 0
    first = session.scalar(select(func.min(ChangeRow.number)).where(ChangeRow.at >= since))
    return first - 1 if first is not None else session.scalar(select(func.max(ChangeRow.number))) or 0


def _rows(session: Session, wanted: Select[Any], after: int, end: int, limit: int) -> list[ChangeRow]:
    within = wanted.where(ChangeRow.number > after, ChangeRow.number <= end)
    return list(session.scalars(within.order_by(ChangeRow.number).limit(limit)))


def _readable(person: SignedIn) -> set[str]:
    return {name for name, told in TYPES.items() if told.right in person.rights}


def _shown(row: ChangeRow) -> ChangeOut:
    return ChangeOut(
        number=row.number,
        at=row.at,
        type=row.type,
        subject=row.subject,
        window=row.window_id,
        unreviewed=row.unreviewed,
        data=row.data,
    )
