"""What a window's own staff are shown of a confirmed event: its review copy, never the original."""

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from api.appeal_links import LinkedEvent
from api.event_path import EventPath
from api.evidence.review_copies import copy_answer
from api.film_answer import write_viewing
from api.judging import known_event
from api.problems import Problem
from api.rights.guard import Permitted
from api.services import Parts, Services
from api.tables import AppealRow, EventRow

router = APIRouter(prefix="/api/v1", tags=["appeals"])
by_link = APIRouter(prefix="/api/v1", tags=["appeals"])

_FILM = {"content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}}


@router.get(
    "/own-window/events/{event_id}/review-copy",
    operation_id="readOwnReviewCopy",
    response_class=StreamingResponse,
    responses={200: {**_FILM, "description": "the copy"}},
)
def read_own_copy(event_id: EventPath, request: Request, person: Permitted, parts: Parts) -> Response:
    """The review copy of a confirmed event of this person's own window."""
    event = _shown_to_staff(event_id, parts)
    if event.window_id not in person.windows:
        raise Problem("not_permitted")
    answer = copy_answer(event_id, request, parts)
    if answer.status_code != 304:
        write_viewing(parts, event_id, person.username)
    return answer


@by_link.get(
    "/appeal-link/review-copy",
    operation_id="readLinkedReviewCopy",
    response_class=StreamingResponse,
    responses={200: {**_FILM, "description": "the copy"}},
)
def read_linked_copy(event_id: LinkedEvent, request: Request, parts: Parts) -> Response:
    """The review copy of the event that a link shows (header X-Appeal-Link)."""
    _shown_to_staff(event_id, parts)
    answer = copy_answer(event_id, request, parts)
    if answer.status_code != 304:
        write_viewing(parts, event_id, "appeal link")
    return answer


def _shown_to_staff(event_id: str, parts: Services) -> EventRow:
    """An event that was confirmed, or appealed after it was. Raises Problem for others."""
    with parts.database.read() as session:
        event = known_event(session, event_id)
        appealed = session.query(AppealRow).filter(AppealRow.event_id == event_id).first() is not None
    if event.state != "confirmed" and not appealed:
        raise Problem("not_permitted")
    return event
