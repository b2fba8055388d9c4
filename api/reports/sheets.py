"""Writing cells of a workbook: text that is never a formula, numbers with their format, grey where told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Style = Literal["text", "percent", "number", "decimal", "points", "head", "title", "note", "wrapped"]
Value = str | float | int | None

STYLES: dict[Style, dict[str, Any]] = {
    "text": {},
    "percent": {"num_format": "0.0%"},
    "number": {"num_format": "0"},
    "decimal": {"num_format": "0.0"},
    "points": {"num_format": "+0.0;-0.0;0.0"},
    "head": {"bold": True, "bottom": 2, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EDF3"},
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#555555", "text_wrap": True, "valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
}
GREY = {"bg_color": "#D9D9D9", "font_color": "#595959", "pattern": 1}


@dataclass(slots=True)
class Book:
    """A workbook with its formats, each made once."""

    workbook: Workbook
    _formats: dict[tuple[str, bool], Any] = field(default_factory=dict)

    def style(self, style: Style, grey: bool = False) -> Any:
        """The format of that style, on grey or not."""
        key = (style, grey)
        if key not in self._formats:
            look = STYLES[style] | (GREY if grey else {})
            self._formats[key] = self.workbook.add_format({"font_name": "Microsoft YaHei", **look})
        return self._formats[key]

    def sheet(self, name: str, widths: Sequence[float]) -> Worksheet:
        """A new sheet with columns so many digits wide; a Chinese character takes two."""
        sheet = self.workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(0)
        return sheet

    def put(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: Value,
        style: Style = "text",
        *,
        grey: bool = False,
    ) -> None:
        """Write one cell: a string as text whatever it begins with, None as an empty one."""
        look = self.style(style, grey)
        if value is None:
            sheet.write_blank(row, column, None, look)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, look)
        else:
            sheet.write_number(row, column, value, look)

    def heads(self, sheet: Worksheet, row: int, names: Sequence[str], freeze_columns: int = 1) -> None:
        """A row of headings that stays in sight and is repeated on every printed page."""
        for column, name in enumerate(names):
            self.put(sheet, row, column, name, "head")
        sheet.freeze_panes(row + 1, freeze_columns)
        sheet.repeat_rows(row)


def width_of(texts: Sequence[str], least: float = 9, most: float = 44) -> float:
    """The width of a column that holds these texts; Chinese characters are two digits wide."""
    longest = max((sum(2 if ord(c) > 0x2E7F else 1 for c in text) for text in texts), default=0)
    return min(most, max(least, longest + 2))
