"""Who did what, when: rows that are only ever added."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.tables import AuditRow

SAME_VIEWING = timedelta(minutes=5)
"""A player asks for a clip many times while it is watched once."""


def record(
    session: Session, at: datetime, actor: str, action: str, subject: str | None = None, **detail: Any
) -> None:
    """Add one row; it is kept with the change that it tells of, or not at all."""
    session.add(AuditRow(at=at, actor=actor, action=action, subject=subject, detail=detail))


def viewed_lately(session: Session, at: datetime, actor: str, subject: str) -> bool:
    """Whether this person's viewing of this clip was written down within the last five minutes."""
    recent = select(AuditRow.id).where(
        AuditRow.subject == subject,
        AuditRow.actor == actor,
        AuditRow.action == "clip_viewed",
        AuditRow.at > at - SAME_VIEWING,
    )
    return session.scalar(recent.limit(1)) is not None
