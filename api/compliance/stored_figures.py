"""Figures in the database: read as they stand, summed up, and written where they changed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.compliance.buckets import bounds
from api.compliance.numbers import BEHAVIOUR_NAMES, LARGEST, NAMES, BehaviourNumbers, Numbers
from api.compliance.rolling_up import WINDOW_LEVEL, Group, Key, parts_of
from api.compliance.tables import BehaviourFigureRow, FigureRow
from api.compliance.window_hour import Figures

SETTLED_AFTER = timedelta(minutes=10)
"""What a worker says of an hour comes within seconds of its end; what comes later than this is late."""

LOCK = 0x68616C6C
"""Two processes never compute the same sums at once (PostgreSQL; SQLite has one writer at any rate)."""

AT_ONCE = 500
"""Rows of one statement; SQLite takes 32,766 values at most."""

T = TypeVar("T")

NOTHING: Figures = (Numbers(), {})


def settled(bucket_ends: datetime, now: datetime) -> bool:
    """Whether figures of a time that ended then are held to be complete."""
    return now >= bucket_ends + SETTLED_AFTER


def sums_of(session: Session, group: Group, units: Collection[str], zone: ZoneInfo) -> dict[str, Figures]:
    """The figures of these units in one bucket, as the sum of the stored rows that they are made of."""
    grain, level, bucket = group
    of_grain, first, last = parts_of(grain, level, bucket, zone)
    by_window = level == WINDOW_LEVEL
    found: dict[str, Figures] = {}
    for some in _portions(sorted(units)):
        only = some if by_window else None
        numbers = _summed(FigureRow, NAMES, of_grain, first, last, only)
        kinds = _summed(BehaviourFigureRow, BEHAVIOUR_NAMES, of_grain, first, last, only)
        own = (FigureRow.unit_id,) if by_window else ()
        for row in session.execute(numbers.add_columns(*own).group_by(*own)):
            values = [int(value or 0) for value in row[: len(NAMES)]]
            found[row[-1] if by_window else some[0]] = (Numbers(*values), {})
        keys = (BehaviourFigureRow.unit_id,) if by_window else ()
        keyed = (BehaviourFigureRow.behaviour, *keys)
        for row in session.execute(kinds.add_columns(*keyed).group_by(*keyed)):
            count = len(BEHAVIOUR_NAMES)
            unit = row[-1] if by_window else some[0]
            sums = BehaviourNumbers(*(int(value or 0) for value in row[:count]))
            found.setdefault(unit, (Numbers(), {}))[1][row[count]] = sums
    return {unit: found.get(unit, NOTHING) for unit in units}


def alone(session: Session) -> None:
    """Wait until nobody else computes or tells figures, and keep others from it until this commits."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def store(
    session: Session, figures: Mapping[Key, Figures], zone: ZoneInfo, now: datetime, *, late: bool = True
) -> list[Key]:
    """Write what is not stored so; the keys that changed. What changes after its time gets a revision.

    `late` False: what was not stored at all yet is no correction, however old it is.
    """
    groups: defaultdict[Group, dict[str, Figures]] = defaultdict(dict)
    for (grain, level, bucket, unit), of_unit in figures.items():
        groups[grain, level, bucket][unit] = of_unit
    changed: list[Key] = []
    rows: list[dict[str, Any]] = []
    kinds: list[dict[str, Any]] = []
    for group in sorted(groups):
        grain, level, bucket = group
        over = settled(bounds(bucket, grain, zone)[1], now)
        known = read_group(session, group, groups[group])
        for unit, fresh in groups[group].items():
            revision, before = known.get(unit, (None, NOTHING))
            if before == fresh:
                continue
            first = 1 if over and late else 0
            number = first if revision is None else revision + int(over)
            key = {"grain": grain, "level": level, "bucket": bucket, "unit_id": unit}
            rows.append(key | {"revision": number} | _values(fresh[0], NAMES))
            kinds += [key | {"behaviour": c} | _values(n, BEHAVIOUR_NAMES) for c, n in fresh[1].items()]
            _forget_kinds(session, key, set(before[1]) - set(fresh[1]))
            changed.append((grain, level, bucket, unit))
    _upsert(session, FigureRow, rows)
    _upsert(session, BehaviourFigureRow, kinds)
    return changed


def read_group(session: Session, group: Group, units: Collection[str]) -> dict[str, tuple[int, Figures]]:
    """Revision and figures of the units as they are stored."""
    found: dict[str, tuple[int, Figures]] = {}
    for some in _portions(sorted(units)):
        numbers = select(FigureRow.unit_id, FigureRow.revision, *_columns(FigureRow, NAMES))
        for unit, revision, *values in session.execute(_of_group(numbers, FigureRow, group, some)):
            found[unit] = (revision, (Numbers(*values), {}))
        table = BehaviourFigureRow
        kinds = select(table.unit_id, table.behaviour, *_columns(table, BEHAVIOUR_NAMES))
        for unit, code, *values in session.execute(_of_group(kinds, table, group, some)):
            if unit in found:
                found[unit][1][1][code] = BehaviourNumbers(*values)
    return found


def sum_columns(table: Any, names: Collection[str]) -> list[Any]:
    """What the database adds up of these columns; of the longest queue and wait it takes the largest."""
    return [(func.max if n in LARGEST else func.sum)(getattr(table, n)) for n in names]


def _columns(table: Any, names: Collection[str]) -> list[Any]:
    return [getattr(table, name) for name in names]


def _of_group(statement: Any, table: Any, group: Group, units: Collection[str]) -> Any:
    grain, level, bucket = group
    return statement.where(
        table.grain == grain, table.level == level, table.bucket == bucket, table.unit_id.in_(units)
    )


def _summed(
    table: Any, names: Collection[str], grain: str, first: str, last: str, units: Collection[str] | None
) -> Any:
    statement = select(*sum_columns(table, names)).where(
        table.grain == grain, table.level == WINDOW_LEVEL, table.bucket.between(first, last)
    )
    return statement if units is None else statement.where(table.unit_id.in_(units))


def _values(numbers: object, names: Collection[str]) -> dict[str, int]:
    return {name: getattr(numbers, name) for name in names}


def _forget_kinds(session: Session, key: Mapping[str, str], codes: Collection[str]) -> None:
    if codes:
        table = BehaviourFigureRow
        group = (key["grain"], key["level"], key["bucket"])
        gone = _of_group(delete(table), table, group, [key["unit_id"]])  # type: ignore[arg-type]
        session.execute(gone.where(table.behaviour.in_(codes)))


def _upsert(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    insert_of = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in table.__table__.primary_key]
    for some in _portions(rows):
        statement = insert_of(table)
        grown = {name: statement.excluded[name] for name in some[0] if name not in keys}
        session.execute(statement.on_conflict_do_update(index_elements=keys, set_=grown), some)


def _portions(rows: list[T]) -> list[list[T]]:
    return [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
