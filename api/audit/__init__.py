"""Who did what, when: rows that are only ever added, each bound to the one before it (P8)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit.chain import append
from api.commit_order import at_end
from api.tables import AuditRow

SAME_VIEWING = timedelta(minutes=5)
"""A player asks for a clip many times while it is watched once."""

CONSOLE = "console"
"""The actor of what was done by a command on the machine itself, where nobody signs in."""


def record(
    session: Session, at: datetime, actor: str, action: str, subject: str | None = None, **detail: Any
) -> None:
    """Add one row at the end of the transaction: it is kept with the change that it tells of, or not at all.

    `detail` holds what JSON can say, of the same form after it was stored: no tuples, no NaN.
    """
    row = AuditRow(at=at, actor=actor, action=action, subject=subject, detail=detail)
    at_end(session, lambda: append(session, row))


def viewed_lately(session: Session, at: datetime, actor: str, subject: str) -> bool:
    """Whether this person's viewing of this clip was written down within the last five minutes."""
    recent = select(AuditRow.id).where(
        AuditRow.subject == subject,
        AuditRow.actor == actor,
        AuditRow.action == "clip_viewed",
        AuditRow.at > at - SAME_VIEWING,
    )
    return session.scalar(recent.limit(1)) is not None
