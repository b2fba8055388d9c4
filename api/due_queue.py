"""The queue: what waits, by deadline, then how grave it is, then age; found page by page.

Pending events come out of indexes that hold only them, in that order. Events drawn for a blind second review
are mixed in where they would have stood, for everybody but who decided them first.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, literal_column, select, tuple_
from sqlalchemy.orm import Session

from api.event_queue import BadCursorError, Filter
from api.tables import EventRow, SecondReviewRow, UtcTime

LATEST_DUE = timedelta(days=64)
"""No event is due later than this after its beginning: an absence of a day, and the longest deadline."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an event stands in the queue."""

    due_at: datetime
    severity: int
    started_at: datetime
    id: str

    def text(self) -> str:
        """As it goes over the wire: opaque."""
        packed = [self.due_at.isoformat(), self.severity, self.started_at.isoformat(), self.id]
        return base64.urlsafe_b64encode(json.dumps(packed).encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Back from the wire; raises BadCursorError."""
        try:
            packed = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            due, severity, started, event_id = packed
            place = cls(datetime.fromisoformat(due), int(severity), datetime.fromisoformat(started), event_id)
        except (binascii.Error, ValueError, TypeError) as error:
            raise BadCursorError(text) from error
        naive = place.due_at.tzinfo is None or place.started_at.tzinfo is None
        if naive or not isinstance(event_id, str) or "\x00" in event_id or not -9 < place.severity < 9:
            raise BadCursorError(text)
        return place


@dataclass(frozen=True, slots=True)
class Asking:
    """For whom the queue is, the windows they must not judge, and since when second reviews count."""

    username: str
    own_windows: tuple[str, ...]
    second_since: datetime


@dataclass(frozen=True, slots=True)
class Queued:
    """An event in the queue, and its place; `second` where it was decided once and is to be judged again."""

    row: EventRow
    place: Place
    second: bool


def queue_page(
    session: Session, wanted: Filter, asking: Asking, after: Place | None, limit: int
) -> tuple[list[Queued], bool]:
    """The next `limit` of what waits for this person after that place, and whether there is more."""
    found: list[tuple[Place, bool]] = []
    for second, query in (
        (False, pending_places(wanted, asking, after)),
        (True, second_places(wanted, asking, after)),
    ):
        found += [(Place(*key), second) for key in session.execute(query.limit(limit + 1))]
    found.sort()
    shown = found[:limit]
    ids = [place.id for place, _ in shown]
    rows = {row.id: row for row in session.scalars(select(EventRow).where(EventRow.id.in_(ids)))}
    return [Queued(rows[place.id], place, second) for place, second in shown], len(found) > limit


def pending_places(wanted: Filter, asking: Asking, after: Place | None) -> Select[Any]:
    """Out of the queue's own indexes."""
    # A literal, since a planner uses an index of some rows only where it reads the same condition.
    return _places(wanted, asking, after).where(EventRow.state == literal_column("'pending'"))


def second_places(wanted: Filter, asking: Asking, after: Place | None) -> Select[Any]:
    """What others decided and this person should judge without knowing."""
    return (
        _places(wanted, asking, after)
        .join(SecondReviewRow, SecondReviewRow.event_id == EventRow.id)
        .where(
            SecondReviewRow.second_at.is_(None),
            SecondReviewRow.first_at > asking.second_since,
            SecondReviewRow.first_by != asking.username,
            EventRow.state.in_(("confirmed", "dismissed")),
        )
    )


def _places(wanted: Filter, asking: Asking, after: Place | None) -> Select[Any]:
    order = (EventRow.due_at, EventRow.severity, EventRow.started_at, EventRow.id)
    chosen: Any = select(*order)
    query: Select[Any] = chosen.where(EventRow.due_at.is_not(None), *_conditions(wanted, asking.own_windows))
    if after is not None:
        shown = tuple_(
            literal(after.due_at, UtcTime()),
            literal(after.severity),
            literal(after.started_at, UtcTime()),
            literal(after.id),
        )
        query = query.where(tuple_(*order) > shown)
    return query.order_by(*order)


def _conditions(wanted: Filter, own_windows: Sequence[str]) -> list[ColumnElement[bool]]:
    conditions = wanted.scope.condition(EventRow.window_id)
    if own_windows:
        conditions.append(EventRow.window_id.not_in(own_windows))
    if wanted.window is not None:
        conditions.append(EventRow.window_id == wanted.window)
    if wanted.behaviour is not None:
        conditions.append(EventRow.behaviour == wanted.behaviour)
    if wanted.first is not None:
        # The deadline follows the beginning: said too, it lets the walk over the index begin late.
        conditions += [EventRow.started_at >= wanted.first, EventRow.due_at >= wanted.first]
    if wanted.end is not None:
        conditions += [EventRow.started_at < wanted.end, EventRow.due_at < wanted.end + LATEST_DUE]
    if wanted.score_from is not None:
        conditions.append(EventRow.peak_score >= wanted.score_from)
    if wanted.score_to is not None:
        conditions.append(EventRow.peak_score <= wanted.score_to)
    return conditions
