"""The day's deletion, by itself."""

import asyncio
import logging
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool

from api.chores import stopped_within
from api.hall import hall_zone
from api.retention.deleting import Outcome, delete_due
from api.retention.tables import RetentionRunRow
from api.services import Services

EVERY_S = 300.0

log = logging.getLogger(__name__)


async def delete_nightly(parts: Services, stopping: asyncio.Event) -> None:
    """Once a day of the hall's, from its hour of the night on; a day that was missed is made up for."""
    while True:
        done = await run_in_threadpool(delete_once_a_day, parts)
        if done is not None and done.total:
            log.info("deleted by age: %s, and %d originals", done.events, done.originals)
            parts.broadcaster.publish("event", {})
        if await stopped_within(EVERY_S, stopping):
            return


def delete_once_a_day(parts: Services) -> Outcome | None:
    """Delete what is due where today's deletion was not done yet; None where it was, or it is too early."""
    with parts.database.read() as session:
        zone = ZoneInfo(hall_zone(session).key)
        last = session.get(RetentionRunRow, 1)
    now = parts.settings.clock().astimezone(zone)
    day = now.date().isoformat()
    if now.hour < parts.settings.retention.hour or (last is not None and last.day >= day):
        return None
    done = delete_due(parts)
    with parts.database.write() as session:
        session.merge(RetentionRunRow(id=1, day=day))
    return done
