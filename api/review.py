"""The review: list flagged events, look at one, decide, take a decision back."""

from collections import Counter
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from sqlalchemy.orm import Session

from api import audit
from api.event_queue import BadCursorError, Cursor, Filter, counts, page
from api.event_store import count
from api.event_view import etag_of, show
from api.fields import Code, EventId, Id, Time
from api.permits import WITHDRAWN
from api.problems import FieldError, Problem
from api.review_models import (
    CONFIRMED_REASONS,
    DISMISSED_REASONS,
    Counts,
    DecisionIn,
    EventOut,
    EventsPage,
    StateName,
)
from api.services import Parts, Services
from api.sessions import Reviewer
from api.tables import DecisionRow, EventRow

router = APIRouter(prefix="/api/v1/events", tags=["events"])

EventPath = Annotated[EventId, Path(description="the event's id")]
IfMatch = Annotated[str | None, Header(description="the ETag of what the reviewer saw")]


@router.get("", operation_id="listEvents")
def list_events(
    parts: Parts,
    state: Annotated[StateName | None, Query(description="only events of this state")] = None,
    window: Annotated[Id | None, Query(description="only this window")] = None,
    behaviour: Annotated[Code | None, Query(description="only this behaviour")] = None,
    first: Annotated[Time | None, Query(alias="from", description="begun at this time or later")] = None,
    end: Annotated[Time | None, Query(alias="to", description="begun before this time")] = None,
    order: Annotated[Literal["newest", "oldest"], Query(description="by the time of beginning")] = "newest",
    cursor: Annotated[str | None, Query(max_length=500, description="next_cursor of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="events on a page")] = 50,
) -> EventsPage:
    """The events, page by page, and how many there are of each state for that window and behaviour."""
    wanted = Filter(state, window, behaviour, first, end, order)
    after = _cursor(cursor)
    with parts.database.read() as session:
        rows, more = page(session, wanted, after, limit)
        return EventsPage(
            items=show(session, rows),
            next_cursor=Cursor(rows[-1].started_at, rows[-1].id).text() if more else None,
            counts=Counts(**counts(session, window, behaviour)),
        )


@router.get("/{event_id}", operation_id="readEvent")
def read_event(event_id: EventPath, response: Response, parts: Parts) -> EventOut:
    """One event; its ETag is needed to decide."""
    with parts.database.read() as session:
        return _answer(session, _event(session, event_id), response)


@router.post("/{event_id}/decision", operation_id="decideEvent")
def decide(
    event_id: EventPath,
    decision: DecisionIn,
    response: Response,
    person: Reviewer,
    parts: Parts,
    if_match: IfMatch = None,
) -> EventOut:
    """Confirm or dismiss an event, as it was seen; a decision after another one replaces it."""
    _check_reason(decision)
    with parts.database.write() as session:
        row = _unchanged(session, event_id, if_match)
        _refuse_withdrawn(row)
        _judge(session, parts, row, decision.verdict, decision, person.username)
        shown = _answer(session, row, response)
    _tell(parts, shown, decision.verdict)
    return shown


@router.delete("/{event_id}/decision", operation_id="undoDecision")
def undo(
    event_id: EventPath, response: Response, person: Reviewer, parts: Parts, if_match: IfMatch = None
) -> EventOut:
    """Take the decision back; the event is pending again and its history keeps both."""
    with parts.database.write() as session:
        row = _unchanged(session, event_id, if_match)
        _refuse_withdrawn(row)
        if row.state == "pending":
            raise Problem("not_decided")
        _judge(session, parts, row, "undone", None, person.username)
        shown = _answer(session, row, response)
    _tell(parts, shown, "undone")
    return shown


def _judge(
    session: Session, parts: Services, row: EventRow, verdict: str, said: DecisionIn | None, username: str
) -> None:
    """Change the state, the counters, the history and the audit: all of it or nothing."""
    now = parts.settings.clock()
    state = "pending" if verdict == "undone" else verdict
    changes: Counter[tuple[str, str, str]] = Counter()
    changes[row.window_id, row.behaviour, row.state] -= 1
    changes[row.window_id, row.behaviour, state] += 1
    row.state, row.version = state, row.version + 1
    session.add(
        DecisionRow(
            event_id=row.id,
            verdict=verdict,
            reason=said.reason if said else None,
            note=said.note if said else None,
            decided_by=username,
            decided_at=now,
        )
    )
    count(session, changes)
    audit.record(session, now, username, "decided", row.id, verdict=verdict)


def _event(session: Session, event_id: str, *, locked: bool = False) -> EventRow:
    row = session.get(EventRow, event_id, with_for_update=locked)
    if row is None:
        raise Problem("event_unknown")
    return row


def _unchanged(session: Session, event_id: str, if_match: str | None) -> EventRow:
    """The event, locked, if it still is what the reviewer saw; `*` would decide on something unseen."""
    if if_match is None or if_match.strip() in ("", "*"):
        raise Problem("precondition_required")
    row = _event(session, event_id, locked=True)
    sent = {tag.strip().strip('"') for tag in if_match.split(",")}
    if etag_of(row).strip('"') not in sent:
        raise Problem("event_changed")
    return row


def _refuse_withdrawn(row: EventRow) -> None:
    """What permits cover is nobody's breach; whoever thinks otherwise revokes the permit."""
    if row.state == WITHDRAWN:
        raise Problem("event_withdrawn")


def _answer(session: Session, row: EventRow, response: Response) -> EventOut:
    session.flush()
    response.headers["ETag"] = etag_of(row)
    return show(session, [row])[0]


def _tell(parts: Services, shown: EventOut, verdict: str) -> None:
    parts.metrics.decisions.labels(verdict).inc()
    parts.broadcaster.publish("decision", {"id": shown.id, "state": shown.state})
    parts.broadcaster.publish("figures", {})


def _check_reason(decision: DecisionIn) -> None:
    fitting = CONFIRMED_REASONS if decision.verdict == "confirmed" else DISMISSED_REASONS
    if decision.reason is not None and decision.reason not in fitting:
        raise Problem(
            "invalid",
            FieldError("/reason", "该理由与裁定不符", "This reason does not go with the verdict"),
        )


def _cursor(text: str | None) -> Cursor | None:
    if text is None:
        return None
    try:
        return Cursor.parse(text)
    except BadCursorError as error:
        raise Problem(
            "invalid", FieldError("/query/cursor", "不是有效的游标", "Not a cursor of this list")
        ) from error
