"""The review queue over HTTP: what waits for this person."""

from datetime import datetime, timedelta

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.claims import ClaimOut, holders
from api.due_queue import Asking, Place, Queued, queue_page
from api.event_groups import grouped
from api.event_queue import BadCursorError, counts
from api.event_view import show
from api.explain import explain
from api.listing import Asked, CursorText, Limit, bad_cursor
from api.review_models import Counts, EventOut
from api.review_rules import stint
from api.rights.guard import Permitted
from api.services import Parts, Services
from api.sessions import SignedIn
from api.tables import DecisionRow

router = APIRouter(prefix="/api/v1/review", tags=["review"])

STINT_READ = timedelta(hours=3)


class QueueItem(EventOut):
    """An event that waits for this person.

    One drawn for a second review is shown as if nobody had judged it; `second_review` says where the verdict
    goes, and pages do not show it.
    """

    group: str | None = Field(description="earliest event of its group; null: it stands alone")
    claim: ClaimOut | None = Field(description="who has it on the screen; null: nobody")
    second_review: bool


class StintOut(BaseModel):
    """How long this person has been deciding without a pause of five minutes."""

    began_at: datetime | None
    decisions: int
    pause_suggested: bool


class QueueOut(BaseModel):
    """Some of what waits, by deadline, then severity, then age."""

    items: list[QueueItem]
    next_cursor: str | None
    counts: Counts
    stint: StintOut


@router.get("/queue", operation_id="readQueue")
def read_queue(
    person: Permitted, parts: Parts, asked: Asked, cursor: CursorText = None, limit: Limit = 60
) -> QueueOut:
    """What waits for this person, never of their own window; page by page."""
    rules, now = parts.settings.review, parts.settings.clock()
    wanted = asked.filter("pending", person.scope)
    asking = Asking(person.username, person.windows, now - timedelta(days=rules.second_within_days))
    with parts.database.read() as session:
        queued, more = queue_page(session, wanted, asking, _place(cursor), limit)
        return QueueOut(
            items=_items(session, parts, queued),
            next_cursor=queued[-1].place.text() if more else None,
            counts=Counts(**counts(session, wanted)),
            stint=_stint(session, parts, person),
        )


def _items(session: Session, parts: Services, queued: list[Queued]) -> list[QueueItem]:
    rows = [one.row for one in queued]
    shown = show(session, rows, hide_score=parts.settings.review.hide_score)
    groups = grouped([one.row for one in queued if not one.second])
    held = holders(session, [row.id for row in rows], parts.settings.clock())
    return [
        # Made of what was checked just now: checking it again would double the time of a page.
        QueueItem.model_construct(
            **dict(_blind(parts, one, out) if one.second else out),
            group=groups.get(out.id),
            claim=held.get(out.id),
            second_review=one.second,
        )
        for one, out in zip(queued, shown, strict=True)
    ]


def _blind(parts: Services, queued: Queued, out: EventOut) -> EventOut:
    """The event as it was before anybody judged it."""
    row = queued.row
    masked: dict[str, object] = {"state": "pending", "decision": None, "history": [], "appeal": None}
    if parts.settings.review.hide_score:
        seconds = (row.known_until - row.started_at).total_seconds()
        zh, en = explain(row.behaviour, row.variant, seconds, None, row.measures)
        masked |= {"peak_score": None, "explanation_zh": zh, "explanation_en": en}
    return out.model_copy(update=masked)


def _stint(session: Session, parts: Services, person: SignedIn) -> StintOut:
    now, rules = parts.settings.clock(), parts.settings.review
    lately = select(DecisionRow.decided_at).where(
        DecisionRow.decided_by == person.username, DecisionRow.decided_at > now - STINT_READ
    )
    most = rules.pause_after_decisions
    times = session.scalars(lately.order_by(DecisionRow.decided_at.desc()).limit(most)).all()
    return StintOut.model_validate(stint(times, now, rules), from_attributes=True)


def _place(text: str | None) -> Place | None:
    if text is None:
        return None
    try:
        return Place.parse(text)
    except BadCursorError as error:
        raise bad_cursor() from error
