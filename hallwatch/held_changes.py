"""What could not be stored yet: kept in memory, within bounds, and stored with the next commit that works."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from hallwatch.spool import Changes
from hallwatch.wire import ClipMessage, EventMessage, LedgerRow

T = TypeVar("T")

NOTHING = Changes()
MOST_EVENTS = 1000
"""Events, and as many clips, of a camera that are held; the oldest go first."""
MOST_SKELETONS = 50
"""Each is some hundred kilobytes; a clip can be judged without."""


def joined(held: Changes, fresh: Changes) -> Changes:
    """Both as one step; of two messages about the same thing the later one is kept.

    Episodes are taken from `fresh` alone: they are told as the difference to what is stored.
    """
    return Changes(
        events=_latest((*held.events, *fresh.events), _event, MOST_EVENTS),
        clips=_latest((*held.clips, *fresh.clips), _clip, MOST_EVENTS),
        skeletons=_latest((*held.skeletons, *fresh.skeletons), lambda it: it.event_id, MOST_SKELETONS),
        statuses=_latest((*held.statuses, *fresh.statuses), lambda it: it.camera, MOST_EVENTS),
        ledger=_latest((*held.ledger, *fresh.ledger), _hour, MOST_EVENTS),
        episodes=fresh.episodes,
    )


def _event(message: EventMessage) -> object:
    return message.event.id


def _clip(message: ClipMessage) -> object:
    return message.event_id


def _hour(row: LedgerRow) -> object:
    return row.window, row.camera, row.hour


def _latest(messages: Iterable[T], about: Callable[[T], object], most: int) -> tuple[T, ...]:
    latest: dict[object, T] = {}
    for message in messages:
        latest.pop(about(message), None)
        latest[about(message)] = message
    return tuple(latest.values())[-most:]
