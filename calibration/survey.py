"""A camera's measured floor as people check it: is it good enough, and how does it look in the picture.

Pure numbers in, pure numbers out, so that the command line draws the same as the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.floor import LARGEST_SD_M, MIN_POINTS, Floor, FloorError
from calibration.lens import Lens, Size
from calibration.line import CounterStrip, Segment
from calibration.uncertainty import Ellipse

Matrix = NDArray[np.float64]
Point = tuple[float, float]
Polyline = tuple[Point, ...]

GRID_STEP_M = 0.5
GRID_ROOM_M = 1.0
"""How far the grid goes beyond what was measured."""

LARGEST_GRID_M = 30.0
LEFT_OUT_UP_TO = 100
"""Each point left out is a fit of its own; of so many none carries much alone."""

SAMPLES = 25
"""Points along one drawn line: a lens bends it."""

WANTED_DEPTH_M = (0.9, 1.1)
"""How far a 1-metre line is from its counter."""


@dataclass(frozen=True, slots=True)
class SurveyedPoint:
    """One measured point: how far it is off in the fit, and of a floor fitted without it (None: not told)."""

    pixel: Point
    metres: Point
    off_px: float
    off_m: float
    left_out_px: float | None
    left_out_m: float | None


@dataclass(frozen=True, slots=True)
class Survey:
    """What a fitted floor looks like and how far it can be trusted; pixels of a picture of `size`.

    `line_sd_m` is the larger standard deviation, across the line, of a spot on the 1-metre line.
    """

    size: Size
    points: tuple[SurveyedPoint, ...]
    grid: tuple[Polyline, ...]
    counter: Polyline | None
    line: Polyline | None
    line_at_m: float | None
    line_sd_m: float | None
    ellipses: tuple[Polyline, ...]
    warnings: tuple[str, ...]

    @property
    def worst_m(self) -> float:
        """The largest error of a point in the fit, metres."""
        return max(point.off_m for point in self.points)


def survey(floor: Floor, size: Size, counter_edge_m: Segment | None, line_m: Segment | None) -> Survey:
    """How good a floor is, and what to draw. Raises `FloorError` when counter and line make no strip."""
    strip = CounterStrip(counter_edge_m, line_m) if counter_edge_m and line_m else None
    line_sd = _line_sd(floor, strip) if strip else None
    points = surveyed_points(floor)
    return Survey(
        size=size,
        points=points,
        grid=_grid(floor, size, [segment for segment in (counter_edge_m, line_m) if segment]),
        counter=_drawn(floor, counter_edge_m),
        line=_drawn(floor, line_m),
        line_at_m=strip.depth_m() if strip else None,
        line_sd_m=line_sd,
        ellipses=_ellipses(floor, strip),
        warnings=tuple(_warnings(points, strip, line_sd)),
    )


def surveyed_points(floor: Floor) -> tuple[SurveyedPoint, ...]:
    """How far each measured point is off, also of a floor that was refused."""
    off_px, off_m = floor.residuals_px(), floor.residuals_m()
    left_out = floor.leave_one_out() if len(floor.pixels) <= LEFT_OUT_UP_TO else None
    return tuple(
        SurveyedPoint(
            _pair(floor.pixels[i]),
            _pair(floor.metres[i]),
            float(off_px[i]),
            float(off_m[i]),
            None if left_out is None else _told(left_out[i, 0]),
            None if left_out is None else _told(left_out[i, 1]),
        )
        for i in range(len(floor.pixels))
    )


def require_line_certain(found: Survey) -> None:
    """Raise `FloorError` when the floor cannot carry the 1-metre line that is drawn on it."""
    if found.line_sd_m is not None and not found.line_sd_m <= LARGEST_SD_M:
        raise FloorError(
            f"At the 1-metre line the floor is {found.line_sd_m * 100:.0f} cm uncertain: measure points near "
            "the line's ends too.",
            "line_uncertain",
            sd_cm=found.line_sd_m * 100,
        )


def floor_of_shares(points: Sequence[tuple[Point, Point]], size: Size, lens: Lens | None = None) -> Floor:
    """The floor through points given as (shares of the picture, metres), in a picture of `size`."""
    pixels = [(at[0] * size[0], at[1] * size[1]) for at, _ in points]
    return Floor.from_points(pixels, [metres for _, metres in points], lens, size)


def _line_sd(floor: Floor, strip: CounterStrip) -> float:
    """How uncertain the 1-metre line's distance is, at the worse of its ends."""
    worst = 0.0
    for end in strip.line_m:
        pixel = floor.to_pixels(end)
        worst = max(worst, strip.distance_sd(floor.covariance_m(pixel, floor.error.click_px)))
    return worst


def _warnings(
    points: Sequence[SurveyedPoint], strip: CounterStrip | None, line_sd: float | None
) -> list[str]:
    found = []
    if len(points) <= MIN_POINTS:
        found.append("only_four_points")
    elif max((point.left_out_m or 0.0 for point in points), default=0.0) > LARGEST_SD_M:
        found.append("one_point_carries_all")
    if strip and not WANTED_DEPTH_M[0] <= strip.depth_m() <= WANTED_DEPTH_M[1]:
        found.append("line_not_at_one_metre")
    if line_sd is not None and line_sd > LARGEST_SD_M:
        found.append("line_uncertain")
    return found


def _grid(floor: Floor, size: Size, segments: list[Segment]) -> tuple[Polyline, ...]:
    spots = np.concatenate([floor.metres, *[np.array(segment) for segment in segments]])
    low = np.floor((spots.min(axis=0) - GRID_ROOM_M) / GRID_STEP_M) * GRID_STEP_M
    high = np.minimum(spots.max(axis=0) + GRID_ROOM_M, low + LARGEST_GRID_M)
    across, away = (np.arange(low[axis], high[axis] + 1e-9, GRID_STEP_M) for axis in (0, 1))
    lines = [((float(x), float(low[1])), (float(x), float(away[-1]))) for x in across]
    lines += [((float(low[0]), float(y)), (float(across[-1]), float(y))) for y in away]
    pieces = [piece for line in lines for piece in _visible(floor, line, size)]
    return tuple(pieces)


def _visible(floor: Floor, segment: Segment, size: Size) -> list[Polyline]:
    """A segment's parts before the camera and in or near the picture."""
    spots = np.linspace(segment[0], segment[1], SAMPLES * 2)
    local = spots - floor.plane.origin
    ahead = local @ floor.plane.homography[2, :2] + floor.plane.homography[2, 2] > 0.05
    seen = floor.seen_at(spots)
    # Far outside the picture a lens's model folds over: what is seen there must lead back to the spot.
    unfolded = np.linalg.norm(floor.plane.to_metres(floor.straight(seen)) - spots, axis=1) < 0.01
    room = np.array(size) * 0.05
    inside = ahead & unfolded & (seen >= -room).all(axis=1) & (seen <= np.array(size) + room).all(axis=1)
    pieces: list[Polyline] = []
    run: list[Point] = []
    for point, shown in zip(seen, inside, strict=True):
        if shown:
            run.append(_pair(point))
        elif run:
            pieces.append(tuple(run))
            run = []
    return [piece for piece in [*pieces, tuple(run)] if len(piece) > 1]


def _drawn(floor: Floor, segment: Segment | None) -> Polyline | None:
    if segment is None:
        return None
    return tuple(_pair(point) for point in floor.seen_at(np.linspace(segment[0], segment[1], SAMPLES)))


def _ellipses(floor: Floor, strip: CounterStrip | None) -> tuple[Polyline, ...]:
    """Where each point, and each end of the line, lies with 95 % confidence."""
    spots = [_pair(metres) for metres in floor.metres] + (list(strip.line_m) if strip else [])
    ellipses = [floor.ellipse(floor.to_pixels(spot)) for spot in spots]
    return tuple(_outlined(floor, ellipse) for ellipse in ellipses)


def _outlined(floor: Floor, ellipse: Ellipse) -> Polyline:
    return tuple(_pair(point) for point in floor.seen_at(np.array(ellipse.outline(32))))


def _told(error: float) -> float | None:
    return None if np.isnan(error) else float(error)


def _pair(point: Matrix) -> Point:
    return float(point[0]), float(point[1])
