"""Appeals: what the window's own staff say against a confirmed event, decided by another reviewer."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import audit
from api.appeal_links import make_link
from api.changes.recording import record_event
from api.event_path import EventPath
from api.event_view import show, shown_appeal
from api.fields import PlainText
from api.judging import Judgement, announce, judge, known_event, last_decision
from api.problems import Problem
from api.review_models import AppealOut, EventOut
from api.rights.guard import Permitted
from api.services import Parts, Services
from api.tables import AppealRow, DecisionRow, EventRow

router = APIRouter(prefix="/api/v1", tags=["appeals"])

AppealPath = Annotated[uuid.UUID, Path(description="the appeal's id")]
AppealState = Literal["open", "upheld", "rejected"]
Words = Annotated[PlainText, Field(min_length=1, max_length=2000)]
MOST = 200


class AppealIn(BaseModel):
    """What the staff say."""

    model_config = ConfigDict(extra="forbid")

    text: Words


class AppealDecisionIn(BaseModel):
    """What became of it; the answer is shown to the staff."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["upheld", "rejected"]
    answer: Words


class LinkOut(BaseModel):
    """A link to one event, to be handed to its window's staff; it is shown this once."""

    path: str = Field(description="to be put behind the page's own address")
    link: str = Field(description="to be sent as X-Appeal-Link")
    expires_at: datetime


class AppealedEvent(BaseModel):
    """An appeal with the event it is about."""

    appeal: AppealOut
    event: EventOut
    may_decide: bool = Field(description="false: this person judged the event, or works at its window")


@router.get("/appeals", operation_id="listAppeals")
def list_appeals(
    person: Permitted,
    parts: Parts,
    state: Annotated[AppealState | None, Query(description="only appeals of this state")] = None,
) -> list[AppealedEvent]:
    """The appeals, the latest first, 200 at most; whoever judged the event decides none."""
    wanted = select(AppealRow).order_by(AppealRow.made_at.desc(), AppealRow.id.desc()).limit(MOST)
    if not person.scope.is_whole:
        wanted = wanted.join(EventRow, EventRow.id == AppealRow.event_id)
        wanted = wanted.where(*person.scope.condition(EventRow.window_id))
    if state is not None:
        wanted = wanted.where(AppealRow.state == state)
    with parts.database.read() as session:
        appeals = session.scalars(wanted).all()
        ids = [appeal.event_id for appeal in appeals]
        events = {row.id: row for row in session.scalars(select(EventRow).where(EventRow.id.in_(ids)))}
        shown = {out.id: out for out in show(session, list(events.values()))}
        judged = select(DecisionRow.event_id).where(
            DecisionRow.event_id.in_(events), DecisionRow.decided_by == person.username
        )
        mine = set(session.scalars(judged))
    return [
        AppealedEvent(
            appeal=shown_appeal(appeal),
            event=shown[appeal.event_id],
            may_decide=appeal.event_id not in mine
            and events[appeal.event_id].window_id not in person.windows,
        )
        for appeal in appeals
    ]


@router.post("/events/{event_id}/appeal-links", operation_id="makeAppealLink", status_code=201)
def make_appeal_link(event_id: EventPath, person: Permitted, parts: Parts) -> LinkOut:
    """A link by which the window's staff see this one event and may appeal, for some days."""
    now, rules = parts.settings.clock(), parts.settings.review
    with parts.database.write() as session:
        if known_event(session, event_id).state != "confirmed":
            raise Problem("not_confirmed")
        link, ends = make_link(session, event_id, person.username, now, timedelta(days=rules.link_days))
        audit.record(session, now, person.username, "appeal_link_made", event_id)
    return LinkOut(path=f"/appeal#{link}", link=link, expires_at=ends)


@router.post("/appeals/{appeal_id}/decision", operation_id="decideAppeal")
def decide_appeal(
    appeal_id: AppealPath, decision: AppealDecisionIn, person: Permitted, parts: Parts
) -> AppealOut:
    """Uphold an appeal, which retracts the event, or reject it; never by who judged the event before."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        appeal = session.get(AppealRow, str(appeal_id), with_for_update=True)
        if appeal is None:
            raise Problem("appeal_unknown")
        if appeal.state != "open":
            raise Problem("appeal_decided")
        row = known_event(session, appeal.event_id, locked=True)
        _refuse_partial(session, row, person.username, person.windows)
        appeal.state, appeal.answer = decision.outcome, decision.answer
        appeal.decided_by, appeal.decided_at = person.username, now
        retracted = decision.outcome == "upheld" and row.state == "confirmed"
        if retracted:
            said = Judgement("retracted", "appeal_upheld", decision.answer)
            judge(session, parts, row, said, person.username)
        else:
            row.version += 1
            record_event(session, now, "event.upheld", row)
        audit.record(session, now, person.username, "appeal_decided", row.id, outcome=decision.outcome)
        shown = shown_appeal(appeal)
    _tell(parts, row, shown, retracted=retracted)
    return shown


def make_appeal(session: Session, parts: Services, event_id: str, text: str, who: str | None) -> AppealRow:
    """Keep an appeal; raises Problem where the event is not confirmed, it is too late, or there is one."""
    now = parts.settings.clock()
    row = known_event(session, event_id, locked=True)
    if session.scalars(select(AppealRow).where(AppealRow.event_id == event_id)).first() is not None:
        raise Problem("already_appealed")
    last = last_decision(session, event_id)
    if row.state != "confirmed" or last is None:
        raise Problem("not_confirmed")
    if now > last.decided_at + timedelta(days=parts.settings.review.appeal_days):
        raise Problem("appeal_late")
    appeal = AppealRow(
        id=str(uuid.uuid4()), event_id=event_id, text=text, made_by=who, made_at=now, state="open"
    )
    session.add(appeal)
    row.version += 1
    audit.record(session, now, who or "appeal link", "appealed", event_id)
    record_event(session, now, "event.appealed", row)
    return appeal


def _refuse_partial(session: Session, row: EventRow, username: str, own_windows: tuple[str, ...]) -> None:
    if row.window_id in own_windows:
        raise Problem("own_window")
    judged = select(DecisionRow.id).where(DecisionRow.event_id == row.id, DecisionRow.decided_by == username)
    if session.scalar(judged.limit(1)) is not None:
        raise Problem("same_reviewer")


def _tell(parts: Services, row: EventRow, appeal: AppealOut, *, retracted: bool) -> None:
    told = {"id": appeal.id, "event": row.id, "state": appeal.state}
    parts.broadcaster.publish("appeal", told)
    if retracted:
        parts.broadcaster.publish(
            "retraction",
            {"id": row.id, "window": row.window_id, "started_at": row.started_at.isoformat()},
        )
        announce(parts, row, "retracted")
