"""The chore that tells the platform: what changed first, then message by message, each case in its order."""

import asyncio
import logging
import ssl
from datetime import datetime, timedelta

import httpx
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api.chores import stopped_within
from api.services import Services
from api.supervision.cases import bring_up_to_date
from api.supervision.messages import SupervisionTemplateError
from api.supervision.tables import SupervisionMessageRow
from api.supervision.ways import TIMEOUT, NotDeliveredError, deliver
from api.webhooks.schedule import wait_before

LOOK_EVERY_S = 2.0
AT_ONCE = 50
LAST_AGAIN = timedelta(hours=24)
"""A platform is not given up: after the schedule's end it is tried once a day."""

log = logging.getLogger(__name__)


async def tell_supervision(parts: Services, stopping: asyncio.Event) -> None:
    """Tell it while the service runs; ends at once where the hall is connected to none."""
    if parts.settings.supervision is None:
        return
    with client_of(parts) as client:
        while not await stopped_within(LOOK_EVERY_S, stopping):
            await run_in_threadpool(tell_now, parts, client)


def client_of(parts: Services) -> httpx.Client:
    """Follows no redirect and takes no proxy from the surroundings."""
    found = parts.settings.outbound_ca
    context = ssl.create_default_context(cafile=str(found) if found else None)
    return httpx.Client(timeout=TIMEOUT, verify=context, trust_env=False, follow_redirects=False)


def tell_now(parts: Services, client: httpx.Client) -> int:
    """Write what changes call for, and send what is due; how many messages were delivered."""
    rules = parts.settings.supervision
    assert rules is not None
    try:
        bring_up_to_date(parts.database, rules, parts.settings.clock())
    except SupervisionTemplateError as error:
        log.error("the supervision platform is told nothing: %s", error)
    return sum(_send(parts, client, row) for row in _due(parts))


def _due(parts: Services) -> list[SupervisionMessageRow]:
    """Due messages in their order; none of a case whose earlier message still waits on the same way."""
    now = parts.settings.clock()
    waiting = select(SupervisionMessageRow).where(SupervisionMessageRow.state == "waiting")
    with parts.database.read() as session:
        rows = session.scalars(waiting.order_by(SupervisionMessageRow.id).limit(2000)).all()
    due: list[SupervisionMessageRow] = []
    held: set[tuple[str, str]] = set()
    for row in rows:
        if (row.event_id, row.way) in held:
            continue
        held.add((row.event_id, row.way))
        if row.next_at is not None and row.next_at <= now:
            due.append(row)
    return due[:AT_ONCE]


def _send(parts: Services, client: httpx.Client, row: SupervisionMessageRow) -> bool:
    error: str | None = None
    try:
        deliver(parts, client, row)
    except NotDeliveredError as failed:
        error = str(failed)
    now = parts.settings.clock()
    parts.metrics.supervision.labels(row.way, "delivered" if error is None else "failed").inc()
    with parts.database.write() as session:
        stored = session.get(SupervisionMessageRow, row.id, with_for_update=True)
        if stored is None or stored.state != "waiting":
            return False
        stored.attempts, stored.error = stored.attempts + 1, error
        if error is None:
            stored.state, stored.next_at, stored.delivered_at = "delivered", None, now
        else:
            stored.next_at = next_attempt(stored, now)
    return error is None


def next_attempt(row: SupervisionMessageRow, now: datetime) -> datetime:
    """By the schedule of webhooks, then once a day."""
    return now + (wait_before(row.attempts, f"{row.message} {row.way}") or LAST_AGAIN)
