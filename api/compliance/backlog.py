"""What waits for people: the flags that nobody judged yet and the appeals that nobody answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from api.tables import AppealRow, EventRow


@dataclass(frozen=True, slots=True)
class Backlog:
    """At one moment; `overdue` of the pending are past their day. `oldest_at` is UTC, None: nothing waits."""

    pending: int
    overdue: int
    oldest_at: datetime | None
    open_appeals: int


def read_backlog(session: Session, now: datetime) -> Backlog:
    """What waits now; a flag waits whatever day it began on."""
    # The state is written out: only so does SQLite use its partial indexes.
    waits = EventRow.state == literal_column("'pending'")
    pending, oldest = session.execute(
        select(func.count(), func.min(EventRow.started_at)).select_from(EventRow).where(waits)
    ).one()
    overdue = session.scalar(select(func.count()).select_from(EventRow).where(waits, EventRow.due_at < now))
    appeals = session.scalar(select(func.count()).select_from(AppealRow).where(AppealRow.state == "open"))
    return Backlog(pending, overdue or 0, oldest if pending else None, appeals or 0)
