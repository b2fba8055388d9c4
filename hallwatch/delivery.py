"""Telling the API what the spool holds: at least once, events before their clips, for as long as it takes."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from hallwatch.spool import Queued, Spool, SpoolError, clip_of
from hallwatch.wire import ClipMessage, LedgerRow

_log = structlog.get_logger(__name__)
MAX_BATCH = 200


@dataclass(frozen=True, slots=True)
class HallParcel:
    """The hall with its windows and cameras, as JSON."""

    hall: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventParcel:
    """1 to 200 revisions of events, as JSON."""

    events: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ClipParcel:
    """One event's clip, or why there is none."""

    clip: ClipMessage


@dataclass(frozen=True, slots=True)
class SkeletonParcel:
    """The drawn persons of one event's clip, as JSON."""

    event_id: str
    skeleton: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LedgerParcel:
    """Hours that were counted."""

    rows: Sequence[LedgerRow]


@dataclass(frozen=True, slots=True)
class StatusParcel:
    """How one camera is, as JSON."""

    camera: str
    status: Mapping[str, Any]


Parcel = HallParcel | EventParcel | ClipParcel | SkeletonParcel | LedgerParcel | StatusParcel


class DeliveryError(Exception):
    """A parcel did not arrive, as far as anybody knows."""


class SinkUnreachableError(DeliveryError):
    """Nobody can be told anything now; `retry_after_s` is what the other side asked for."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class NotYetError(DeliveryError):
    """This one parcel cannot be taken now; others may."""


class RefusedError(DeliveryError):
    """This one parcel can never be taken as it is."""


class EventSink(Protocol):
    """Where a worker's messages go: the API over HTTP, a broker, a list in a test."""

    def send(self, parcel: Parcel) -> None:
        """Hand one parcel over; return only when the other side keeps it. Raises `DeliveryError`s."""


@dataclass(frozen=True, slots=True)
class BackOff:
    """How long to wait after failures in a row: doubling from `first_s`, at most `most_s`."""

    first_s: float
    most_s: float

    def pause_s(self, failures: int, jitter: float) -> float:
        """The pause after the n-th failure (from 1): between half and the whole of it, by `jitter` 0..1."""
        doubled_s = min(self.most_s, self.first_s * 2.0 ** min(failures - 1, 30))
        return doubled_s * (0.5 + jitter / 2)


UNREACHABLE = BackOff(first_s=0.25, most_s=3.0)
NOT_YET = BackOff(first_s=0.5, most_s=60.0)


class Delivery:
    """Drains a spool into a sink, in a thread of its own once started."""

    def __init__(
        self,
        spool: Spool,
        sink: EventSink,
        *,
        clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
        not_yet: BackOff = NOT_YET,
    ) -> None:
        """`clock` gives Unix seconds, `jitter` numbers in 0..1; `not_yet` paces what others pass."""
        self._spool = spool
        self._sink = sink
        self._clock = clock
        self._jitter = jitter
        self._not_yet = not_yet
        self._failures = 0
        self._ledger_from_s = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it still runs; a worker whose delivery died should end, so that it is started anew."""
        return self._thread.is_alive()

    def stop(self, grace_s: float = 3.0) -> None:
        """End after the parcel under way; what is left stays in the spool."""
        self._stop.set()
        self._spool.changed.set()
        self._thread.join(grace_s)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._spool.changed.clear()
            try:
                self.drain()
            except SinkUnreachableError as error:
                if not self._stop.is_set():
                    self._stop.wait(self._pause_after(error))
            except SpoolError as error:
                _log.error("the spool cannot be read; trying again", reason=str(error))
                self._stop.wait(5.0)
            else:
                self._spool.changed.wait(self._idle_s())

    def _pause_after(self, error: SinkUnreachableError) -> float:
        self._failures += 1
        if self._failures == 1:
            _log.warning("the API cannot be reached; messages wait in the spool", reason=str(error))
        if error.retry_after_s is not None:
            return min(error.retry_after_s, 60.0)
        return UNREACHABLE.pause_s(self._failures, self._jitter())

    def _idle_s(self) -> float:
        next_s = self._spool.next_try_s()
        return 10.0 if next_s is None else min(max(next_s - self._clock(), 0.05), 10.0)

    def drain(self) -> int:
        """Send everything that is due; the number of messages taken. Raises `SinkUnreachableError`."""
        taken = 0
        while not self._stop.is_set():
            progress = self._hall() + self._events() + self._ledger() + self._rest()
            if not progress:
                break
            taken += progress
        return taken

    def _hall(self) -> int:
        return sum(self._one(m, HallParcel(m.payload)) for m in self._due("hall", 1))

    def _events(self) -> int:
        due = self._due("event", MAX_BATCH)
        fresh = [message for message in due if message.attempts == 0]
        retried = [message for message in due if message.attempts > 0]
        return self._batch(fresh) + self._singly(retried)

    def _batch(self, fresh: list[Queued]) -> int:
        """All in one parcel; where that is not taken, one by one, so that one message does not hold many."""
        if len(fresh) < 2:
            return self._singly(fresh)
        try:
            self._send(EventParcel([message.payload for message in fresh]))
        except (NotYetError, RefusedError):
            return self._singly(fresh)
        self._spool.settle(fresh)
        return len(fresh)

    def _singly(self, messages: list[Queued]) -> int:
        return sum(self._one(message, EventParcel([message.payload])) for message in messages)

    def _ledger(self) -> int:
        if self._clock() < self._ledger_from_s:
            return 0
        due = self._spool.due_ledger(MAX_BATCH)
        try:
            return self._ledger_rows(due)
        except RefusedError:
            return sum(self._ledger_row(entry) for entry in due)
        except NotYetError:
            self._ledger_from_s = self._clock() + 5.0
            return 0

    def _ledger_row(self, entry: tuple[LedgerRow, int]) -> int:
        try:
            return self._ledger_rows([entry])
        except RefusedError as error:
            _log.error("the API refuses an hour for good; it is kept aside", reason=str(error))
            self._spool.refuse_ledger([entry], str(error))
            return 0

    def _ledger_rows(self, rows: list[tuple[LedgerRow, int]]) -> int:
        if rows:
            self._send(LedgerParcel([row for row, _ in rows]))
            self._spool.settle_ledger(rows)
        return len(rows)

    def _rest(self) -> int:
        taken = sum(self._one(m, StatusParcel(m.key, m.payload)) for m in self._due("status", MAX_BATCH))
        taken += sum(self._one(m, SkeletonParcel(m.key, m.payload)) for m in self._due("skeleton", 5))
        return taken + sum(self._clip(message) for message in self._due("clip", 5))

    def _clip(self, message: Queued) -> int:
        clip = clip_of(message)
        taken = self._one(message, ClipParcel(clip))
        if taken and clip.path and clip.delete_after:
            # Only now, with the row gone: a file deleted before it would be told as lost after a crash.
            with contextlib.suppress(OSError):  # a disk that went read-only; the next start removes it
                clip.path.unlink(missing_ok=True)
        return taken

    def _one(self, message: Queued, parcel: Parcel) -> int:
        try:
            self._send(parcel)
        except NotYetError:
            pause = self._not_yet.pause_s(message.attempts + 1, self._jitter())
            self._spool.postpone([message], self._clock() + pause)
            return 0
        except RefusedError as error:
            _log.error(
                "the API refuses a message for good; it is kept aside",
                kind=message.kind,
                key=message.key,
                reason=str(error),
            )
            self._spool.refuse(message, str(error))
            return 0
        self._spool.settle([message])
        return 1

    def _send(self, parcel: Parcel) -> None:
        if self._stop.is_set():
            raise SinkUnreachableError("stopping")
        self._sink.send(parcel)
        if self._failures:
            _log.info("the API takes messages again", failures=self._failures)
            self._failures = 0

    def _due(self, kind: str, limit: int) -> list[Queued]:
        return self._spool.due(kind, self._clock(), limit)
