"""Which waiting events belong together: one window, one behaviour, within ten minutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

TOGETHER = timedelta(minutes=10)
LARGEST = 20
"""As many can be decided at once."""


class Flagged(Protocol):
    """What of an event says whether it belongs to others."""

    id: str
    window_id: str
    behaviour: str
    started_at: datetime


def grouped(events: Sequence[Flagged]) -> dict[str, str]:
    """For each event that is not alone the id of the earliest of its group."""
    members: dict[str, list[str]] = {}
    current: dict[tuple[str, str], Flagged] = {}
    for event in sorted(events, key=lambda one: (one.started_at, one.id)):
        kind = event.window_id, event.behaviour
        first = current.get(kind)
        full = first is not None and len(members[first.id]) >= LARGEST
        if first is None or full or event.started_at - first.started_at > TOGETHER:
            current[kind] = first = event
            members[first.id] = []
        members[first.id].append(event.id)
    return {event: first for first, group in members.items() if len(group) > 1 for event in group}


def belong_together(events: Sequence[Flagged]) -> bool:
    """Whether these events may be decided at once."""
    kinds = {(event.window_id, event.behaviour) for event in events}
    times = [event.started_at for event in events]
    return len(kinds) == 1 and len(events) <= LARGEST and max(times) - min(times) <= TOGETHER
