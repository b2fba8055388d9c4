"""What changed, told to open pages at once: server-sent events that can be resumed."""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

PING = b": ping\n\n"

REMEMBERED = 1000
"""Changes that a page which lost its connection can catch up on."""


class Wakeup:
    """Wakes whoever waits in an event loop; `notify` may be called from any thread."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._lock = Lock()

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._waiting)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set after each `notify`; whoever waits on it clears it."""
        event = asyncio.Event()
        with self._lock:
            self._waiting[event] = asyncio.get_running_loop()
        try:
            yield event
        finally:
            with self._lock:
                self._waiting.pop(event, None)

    def notify(self) -> None:
        """Wake everybody who listens."""
        with self._lock:
            for event, loop in self._waiting.items():
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened; `number` grows by one with each."""

    number: int
    kind: str
    data: Mapping[str, Any]


class Broadcaster:
    """Remembers the last changes and wakes those who follow them.

    The ids that it hands out begin with a word of this process, so that an id of an earlier process is known
    to be none of ours.
    """

    def __init__(self) -> None:
        self._epoch = secrets.token_hex(4)
        self._changes: deque[Change] = deque(maxlen=REMEMBERED)
        self._last = 0
        self._lock = Lock()
        self.wakeup = Wakeup()

    @property
    def last(self) -> int:
        """The number of the latest change."""
        return self._last

    def publish(self, kind: str, data: Mapping[str, Any]) -> None:
        """Tell everybody; to be called after the commit that made it true."""
        with self._lock:
            self._last += 1
            self._changes.append(Change(self._last, kind, data))
        self.wakeup.notify()

    def since(self, number: int) -> tuple[Change, ...] | None:
        """The changes after that one; None where some of them are no longer remembered."""
        with self._lock:
            if number > self._last:
                return None
            missing = self._last - number
            if missing > len(self._changes):
                return None
            return tuple(self._changes)[len(self._changes) - missing :]

    def number_of(self, event_id: str) -> int | None:
        """The change that an SSE id names; None where the id is not of this process."""
        epoch, _, number = event_id.partition("-")
        return int(number) if epoch == self._epoch and number.isdecimal() else None

    def id_of(self, number: int) -> str:
        """The SSE id of a change."""
        return f"{self._epoch}-{number}"


async def follow(
    broadcaster: Broadcaster,
    last_event_id: str | None,
    ping_s: float,
    told: Callable[[Change], Change | None],
) -> AsyncIterator[bytes]:
    """The bytes of an event stream without end: changes as they come, a comment every `ping_s` seconds.

    `told` is what this listener may know of a change; None: nothing. Begins after `last_event_id` where that
    is still known, else with the event `reset`.
    """
    with broadcaster.wakeup.listening() as woken:
        position = broadcaster.last
        if last_event_id:
            known = broadcaster.number_of(last_event_id)
            if known is None or broadcaster.since(known) is None:
                yield _lines(broadcaster, Change(position, "reset", {}))
            else:
                position = known
        yield PING
        while True:
            changes = broadcaster.since(position)
            position = broadcaster.last if changes is None else position
            for change in (Change(position, "reset", {}),) if changes is None else changes:
                position = change.number
                known_of = told(change)
                if known_of is not None:
                    yield _lines(broadcaster, known_of)
            if not await _woken_within(woken, ping_s):
                yield PING


async def _woken_within(woken: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(woken.wait(), seconds)
    except TimeoutError:
        return False
    woken.clear()
    return True


def _lines(broadcaster: Broadcaster, change: Change) -> bytes:
    data = json.dumps(change.data, ensure_ascii=False)
    return f"id: {broadcaster.id_of(change.number)}\nevent: {change.kind}\ndata: {data}\n\n".encode()
