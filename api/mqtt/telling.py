"""Telling a broker: each change until the broker took it, and whatever stands differently.

The place among the changes moves on only once the broker acknowledged a message (QoS 1): what was under way
when a connection broke is sent again, with the same id. Retained topics are compared with what this
connection last published, so that a broker that lost them gets all of them again.
"""

import asyncio
import logging
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool

from api.changes.tables import ChangeRow
from api.chores import stopped_within
from api.hall import hall_id
from api.mqtt.settings import MqttSettings
from api.mqtt.tables import MqttPositionRow
from api.mqtt.topics import OFFLINE, ONLINE, Root, discovery, safe, standing
from api.services import Services
from api.webhooks.envelope import envelope, written

LOOK_EVERY_S = 1.0
ACKNOWLEDGED_WITHIN_S = 5.0
AT_ONCE = 100
KEEP_ALIVE_S = 30

log = logging.getLogger(__name__)


class BrokerAwayError(Exception):
    """The broker cannot be reached, or took no message in time."""


async def tell_broker(parts: Services, stopping: asyncio.Event) -> None:
    """Tell it while the service runs; ends at once where the hall has none."""
    settings = parts.settings.mqtt
    if settings is None:
        return
    teller = Teller(parts, settings)
    away = False
    try:
        while not await stopped_within(LOOK_EVERY_S, stopping):
            try:
                await run_in_threadpool(teller.step)
                away = False
            except BrokerAwayError as error:
                if not away:
                    log.warning("the MQTT broker is away, messages wait: %s", error)
                away = True
    finally:
        await run_in_threadpool(teller.close)


class Teller:
    """One connection to the broker at a time, made anew where it broke."""

    def __init__(self, parts: Services, settings: MqttSettings) -> None:
        self._parts = parts
        self._settings = settings
        self._client: mqtt.Client | None = None
        self._root: Root | None = None
        self._published: dict[str, str] = {}

    def step(self) -> int:
        """Tell what is new; how many changes the broker took. Raises BrokerAwayError."""
        with self._parts.database.read() as session:
            root = Root(self._settings.prefix, safe(hall_id(session)))
        try:
            if self._client is None or self._root != root or not self._client.is_connected():
                self._connect(root)
            number = self._tell_changes(root)
            self._tell_standing(root)
        except (OSError, ValueError, RuntimeError) as error:
            self._drop()
            raise BrokerAwayError(f"{type(error).__name__}: {error}") from None
        except BrokerAwayError:
            self._drop()
            raise
        return number

    def close(self) -> None:
        """Say that we go, and go."""
        if self._client is not None and self._client.is_connected() and self._root is not None:
            # A connection that broke meanwhile says it for us: that is the last will.
            with suppress(ValueError, RuntimeError):
                self._client.publish(self._root.status, OFFLINE, qos=1, retain=True).wait_for_publish(1.0)
        self._drop()

    def _connect(self, root: Root) -> None:
        self._drop()
        settings, connected = self._settings, threading.Event()
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"hallwatch-{root.hall}")
        client.reconnect_delay_set(1, 1)
        client.will_set(root.status, OFFLINE, qos=1, retain=True)
        if settings.username is not None:
            client.username_pw_set(
                settings.username, settings.password.get_secret_value() if settings.password else None
            )
        if settings.tls:
            client.tls_set_context(
                ssl.create_default_context(cafile=str(settings.ca) if settings.ca else None)
            )
        refused: list[Any] = []

        def on_connect(_client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
            if reason.is_failure:
                refused.append(reason)
            connected.set()

        client.on_connect = on_connect
        client.connect(settings.host, settings.port, keepalive=KEEP_ALIVE_S)
        client.loop_start()
        self._client, self._root = client, root
        if not connected.wait(ACKNOWLEDGED_WITHIN_S) or refused:
            raise BrokerAwayError(f"refused: {refused[0]}" if refused else "no answer")
        self._publish({root.status: ONLINE}, retain=True)

    def _drop(self) -> None:
        client, self._client = self._client, None
        self._published = {}
        if client is not None:
            client.disconnect()
            client.loop_stop()

    def _tell_changes(self, root: Root) -> int:
        told = 0
        while rows := self._next_changes():
            for row in rows:
                if row.type.startswith("event.") and not row.unreviewed:
                    self._publish({root.event(row.type): written(envelope(root.hall, row))}, retain=False)
            self._move_to(rows[-1].number)
            told += len(rows)
        return told

    def _tell_standing(self, root: Root) -> None:
        with self._parts.database.read() as session:
            wanted = {**standing(session, root), **discovery(session, root, self._settings)}
        changed = {topic: text for topic, text in wanted.items() if self._published.get(topic) != text}
        gone = {topic: "" for topic in self._published if topic not in wanted}
        self._publish(changed | gone, retain=True)
        self._published = wanted

    def _publish(self, messages: Mapping[str, str], *, retain: bool) -> None:
        assert self._client is not None
        under_way = [
            self._client.publish(topic, text, qos=1, retain=retain) for topic, text in messages.items()
        ]
        for one in under_way:
            one.wait_for_publish(ACKNOWLEDGED_WITHIN_S)
            if not one.is_published():
                raise BrokerAwayError("a message was not taken in time")

    def _next_changes(self) -> list[ChangeRow]:
        with self._parts.database.read() as session:
            known = session.get(MqttPositionRow, 1)
            if known is not None:
                after = select(ChangeRow).where(ChangeRow.number > known.number)
                return list(session.scalars(after.order_by(ChangeRow.number).limit(AT_ONCE)))
            end = session.scalar(select(func.max(ChangeRow.number))) or 0
        self._move_to(end)  # what happened before there was a broker is no news
        return []

    def _move_to(self, number: int) -> None:
        with self._parts.database.write() as session:
            session.merge(MqttPositionRow(id=1, number=number))
