"""The hours that workers count: kept whichever order they come in, and told to figures."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from api.compliance.stale import mark
from api.compliance.tables import LedgerRow
from api.ingest_models import LedgerHour
from api.statistics import Observed

HOUR = timedelta(hours=1)


def keep_hours(session: Session, rows: Sequence[LedgerHour]) -> None:
    """Store the hours; of two reports of one hour the one that observed more stays, whichever came first.

    Where both observed as much (a dark hour: nothing), the one that covers more of the open time stays; where
    that is the same too, any order that is always the same.
    """
    told: dict[tuple[datetime, str, str], LedgerHour] = {}
    for row in rows:
        key = (row.hour, row.window, row.camera)
        if key not in told or _weight(_values(row)) > _weight(_values(told[key])):
            told[key] = row
    known = _known(session, list(told))
    changed = []
    # One order for all writers, so that two of them never wait for each other's rows.
    for key in sorted(told):
        values, before = _values(told[key]), known.get(key)
        if before is None:
            session.add(LedgerRow(**values))
        elif _weight(values) > _weight({name: getattr(before, name) for name in values}):
            for name, value in values.items():
                setattr(before, name, value)
        else:
            continue
        changed.append((key[1], key[0], key[0] + HOUR))
    session.flush()
    mark(session, changed)


def hours_between(session: Session, first: datetime, end: datetime, window: str | None) -> list[Observed]:
    """The stored hours that begin in [first, end), of one window or of all."""
    wanted = select(
        LedgerRow.window_id, LedgerRow.hour, LedgerRow.open_s, LedgerRow.observed_s, LedgerRow.present_s
    ).where(LedgerRow.hour >= first, LedgerRow.hour < end)
    if window is not None:
        wanted = wanted.where(LedgerRow.window_id == window)
    return [Observed(*row) for row in session.execute(wanted)]


def _known(
    session: Session, keys: Sequence[tuple[datetime, str, str]]
) -> dict[tuple[datetime, str, str], LedgerRow]:
    found = {}
    for start in range(0, len(keys), 200):
        key = tuple_(LedgerRow.hour, LedgerRow.window_id, LedgerRow.camera_id)
        wanted = select(LedgerRow).where(key.in_(keys[start : start + 200])).with_for_update()
        for row in session.scalars(wanted):
            found[row.hour, row.window_id, row.camera_id] = row
    return found


def _weight(values: dict[str, Any]) -> tuple[float, float, float, str]:
    detail = json.dumps(values["detail"], sort_keys=True)
    return values["observed_s"], values["open_s"], values["present_s"], detail


def _values(row: LedgerHour) -> dict[str, Any]:
    return {
        "hour": row.hour,
        "window_id": row.window,
        "camera_id": row.camera,
        "open_s": row.open_s,
        "observed_s": row.observed_s,
        "present_s": row.present_s,
        "detail": row.detail.model_dump() if row.detail else None,
    }
