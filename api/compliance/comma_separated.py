"""Tables of figures as CSV that a spreadsheet opens: UTF-8 with a byte order mark, RFC 4180."""

import csv
import io
from collections.abc import Iterable, Sequence

from api.compliance.definitions import DEFINITIONS
from api.compliance.models import BehavioursOut, TableOut

NAMES = {one.key: (one.name_zh, one.name_en) for one in DEFINITIONS}
HEADS = {
    "starts_at": ("开始", "Begins"),
    "ends_at": ("结束", "Ends"),
    "unit": ("编号", "Id"),
    "name": ("名称", "Name"),
    "bucket": ("时段", "Time"),
    "behaviour": ("行为", "Behaviour"),
    "final": ("已结束", "Final"),
    "enough": ("覆盖率足够", "Enough coverage"),
}
COLUMNS = (
    "open_s",
    "observed_s",
    "coverage",
    "enough",
    "compliance",
    "confirmed_s",
    "present_s",
    "away_permitted_s",
    "away_s",
    "unknown_s",
    "confirmed",
    "pending",
    "dismissed",
    "expired",
    "revision",
    "final",
)
KINDS = ("confirmed", "pending", "dismissed", "expired", "confirmed_s", "assessable_s", "per_100_hours")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def table_csv(table: TableOut, language: str) -> str:
    """One line for each unit and bucket; times in the hall's offset."""
    buckets = {bucket.bucket: bucket for bucket in table.buckets}
    names = {unit.id: unit.name if language == "zh" else unit.name_en for unit in table.units}
    lines = (
        [
            buckets[row.bucket].starts_at.isoformat(),
            buckets[row.bucket].ends_at.isoformat(),
            row.unit,
            names[row.unit],
            *(getattr(row, column) for column in COLUMNS),
        ]
        for row in table.rows
    )
    return _text(("starts_at", "ends_at", "unit", "name", *COLUMNS), lines, language)


def behaviours_csv(table: BehavioursOut, language: str) -> str:
    """One line for each unit, bucket and behaviour."""
    lines = (
        [row.bucket, row.unit, row.behaviour, *(getattr(row, column) for column in KINDS)]
        for row in table.rows
    )
    return _text(("bucket", "unit", "behaviour", *KINDS), lines, language)


def _text(columns: Sequence[str], lines: Iterable[Sequence[object]], language: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([(HEADS | NAMES)[column][0 if language == "zh" else 1] for column in columns])
    writer.writerows([_cell(value) for value in line] for line in lines)
    return "\ufeff" + out.getvalue()


def _cell(value: object) -> object:
    """A name that begins like a formula would be one to a spreadsheet."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return "" if value is None else value
