"""Reports over HTTP: a day, week or month as a workbook or a PDF, and the honour board."""

import hashlib
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from api.compliance.reading import EARLIEST, LATEST
from api.compliance.settling import settle
from api.fields import Day
from api.hall import hall_row, hall_zone
from api.problems import FieldError, Problem
from api.reports.files import MEDIA_TYPES, file_name, make_file
from api.reports.fonts import FontMissingError
from api.reports.sending import targets_of
from api.reports.settings import Format
from api.reports.spans import Kind, Span, span_of
from api.reports.tables import ReportDeliveryRow
from api.services import Parts, Services

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])

SHOWN = 200

KindPath = Annotated[Kind, Path(description="a day, a week from Monday on, or a month")]
DayPath = Annotated[Day, Path(description="any local day of it")]
Tongue = Annotated[Literal["zh", "en"], Query(description="of the report")]
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
XLSX: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPES["xlsx"]: {}}}}


@router.get("/{kind}/{day}.xlsx", operation_id="readReportWorkbook", response_class=Response, responses=XLSX)
def read_workbook(parts: Parts, kind: KindPath, day: DayPath, language: Tongue = "zh") -> Response:
    """The report as a workbook."""
    return _answer(parts, kind, day, "xlsx", language)


@router.get("/{kind}/{day}.pdf", operation_id="readReportPdf", response_class=Response, responses=PDF)
def read_pdf(parts: Parts, kind: KindPath, day: DayPath, language: Tongue = "zh") -> Response:
    """The report as a PDF, A4."""
    return _answer(parts, kind, day, "pdf", language)


@router.get("/{kind}/{day}/board.pdf", operation_id="readHonourBoard", response_class=Response, responses=PDF)
def read_honour_board(parts: Parts, kind: KindPath, day: DayPath, language: Tongue = "zh") -> Response:
    """Windows without a breach, the most improved, and final breaches by window; one page, no people."""
    return _answer(parts, kind, day, "board", language)


class DeliveryOut(BaseModel):
    """One report to one place."""

    kind: Kind
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    target: str = Field(description="`folder`, or the mail address")
    state: Literal["waiting", "delivered", "given_up"]
    attempts: int
    asked_at: datetime
    delivered_at: datetime | None = Field(description="null: not yet")
    last_error: str | None = Field(description="why the last try failed; null: it did not")


class SendingOut(BaseModel):
    """What is sent by itself, as the settings say, and what became of it."""

    today: date = Field(description="in the hall's zone")
    kinds: list[Kind]
    at: str = Field(description="local time of the day after, HH:MM")
    formats: list[Format]
    targets: list[str]
    deliveries: list[DeliveryOut] = Field(description="the latest 200, newest first")


@router.get("", operation_id="readReportSending")
def read_sending(parts: Parts) -> SendingOut:
    """Which reports are sent by themselves, where to, and which arrived."""
    settings = parts.settings.reports
    table = ReportDeliveryRow
    newest = select(table).order_by(table.asked_at.desc(), table.kind, table.target).limit(SHOWN)
    with parts.database.read() as session:
        zone = hall_zone(session)
        found = [_delivery(row) for row in session.scalars(newest)]
    return SendingOut(
        today=parts.settings.clock().astimezone(zone).date(),
        kinds=list(settings.kinds),
        at=f"{settings.at:%H:%M}",
        formats=list(settings.formats),
        targets=targets_of(settings),
        deliveries=found,
    )


def _delivery(row: ReportDeliveryRow) -> DeliveryOut:
    span = span_of(cast(Kind, row.kind), date.fromisoformat(row.first))
    return DeliveryOut(
        kind=span.kind,
        first=span.first,
        last=span.last,
        target=row.target,
        state=cast(Literal["waiting", "delivered", "given_up"], row.state),
        attempts=row.attempts,
        asked_at=row.asked_at,
        delivered_at=row.delivered_at,
        last_error=row.last_error,
    )


def _answer(
    parts: Services, kind: Kind, day: date, format_: Format, language: Literal["zh", "en"]
) -> Response:
    """The file as figures stand now; computes first what became stale."""
    settle(parts)
    now, settings = parts.settings.clock(), parts.settings
    with parts.database.read() as session:
        today = now.astimezone(ZoneInfo(hall_row(session).time_zone)).date()
        span = _span(kind, day, today)
        try:
            body = make_file(session, span, format_, language, now, settings.review, settings.reports.font)
        except FontMissingError as error:
            raise Problem("font_missing", said=(error.zh, error.en)) from None
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="{file_name(span, format_, language)}"',
    }
    return Response(body, media_type=MEDIA_TYPES[format_], headers=headers)


def _span(kind: Kind, day: date, today: date) -> Span:
    if not EARLIEST <= day <= LATEST:
        raise Problem("invalid", FieldError("/path/day", "日期超出范围", "Date out of range"))
    span = span_of(kind, day)
    if span.first > today:
        zh, en = "该时段尚未开始", "That time has not begun yet"
        raise Problem("invalid", FieldError("/path/day", zh, en))
    return span
