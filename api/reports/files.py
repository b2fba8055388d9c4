"""The files that a report can be had as: what each is called, its media type, and how it is made."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from api.reports.board import read_board
from api.reports.printed import report_pdf
from api.reports.printed_board import board_pdf
from api.reports.reading import read_report
from api.reports.settings import Format
from api.reports.spans import Span
from api.reports.words import Language
from api.reports.workbook import report_xlsx
from api.review_rules import ReviewRules

MEDIA_TYPES: dict[Format, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "board": "application/pdf",
}


def file_name(span: Span, format_: Format, language: Language) -> str:
    """`report-daily-2026-03-02.pdf`, `board-monthly-2026-03-01-en.pdf`."""
    stem = "board" if format_ == "board" else "report"
    suffix = "xlsx" if format_ == "xlsx" else "pdf"
    tongue = "" if language == "zh" else f"-{language}"
    return f"{stem}-{span.kind}-{span.first.isoformat()}{tongue}.{suffix}"


def make_file(
    session: Session,
    span: Span,
    format_: Format,
    language: Language,
    now: datetime,
    rules: ReviewRules,
    font: Path | None,
) -> bytes:
    """The file's content as figures stand. Raises FontMissingError, and Problem where no hall is known."""
    report = read_report(session, span, now)
    if format_ == "xlsx":
        return report_xlsx(report, language)
    if format_ == "pdf":
        return report_pdf(report, language, font)
    return board_pdf(report, read_board(session, report, now, rules), language, font)
