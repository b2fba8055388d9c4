"""Requests and archives that are over: nobody can fetch them, and their files go."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api import audit
from api.chores import stopped_within
from api.originals.tables import OriginalRequestRow
from api.permits import MACHINE
from api.services import Services

EVERY_S = 60.0
AT_ONCE = 100
OPEN: Sequence[str] = ("waiting", "approved", "ready")


async def end_originals(parts: Services, stopping: asyncio.Event) -> None:
    """End what is over, every minute."""
    while True:
        await run_in_threadpool(end_what_is_over, parts)
        if await stopped_within(EVERY_S, stopping):
            return


def end_what_is_over(parts: Services) -> int:
    """End them; how many that were. Raises OSError where a file cannot be deleted; it goes on next time."""
    now = parts.settings.clock()
    over = select(OriginalRequestRow).where(
        OriginalRequestRow.state.in_(OPEN), OriginalRequestRow.expires_at <= now
    )
    with parts.database.write() as session:
        rows = session.scalars(over.limit(AT_ONCE).with_for_update()).all()
        for row in rows:
            parts.clips.export_path(row.event_id, row.id).unlink(missing_ok=True)
            told = {"event": row.event_id, "state": row.state}
            audit.record(session, now, MACHINE, "original_expired", row.id, **told)
            row.state = "expired"
    return len(rows)
