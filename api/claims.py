"""Soft claims: who has an event on the screen holds it for a while, so that two people never decide it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.event_path import EventPath
from api.problems import Problem
from api.rights.guard import Permitted
from api.services import Parts
from api.tables import EventRow, ViewingRow

router = APIRouter(prefix="/api/v1/events", tags=["review"])


class ClaimOut(BaseModel):
    """Who holds an event, and until when unless they renew it."""

    username: str
    until: datetime


@router.put("/{event_id}/claim", operation_id="claimEvent")
def claim(event_id: EventPath, person: Permitted, parts: Parts) -> ClaimOut:
    """Hold an event while it is on the screen, or go on holding it; 409 while somebody else does.

    That it was on the screen is remembered: only such events can be decided many at once.
    """
    now = parts.settings.clock()
    until = now + timedelta(seconds=parts.settings.review.claim_s)
    with parts.database.write() as session:
        if session.get(EventRow, event_id, with_for_update=True) is None:
            raise Problem("event_unknown")
        known = session.get(ViewingRow, (event_id, person.username))
        refuse_held_by_other(session, event_id, person.username, now)
        fresh = known is None or known.held_until is None or known.held_until <= now
        if known is None:
            known = ViewingRow(event_id=event_id, username=person.username, first_at=now)
            session.add(known)
        known.held_until = until
    if fresh:
        told = {"id": event_id, "username": person.username, "until": until.isoformat()}
        parts.broadcaster.publish("claim", told)
    return ClaimOut(username=person.username, until=until)


@router.delete("/{event_id}/claim", operation_id="releaseEvent", status_code=204)
def release(event_id: EventPath, person: Permitted, parts: Parts) -> None:
    """Let go of an event; nothing happens where it was not held."""
    with parts.database.write() as session:
        held = let_go(session, event_id, person.username)
    if held:
        parts.broadcaster.publish("claim", {"id": event_id, "username": None, "until": None})


def holders(session: Session, ids: Sequence[str], now: datetime) -> dict[str, ClaimOut]:
    """Who holds which of these events now."""
    wanted = select(ViewingRow).where(ViewingRow.event_id.in_(ids), ViewingRow.held_until > now)
    return {
        row.event_id: ClaimOut(username=row.username, until=row.held_until)
        for row in session.scalars(wanted)
        if row.held_until is not None
    }


def refuse_held_by_other(session: Session, event_id: str, username: str, now: datetime) -> None:
    """Raise Problem `claimed`, with who and until when, where somebody else holds the event."""
    held = holders(session, [event_id], now).get(event_id)
    if held is not None and held.username != username:
        who = held.username
        raise Problem(
            "claimed",
            said=(f"{who} 正在查看此事件,请先看下一条。", f"{who} is looking at it; take the next one."),
            more={"claim": held.model_dump(mode="json")},
        )


def let_go(session: Session, event_id: str, username: str) -> bool:
    """End this person's claim; whether there was one. That they saw the event stays."""
    row = session.get(ViewingRow, (event_id, username))
    held = row is not None and row.held_until is not None
    if row is not None:
        row.held_until = None
    return held


def seen_by(session: Session, ids: Sequence[str], username: str) -> set[str]:
    """Those of the events that this person had on the screen."""
    wanted = select(ViewingRow.event_id).where(ViewingRow.event_id.in_(ids), ViewingRow.username == username)
    return set(session.scalars(wanted))
