"""The audit over HTTP, newest first."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from api.audit.chain import entry_of
from api.fields import PlainText, Time
from api.services import Parts
from api.tables import AuditRow

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])

Word = Annotated[PlainText, Field(max_length=64)]


class AuditEntry(BaseModel):
    """One row of the audit."""

    id: int = Field(description="1, 2, …: order in which it was committed")
    at: datetime
    actor: str = Field(description="user name as typed; `console` for commands on the machine itself")
    action: str
    subject: str | None = Field(description="event, permit, camera …; null: none")
    detail: dict[str, Any]
    sha256: str = Field(description="over its content and the hash of the row before")


class AuditPage(BaseModel):
    """Some rows, newest first."""

    items: list[AuditEntry]
    next_before: int | None = Field(description="`before` of the next page; null: this is the last")


@router.get("", operation_id="readAudit")
def read_audit(
    parts: Parts,
    actor: Annotated[Word | None, Query(description="only this user name")] = None,
    action: Annotated[Word | None, Query(description="only this action")] = None,
    subject: Annotated[Word | None, Query(description="only what is about this")] = None,
    first: Annotated[Time | None, Query(alias="from", description="at this time or later")] = None,
    end: Annotated[Time | None, Query(alias="to", description="before this time")] = None,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="only rows with a lower id")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditPage:
    """Who did what, when."""
    wanted = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit + 1)
    for column, value in ((AuditRow.actor, actor), (AuditRow.action, action), (AuditRow.subject, subject)):
        if value is not None:
            wanted = wanted.where(column == value)
    if first is not None:
        wanted = wanted.where(AuditRow.at >= first)
    if end is not None:
        wanted = wanted.where(AuditRow.at < end)
    if before is not None:
        wanted = wanted.where(AuditRow.id < before)
    with parts.database.read() as session:
        found = [entry_of(row) for row in session.scalars(wanted)]
    shown = found[:limit]
    items = [AuditEntry(**{name: getattr(one, name) for name in AuditEntry.model_fields}) for one in shown]
    return AuditPage(items=items, next_before=shown[-1].id if len(found) > limit else None)
