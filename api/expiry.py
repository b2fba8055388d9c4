"""What nobody decided in time expires: it stays on record and counts for nothing."""

import asyncio
from collections import Counter
from datetime import timedelta

from sqlalchemy import literal_column, select
from starlette.concurrency import run_in_threadpool

from api import audit
from api.changes.recording import record_event
from api.chores import stopped_within
from api.compliance.stale import mark, touched_by
from api.event_store import CountKey, count
from api.permits import MACHINE
from api.services import Services
from api.tables import EventRow

EVERY_S = 300
AT_ONCE = 200
BETWEEN_S = 0.1
"""After a long time switched off there is much to expire; those who deliver and decide go first."""


async def expire_now_and_then(parts: Services, stopping: asyncio.Event) -> None:
    """Expire what is overdue for longer than the hall allows, at once and every few minutes."""
    while True:
        number = 0
        while found := await run_in_threadpool(_expire_some, parts):
            number += found
            if await stopped_within(BETWEEN_S, stopping):
                break
        if number:
            parts.broadcaster.publish("event", {})
            parts.broadcaster.publish("figures", {})
        if await stopped_within(EVERY_S, stopping):
            return


def _expire_some(parts: Services) -> int:
    now = parts.settings.clock()
    limit = now - timedelta(days=parts.settings.review.expire_after_days)
    overdue = select(EventRow).where(EventRow.state == literal_column("'pending'"), EventRow.due_at < limit)
    changes: Counter[CountKey] = Counter()
    with parts.database.write() as session:
        rows = session.scalars(overdue.order_by(EventRow.due_at).limit(AT_ONCE).with_for_update()).all()
        for row in rows:
            changes[row.window_id, row.behaviour, "pending"] -= 1
            changes[row.window_id, row.behaviour, "expired"] += 1
            row.state, row.version = "expired", row.version + 1
            audit.record(session, now, MACHINE, "expired", row.id)
            record_event(session, now, "event.expired", row)
        count(session, changes)
        mark(session, [touched_by(row) for row in rows])
    return len(rows)
