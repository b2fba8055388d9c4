"""What waits for people: the flags that nobody judged yet and the appeals that nobody answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from api.tables import AppealRow, EventCountRow, EventRow

MOST_OVERDUE = 10_000
"""More are not counted: by then nobody asks for the last of them."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """At one moment; `overdue` of the pending are past their day, 10,000 meaning that many or more.

    `oldest_at` is when the oldest flag that waits began, UTC; None: nothing waits.
    """

    pending: int
    overdue: int
    oldest_at: datetime | None
    open_appeals: int


def read_backlog(session: Session, now: datetime) -> Backlog:
    """What waits now; a flag waits whatever day it began on."""
    # The state is written out: only so does SQLite use its partial indexes.
    waits = EventRow.state == literal_column("'pending'")
    kept = select(func.sum(EventCountRow.number)).where(EventCountRow.state == "pending")
    pending = int(session.scalar(kept) or 0)
    oldest = session.scalar(select(func.min(EventRow.started_at)).where(waits))
    late = select(EventRow.id).where(waits, EventRow.due_at < now).limit(MOST_OVERDUE).subquery()
    overdue = session.scalar(select(func.count()).select_from(late))
    appeals = session.scalar(select(func.count()).select_from(AppealRow).where(AppealRow.state == "open"))
    return Backlog(pending, overdue or 0, oldest if pending else None, appeals or 0)
