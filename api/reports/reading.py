"""A report read out of the stored figures: the same numbers that the tables of figures tell."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.compliance.backlog import Backlog, read_backlog
from api.compliance.models import TableOut, UnitOut
from api.compliance.reading import Asked, Level, read_behaviours, read_table
from api.compliance.worst_hours import worst_hours
from api.hall import hall_row
from api.reports.content import Before, Report, Step, WindowPart, compliance_rise
from api.reports.spans import A_DAY, GRAIN, STEP, Span, span_of

WORST = 10
LOOK_BACK = timedelta(days=14)
"""A day is compared to the last open one before: weekends and holidays are passed over, the longest too."""


def read_report(session: Session, span: Span, now: datetime) -> Report:
    """The report of that span as figures stand. Raises Problem where no hall was reported yet."""
    hall = hall_row(session)
    zone = ZoneInfo(hall.time_zone)
    starts_at, ends_at = (at.astimezone(zone) for at in span.bounds(zone))
    parts = read_table(session, _asked(span, "window", step=True), now)
    steps = read_table(session, _asked(span, "hall", step=True), now)
    whole = read_table(session, _asked(span, "hall"), now)
    before = _before(session, span, now)
    return Report(
        span=span,
        hall=UnitOut(id=hall.id, name=hall.name, name_en=hall.name_en),
        time_zone=hall.time_zone,
        starts_at=starts_at,
        ends_at=ends_at,
        final=now >= ends_at and all(row.final for row in whole.rows),
        revision=max((row.revision for row in whole.rows), default=0),
        total=parts.total,
        windows=_windows(session, span, now, parts, before),
        steps=_steps(steps, span),
        cells={(row.unit, row.bucket): row for row in parts.rows},
        worst=worst_hours(session, *span.bounds(zone), zone),
        behaviours=read_behaviours(session, _asked(span, "hall")).totals,
        before=before[0] if before else None,
        backlog=_backlog(session, now, zone),
        error_rate=parts.error_rate,
        made_at=now.astimezone(zone),
        version=version("hallwatch"),
    )


def read_before(session: Session, span: Span, now: datetime) -> tuple[Before, TableOut] | None:
    """What the span is compared to, with its windows; None where nothing was open then."""
    return _before(session, span, now)


def _asked(span: Span, level: Level, *, step: bool = False) -> Asked:
    return Asked((STEP if step else GRAIN)[span.kind], level, span.first, span.last)


def _before(session: Session, span: Span, now: datetime) -> tuple[Before, TableOut] | None:
    before = span.before()
    if span.kind == "daily":
        day = _last_open_day(session, span.first, now)
        if day is None:
            return None
        before = span_of("daily", day)
    table = read_table(session, _asked(before, "window"), now)
    return (Before(before, table.total), table) if table.total.open_s else None


def _last_open_day(session: Session, day: date, now: datetime) -> date | None:
    asked = Asked("day", "hall", day - LOOK_BACK, day - A_DAY)
    known = read_table(session, asked, now).rows
    return max((date.fromisoformat(row.bucket) for row in known if row.open_s), default=None)


def _windows(
    session: Session, span: Span, now: datetime, parts: TableOut, before: tuple[Before, TableOut] | None
) -> list[WindowPart]:
    revisions = {row.unit: row.revision for row in read_table(session, _asked(span, "window"), now).rows}
    totals = {total.unit: total for total in parts.totals}
    earlier = {total.unit: total for total in before[1].totals} if before else {}
    return [
        WindowPart(
            unit,
            totals[unit.id],
            revisions.get(unit.id, 0),
            compliance_rise(totals[unit.id], earlier.get(unit.id)),
        )
        for unit in parts.units
        if unit.id in totals
    ]


def _steps(table: TableOut, span: Span) -> list[Step]:
    """Every day of a week or month; of a day the hours from the first of which anything is known on."""
    known = {row.bucket: row for row in table.rows}
    steps = [Step(b.bucket, b.starts_at, known.get(b.bucket)) for b in table.buckets]
    if span.kind != "daily" or not known:
        return steps if span.kind != "daily" else []
    busy = [index for index, step in enumerate(steps) if step.numbers is not None]
    return steps[busy[0] : busy[-1] + 1]


def _backlog(session: Session, now: datetime, zone: ZoneInfo) -> Backlog:
    found = read_backlog(session, now)
    return replace(found, oldest_at=found.oldest_at.astimezone(zone)) if found.oldest_at else found
