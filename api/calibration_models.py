"""What is said of calibrations, and what of them is shown.

Positions in the picture are shares 0..1 (x right, y down), positions on the floor metres.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.calibration_content import CalibrationContent
from api.fields import PlainText
from api.ingest_models import WindowIn

Side = Annotated[int, Field(ge=1, le=100_000)]
Size = Annotated[tuple[Side, Side], Field(description="width and height in pixels")]
Note = Annotated[PlainText, StringConstraints(strip_whitespace=True, max_length=500)]
Grade = Literal["good", "weak", "bad"]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PreviewIn(_Told):
    """A calibration to be tried in a picture of `size`."""

    content: CalibrationContent
    size: Size


class CalibrationIn(_Told):
    """A calibration to be saved, and in the saver's words what was done."""

    content: CalibrationContent
    note: Note | None = None


class RestorationIn(_Told):
    """Which revision shall hold again; 0 is the site file."""

    revision: int = Field(ge=0, le=2**31 - 1)


class CalibrationOut(BaseModel):
    """The calibration of a camera.

    Revision 0 is what the site file says, as the camera's worker told it; `content` is null while it has not.
    `stale`: the camera was moved, so that nothing lies where it was drawn. `in_use` is the revision that the
    worker said it works with, null while it said none; it takes a saved one within seconds.
    """

    revision: int
    content: CalibrationContent | None
    saved_at: datetime | None
    saved_by: str | None = Field(description="user name")
    note: str | None
    size: Size
    stale: bool
    in_use: int | None
    windows: list[WindowIn]


class PointErrorOut(BaseModel):
    """How far a measured point is off in the fit, and of a floor fitted without it (null: not told)."""

    off_px: float
    off_cm: float
    left_out_px: float | None
    left_out_cm: float | None
    grade: Grade


Polyline = list[tuple[float, float]]


class PreviewOut(BaseModel):
    """How good a floor is and how it looks in the picture; lines in shares of it.

    `line_sd_cm` is the standard deviation, across it, of a spot on the 1-metre line; `ellipses` hold each
    measured point, and each end of that line, with 95 % confidence.
    """

    points: list[PointErrorOut]
    worst_cm: float | None
    grid: list[Polyline]
    counter: Polyline | None
    line: Polyline | None
    line_at_m: float | None
    line_sd_cm: float | None
    ellipses: list[Polyline]
    warnings: list[str]


class RevisionOut(BaseModel):
    """One saved state; revision 0, the site file's, was saved by nobody."""

    revision: int
    saved_at: datetime | None
    saved_by: str | None
    note: str | None
    restored_from: int | None
    points: int
    worst_cm: float | None


class WorkerCalibration(BaseModel):
    """What a camera's worker shall work with; without `content`, what its own site file says."""

    revision: int
    content: CalibrationContent | None
