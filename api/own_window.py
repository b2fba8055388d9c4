"""What a window's own staff see: what was confirmed there, why, and what became of their appeals.

By an account bound to the window, or by a link to one event. Reviewers are not named to them.
"""

from datetime import datetime, timedelta

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.appeal_links import LinkedEvent
from api.appeals import AppealIn, make_appeal
from api.event_path import EventPath
from api.event_view import show
from api.hall import hall_zone
from api.judging import known_event
from api.problems import Problem
from api.review_models import EventOut
from api.rights.guard import Permitted
from api.services import Parts, Services
from api.tables import EventRow
from vision.article27 import CATALOGUE

router = APIRouter(prefix="/api/v1", tags=["appeals"])
by_link = APIRouter(prefix="/api/v1", tags=["appeals"])

MOST = 100
SHOWN_STATES = ("confirmed", "dismissed")


class OwnAppeal(BaseModel):
    """What the staff said, and the answer."""

    text: str
    made_at: datetime
    state: str
    decided_at: datetime | None
    answer: str | None


class OwnEvent(BaseModel):
    """A confirmed event as the staff of its window are shown it."""

    id: str
    behaviour: str
    behaviour_zh: str
    behaviour_en: str
    clause: str
    clause_zh: str
    clause_en: str
    window: str
    window_name: str
    window_name_en: str
    started_at: datetime
    ended_at: datetime | None
    state: str
    explanation_zh: str
    explanation_en: str
    evidence: list[list[float | None]]
    has_clip: bool = Field(description="whether a review copy can be watched; the original never")
    decided_at: datetime | None
    note: str | None = Field(description="what the reviewer wrote; null: nothing")
    appeal_until: datetime | None = Field(description="null: it cannot be appealed, or no longer")
    appeal: OwnAppeal | None
    time_zone: str = Field(description="the hall's, in which its clocks are read")


@router.get("/own-window/events", operation_id="listOwnEvents")
def list_own_events(person: Permitted, parts: Parts) -> list[OwnEvent]:
    """What was confirmed at this person's windows lately, or appealed, the latest first."""
    since = parts.settings.clock() - timedelta(days=2 * parts.settings.review.appeal_days)
    with parts.database.read() as session:
        rows: list[EventRow] = []
        for window in person.windows:
            for state in SHOWN_STATES:
                wanted = select(EventRow).where(
                    EventRow.state == state, EventRow.window_id == window, EventRow.started_at > since
                )
                rows += session.scalars(wanted.order_by(EventRow.started_at.desc()).limit(MOST))
        events = show(session, rows)
        zone = hall_zone(session).key
    shown = [_shown(parts, event, zone) for event in events if event.state == "confirmed" or event.appeal]
    return sorted(shown, key=lambda one: one.started_at, reverse=True)[:MOST]


@router.post("/own-window/events/{event_id}/appeal", operation_id="appealEvent", status_code=201)
def appeal_event(event_id: EventPath, said: AppealIn, person: Permitted, parts: Parts) -> OwnEvent:
    """Appeal a confirmed event of this person's own window; once, within some days."""
    with parts.database.read() as session:
        if known_event(session, event_id).window_id not in person.windows:
            raise Problem("not_permitted")
    return _appealed(parts, event_id, said.text, person.username)


@by_link.get("/appeal-link/event", operation_id="readLinkedEvent")
def read_linked_event(event_id: LinkedEvent, parts: Parts) -> OwnEvent:
    """The event that a link shows (header X-Appeal-Link)."""
    with parts.database.read() as session:
        return _own(session, parts, event_id)


@by_link.post("/appeal-link/appeal", operation_id="appealByLink", status_code=201)
def appeal_by_link(event_id: LinkedEvent, said: AppealIn, parts: Parts) -> OwnEvent:
    """Appeal the event that a link shows."""
    return _appealed(parts, event_id, said.text, None)


def _appealed(parts: Services, event_id: str, text: str, who: str | None) -> OwnEvent:
    with parts.database.write() as session:
        appeal = make_appeal(session, parts, event_id, text, who)
        session.flush()
        shown = _own(session, parts, event_id)
    parts.broadcaster.publish("appeal", {"id": appeal.id, "event": event_id, "state": "open"})
    return shown


def _own(session: Session, parts: Services, event_id: str) -> OwnEvent:
    event = show(session, [known_event(session, event_id)])[0]
    return _shown(parts, event, hall_zone(session).key)


def _shown(parts: Services, event: EventOut, zone: str) -> OwnEvent:
    article = CATALOGUE.get(event.behaviour)
    confirmed = event.state == "confirmed" and event.decision is not None
    until = None
    if confirmed and event.decision and not event.appeal:
        until = event.decision.decided_at + timedelta(days=parts.settings.review.appeal_days)
    same = {name: getattr(event, name) for name in OwnEvent.model_fields if hasattr(event, name)}
    judged = event.decision if event.decision and event.decision.verdict != "retracted" else None
    same["appeal"] = OwnAppeal.model_validate(event.appeal, from_attributes=True) if event.appeal else None
    return OwnEvent(
        **same,
        time_zone=zone,
        has_clip=bool(event.clip and event.clip.review and event.clip.review.url),
        behaviour_zh=article.zh if article else event.behaviour,
        behaviour_en=article.en if article else event.behaviour,
        clause=article.clause if article else "",
        clause_zh=article.clause_zh if article else "",
        clause_en=article.clause_en if article else "",
        decided_at=judged.decided_at if judged else None,
        note=judged.note if judged else None,
        appeal_until=until,
    )
