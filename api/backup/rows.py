"""Every table as lines of JSON, a row each: the same for SQLite and PostgreSQL, and from one to the other."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, func, insert, select, text
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from api.tables import Table, UtcTime

LEFT_OUT = frozenset({"session", "sign_in_failure", "sign_in_address"})
"""Who was signed in signs in again; locks of doors are of the moment."""

AT_ONCE = 500


def tables() -> list[SqlTable]:
    """Those that are copied, each behind what it refers to."""
    return [table for table in Table.metadata.sorted_tables if table.name not in LEFT_OUT]


def lines_of(session: Session, table: SqlTable) -> Iterator[bytes]:
    """The rows of a table, by its key, a line each."""
    wanted = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    names = [column.name for column in table.columns]
    for row in session.execute(wanted):
        told = dict(zip(names, (_written(value) for value in row), strict=True))
        yield json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def load(session: Session, table: SqlTable, lines: Iterable[bytes]) -> int:
    """Put lines back as rows, in place of what a fresh database holds there; how many."""
    if table.name != "audit":  # which is empty in a fresh database, and refuses to be emptied
        session.execute(table.delete())
    rows: list[dict[str, Any]] = []
    number = 0
    for line in lines:
        told = json.loads(line)
        rows.append({column.name: _read(column, told[column.name]) for column in table.columns})
        number += 1
        if len(rows) == AT_ONCE:
            session.execute(insert(table), rows)
            rows.clear()
    if rows:
        session.execute(insert(table), rows)
    _count_on(session, table)
    return number


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(column: Column[Any], value: Any) -> Any:
    return datetime.fromisoformat(value) if value is not None and isinstance(column.type, UtcTime) else value


def _count_on(session: Session, table: SqlTable) -> None:
    """PostgreSQL gives the next number from a sequence of its own, which inserts with numbers do not move."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        place = {"table": table.name, "column": column.name}
        sequence = session.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), place)
        if sequence is not None:
            last = session.scalar(select(func.max(column)))
            session.execute(select(func.setval(sequence, last or 1, last is not None)))
