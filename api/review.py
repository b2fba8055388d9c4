"""The events: list and search them, look at one, decide, take a decision back."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from api.event_path import EventPath, IfMatch
from api.event_queue import Cursor, Order, counts, page
from api.event_search import found_by
from api.event_view import etag_of, show
from api.judging import Judgement, announce, check_reason, judge, known_event, refuse_unfit, unchanged
from api.listing import Asked, CursorText, Limit, parsed_cursor
from api.problems import Problem
from api.review_models import Counts, DecisionIn, EventOut, EventsPage, StateName
from api.rights.guard import Permitted
from api.services import Parts, Services
from api.surroundings import Surroundings, surroundings_of
from api.tables import EventRow

router = APIRouter(prefix="/api/v1/events", tags=["events"])


@router.get("", operation_id="listEvents")
def list_events(
    parts: Parts,
    person: Permitted,
    asked: Asked,
    order: Annotated[Order, Query(description="by the time of beginning")] = "newest",
    state: Annotated[StateName | None, Query(description="only events of this state")] = None,
    search: Annotated[
        str | None,
        Query(
            alias="q",
            min_length=1,
            max_length=100,
            pattern=r"^[^\x00]*$",
            description="in notes, appeals and their answers, or the beginning of an id",
        ),
    ] = None,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> EventsPage:
    """The events, page by page, and how many there are of each state for that window and behaviour."""
    wanted = asked.filter(state, person.scope, order)
    after = parsed_cursor(cursor) if cursor else None
    with parts.database.read() as session:
        if search is not None:
            wanted = replace(wanted, ids=found_by(session, search))
        rows, more = page(session, wanted, after, limit)
        return EventsPage(
            items=show(session, rows, hide_score=parts.settings.review.hide_score),
            next_cursor=Cursor(rows[-1].started_at, rows[-1].id).text() if more else None,
            counts=Counts(**counts(session, wanted)),
        )


@router.get("/{event_id}", operation_id="readEvent")
def read_event(event_id: EventPath, response: Response, parts: Parts) -> EventOut:
    """One event; its ETag is needed to decide."""
    with parts.database.read() as session:
        return _answer(session, parts, known_event(session, event_id), response)


@router.get("/{event_id}/surroundings", operation_id="readSurroundings")
def read_surroundings(event_id: EventPath, parts: Parts) -> Surroundings:
    """What else was flagged at that window just before and after, and how the hour stood there."""
    with parts.database.read() as session:
        return surroundings_of(session, known_event(session, event_id))


@router.post("/{event_id}/decision", operation_id="decideEvent")
def decide(
    event_id: EventPath,
    decision: DecisionIn,
    response: Response,
    person: Permitted,
    parts: Parts,
    if_match: IfMatch = None,
) -> EventOut:
    """Confirm or dismiss an event, as it was seen; a decision after another one replaces it.

    A stale If-Match is answered with who decided what meanwhile (`decision`), 409 `claimed` with who looks
    at it.
    """
    check_reason(decision.verdict, decision.reason)
    with parts.database.write() as session:
        row = unchanged(session, event_id, if_match)
        refuse_unfit(session, parts, row, person)
        judge(
            session, parts, row, Judgement(decision.verdict, decision.reason, decision.note), person.username
        )
        shown = _answer(session, parts, row, response)
    announce(parts, row, decision.verdict)
    return shown


@router.delete("/{event_id}/decision", operation_id="undoDecision")
def undo(
    event_id: EventPath, response: Response, person: Permitted, parts: Parts, if_match: IfMatch = None
) -> EventOut:
    """Take the decision back; the event is pending again and its history keeps both."""
    with parts.database.write() as session:
        row = unchanged(session, event_id, if_match)
        refuse_unfit(session, parts, row, person)
        if row.state == "pending":
            raise Problem("not_decided")
        judge(session, parts, row, Judgement("undone"), person.username)
        shown = _answer(session, parts, row, response)
    announce(parts, row, "undone")
    return shown


def _answer(session: Session, parts: Services, row: EventRow, response: Response) -> EventOut:
    session.flush()
    response.headers["ETag"] = etag_of(row)
    return show(session, [row], hide_score=parts.settings.review.hide_score)[0]
