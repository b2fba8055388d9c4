"""Keeps a camera going: reads, and where it falls silent, waits a little longer each time and reads again."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from cameras.errors import BadSource, CameraError
from cameras.health import CameraState, Health
from cameras.load import Load
from cameras.reader import ANALYSIS_RATE, Damage, Kept, Picture, keep_packets, read, utc_now
from cameras.ring import PacketRing
from cameras.source import Source

T = TypeVar("T", Picture, Kept)

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
STEADY_AFTER_S = 10.0
"""A connection that held this long was a good one: the next wait is the first again."""
FLAPPING_WAIT_S = 10.0
"""A camera that shows pictures and is cut again and again is there: it is not kept waiting for longer."""


def waits(chance: Callable[[], float] = random.random) -> Iterator[float]:
    """Seconds to wait before each new attempt: doubling, 1 to 30, each shortened by up to half by chance.

    The chance keeps a hall's cameras from all calling at once after a power cut.
    """
    longest = FIRST_WAIT_S
    while True:
        yield max(FIRST_WAIT_S, longest * (0.5 + chance() / 2))
        longest = min(longest * 2, LONGEST_WAIT_S)


class _Pauses:
    """How long to wait after each connection, by how it went."""

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._unseen = waits(chance)
        self._flapping = waits(chance)

    def after(self, *, seen: bool, steady: bool) -> float:
        """Seconds; `seen` says that it showed pictures, `steady` that it did for long enough."""
        if not seen:
            return next(self._unseen)
        self._unseen = waits(self._chance)
        if steady:
            self._flapping = waits(self._chance)
        return min(next(self._flapping), FLAPPING_WAIT_S)


def watch(
    source: Source,
    *,
    rate: float = ANALYSIS_RATE,
    ring: PacketRing | None = None,
    max_width: int | None = None,
    now: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], object] = time.sleep,
    chance: Callable[[], float] = random.random,
    reader: Callable[..., Iterator[Picture]] = read,
    damage: Damage | None = None,
    load: Load | None = None,
) -> Iterator[Picture | Health]:
    """The pictures of a live `source` for ever, and its `Health` whenever that changes.

    A file ends: the last value is then `Health` in state `ended`. `BadSource` is raised, all else retried.
    `sleep` may return early (an event's `wait`), so that a stop need not sit out a long wait.
    """

    def once() -> Iterator[Picture]:
        return reader(source, rate=rate, ring=ring, max_width=max_width, now=now, damage=damage, load=load)

    return _kept_going(source, once, now, sleep, chance)


def record(
    source: Source,
    ring: PacketRing,
    *,
    now: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], object] = time.sleep,
    chance: Callable[[], float] = random.random,
) -> Iterator[Kept | Health]:
    """Lay what a live `source` sends into `ring` for ever, nothing decoded; otherwise as `watch`."""
    return _kept_going(source, lambda: keep_packets(source, ring, now=now), now, sleep, chance)


def _kept_going(
    source: Source,
    once: Callable[[], Iterator[T]],
    now: Callable[[], datetime],
    sleep: Callable[[float], object],
    chance: Callable[[], float],
) -> Iterator[T | Health]:
    health = Health(CameraState.CONNECTING, now())
    pauses = _Pauses(chance)
    while True:
        yield health
        steady = seen = False
        try:
            for item in once():
                if health.state is not CameraState.LIVE:
                    health = health.to(CameraState.LIVE, now())
                    yield health
                steady, seen = item.at_s >= STEADY_AFTER_S, True
                yield item
            error = f"{source} ended its stream."
        except BadSource:
            raise
        except CameraError as failure:
            error = str(failure)
        if not source.is_live:
            yield health.to(CameraState.ENDED, now(), error)
            return
        health = health.to(CameraState.STALLED, now(), error)
        yield health
        sleep(pauses.after(seen=seen, steady=steady))
        health = health.to(CameraState.CONNECTING, now())
