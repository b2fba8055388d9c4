"""The hours that workers count: seconds open, observed, and with somebody at the post."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.ingest_models import LedgerHour
from api.statistics import Observed
from api.tables import LedgerRow


def keep_hours(session: Session, rows: Sequence[LedgerHour]) -> None:
    """Store the hours; of two reports of one hour the one that observed more stays, whichever came first.

    Where both observed as much (a dark hour: nothing), the one that covers more of the open time stays.
    """
    if not rows:
        return
    insert_of = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert_of(LedgerRow)
    new = statement.excluded
    more = or_(
        new.observed_s > LedgerRow.observed_s,
        and_(new.observed_s == LedgerRow.observed_s, new.open_s > LedgerRow.open_s),
    )
    statement = statement.on_conflict_do_update(
        index_elements=["hour", "window_id", "camera_id"],
        set_={"open_s": new.open_s, "observed_s": new.observed_s, "present_s": new.present_s},
        where=more,
    )
    session.execute(statement, sorted((_values(row) for row in rows), key=_order))


def hours_between(session: Session, first: datetime, end: datetime, window: str | None) -> list[Observed]:
    """The stored hours that begin in [first, end), of one window or of all."""
    wanted = select(
        LedgerRow.window_id, LedgerRow.hour, LedgerRow.open_s, LedgerRow.observed_s, LedgerRow.present_s
    ).where(LedgerRow.hour >= first, LedgerRow.hour < end)
    if window is not None:
        wanted = wanted.where(LedgerRow.window_id == window)
    return [Observed(*row) for row in session.execute(wanted)]


def _values(row: LedgerHour) -> dict[str, object]:
    return {
        "hour": row.hour,
        "window_id": row.window,
        "camera_id": row.camera,
        "open_s": row.open_s,
        "observed_s": row.observed_s,
        "present_s": row.present_s,
    }


def _order(values: dict[str, object]) -> tuple[str, str, str]:
    # One order for all writers, so that two of them never wait for each other's rows.
    return str(values["hour"]), str(values["window_id"]), str(values["camera_id"])
