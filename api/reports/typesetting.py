"""From a template of ours and values to a PDF (Typst): A4, text that can be searched, fonts embedded.

Values go in as JSON and come out as text, so that nothing in a name is ever markup. A template reaches no
package and no network; PDF/A-2u promises that every font is within and every letter can be copied.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from api.reports.fonts import chinese_fonts


class PrintError(Exception):
    """A template and its values do not go together: a fault of the program, never of the figures."""


TEMPLATES = Path(__file__).resolve().parent / "templates"


def typeset(template: str, values: Mapping[str, Any], made_at: datetime, font: Path | None) -> bytes:
    """The PDF of that template. Raises FontMissingError, PrintError."""
    fonts = chinese_fonts(font)
    try:
        return typst.compile(
            TEMPLATES / f"{template}.typ",
            root=TEMPLATES,
            font_paths=fonts.files,
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="a-2u",
            timestamp=made_at.astimezone(UTC).replace(microsecond=0),
            sys_inputs={"values": json.dumps({**values, "font": fonts.family}, ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise PrintError(f"{template}: {error.message}") from error
