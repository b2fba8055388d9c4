"""What the platform was told and answered, over HTTP; and where it answers."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from api import audit
from api.fields import PlainText
from api.problems import Problem
from api.rights.guard import Permitted
from api.services import Parts
from api.supervision.messages import SCHEMA
from api.supervision.tables import SupervisionCaseRow, SupervisionFeedbackRow, SupervisionMessageRow

router = APIRouter(prefix="/api/v1/supervision", tags=["integration"])

MessageId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}-[1-9][0-9]{0,5}$", description="as it was sent")]


class FeedbackIn(BaseModel):
    """What the platform answers to a message."""

    model_config = ConfigDict(extra="forbid")

    message: MessageId
    kind: Literal["acknowledged", "refused", "correction"] = Field(
        description="`correction`: how the window put it right (整改反馈)"
    )
    receipt: Annotated[PlainText, Field(max_length=200)] | None = Field(
        default=None, description="the platform's own number of the case"
    )
    text: Annotated[PlainText, Field(max_length=2000)] | None = Field(default=None, description="in words")


class FeedbackOut(FeedbackIn):
    """An answer as it was kept."""

    said_by: str
    said_at: datetime


class SupervisionMessageOut(BaseModel):
    """A message by one way, and how it went."""

    message: str
    event: str
    way: Literal["https", "folder", "table"]
    kind: Literal["report", "amend", "withdraw"]
    state: Literal["waiting", "delivered", "given_up"]
    attempts: int
    made_at: datetime
    next_at: datetime | None
    delivered_at: datetime | None
    error: str | None
    body: str
    feedback: list[FeedbackOut]


class SupervisionPage(BaseModel):
    """Messages, the latest first."""

    connected: bool = Field(description="whether the hall is connected to a platform")
    items: list[SupervisionMessageOut]
    next_before: int | None = Field(description="`before` of the next page; null: there is none")


@router.get("/messages", operation_id="listSupervisionMessages")
def list_messages(
    person: Permitted,
    parts: Parts,
    state: Annotated[Literal["waiting", "delivered"] | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SupervisionPage:
    """What the platform was told, is to be told, and answered."""
    query = select(SupervisionMessageRow).order_by(SupervisionMessageRow.id.desc()).limit(limit + 1)
    if state is not None:
        query = query.where(SupervisionMessageRow.state == state)
    if before is not None:
        query = query.where(SupervisionMessageRow.id < before)
    with parts.database.read() as session:
        rows = session.scalars(query).all()
        ids = [row.message for row in rows]
        answers = session.scalars(
            select(SupervisionFeedbackRow)
            .where(SupervisionFeedbackRow.message.in_(ids))
            .order_by(SupervisionFeedbackRow.id)
        ).all()
    shown = rows[:limit]
    return SupervisionPage(
        connected=parts.settings.supervision is not None,
        items=[_shown(row, [one for one in answers if one.message == row.message]) for row in shown],
        next_before=shown[-1].id if len(rows) > limit else None,
    )


@router.post("/feedback", operation_id="giveSupervisionFeedback", status_code=201)
def give_feedback(told: FeedbackIn, person: Permitted, parts: Parts) -> FeedbackOut:
    """Take the platform's answer to a message; the same answer again changes nothing."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        sent = session.scalars(
            select(SupervisionMessageRow).where(SupervisionMessageRow.message == told.message).limit(1)
        ).first()
        if sent is None:
            raise Problem("message_unknown")
        case = session.get_one(SupervisionCaseRow, sent.event_id, with_for_update=True)
        same = select(SupervisionFeedbackRow).filter_by(**told.model_dump())
        known = session.scalars(same.limit(1)).first()
        if known is None:
            known = SupervisionFeedbackRow(
                event_id=sent.event_id, said_by=person.username, said_at=now, **told.model_dump()
            )
            session.add(known)
            session.flush()
            case.receipt = told.receipt or case.receipt
            audit.record(session, now, person.username, "supervision_answered", sent.event_id, kind=told.kind)
        return FeedbackOut.model_validate(known, from_attributes=True)


@router.get(
    "/message.xsd",
    operation_id="readSupervisionSchema",
    response_class=FileResponse,
    responses={200: {"content": {"application/xml": {}}, "description": "the schema of XML messages"}},
)
def read_schema(person: Permitted) -> FileResponse:
    """The schema that XML messages keep to."""
    return FileResponse(SCHEMA, media_type="application/xml")


def _shown(row: SupervisionMessageRow, answers: list[SupervisionFeedbackRow]) -> SupervisionMessageOut:
    same = {name: getattr(row, name) for name in SupervisionMessageOut.model_fields if hasattr(row, name)}
    told = [FeedbackOut.model_validate(one, from_attributes=True) for one in answers]
    return SupervisionMessageOut(**same, event=row.event_id, feedback=told)
