"""Many decided at once: a group of one window and behaviour, after each was on the screen."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.claims import seen_by
from api.event_groups import LARGEST, belong_together
from api.event_view import show
from api.fields import EventId
from api.judging import Judgement, announce, check_reason, judge, refuse_unfit, unchanged
from api.problems import FieldError, Problem
from api.review_models import DecisionIn, EventOut
from api.rights.guard import Permitted
from api.services import Parts

router = APIRouter(prefix="/api/v1/review", tags=["review"])


class SeenEvent(BaseModel):
    """An event, and the ETag of what was seen of it."""

    model_config = ConfigDict(extra="forbid")

    id: EventId
    etag: Annotated[str, Field(max_length=100)]


class BulkIn(DecisionIn):
    """One judgement of several events."""

    events: Annotated[list[SeenEvent], Field(min_length=1, max_length=LARGEST)]


@router.post("/decisions", operation_id="decideGroup")
def decide_group(bulk: BulkIn, person: Permitted, parts: Parts) -> list[EventOut]:
    """Decide all of them, or none where one cannot be.

    They are of one window and behaviour and began within 10 minutes, and this person had each on the screen
    (claimed it). Where one changed meanwhile, the problem says which (`event`) and who decided it.
    """
    check_reason(bulk.verdict, bulk.reason)
    said = Judgement(bulk.verdict, bulk.reason, bulk.note)
    with parts.database.write() as session:
        # In one order, so that two who decide the same at once do not wait for each other.
        asked = sorted({one.id: one.etag for one in bulk.events}.items())
        rows = [unchanged(session, event_id, etag) for event_id, etag in asked]
        for row in rows:
            person.scope.require(row.window_id)
        if not belong_together(rows):
            raise Problem("not_together")
        seen = seen_by(session, [row.id for row in rows], person.username)
        unseen = [place for place, one in enumerate(bulk.events) if one.id not in seen]
        if unseen:
            raise Problem(
                "not_viewed",
                *(FieldError(f"/events/{place}", "尚未查看", "Not looked at yet") for place in unseen),
            )
        for row in rows:
            refuse_unfit(session, parts, row, person)
            judge(session, parts, row, said, person.username)
        session.flush()
        shown = show(session, rows)
    for row in rows:
        announce(parts, row, bulk.verdict)
    return shown
