"""The list of events: filtered, in order of time, page by page.

A page is found by (started_at, id) behind the last one shown, so events that arrive meanwhile neither repeat
nor hide any. Each state is walked along its own index; a page costs what it shows, however long the list is.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from api.event_store import LISTED
from api.rights.scope import WHOLE, Scope
from api.tables import EventCountRow, EventRow, UtcTime

Order = Literal["newest", "oldest"]


class BadCursorError(ValueError):
    """The text is no cursor of ours."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last event shown."""

    started_at: datetime
    id: str

    def text(self) -> str:
        """As it goes over the wire: opaque."""
        packed = json.dumps([self.started_at.isoformat(), self.id]).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Back from the wire; raises BadCursorError."""
        try:
            packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            started_at, event_id = json.loads(packed)
            moment = datetime.fromisoformat(started_at)
        except (binascii.Error, ValueError, TypeError) as error:
            raise BadCursorError(text) from error
        if moment.tzinfo is None or not isinstance(event_id, str) or "\x00" in event_id:
            raise BadCursorError(text)
        return cls(moment, event_id)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events, in which order; None leaves that open. `first` is included, `end` is not."""

    state: str | None = None
    window: str | None = None
    behaviour: str | None = None
    first: datetime | None = None
    end: datetime | None = None
    order: Order = "newest"
    score_from: float | None = None
    score_to: float | None = None
    ids: frozenset[str] | None = None
    """Only these, where a search found them."""
    scope: Scope = WHOLE
    """Only of windows that who asks answers for."""


def page(session: Session, wanted: Filter, after: Cursor | None, limit: int) -> tuple[list[EventRow], bool]:
    """The next `limit` events after the cursor, and whether there are more."""
    states: tuple[str, ...] = (wanted.state,) if wanted.state else LISTED
    keys: list[tuple[datetime, str]] = []
    for state in states:
        found = session.execute(_keys_of_state(state, wanted, after).limit(limit + 1))
        keys += [(row.started_at, row.id) for row in found]
    keys.sort(reverse=wanted.order == "newest")
    ids = [event_id for _, event_id in keys[:limit]]
    rows = {row.id: row for row in session.scalars(select(EventRow).where(EventRow.id.in_(ids)))}
    return [rows[event_id] for event_id in ids], len(keys) > limit


def counts(session: Session, of: Filter) -> dict[str, int]:
    """Events of each state, of the filter's window, behaviour and scope alone, from the kept counters."""
    wanted = select(EventCountRow.state, func.sum(EventCountRow.number)).group_by(EventCountRow.state)
    wanted = wanted.where(*of.scope.condition(EventCountRow.window_id))
    if of.window is not None:
        wanted = wanted.where(EventCountRow.window_id == of.window)
    if of.behaviour is not None:
        wanted = wanted.where(EventCountRow.behaviour == of.behaviour)
    return {state: int(number) for state, number in session.execute(wanted)}


def _keys_of_state(state: str, wanted: Filter, after: Cursor | None) -> Select[datetime, str]:
    """Out of the index alone: rows are wide, and only a page of them is shown."""
    query = select(EventRow.started_at, EventRow.id).where(
        EventRow.state == state, *wanted.scope.condition(EventRow.window_id)
    )
    if wanted.window is not None:
        query = query.where(EventRow.window_id == wanted.window)
    if wanted.behaviour is not None:
        query = query.where(EventRow.behaviour == wanted.behaviour)
    if wanted.first is not None:
        query = query.where(EventRow.started_at >= wanted.first)
    if wanted.end is not None:
        query = query.where(EventRow.started_at < wanted.end)
    if wanted.score_from is not None:
        query = query.where(EventRow.peak_score >= wanted.score_from)
    if wanted.score_to is not None:
        query = query.where(EventRow.peak_score <= wanted.score_to)
    if wanted.ids is not None:
        query = query.where(EventRow.id.in_(sorted(wanted.ids)))
    newest = wanted.order == "newest"
    if after is not None:
        query = query.where(_beyond(after, newest))
    if newest:
        return query.order_by(EventRow.started_at.desc(), EventRow.id.desc())
    return query.order_by(EventRow.started_at, EventRow.id)


def _beyond(after: Cursor, newest: bool) -> ColumnElement[bool]:
    # A row-value comparison is one range of the index; the same said with OR would be a walk over it.
    shown = tuple_(literal(after.started_at, UtcTime()), literal(after.id))
    position = tuple_(EventRow.started_at, EventRow.id)
    return position < shown if newest else position > shown
