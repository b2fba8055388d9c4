"""Sending what waits: each webhook by itself, so that one that is slow or away holds up no other.

A message counts as taken by an answer of 2xx. Anything else, redirects too, is tried again by the schedule;
410 ends the webhook at once (Standard Webhooks), and so does a message that was refused to the last attempt
where nothing else was taken since its first.
"""

import asyncio
import logging
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api import audit
from api.chores import stopped_within
from api.outbound import PlaceError, require_reachable
from api.permits import MACHINE
from api.services import Services
from api.webhooks.envelope import MEDIA_TYPE
from api.webhooks.outbox import write_messages
from api.webhooks.schedule import AFTER, wait_before
from api.webhooks.secrets import secrets_in_force
from api.webhooks.signing import signed_headers
from api.webhooks.tables import DeliveryRow, WebhookRow

LOOK_EVERY_S = 1.0
AT_ONCE = 20
"""Messages of one webhook under way together."""

FAILING_FOR = sum(AFTER[2:], timedelta())
"""Where nothing at all was taken for as long as a message is tried, nobody is there any more."""

LEASE = timedelta(minutes=2)
"""A message that was taken up by a process that died is taken up again after this."""

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
KEPT = timedelta(days=30)
MOST_SAID = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """What one attempt needs to know."""

    delivery: int
    webhook: str
    id: str
    address: str
    body: str
    secrets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt went: the answer's status, or why there was none."""

    status: int | None
    error: str | None
    asked: timedelta | None = None
    took_ms: int = 0

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


async def send_webhooks(parts: Services, stopping: asyncio.Event) -> None:
    """Send while the service runs; ends once what is under way is written down."""
    async with client_of(parts) as client:
        sender = Sender(parts, client)
        while not await stopped_within(LOOK_EVERY_S, stopping):
            await sender.begin()
        await sender.finish()


def client_of(parts: Services) -> httpx.AsyncClient:
    """Follows no redirect, takes no proxy from the surroundings, and believes the given authorities alone."""
    found = parts.settings.outbound_ca
    context = ssl.create_default_context(cafile=str(found) if found else None)
    return httpx.AsyncClient(timeout=TIMEOUT, verify=context, trust_env=False, follow_redirects=False)


class Sender:
    """Sends for all webhooks of one service."""

    def __init__(self, parts: Services, client: httpx.AsyncClient) -> None:
        self._parts = parts
        self._client = client
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def begin(self) -> None:
        """Write new messages, and begin sending to whichever webhook has some due and nothing under way."""
        now = self._parts.settings.clock()
        await run_in_threadpool(write_messages, self._parts.database, now)
        await run_in_threadpool(_forget_old, self._parts)
        self._collect()
        for webhook in await run_in_threadpool(_webhooks_due, self._parts):
            if webhook not in self._under_way:
                self._under_way[webhook] = asyncio.create_task(self._send_to(webhook))

    def _collect(self) -> None:
        """Let go of what is over; what broke off is said, and begun anew at the next look."""
        for name, task in list(self._under_way.items()):
            if task.done():
                del self._under_way[name]
                if (error := task.exception()) is not None:
                    log.error("sending to webhook %s broke off", name, exc_info=error)

    async def finish(self) -> None:
        """Wait until what is under way is over. Raises what a task raised."""
        await asyncio.gather(*self._under_way.values())

    async def _send_to(self, webhook: str) -> None:
        while messages := await run_in_threadpool(_take_up, self._parts, webhook):
            await asyncio.gather(*(self._one(message) for message in messages))

    async def _one(self, message: Message) -> None:
        outcome = await attempt(self._client, message, self._parts)
        await run_in_threadpool(_write_down, self._parts, message, outcome)


async def attempt(client: httpx.AsyncClient, message: Message, parts: Services) -> Outcome:
    """Send it once."""
    at = parts.settings.clock()
    began = asyncio.get_running_loop().time()

    def took_ms() -> int:
        return round((asyncio.get_running_loop().time() - began) * 1000)

    try:
        require_reachable(message.address, parts.settings.outbound)
        headers = signed_headers(message.secrets, message.id, at, message.body)
        headers |= {"Content-Type": MEDIA_TYPE, "User-Agent": "hallwatch"}
        request = client.build_request("POST", message.address, content=message.body, headers=headers)
        # Slow drop by drop is slow too: the whole of it has one limit.
        answer = await asyncio.wait_for(_headers_alone(client, request), TIMEOUT.read)
    except PlaceError as error:
        return Outcome(None, str(error), None, took_ms())
    except TimeoutError:
        return Outcome(None, "no answer in time", None, took_ms())
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
        said = f"{type(error).__name__}: {error}"[:MOST_SAID]
        return Outcome(None, said, None, took_ms())
    refusal = None if answer.is_success else f"HTTP {answer.status_code}"
    return Outcome(answer.status_code, refusal, asked_patience(answer.headers, at), took_ms())


async def _headers_alone(client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """What a receiver says beyond its status is of no concern, and may have no end."""
    answer = await client.send(request, stream=True)
    await answer.aclose()
    return answer


def asked_patience(headers: httpx.Headers, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for, seconds or a date (RFC 9110, 10.2.3); None where it says nothing."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal() and len(said) < 9:
        return timedelta(seconds=int(said))
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(at.replace(tzinfo=at.tzinfo or UTC) - now, timedelta())


def _webhooks_due(parts: Services) -> Sequence[str]:
    now = parts.settings.clock()
    due = select(DeliveryRow.webhook_id).where(DeliveryRow.state == "waiting", DeliveryRow.next_at <= now)
    due = due.join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id).where(WebhookRow.state == "active")
    with parts.database.read() as session:
        return session.scalars(due.distinct()).all()


def _take_up(parts: Services, webhook_id: str) -> list[Message]:
    now = parts.settings.clock()
    with parts.database.write() as session:
        webhook = session.get(WebhookRow, webhook_id)
        if webhook is None or webhook.state != "active":
            return []
        due = select(DeliveryRow).where(
            DeliveryRow.webhook_id == webhook_id, DeliveryRow.state == "waiting", DeliveryRow.next_at <= now
        )
        rows = session.scalars(
            due.order_by(DeliveryRow.id).limit(AT_ONCE).with_for_update(skip_locked=True)
        ).all()
        keys = secrets_in_force(parts.seal, webhook, now) if rows else []
        for row in rows:
            row.next_at = now + LEASE
        return [Message(row.id, webhook_id, message_id(row), webhook.address, row.body, keys) for row in rows]


def message_id(row: DeliveryRow) -> str:
    """The same however often a message is sent: receivers tell by it what they have already."""
    return f"msg_{row.webhook_id[:8]}_{row.id if row.change is None else row.change}"


def _write_down(parts: Services, message: Message, outcome: Outcome) -> None:
    now = parts.settings.clock()
    parts.metrics.webhooks.labels(_name_of(outcome)).inc()
    with parts.database.write() as session:
        webhook = session.get_one(WebhookRow, message.webhook, with_for_update=True)
        row = session.get_one(DeliveryRow, message.delivery, with_for_update=True)
        row.attempts += 1
        row.tried_at, row.status, row.error = now, outcome.status, outcome.error
        row.took_ms = outcome.took_ms
        if outcome.taken:
            row.state, row.next_at = "delivered", None
            webhook.failing_since = None
            return
        webhook.failing_since = webhook.failing_since or now
        if outcome.status == httpx.codes.GONE:
            row.next_at = now
            disable(session, parts, webhook, "410: the receiver wants no more of it")
            return
        # A test is no news: whoever sends one looks how it went, and sends another.
        wait = wait_before(row.attempts, message.id, outcome.asked) if row.change is not None else None
        row.next_at = None if wait is None else now + wait
        if wait is None:
            row.state = "given_up"
            if row.change is not None and now - webhook.failing_since >= FAILING_FOR:
                disable(session, parts, webhook, f"nothing was taken since {webhook.failing_since:%F %R} UTC")


def disable(session: Session, parts: Services, webhook: WebhookRow, why: str) -> None:
    """End sending to it until somebody enables it again; it goes on from where it stood."""
    webhook.state, webhook.said = "disabled", why
    audit.record(session, parts.settings.clock(), MACHINE, "webhook_disabled", webhook.id, why=why)
    parts.broadcaster.publish("webhook", {"id": webhook.id, "state": "disabled"})
    log.error("webhook %s (%s) is disabled: %s", webhook.name, webhook.id, why)


def _name_of(outcome: Outcome) -> str:
    if outcome.taken:
        return "delivered"
    return "refused" if outcome.status is not None else "unreachable"


def _forget_old(parts: Services) -> None:
    before = parts.settings.clock() - KEPT
    old = select(DeliveryRow.id).where(DeliveryRow.state != "waiting", DeliveryRow.made_at < before)
    with parts.database.read() as session:
        ids = session.scalars(old.limit(500)).all()
    if ids:
        with parts.database.write() as session:
            session.execute(delete(DeliveryRow).where(DeliveryRow.id.in_(ids)))
