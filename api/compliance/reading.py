"""Stored figures, read for a table: which buckets and units, and what they say together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.compliance.buckets import Grain, bounds, hour_of, names_between
from api.compliance.measured_errors import CLIPS, MEASURED, MINUTES, SOURCE_EN, SOURCE_ZH
from api.compliance.models import (
    BehaviourNumbersOut,
    BehaviourRow,
    BehavioursOut,
    BucketOut,
    ChangeOut,
    ComparedOut,
    ErrorOut,
    ErrorRateOut,
    NumbersOut,
    RowOut,
    TableOut,
    UnitOut,
    UnitTotal,
    behaviour_out,
    interval,
    numbers_out,
)
from api.compliance.numbers import BEHAVIOUR_NAMES, NAMES, BehaviourNumbers, Numbers, added, added_behaviours
from api.compliance.rolling_up import HALL, HALL_LEVEL, WINDOW_LEVEL
from api.compliance.stored_figures import settled, sum_columns
from api.compliance.tables import BehaviourFigureRow, FigureRow
from api.hall import hall_row, present_windows
from api.problems import FieldError, Problem
from api.rights.scope import WHOLE, Scope
from api.tables import HallRow, WindowRow

Level = Literal["window", "hall", "sub_district", "district"]

A_WEEK = timedelta(days=7)
MOST_DAYS: dict[Grain, int] = {"hour": 31, "day": 366, "week": 3660, "month": 3660}
MOST_ROWS = 10_000
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures: buckets that begin on the local days from `first` to `last`; `unit` is one window.

    By window, only those in `scope` are read; of anything above, the scope must be the whole hall.
    """

    grain: Grain
    level: Level
    first: date
    last: date
    unit: str | None = None
    compare: bool = False
    scope: Scope = WHOLE


@dataclass(frozen=True, slots=True)
class _Stored:
    unit: str
    bucket: str
    revision: int
    numbers: Numbers


def read_table(session: Session, asked: Asked, now: datetime) -> TableOut:
    """The figures. Raises Problem where too much is asked, or a unit or level is not known."""
    hall = hall_row(session)
    zone = ZoneInfo(hall.time_zone)
    buckets = _buckets(asked, zone)
    units = _units(session, hall, asked)
    rows = _rows(session, asked, buckets, units)
    units = _with_others(session, asked, units, {row.unit for row in rows})
    over = {name: settled(bounds(name, asked.grain, zone)[1], now) for name in buckets}
    compared = _compared(session, asked, zone, units, rows) if asked.compare else None
    return TableOut(
        grain=asked.grain,
        level=asked.level,
        first=asked.first,
        last=asked.last,
        time_zone=hall.time_zone,
        units=units,
        buckets=[_bucket(name, asked.grain, zone) for name in buckets],
        rows=[_row_out(row, final=over[row.bucket]) for row in rows],
        totals=_totals(rows, units),
        total=_numbers_out(row.numbers for row in rows),
        compared=compared,
        error_rate=error_rate(),
    )


def read_behaviours(session: Session, asked: Asked) -> BehavioursOut:
    """The same by behaviour."""
    hall = hall_row(session)
    zone = ZoneInfo(hall.time_zone)
    buckets = _buckets(asked, zone)
    units = _units(session, hall, asked)
    observed = {(r.unit, r.bucket): r.numbers.observed_ms for r in _rows(session, asked, buckets, units)}
    table = BehaviourFigureRow
    columns = [getattr(table, name) for name in BEHAVIOUR_NAMES]
    wanted = _of_asked(select(table.unit_id, table.bucket, table.behaviour, *columns), table, asked, buckets)
    rows, parts = [], defaultdict(list)
    for unit, bucket, code, *values in session.execute(wanted.order_by(table.bucket, table.unit_id)):
        numbers, shown = BehaviourNumbers(*values), _shown_unit(unit, units)
        out = behaviour_out(code, numbers, observed.get((shown, bucket), 0))
        rows.append(BehaviourRow.model_validate(out | {"unit": shown, "bucket": bucket}))
        parts[code].append(numbers)
    everything = sum(observed.values())
    totals = [behaviour_out(code, added_behaviours(parts[code]), everything) for code in sorted(parts)]
    return BehavioursOut(
        grain=asked.grain,
        level=asked.level,
        first=asked.first,
        last=asked.last,
        time_zone=hall.time_zone,
        rows=rows,
        totals=[BehaviourNumbersOut.model_validate(total) for total in totals],
        error_rate=error_rate(),
    )


def error_rate() -> ErrorRateOut:
    """How right the machine was when it was measured."""
    behaviours = [
        ErrorOut(
            behaviour=one.behaviour,
            found=one.found,
            missed=one.missed,
            false=one.false,
            recall=interval(one.found, one.found + one.missed),
            precision=interval(one.found, one.found + one.false),
        )
        for one in MEASURED
    ]
    return ErrorRateOut(
        clips=CLIPS, minutes=MINUTES, source_zh=SOURCE_ZH, source_en=SOURCE_EN, behaviours=behaviours
    )


def check_days(first: date, last: date, grain: Grain) -> None:
    """Raise Problem unless the days run forwards, are not too many for the grain, and not out of time."""
    most = MOST_DAYS[grain]
    if not 0 <= (last - first).days < most:
        zh = f"起止日期须先后有序,且至多 {most} 天"
        en = f"The span must not run backwards and hold at most {most} days"
        raise Problem("invalid", FieldError("/query/to", zh, en))
    if not EARLIEST <= first <= last <= LATEST:
        raise Problem("invalid", FieldError("/query/to", "日期超出范围", "Date out of range"))


def _buckets(asked: Asked, zone: ZoneInfo) -> list[str]:
    check_days(asked.first, asked.last, asked.grain)
    return names_between(asked.first, asked.last, asked.grain, zone)


def _units(session: Session, hall: HallRow, asked: Asked) -> list[UnitOut]:
    if asked.level == WINDOW_LEVEL:
        windows = [UnitOut(id=w.id, name=w.name, name_en=w.name_en) for w in present_windows(session)]
        return [w for w in windows if asked.unit in (None, w.id) and asked.scope.holds(w.id)]
    if asked.level == HALL_LEVEL:
        return [UnitOut(id=hall.id, name=hall.name, name_en=hall.name_en)]
    told = (hall.above or {}).get(asked.level)
    if told is None:
        zh = "站点文件没有说明本厅属于哪个街道或城区(hall.sub_district、hall.district)"
        en = "The site file names no such unit for this hall (hall.sub_district, hall.district)"
        raise Problem("invalid", FieldError("/query/level", zh, en))
    return [UnitOut.model_validate(told)]


def _with_others(session: Session, asked: Asked, units: list[UnitOut], seen: set[str]) -> list[UnitOut]:
    """Windows that left the hall but have figures come after those it has."""
    others = sorted(seen - {unit.id for unit in units})
    named = {row.id: row for row in session.scalars(select(WindowRow).where(WindowRow.id.in_(others)))}
    return units + [
        UnitOut(id=o, name=named[o].name if o in named else o, name_en=named[o].name_en if o in named else o)
        for o in others
    ]


def _of_asked(statement: Any, table: Any, asked: Asked, buckets: Sequence[str]) -> Any:
    level = WINDOW_LEVEL if asked.level == WINDOW_LEVEL else HALL_LEVEL
    first, last = (buckets[0], buckets[-1]) if buckets else ("", "")
    found = statement.where(
        table.grain == asked.grain, table.level == level, table.bucket.between(first, last)
    )
    if level == HALL_LEVEL:
        return found
    found = found.where(*asked.scope.condition(table.unit_id))
    return found.where(table.unit_id == asked.unit) if asked.unit else found


def _shown_unit(unit: str, units: Sequence[UnitOut]) -> str:
    """The hall's own figures are those of its sub-district and district too: there is one hall here."""
    return units[0].id if unit == HALL else unit


def _rows(session: Session, asked: Asked, buckets: Sequence[str], units: Sequence[UnitOut]) -> list[_Stored]:
    columns = [getattr(FigureRow, name) for name in NAMES]
    wanted = _of_asked(
        select(FigureRow.unit_id, FigureRow.bucket, FigureRow.revision, *columns), FigureRow, asked, buckets
    )
    found = session.execute(wanted.order_by(FigureRow.bucket, FigureRow.unit_id).limit(MOST_ROWS + 1)).all()
    if len(found) > MOST_ROWS:
        zh, en = "数据太多,请缩短时段或放大粒度", "Too many rows; ask for a shorter span or a longer grain"
        raise Problem("invalid", FieldError("/query/to", zh, en))
    rows = [
        _Stored(_shown_unit(unit, units), bucket, revision, Numbers(*values))
        for unit, bucket, revision, *values in found
    ]
    return [row for row in rows if row.revision or row.numbers != Numbers()]


def _sums(
    session: Session, asked: Asked, buckets: Sequence[str], units: Sequence[UnitOut]
) -> dict[str, Numbers]:
    """Each unit's figures over all these buckets, added up by the database: their rows are not shown."""
    wanted = _of_asked(select(FigureRow.unit_id, *sum_columns(FigureRow, NAMES)), FigureRow, asked, buckets)
    found = session.execute(wanted.group_by(FigureRow.unit_id)).all()
    sums = {_shown_unit(unit, units): Numbers(*(int(value) for value in values)) for unit, *values in found}
    return {unit: numbers for unit, numbers in sums.items() if numbers != Numbers()}


def _clock(bucket: str, zone: ZoneInfo) -> datetime:
    """What the hall's clocks showed when the hour began."""
    return hour_of(bucket).astimezone(zone).replace(tzinfo=None)


def _bucket(name: str, grain: Grain, zone: ZoneInfo) -> BucketOut:
    begin, end = bounds(name, grain, zone)
    return BucketOut(bucket=name, starts_at=begin.astimezone(zone), ends_at=end.astimezone(zone))


def _row_out(row: _Stored, *, final: bool) -> RowOut:
    own = {"unit": row.unit, "bucket": row.bucket, "revision": row.revision, "final": final}
    return RowOut.model_validate(numbers_out(row.numbers) | own)


def _numbers_out(parts: Any) -> NumbersOut:
    return NumbersOut.model_validate(numbers_out(added(parts)))


def _totals(rows: Sequence[_Stored], units: Sequence[UnitOut]) -> list[UnitTotal]:
    parts: defaultdict[str, list[Numbers]] = defaultdict(list)
    for row in rows:
        parts[row.unit].append(row.numbers)
    return [_unit_total(unit.id, added(parts[unit.id])) for unit in units if unit.id in parts]


def _unit_total(unit: str, numbers: Numbers) -> UnitTotal:
    return UnitTotal.model_validate(numbers_out(numbers) | {"unit": unit})


def _compared(
    session: Session, asked: Asked, zone: ZoneInfo, units: Sequence[UnitOut], rows: Sequence[_Stored]
) -> ComparedOut:
    """The span a week before; of a day that still goes on, only the hours that this one has too."""
    earlier = replace(asked, first=asked.first - A_WEEK, last=asked.last - A_WEEK)
    buckets = names_between(earlier.first, earlier.last, asked.grain, zone)
    if asked.grain == "hour" and rows:
        latest = max(_clock(row.bucket, zone) for row in rows) - A_WEEK
        buckets = [name for name in buckets if _clock(name, zone) <= latest]
    before = _sums(session, earlier, buckets, units)
    now, then = added(row.numbers for row in rows), added(before.values())
    return ComparedOut(
        first=earlier.first,
        last=earlier.last,
        totals=[_unit_total(unit.id, before[unit.id]) for unit in units if unit.id in before],
        total=NumbersOut.model_validate(numbers_out(then)),
        change=ChangeOut(
            compliance=_points(now.compliance, then.compliance),
            coverage=_points(now.coverage, then.coverage),
            confirmed=now.confirmed - then.confirmed,
        ),
    )


def _points(now: float | None, then: float | None) -> float | None:
    return None if now is None or then is None else 100 * (now - then)
