"""Events in the database: taking what workers deliver, and the counters that go with every change."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.changes.recording import event_change, record, record_event
from api.compliance.stale import Touched, mark, touched_by
from api.retention.tables import DeletedEventRow
from api.tables import EventCountRow, EventRow
from vision.article27 import CATALOGUE

Outcome = Literal["stored", "updated", "duplicate", "stale"]
State = Literal["pending", "confirmed", "dismissed"]
Listed = Literal["pending", "confirmed", "dismissed", "withdrawn", "expired"]
STATES: tuple[State, ...] = ("pending", "confirmed", "dismissed")
"""What people judged or have to; figures are made of these."""

LISTED: tuple[Listed, ...] = (*STATES, "withdrawn", "expired")
"""What can be looked at: also what permits took out of the figures, and what nobody decided in time."""

CountKey = tuple[str, str, str]
"""Window, behaviour, state."""


@dataclass(frozen=True, slots=True)
class MachineEvent:
    """What a worker says about one event; fields as in `EventRow`."""

    id: str
    revision: int
    behaviour: str
    variant: str | None
    window_id: str
    camera_id: str
    started_at: datetime
    flagged_at: datetime
    ended_at: datetime | None
    ending: str | None
    peak_score: float
    measures: dict[str, float]
    evidence: list[tuple[float, float | None]]
    parent: str | None

    def known_until(self) -> datetime:
        """The last moment at which the episode is known to have gone on."""
        if self.ended_at is not None:
            return max(self.started_at, self.ended_at)
        seen = [at_s for at_s, score in self.evidence if score]
        return max(self.flagged_at, self.started_at + timedelta(seconds=max(seen, default=0)))


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one delivered event, and how it stands with people."""

    id: str
    revision: int
    outcome: Outcome
    state: str


def take(
    session: Session, events: Sequence[MachineEvent], now: datetime, due: Callable[[datetime], datetime]
) -> list[Taken]:
    """Store the events, in any order and as often as they come; a human's decision stays as it is.

    `due` says until when an event flagged at that time should be decided.
    """
    rows = _rows_of(session, {event.id for event in events})
    gone = _deleted(session, {event.id for event in events} - rows.keys())
    fresh: dict[str, dict[str, Any]] = {}
    counts: Counter[CountKey] = Counter()
    touched: list[Touched] = []
    taken = []
    for event in events:
        if event.id in gone:
            # It was deleted by age: a worker that comes late does not bring it back.
            taken.append(Taken(event.id, event.revision, "stale", gone[event.id]))
            continue
        row = rows.get(event.id)
        known = fresh[event.id]["revision"] if event.id in fresh else row.revision if row else None
        outcome = _outcome(event.revision, known)
        if row is not None and outcome == "updated":
            touched.append(touched_by(row))
            _replace(row, event, counts)
            record_event(session, now, "event.updated", row)
            touched.append(touched_by(row))
        elif outcome in ("stored", "updated"):
            fresh[event.id] = _new(event, now, due(event.flagged_at))
        taken.append(Taken(event.id, event.revision, outcome, row.state if row else "pending"))
    if fresh:
        session.execute(insert(EventRow), list(fresh.values()))
        record(session, *(event_change(now, "event.flagged", new) for new in fresh.values()))
        counts.update((new["window_id"], new["behaviour"], "pending") for new in fresh.values())
    touched += [(new["window_id"], new["started_at"], new["known_until"]) for new in fresh.values()]
    mark(session, touched)
    count(session, counts)
    return taken


def count(session: Session, changes: Counter[CountKey]) -> None:
    """Add to the counters, always in the same order, so that two writers never wait for each other."""
    insert_of = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for (window, behaviour, state), change in sorted(changes.items()):
        if change:
            statement = insert_of(EventCountRow).values(
                window_id=window, behaviour=behaviour, state=state, number=change
            )
            grown = {"number": EventCountRow.number + statement.excluded.number}
            key = ["window_id", "behaviour", "state"]
            session.execute(statement.on_conflict_do_update(index_elements=key, set_=grown))


def bump_version(session: Session, event_id: str) -> EventRow | None:
    """Say that what the page is shown of this event changed; None where there is no such event."""
    changed = update(EventRow).where(EventRow.id == event_id).values(version=EventRow.version + 1)
    return session.scalar(changed.returning(EventRow))


def _rows_of(session: Session, ids: Iterable[str]) -> dict[str, EventRow]:
    wanted = select(EventRow).where(EventRow.id.in_(sorted(ids))).order_by(EventRow.id).with_for_update()
    return {row.id: row for row in session.scalars(wanted)}


def _deleted(session: Session, ids: Iterable[str]) -> dict[str, str]:
    wanted = select(DeletedEventRow.id, DeletedEventRow.state).where(DeletedEventRow.id.in_(sorted(ids)))
    return dict(session.execute(wanted).all())


def _outcome(revision: int, known: int | None) -> Outcome:
    if known is None:
        return "stored"
    if revision == known:
        return "duplicate"
    return "updated" if revision > known else "stale"


def _new(event: MachineEvent, now: datetime, due_at: datetime) -> dict[str, Any]:
    given = {"state": "pending", "version": 1, "received_at": now, "due_at": due_at}
    return {"id": event.id, **_machine_fields(event), **given}


def _replace(row: EventRow, event: MachineEvent, counts: Counter[CountKey]) -> None:
    counts[row.window_id, row.behaviour, row.state] -= 1
    for name, value in _machine_fields(event).items():
        setattr(row, name, value)
    counts[row.window_id, row.behaviour, row.state] += 1
    row.version += 1


def _machine_fields(event: MachineEvent) -> dict[str, Any]:
    return {
        "revision": event.revision,
        "behaviour": event.behaviour,
        "variant": event.variant,
        "window_id": event.window_id,
        "camera_id": event.camera_id,
        "started_at": event.started_at,
        "flagged_at": event.flagged_at,
        "ended_at": event.ended_at,
        "known_until": event.known_until(),
        "ending": event.ending,
        "peak_score": event.peak_score,
        "measures": event.measures,
        "evidence": event.evidence,
        "parent": event.parent,
        "severity": _severity(event.behaviour),
    }


def _severity(behaviour: str) -> int:
    article = CATALOGUE.get(behaviour)
    return article.severity if article else 2
