"""What the platform must be told: its cases are brought to how events stand, change by change.

Whatever made an event stand differently, a verdict, an appeal, a permit, the platform is told the outcome:
a report, an amended grade, or a withdrawal. The messages are written in the transaction that moves the
position among the changes on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api import audit
from api.changes.tables import ChangeRow
from api.database import Database
from api.permits import MACHINE
from api.supervision.grading import Confirmed, grade_of
from api.supervision.messages import told, written
from api.supervision.rules import Grade, SupervisionRules
from api.supervision.tables import SupervisionCaseRow, SupervisionMessageRow, SupervisionPositionRow
from api.tables import EventRow

AT_ONCE = 500


def bring_up_to_date(database: Database, rules: SupervisionRules, now: datetime) -> int:
    """Write the messages that new changes call for; how many. The first time only the position is set."""
    number = 0
    while True:
        written_now, more = _step(database, rules, now)
        number += written_now
        if not more:
            return number


def _step(database: Database, rules: SupervisionRules, now: datetime) -> tuple[int, bool]:
    with database.read() as session:
        known = session.get(SupervisionPositionRow, 1)
        end = session.scalar(select(func.max(ChangeRow.number))) or 0
        if known is not None and known.number >= end:
            return 0, False
    with database.write() as session:
        position = session.get(SupervisionPositionRow, 1, with_for_update=True)
        if position is None:
            # What was confirmed before the platform was connected is no news of today.
            session.add(SupervisionPositionRow(id=1, number=end))
            return 0, False
        after = select(ChangeRow).where(ChangeRow.number > position.number)
        changes = session.scalars(after.order_by(ChangeRow.number).limit(AT_ONCE)).all()
        if not changes:
            return 0, False
        number = _reconcile(session, rules, changes, now)
        position.number = changes[-1].number
    return number, len(changes) == AT_ONCE


def _reconcile(session: Session, rules: SupervisionRules, changes: Iterable[ChangeRow], now: datetime) -> int:
    fresh = [change for change in changes if change.type.startswith("event.") and not change.unreviewed]
    windows = sorted({change.window_id for change in fresh if change.window_id is not None})
    subjects = {change.subject for change in fresh}
    return sum(_reconcile_window(session, rules, window, subjects, now) for window in windows)


def _reconcile_window(
    session: Session, rules: SupervisionRules, window: str, subjects: set[str], now: datetime
) -> int:
    cases = {
        case.event_id: case
        for case in session.scalars(
            select(SupervisionCaseRow).where(SupervisionCaseRow.window_id == window).with_for_update()
        )
    }
    rows = {row.id: row for row in _events(session, [*cases, *subjects], window)}
    if not rows:
        return 0
    standing = _standing(session, rules, window, min(row.started_at for row in rows.values()))
    number = 0
    for row in sorted(rows.values(), key=lambda row: (row.started_at, row.id)):
        grade = None
        if row.state == "confirmed":
            grade = grade_of(Confirmed(row.id, row.behaviour, row.started_at), standing, rules.grades)
        number += _tell(session, rules, row, cases.get(row.id), grade, now)
    return number


def _events(session: Session, ids: Sequence[str], window: str) -> list[EventRow]:
    found: list[EventRow] = []
    for first in range(0, len(ids), 500):
        some = EventRow.id.in_(ids[first : first + 500])
        found += session.scalars(select(EventRow).where(some, EventRow.window_id == window))
    return found


def _standing(session: Session, rules: SupervisionRules, window: str, first: datetime) -> list[Confirmed]:
    since = first - timedelta(days=rules.longest_days)
    rows = session.execute(
        select(EventRow.id, EventRow.behaviour, EventRow.started_at).where(
            EventRow.window_id == window, EventRow.state == "confirmed", EventRow.started_at > since
        )
    )
    return [Confirmed(*row) for row in rows]


def _tell(
    session: Session,
    rules: SupervisionRules,
    event: EventRow,
    case: SupervisionCaseRow | None,
    grade: Grade | None,
    now: datetime,
) -> int:
    if (case.grade if case is not None else None) == grade:
        return 0
    if case is None:
        case = SupervisionCaseRow(event_id=event.id, window_id=event.window_id, grade=None, revision=0)
        session.add(case)
    case.grade, case.revision = grade, case.revision + 1
    what = told(session, rules, event, grade, case.revision, now)
    body = written(rules, what)
    for way in rules.ways:
        session.add(
            SupervisionMessageRow(
                event_id=event.id,
                message=what.message,
                way=way,
                kind=what.kind,
                body=body,
                state="waiting",
                attempts=0,
                made_at=now,
                next_at=now,
            )
        )
    audit.record(session, now, MACHINE, "supervision_told", event.id, kind=what.kind, grade=grade)
    return len(rules.ways)
