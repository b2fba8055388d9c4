"""Permits and the events they speak for: which are held back, which come back.

Held back here and not where cameras are watched: a permit may be registered after its absence was flagged, be
revoked again, or run out while the absence goes on, and each time events that are stored already change their
state. A worker may be cut off for hours; what it flags is weighed when it arrives. So there is one place that
decides, with the permits and the events in one transaction.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from api import audit
from api.changes.recording import record_event
from api.compliance.stale import mark
from api.compliance.stale import touched_by as time_of
from api.event_store import CountKey, count
from api.permit_rules import HELD_BACK, PermitRules, Weighed, weigh
from api.tables import EventRow, HallRow, PermitRow, WithdrawalRow

LONGEST_ABSENCE = timedelta(hours=24)
"""Closing time ends each absence, so none that a permit touches began longer before it."""

MACHINE = "hallwatch"
"""Who acts where nobody did: an event arrived, or went on beyond its permit."""

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Reconsidered:
    """An event whose state a permit changed."""

    id: str
    revision: int
    state: str


def rules_of(session: Session) -> PermitRules:
    """The hall's rules; the defaults while no hall was reported."""
    hall = session.scalars(select(HallRow)).first()
    return PermitRules.told(hall.permit_rules if hall else None)


def reconsider(
    session: Session, ids: Iterable[str], now: datetime, actor: str = MACHINE
) -> list[Reconsidered]:
    """Withdraw those of the events that permits cover by now, and give back those they do not any more."""
    wanted = select(EventRow).where(EventRow.id.in_(sorted(ids)), EventRow.behaviour == HELD_BACK)
    rows = session.scalars(wanted.order_by(EventRow.id).with_for_update()).all()
    return _weighed(session, rows, now, actor)


def reconsider_around(session: Session, permit: PermitRow, now: datetime, actor: str) -> list[Reconsidered]:
    """The same for all events that a permit, new or revoked, may speak for."""
    mark(session, [(permit.window_id, permit.starts_at, permit.ends_at)])
    rows = session.scalars(_around(permit).order_by(EventRow.id).with_for_update()).all()
    return _weighed(session, rows, now, actor)


def touched_by(session: Session, permit: PermitRow) -> Sequence[EventRow]:
    """The empty posts that a permit may speak for, earliest first; not dismissed ones."""
    return session.scalars(_around(permit).order_by(EventRow.started_at, EventRow.id)).all()


def weighed_against(row: EventRow, permits: Sequence[PermitRow], rules: PermitRules) -> Weighed:
    """An empty post held against those of the permits that hold back in this hall."""
    spans = [(permit.starts_at, permit.ends_at) for permit in permits if permit.kind in rules.holding()]
    limit_s = row.measures.get("hold_limit_s", rules.limit_s)
    return weigh((row.started_at, row.known_until), spans, limit_s)


def touches(permit: PermitRow, row: EventRow) -> bool:
    """Whether the permit overlaps the event at its window."""
    same_window = permit.window_id == row.window_id
    return same_window and permit.starts_at < row.known_until and permit.ends_at > row.started_at


def _around(permit: PermitRow) -> Select[EventRow]:
    return select(EventRow).where(
        EventRow.state.in_(("pending", "confirmed", WITHDRAWN)),
        EventRow.window_id == permit.window_id,
        EventRow.behaviour == HELD_BACK,
        EventRow.started_at >= permit.starts_at - LONGEST_ABSENCE,
        EventRow.started_at < permit.ends_at,
        EventRow.known_until > permit.starts_at,
    )


def permits_for(session: Session, rows: Sequence[EventRow]) -> dict[str, list[PermitRow]]:
    """The permits in force that overlap each event at its window, by event id, earliest first."""
    if not rows:
        return {}
    wanted = select(PermitRow).where(
        PermitRow.window_id.in_({row.window_id for row in rows}),
        PermitRow.revoked_at.is_(None),
        PermitRow.starts_at < max(row.known_until for row in rows),
        PermitRow.ends_at > min(row.started_at for row in rows),
    )
    permits = session.scalars(wanted.order_by(PermitRow.starts_at, PermitRow.id)).all()
    return {row.id: [permit for permit in permits if touches(permit, row)] for row in rows}


def _weighed(session: Session, rows: Sequence[EventRow], now: datetime, actor: str) -> list[Reconsidered]:
    rules = rules_of(session)
    found = permits_for(session, rows)
    changes: Counter[CountKey] = Counter()
    changed = []
    for row in rows:
        holding = [permit for permit in found[row.id] if permit.kind in rules.holding()]
        before = row.state
        if weighed_against(row, holding, rules).covered:
            _withdraw(session, row, holding, now, actor)
        else:
            _give_back(session, row, now, actor)
        if row.state != before:
            row.version += 1
            changes[row.window_id, row.behaviour, before] -= 1
            changes[row.window_id, row.behaviour, row.state] += 1
            changed.append(Reconsidered(row.id, row.revision, row.state))
            mark(session, [time_of(row)])
            became = "event.withdrawn" if row.state == WITHDRAWN else "event.restored"
            record_event(session, now, became, row)
    count(session, changes)
    return changed


def _withdraw(
    session: Session, row: EventRow, holding: Sequence[PermitRow], now: datetime, actor: str
) -> None:
    """Take the event out of what counts; what was dismissed counts for nothing anyway."""
    if row.state in (WITHDRAWN, "dismissed"):
        return
    ids = [permit.id for permit in holding]
    session.add(
        WithdrawalRow(
            event_id=row.id,
            permits=ids,
            reason=holding[0].kind,
            state_before=row.state,
            withdrawn_by=actor,
            withdrawn_at=now,
        )
    )
    row.state = WITHDRAWN
    audit.record(session, now, actor, "event_withdrawn", row.id, permits=ids)


def _give_back(session: Session, row: EventRow, now: datetime, actor: str) -> None:
    """Put the event back to where it stood with people before it was withdrawn."""
    if row.state != WITHDRAWN:
        return
    wanted = select(WithdrawalRow).where(
        WithdrawalRow.event_id == row.id, WithdrawalRow.restored_at.is_(None)
    )
    last = session.scalars(wanted.order_by(WithdrawalRow.id.desc())).first()
    row.state = last.state_before if last else "pending"
    if last is not None:
        last.restored_by, last.restored_at = actor, now
    audit.record(session, now, actor, "event_restored", row.id, state=row.state)
