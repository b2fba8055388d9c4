"""The field types that many messages share."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

_RFC_3339 = re.compile(r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}")


EARLIEST_YEAR, LATEST_YEAR = 2000, 2199
"""A camera whose clock was never set must not make figures of another century."""


def _utc(time: datetime) -> datetime:
    if not EARLIEST_YEAR < time.year < LATEST_YEAR:
        zh, en = "时间须在 2001 至 2198 年之间", "The time must lie in the years 2001 to 2198"
        raise refused(zh, en)
    return time.astimezone(UTC)


def _written_out(told: object) -> object:
    """A number would be taken for seconds since 1970; nobody means that."""
    if isinstance(told, datetime) or (isinstance(told, str) and _RFC_3339.match(told)):
        return told
    raise refused("时间须写作 2026-03-02T09:30:00+08:00", "Write a time as 2026-03-02T09:30:00+08:00")


PlainText = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""Text that every database can hold: PostgreSQL stores no NUL, and nobody types it."""


def _a_day(told: object) -> object:
    if isinstance(told, date) or (isinstance(told, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", told)):
        return told
    raise refused("日期须写作 2026-03-02", "Write a date as 2026-03-02")


Day = Annotated[date, BeforeValidator(_a_day)]
"""A local date; a number would be taken for seconds since 1970."""

Time = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_utc)]
"""RFC 3339 with an offset; UTC from here on."""

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^/\\\x00-\x1f]+$")]
"""A name out of the site file: hall, window or camera."""

EventId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
]
"""A UUID in lower case (version 7 from our workers)."""

Code = Annotated[PlainText, Field(min_length=1, max_length=32)]
"""A behaviour's code or variant."""

Role = Literal["supervisor", "manager", "administrator", "auditor", "window_staff"]
"""What somebody is; what each may do stands in api/rights/table.py."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

Finite = Annotated[float, Field(allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


def refused(zh: str, en: str) -> PydanticCustomError:
    """What a validator raises on something that only people's words can name, in both languages."""
    return PydanticCustomError("refused", "{en}", {"zh": zh, "en": en})
