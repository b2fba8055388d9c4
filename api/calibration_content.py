"""What a camera is calibrated with: its floor and its windows' zones, as the site file names them.

Positions in the picture are shares 0..1 (x right, y down), positions on the floor metres. Only the shape is
held to here: what makes a floor or a zone is said in sentences, when it is tried or saved.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.fields import Finite, Id, Share

Spot = tuple[Share, Share]
Metres = tuple[Finite, Finite]
Segment = tuple[Metres, Metres]
TileSide = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
Outline = Annotated[list[Spot], Field(max_length=1000, description="corners in order")]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MeasuredPoint(_Told):
    """A spot on the floor: where it is seen, and where it is, in metres or counted in tiles."""

    at: Spot
    m: Metres | None = None
    tile: Metres | None = None


class LensContent(_Told):
    """A lens in widths of the picture; without `focal` only the bend of lines is known."""

    focal: Annotated[float, Field(gt=0.05, le=50, allow_inf_nan=False)] | None = None
    centre: Spot = (0.5, 0.5)
    distortion: tuple[Finite, Finite, Finite, Finite, Finite] = (0.0, 0.0, 0.0, 0.0, 0.0)


class FloorContent(_Told):
    """The floor: measured points, and what is drawn on it. Without a `lens` straight lines tell its bend."""

    points: list[MeasuredPoint] = Field(max_length=500)
    tile_m: tuple[TileSide, TileSide] | None = Field(default=None, description="one tile's width and depth")
    lens: LensContent | None = None
    straight_lines: list[Annotated[list[Spot], Field(max_length=1000)]] = Field(
        default_factory=list, max_length=50, description="points along edges that are straight in the hall"
    )
    counter_edge_m: Segment | None = None
    line_m: Segment | None = Field(default=None, description="the 1-metre line")


class ZonesContent(_Told):
    """Where the camera sees a window's staff side and its public side."""

    staff: Outline
    public: Outline | None = None


class CalibrationContent(_Told):
    """What a camera is calibrated with; `zones` by the ids of its windows."""

    floor: FloorContent | None = None
    zones: dict[Id, ZonesContent] = Field(max_length=1000)
