"""A report as a workbook (.xlsx): one sheet for each table, a chart, and what the figures mean."""

import io

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from api.compliance.definitions import DEFINITIONS
from api.compliance.models import NumbersOut
from api.reports import formats
from api.reports.content import Report, rise
from api.reports.sheets import Book, Style, Value, width_of
from api.reports.spans import STEP
from api.reports.words import Language, behaviour_name, full_width, span_name, unit_name, word

NUMBERS: tuple[tuple[str, Style], ...] = (
    ("compliance", "percent"),
    ("coverage", "percent"),
    ("open_s", "decimal"),
    ("observed_s", "decimal"),
    ("present_s", "decimal"),
    ("away_permitted_s", "decimal"),
    ("away_s", "decimal"),
    ("unknown_s", "decimal"),
    ("confirmed_s", "decimal"),
    ("breach_s", "decimal"),
    ("confirmed", "number"),
    ("pending", "number"),
    ("dismissed", "number"),
    ("expired", "number"),
)
MINUTES = frozenset({"confirmed_s", "breach_s"})


def report_xlsx(report: Report, language: Language) -> bytes:
    """The report as a workbook."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as workbook:
        hall, what = unit_name(report.hall, language), word(report.span.kind, language)
        workbook.set_properties(
            {
                "title": f"{hall} {what} {span_name(report.span, language)}",
                "author": "hallwatch",
                "created": report.made_at.replace(tzinfo=None),
            }
        )
        book = Book(workbook)
        _summary(book, report, language)
        _windows(book, report, language)
        _steps(book, report, language)
        _matrix(book, report, language)
        _worst(book, report, language)
        _behaviours(book, report, language)
        _meanings(book, report, language)
    return out.getvalue()


def _summary(book: Book, report: Report, language: Language) -> None:
    sheet = book.sheet(word("summary", language), (30, 20, 20, 16, 10))
    hall, what = unit_name(report.hall, language), word(report.span.kind, language)
    book.put(sheet, 0, 0, f"{hall} {what}", "title")
    book.put(sheet, 1, 0, span_name(report.span, language))
    book.put(sheet, 2, 0, f"{word('made', language)} {formats.clock(report.made_at)} · {report.time_zone}")
    state = [word("principle", language)]
    state += [word("nothing", language)] if report.is_empty else []
    state += [] if report.final else [word("open_now", language)]
    sheet.merge_range(3, 0, 3, 4, "", book.style("note"))
    sheet.set_row(3, 48)
    book.put(sheet, 3, 0, " ".join(state), "note")
    before = report.before
    heads = [word(key, language) for key in ("figure", "value", "before", "change")]
    book.heads(sheet, 5, heads)
    if before:
        book.put(sheet, 4, 2, span_name(before.span, language), "note")
    for row, (key, style) in enumerate(NUMBERS, 6):
        now, then = _value(report.total, key), _value(before.total, key) if before else None
        book.put(sheet, row, 0, _head(key, language))
        book.put(sheet, row, 1, now, style)
        book.put(sheet, row, 2, then, style)
        _change(book, sheet, row, now, then, style, language)
    _more(book, sheet, 6 + len(NUMBERS) + 1, report, language)


def _change(
    book: Book,
    sheet: Worksheet,
    row: int,
    now: float | None,
    then: float | None,
    style: Style,
    language: Language,
) -> None:
    if style == "percent":
        book.put(sheet, row, 3, rise(now, then), "points")
        book.put(sheet, row, 4, word("points", language), "note")
    elif now is not None and then is not None:
        book.put(sheet, row, 3, now - then, "points")


def _more(book: Book, sheet: Worksheet, row: int, report: Report, language: Language) -> None:
    backlog, clean = report.backlog, report.total.clean
    lines: list[tuple[str, Value]] = [
        (word("clean", language), formats.with_interval(clean)),
        (word("backlog", language), None),
        (word("backlog.pending", language), backlog.pending),
        (word("backlog.overdue", language), backlog.overdue),
        (word("backlog.appeals", language), backlog.open_appeals),
        (word("backlog.oldest", language), formats.clock(backlog.oldest_at) if backlog.oldest_at else None),
        (word("unknown", language), None if report.total.unknown else word("unknown_none", language)),
    ]
    for cause, seconds in report.total.unknown.items():
        lines.append((f"{word(f'cause.{cause}', language)} ({word('hours', language)})", seconds / 3600))
    lines += [(word("revision", language), report.revision), (word("version", language), report.version)]
    for index, (name, value) in enumerate(lines, row):
        book.put(sheet, index, 0, name)
        book.put(sheet, index, 1, value, "decimal" if isinstance(value, float) else "number")


def _windows(book: Book, report: Report, language: Language) -> None:
    names = [unit_name(part.unit, language) for part in report.windows]
    widths = (width_of(names, 14), *(13 for _ in range(len(NUMBERS) + 3)))
    sheet = book.sheet(word("by_window", language), widths)
    heads = [word("window", language), *(_head(key, language) for key, _ in NUMBERS)]
    clean, change = word("clean", language), f"{word('change', language)} ({word('points', language)})"
    book.heads(sheet, 0, [*heads, clean, change, word("revision", language)])
    for row, (name, part) in enumerate(zip(names, report.windows, strict=True), 1):
        grey = not part.numbers.enough
        book.put(sheet, row, 0, name, grey=grey)
        _numbers(book, sheet, row, part.numbers)
        last = len(NUMBERS) + 1
        share = part.numbers.clean.share if part.numbers.clean else None
        book.put(sheet, row, last, share, "percent", grey=grey)
        book.put(sheet, row, last + 1, part.change, "points", grey=grey)
        book.put(sheet, row, last + 2, part.revision, "number", grey=grey)
    book.put(sheet, len(names) + 2, 0, word("grey_note", language), "note")


def _steps(book: Book, report: Report, language: Language) -> None:
    kind = STEP[report.span.kind]
    name = word(f"by_{kind}", language)
    sheet = book.sheet(name, (14, *(13 for _ in NUMBERS)))
    book.heads(sheet, 0, [word(kind, language), *(_head(key, language) for key, _ in NUMBERS)])
    for row, step in enumerate(report.steps, 1):
        label = step.starts_at.strftime("%H:%M") if kind == "hour" else step.bucket
        grey = step.numbers is None or not step.numbers.enough
        book.put(sheet, row, 0, label, grey=grey)
        if step.numbers is not None:
            _numbers(book, sheet, row, step.numbers)
    book.put(sheet, len(report.steps) + 2, 0, word("grey_note", language), "note")
    if report.steps:
        _chart(book, sheet, name, len(report.steps), word(f"curve.{kind}", language), language)


def _chart(book: Book, sheet: Worksheet, name: str, rows: int, title: str, language: Language) -> None:
    chart = book.workbook.add_chart({"type": "line"})
    for column, dashed in ((1, False), (2, True)):
        chart.add_series(
            {
                "name": word("coverage" if dashed else "compliance", language),
                "categories": [name, 1, 0, rows, 0],
                "values": [name, 1, column, rows, column],
                "line": {
                    "color": "#7F7F7F" if dashed else "#1D3557",
                    "dash_type": "dash" if dashed else "solid",
                },
                "marker": {"type": "none" if dashed else "circle"},
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 11}})
    chart.set_y_axis({"num_format": "0%", "max": 1, "min": 0})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 820, "height": 300})
    sheet.insert_chart(rows + 4, 0, chart)


def _matrix(book: Book, report: Report, language: Language) -> None:
    kind = STEP[report.span.kind]
    names = [unit_name(part.unit, language) for part in report.windows]
    heads = [formats.step_label(report.span, s.bucket, s.starts_at, language) for s in report.steps]
    sheet = book.sheet(word(f"by_window_{kind}", language), (width_of(names, 14), *(8 for _ in heads)))
    book.heads(sheet, 0, [word("window", language), *heads])
    for row, part in enumerate(report.windows, 1):
        book.put(sheet, row, 0, names[row - 1])
        for column, step in enumerate(report.steps, 1):
            cell = report.cells.get((part.unit.id, step.bucket))
            if cell is not None and cell.open_s > 0:
                value: Value = "×" if cell.compliance is None else cell.compliance
                book.put(sheet, row, column, value, "percent", grey=not cell.enough)
    book.put(
        sheet, len(names) + 2, 0, f"{word('compliance', language)}。{word('grey_note', language)}", "note"
    )


def _worst(book: Book, report: Report, language: Language) -> None:
    names = [unit_name(hour.unit, language) for hour in report.worst]
    sheet = book.sheet(word("worst_sheet", language), (18, width_of(names, 14), 12, 12, 18, 12))
    keys = ("compliance", "coverage", "breach_s", "confirmed")
    heads = [word("hour", language), word("window", language), *(_head(key, language) for key in keys)]
    book.heads(sheet, 0, heads)
    for row, (name, hour) in enumerate(zip(names, report.worst, strict=True), 1):
        book.put(sheet, row, 0, formats.clock(hour.starts_at))
        book.put(sheet, row, 1, name)
        book.put(sheet, row, 2, hour.compliance, "percent")
        book.put(sheet, row, 3, hour.coverage, "percent")
        book.put(sheet, row, 4, hour.breach_s / 60, "decimal")
        book.put(sheet, row, 5, hour.confirmed, "number")
    book.put(sheet, len(names) + 2, 0, word("worst_note", language), "note")


def _behaviours(book: Book, report: Report, language: Language) -> None:
    names = [behaviour_name(one.behaviour, language) for one in report.behaviours]
    sheet = book.sheet(word("behaviours", language), (width_of(names, 16), *(13 for _ in range(9))))
    keys = ("confirmed", "pending", "dismissed", "expired", "confirmed_s", "per_100_hours", "precision")
    low, high = (f"{word('precision', language)} 95% {end}" for end in ("↓", "↑"))
    heads = [word("behaviour", language), *(_head(key, language) for key in keys), low, high]
    book.heads(sheet, 0, heads)
    for row, (name, one) in enumerate(zip(names, report.behaviours, strict=True), 1):
        precision = one.precision
        book.put(sheet, row, 0, name)
        for column, state in enumerate(keys[:4], 1):
            book.put(sheet, row, column, getattr(one, state), "number")
        book.put(sheet, row, 5, one.confirmed_s / 60, "decimal")
        book.put(sheet, row, 6, one.per_100_hours, "decimal")
        ends = (precision.share, precision.low, precision.high) if precision else (None, None, None)
        for column, share in enumerate(ends, 7):
            book.put(sheet, row, column, share, "percent")


def _meanings(book: Book, report: Report, language: Language) -> None:
    sheet = book.sheet(word("definitions", language), (26, 12, 12, 12, 20, 20))
    zh = language == "zh"
    row = 0
    for one in DEFINITIONS:
        book.put(sheet, row, 0, one.name_zh if zh else one.name_en, "wrapped")
        sheet.merge_range(row, 1, row, 5, "", book.style("wrapped"))
        book.put(sheet, row, 1, full_width(one.text_zh) if zh else one.text_en, "wrapped")
        sheet.set_row(row, 46)
        row += 1
    rate = report.error_rate
    source = f"{full_width(rate.source_zh) if zh else rate.source_en} {word('principle', language)}"
    book.put(sheet, row + 1, 0, word("error_rate", language), "title")
    sheet.merge_range(row + 2, 0, row + 2, 5, "", book.style("note"))
    sheet.set_row(row + 2, 48)
    book.put(sheet, row + 2, 0, source, "note")
    keys = ("behaviour", "found", "missed", "false", "recall", "tested_precision")
    for column, key in enumerate(keys):
        book.put(sheet, row + 3, column, word(key, language), "head")
    for line, error in enumerate(rate.behaviours, row + 4):
        book.put(sheet, line, 0, behaviour_name(error.behaviour, language))
        for column, number in enumerate((error.found, error.missed, error.false), 1):
            book.put(sheet, line, column, number, "number")
        book.put(sheet, line, 4, formats.with_interval(error.recall))
        book.put(sheet, line, 5, formats.with_interval(error.precision))


def _numbers(book: Book, sheet: Worksheet, row: int, numbers: NumbersOut) -> None:
    for column, (key, style) in enumerate(NUMBERS, 1):
        book.put(sheet, row, column, _value(numbers, key), style, grey=not numbers.enough)


def _value(numbers: NumbersOut, key: str) -> float | None:
    """Shares as they are, times in hours or minutes as their heads say."""
    value: float | None = getattr(numbers, key)
    if value is None or not key.endswith("_s"):
        return value
    return value / 60 if key in MINUTES else value / 3600


def _head(key: str, language: Language) -> str:
    name = word(key, language)
    if not key.endswith("_s"):
        return name
    return f"{name} ({word('minutes' if key in MINUTES else 'hours', language)})"
