"""`hallwatch report`: a day's, week's or month's report as files, also while the service runs."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.compliance.settling import settle_all
from api.database import Database
from api.hall import hall_zone
from api.meanings import MEANINGS
from api.problems import Problem
from api.reports.files import file_name, make_file
from api.reports.folder import drop
from api.reports.fonts import FontMissingError
from api.reports.settings import FORMATS
from api.reports.spans import Kind, Span, latest_ready, span_of
from hallwatch.api_process import review_rules
from hallwatch.report_settings import listed
from hallwatch.settings import Settings, SettingsError, read_settings


def report_command(
    kind: Annotated[Kind, typer.Argument(help="日报、周报或月报。 Of a day, a week or a month.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="存放文件夹。 Where to put the files.")
    ],
    date: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="其中任意一天;默认为最近一个已结束的时段。 Any day of it; by default the last that is over.",
        ),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="文件,逗号分隔。 Which files: xlsx, pdf, board (with commas).")
    ] = "xlsx,pdf",
    language: Annotated[Literal["zh", "en"], typer.Option(help="语言。 Of the report.")] = "zh",
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹。 The data folder.")] = None,
) -> None:
    """生成日报、周报、月报或表扬台。 Make a report, or the honour board, as files."""
    settings = read_settings(data_dir=data)
    now = datetime.now(UTC)
    database = Database(settings.database.get_secret_value())
    try:
        database.migrate()
        settle_all(database, lambda: now)
        span = _span(database, kind, date, now)
        for name, body in _files(database, settings, span, formats, language, now):
            typer.echo(str(drop(out, name, body)))
    finally:
        database.close()


def _files(
    database: Database,
    settings: Settings,
    span: Span,
    formats: str,
    language: Literal["zh", "en"],
    now: datetime,
) -> list[tuple[str, bytes]]:
    wanted = listed("--format", formats, FORMATS)
    rules, font = review_rules(settings), settings.reports_font
    try:
        with database.read() as session:
            return [
                (file_name(span, one, language), make_file(session, span, one, language, now, rules, font))
                for one in wanted
            ]
    except FontMissingError as error:
        raise SettingsError(f"{error.zh} {error.en}") from None
    except Problem as error:
        meaning = MEANINGS[error.code]
        raise SettingsError(f"{meaning.zh}。{meaning.do_zh} {meaning.en}. {meaning.do_en}") from None


def _span(database: Database, kind: Kind, date: datetime | None, now: datetime) -> Span:
    with database.read() as session:
        zone = hall_zone(session)
    if date is None:
        return latest_ready(kind, time(), now, zone)
    today = now.astimezone(zone).date()
    if not date.year >= 2000 or date.date() > today:
        raise SettingsError(f"--date: {date.date()} is to come, or before 2000; write a day up to {today}")
    return span_of(kind, date.date())
