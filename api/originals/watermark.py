"""What a released original bears over every picture: who may look at it, since when, and of which request."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typst
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.originals.tables import OriginalRequestRow
from api.problems import Problem
from api.reports.fonts import FontMissingError, Fonts, chinese_fonts
from api.services import Services
from api.tables import HallRow

TEMPLATE = Path(__file__).resolve().parent / "templates" / "watermark.typ"


def require_font(parts: Services) -> Fonts:
    """The font that marks are set in: names are Chinese. Raises Problem where the machine has none."""
    try:
        return chinese_fonts(parts.settings.reports.font)
    except FontMissingError as error:
        raise Problem("font_missing", said=(error.zh, error.en)) from None


def mark_of(session: Session, row: OriginalRequestRow) -> str:
    """One line: the viewer, the time of the release in the hall's zone, the request."""
    hall = session.scalars(select(HallRow)).first()
    at = row.decided_at or row.asked_at
    return f"{row.asked_by}  {_local(at, hall)}  {row.id[:8]}"


def watermark(fonts: Fonts, mark: str, size: tuple[int, int]) -> bytes:
    """A PNG of `size` (width, height) pixels, transparent but for the mark."""
    width, height = size
    foot = f"{mark}  ·  仅限申请人查看,不得外传 · for this viewer only"
    values = {"width": width, "height": height, "text": mark, "foot": foot, "font": fonts.family}
    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=fonts.files,
        ignore_system_fonts=True,
        format="png",
        ppi=72,
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made


def _local(at: datetime, hall: HallRow | None) -> str:
    return at.astimezone(ZoneInfo(hall.time_zone if hall else "Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")
