"""The blind second review: a share of the decided events is judged again by somebody else, to be compared."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from api import audit
from api.agreement import agreement
from api.claims import let_go
from api.event_path import EventPath, IfMatch
from api.fields import Time
from api.judging import check_reason, refuse_unfit, unchanged
from api.problems import Problem
from api.review_models import DecisionIn
from api.rights.guard import Permitted
from api.services import Parts
from api.tables import EventRow, SecondReviewRow

router = APIRouter(prefix="/api/v1", tags=["review"])

SHOWN = 100


class Disagreement(BaseModel):
    """An event that two reviewers judged differently."""

    event: str
    window: str
    behaviour: str
    started_at: datetime
    first_verdict: str
    first_by: str
    second_verdict: str
    second_by: str
    second_note: str | None


class AgreementOut(BaseModel):
    """How far first and second reviewers agree; the numbers are null where nothing was reviewed twice."""

    drawn_share: float = Field(description="share of decided events that is reviewed twice, 0..1")
    pairs: int
    agreed: int
    waiting: int = Field(description="drawn, and not yet reviewed a second time")
    share: float | None = Field(description="agreed ÷ pairs")
    ac1: float | None = Field(description="Gwet's AC1, agreement beyond chance; 1 is perfect")
    disagreements: list[Disagreement] = Field(description="the latest 100")


@router.post("/events/{event_id}/second-opinion", operation_id="giveSecondOpinion", status_code=204)
def give_second_opinion(
    event_id: EventPath, decision: DecisionIn, person: Permitted, parts: Parts, if_match: IfMatch = None
) -> None:
    """Judge an event that was drawn for a second review. It stands as first decided; both are compared."""
    check_reason(decision.verdict, decision.reason)
    now = parts.settings.clock()
    with parts.database.write() as session:
        row = unchanged(session, event_id, if_match)
        refuse_unfit(session, parts, row, person)
        drawn = session.get(SecondReviewRow, event_id)
        if drawn is None or drawn.second_at is not None:
            raise Problem("no_second_review")
        if drawn.first_by == person.username:
            raise Problem("same_reviewer")
        drawn.second_verdict, drawn.second_reason = decision.verdict, decision.reason
        drawn.second_note, drawn.second_by, drawn.second_at = decision.note, person.username, now
        let_go(session, event_id, person.username)
        audit.record(session, now, person.username, "second_opinion", event_id, verdict=decision.verdict)
    parts.broadcaster.publish("decision", {"id": event_id, "state": row.state})


@router.get("/review/agreement", operation_id="readAgreement")
def read_agreement(
    parts: Parts,
    first: Annotated[Time | None, Query(alias="from", description="second reviews since this time")] = None,
    end: Annotated[Time | None, Query(alias="to", description="second reviews before this time")] = None,
) -> AgreementOut:
    """How far reviewers agree, over all second reviews or those of a time."""
    done = select(SecondReviewRow, EventRow).join(EventRow, EventRow.id == SecondReviewRow.event_id)
    done = done.where(SecondReviewRow.second_at.is_not(None))
    if first is not None:
        done = done.where(SecondReviewRow.second_at >= first)
    if end is not None:
        done = done.where(SecondReviewRow.second_at < end)
    with parts.database.read() as session:
        found = session.execute(done.order_by(SecondReviewRow.second_at.desc())).all()
        open_ones = select(SecondReviewRow.event_id).where(SecondReviewRow.second_at.is_(None))
        waiting = len(session.scalars(open_ones).all())
    pairs = [(drawn.first_verdict, drawn.second_verdict or "") for drawn, _ in found]
    result = agreement(pairs)
    differing = [(drawn, row) for drawn, row in found if drawn.first_verdict != drawn.second_verdict]
    return AgreementOut(
        drawn_share=parts.settings.review.double_share,
        pairs=result.pairs,
        agreed=result.agreed,
        waiting=waiting,
        share=result.share,
        ac1=result.ac1,
        disagreements=[_shown(drawn, row) for drawn, row in differing[:SHOWN]],
    )


def _shown(drawn: SecondReviewRow, row: EventRow) -> Disagreement:
    return Disagreement(
        event=row.id,
        window=row.window_id,
        behaviour=row.behaviour,
        started_at=row.started_at,
        first_verdict=drawn.first_verdict,
        first_by=drawn.first_by,
        second_verdict=drawn.second_verdict or "",
        second_by=drawn.second_by or "",
        second_note=drawn.second_note,
    )
