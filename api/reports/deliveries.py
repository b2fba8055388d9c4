"""Who sends which report where: each delivery is a row, and whoever claims the row does it.

Two processes never try one at once, and what is delivered is never tried again. A process that dies between
the mail server's "accepted" and the commit leaves its claim to run out; the mail then goes a second time with
the same Message-ID, by which mail programs tell that it is the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Update, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.reports.spans import Kind, Span, span_of
from api.reports.tables import ReportDeliveryRow

FOLDER = "folder"
"""The target that is the folder of the settings; every other one is a mail address."""

HELD_FOR = timedelta(minutes=10)
"""Longer than a try can last."""

GIVEN_UP_AFTER = timedelta(days=3)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One report to one target, and which try at it this is."""

    span: Span
    target: str
    attempt: int
    asked_at: datetime

    @property
    def way(self) -> str:
        """`folder` or `mail`."""
        return FOLDER if self.target == FOLDER else "mail"


def plan(session: Session, spans: Iterable[Span], targets: Sequence[str], now: datetime) -> None:
    """Let these reports wait for their targets, unless they are known already."""
    insert_of = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [
        {
            "kind": span.kind,
            "first": span.first.isoformat(),
            "target": target,
            "state": "waiting",
            "attempts": 0,
            "asked_at": now,
            "next_try_at": now,
        }
        for span in spans
        for target in targets
    ]
    if rows:
        session.execute(insert_of(ReportDeliveryRow).on_conflict_do_nothing(), rows)


def is_planned(session: Session, span: Span, targets: Sequence[str]) -> bool:
    """Whether that report is known for all of these targets."""
    table = ReportDeliveryRow
    wanted = select(table.target).where(table.kind == span.kind, table.first == span.first.isoformat())
    return set(targets) <= set(session.scalars(wanted))


def next_due(session: Session, targets: Sequence[str], now: datetime) -> bool:
    """Whether a delivery to one of these targets is to be tried now."""
    wanted = select(ReportDeliveryRow.kind).where(*_due(now), ReportDeliveryRow.target.in_(targets)).limit(1)
    return session.scalar(wanted) is not None


def claim(session: Session, targets: Sequence[str], now: datetime) -> Delivery | None:
    """Take the delivery that waits longest, for some minutes; None: none is due, or others were faster."""
    table = ReportDeliveryRow
    wanted = select(table).where(*_due(now), table.target.in_(targets)).order_by(table.next_try_at).limit(1)
    row = session.scalars(wanted).first()
    if row is None:
        return None
    taken = _of(row.kind, row.first, row.target).where(*_due(now))
    values = {"held_until": now + HELD_FOR, "attempts": row.attempts + 1}
    if not _changed(session, taken.values(values)):
        return None
    span = span_of(cast(Kind, row.kind), date.fromisoformat(row.first))
    return Delivery(span, row.target, row.attempts + 1, row.asked_at)


def delivered(session: Session, delivery: Delivery, now: datetime) -> None:
    """It is there."""
    values = {"state": "delivered", "delivered_at": now, "held_until": None, "last_error": None}
    session.execute(_of_delivery(delivery).values(values))


def failed(session: Session, delivery: Delivery, now: datetime, why: str) -> timedelta | None:
    """It is not; how long until the next try, None: it is given up."""
    if now - delivery.asked_at >= GIVEN_UP_AFTER:
        values: dict[str, Any] = {"state": "given_up", "held_until": None, "last_error": why}
        session.execute(_of_delivery(delivery).values(values))
        return None
    wait = min(LONGEST_WAIT, timedelta(minutes=2 ** min(10, delivery.attempt - 1)))
    values = {"held_until": None, "next_try_at": now + wait, "last_error": why}
    session.execute(_of_delivery(delivery).values(values))
    return wait


def _due(now: datetime) -> tuple[Any, ...]:
    table = ReportDeliveryRow
    free = or_(table.held_until.is_(None), table.held_until <= now)
    return table.state == "waiting", table.next_try_at <= now, free


def _of_delivery(delivery: Delivery) -> Update:
    return _of(delivery.span.kind, delivery.span.first.isoformat(), delivery.target)


def _of(kind: str, first: str, target: str) -> Update:
    table = ReportDeliveryRow
    return (
        update(table)
        .where(table.kind == kind, table.first == first, table.target == target)
        .execution_options(synchronize_session=False)
    )


def _changed(session: Session, statement: Update) -> bool:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1
