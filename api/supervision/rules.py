"""How a hall speaks to the platform: code tables, grades, the form of messages and the ways they take."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from vision.article27 import CATALOGUE

Grade = Literal["warning", "yellow", "red"]
"""预警, 黄牌, 红牌."""

GRAVITY: Mapping[Grade, int] = {"warning": 1, "yellow": 2, "red": 3}
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GradeRule(_Part):
    """Which grade an event has: that of the gravest rule that it and those before it fulfil.

    At least `count` confirmed events of one window, this one included, within `within_days` up to it;
    counted are `behaviours` alone, or where `same_behaviour` only those of the event's own.
    """

    grade: Grade
    count: Annotated[int, Field(ge=1, le=1000)] = 1
    within_days: Annotated[int, Field(ge=1, le=366)] = 7
    behaviours: tuple[str, ...] | None = None
    same_behaviour: bool = False

    @model_validator(mode="after")
    def _known(self) -> Self:
        for code in self.behaviours or ():
            if code not in CATALOGUE:
                raise ValueError(f"there is no behaviour `{code}`")
        return self


class HttpsWay(_Part):
    """POST to an address of HALLWATCH_OUTBOUND, with HALLWATCH_SUPERVISION_TOKEN as bearer token."""

    address: Annotated[str, StringConstraints(min_length=8, max_length=2000)]


class FolderWay(_Part):
    """A file for each message, renamed into place, and after it a control file: then it is whole."""

    path: Path


class TableWay(_Part):
    """A row for each message in the table of a front-end database (前置机), SQLAlchemy's address in `url`."""

    url: SecretStr
    table: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")] = "hallwatch_message"


class SupervisionRules(_Part):
    """The whole of it. A behaviour or window without a code of its own goes by ours."""

    region_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    format: Literal["xml", "json"] = "xml"
    template: Path | None = None
    unit_codes: Mapping[str, Code] = {}
    behaviour_codes: Mapping[str, Code] = {}
    grade_codes: Mapping[Grade, Code] = {}
    grades: tuple[GradeRule, ...] = (GradeRule(grade="warning"),)
    https: HttpsWay | None = None
    folder: FolderWay | None = None
    table: TableWay | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not (self.https or self.folder or self.table):
            raise ValueError("no way is named; write `https:`, `folder:` or `table:`")
        for code in self.behaviour_codes:
            if code not in CATALOGUE:
                raise ValueError(f"behaviour_codes: there is no behaviour `{code}`")
        return self

    @property
    def longest_days(self) -> int:
        """How far back a grade looks."""
        return max((rule.within_days for rule in self.grades), default=1)

    @property
    def ways(self) -> tuple[str, ...]:
        """Names of the ways that messages take."""
        return tuple(name for name in ("https", "folder", "table") if getattr(self, name) is not None)
