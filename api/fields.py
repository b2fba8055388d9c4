"""The field types that many messages share."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_core import PydanticCustomError


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC)


PlainText = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""Text that every database can hold: PostgreSQL stores no NUL, and nobody types it."""

Time = Annotated[AwareDatetime, AfterValidator(_utc)]
"""RFC 3339 with an offset; UTC from here on."""

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^/\\\x00-\x1f]+$")]
"""A name out of the site file: hall, window or camera."""

EventId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
]
"""A UUID in lower case (version 7 from our workers)."""

Code = Annotated[PlainText, Field(min_length=1, max_length=32)]
"""A behaviour's code or variant."""

Role = Literal["supervisor", "window_staff"]
"""What somebody may do: judge, or see and appeal what was confirmed at their own window."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

Finite = Annotated[float, Field(allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


def refused(zh: str, en: str) -> PydanticCustomError:
    """What a validator raises on something that only people's words can name, in both languages."""
    return PydanticCustomError("refused", "{en}", {"zh": zh, "en": en})
