"""Receivers that do as a test says, and time that runs from attempt to attempt."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from sqlalchemy import func, select

from api.services import Services
from api.webhooks.sending import Sender
from api.webhooks.tables import DeliveryRow, WebhookRow
from tests.api.conftest import Clock

Answer = Callable[[httpx.Request, datetime], httpx.Response]


def taken(_request: httpx.Request, _at: datetime) -> httpx.Response:
    """Takes everything."""
    return httpx.Response(204)


@dataclass
class Receiver:
    """Hosts by name, what each answers and waits for before, and what came when."""

    clock: Clock
    hosts: dict[str, Answer] = field(default_factory=dict)
    came: list[tuple[datetime, httpx.Request]] = field(default_factory=list)
    waits: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """As a transport."""
        self.came.append((self.clock.now, request))
        if (waits := self.waits.get(request.url.host)) is not None:
            await waits()
        return self.hosts.get(request.url.host, taken)(request, self.clock.now)

    def client(self) -> httpx.AsyncClient:
        """Speaks to these hosts alone."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self.handle), follow_redirects=False)

    def times(self, host: str) -> list[datetime]:
        """When something came to a host."""
        return [at for at, request in self.came if request.url.host == host]


def send_now(parts: Services, receiver: Receiver) -> None:
    """One look, and all that it leads to."""

    async def once() -> None:
        async with receiver.client() as client:
            sender = Sender(parts, client)
            await sender.begin()
            await sender.finish()

    asyncio.run(once())


def run_until(parts: Services, receiver: Receiver, end: datetime) -> None:
    """Let time run to `end`, looking at each moment at which an attempt is due."""
    send_now(parts, receiver)
    while (due := next_attempt(parts)) is not None and due <= end:
        receiver.clock.now = max(due, receiver.clock.now)
        send_now(parts, receiver)
    receiver.clock.now = end


def next_attempt(parts: Services) -> datetime | None:
    """When the next attempt of an active webhook is due."""
    due = select(func.min(DeliveryRow.next_at)).where(DeliveryRow.state == "waiting")
    due = due.join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id).where(WebhookRow.state == "active")
    with parts.database.read() as session:
        return session.scalar(due)


def deliveries(parts: Services) -> list[DeliveryRow]:
    """All messages, in order of creation."""
    with parts.database.read() as session:
        return list(session.scalars(select(DeliveryRow).order_by(DeliveryRow.id)))


def close_to(found: datetime, expected: datetime) -> bool:
    """To the microsecond that a database keeps."""
    return abs(found - expected) < timedelta(milliseconds=1)
