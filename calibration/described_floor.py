"""A floor as people describe it: points of the picture in metres or tiles, a lens or what tells it.

Site file, browser and worker all come by here, so that the same description is the same floor everywhere.
"""

from dataclasses import dataclass

from calibration.errors import CalibrationError
from calibration.floor import Floor
from calibration.lens import Lens, Size
from calibration.line import CounterStrip, Segment
from calibration.survey import floor_of_shares

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DescribedFloor:
    """`points` are (share of the picture, metres); `straight_lines` are in shares, all else in metres.

    The lines tell the lens where none is given.
    """

    points: tuple[tuple[Point, Point], ...]
    lens: Lens | None = None
    straight_lines: tuple[tuple[Point, ...], ...] = ()
    counter_edge_m: Segment | None = None
    line_m: Segment | None = None

    def fitted(self, size: Size) -> Floor:
        """The plane in a picture of `size`. Raises `FloorError`, `LensError`."""
        return floor_of_shares(self.points, size, self.lens_in(size))

    def lens_in(self, size: Size) -> Lens | None:
        """The lens; None where the picture counts as free of distortion. Raises `LensError`."""
        if self.lens is not None or not self.straight_lines:
            return self.lens
        from calibration.straight_lines import lens_from_lines  # loads SciPy

        return lens_from_lines([[_in_pixels(at, size) for at in line] for line in self.straight_lines], size)

    def strip(self) -> CounterStrip | None:
        """What lies between counter and 1-metre line; None where either is missing. Raises `FloorError`."""
        if self.counter_edge_m is None or self.line_m is None:
            return None
        return CounterStrip(self.counter_edge_m, self.line_m)


def measured_at(m: Point | None, tile: Point | None, tile_m: Point | None, number: int = 1) -> Point:
    """A point's metres, told in metres (`m`) or as a tile's corner counted in tiles of `tile_m`.

    Raises `CalibrationError` where it is told in neither way, in both, or in tiles of no size; `number` (from
    1) is what the point is called then.
    """
    if m is not None and tile is not None:
        raise CalibrationError(
            f"Point {number} is told in metres and in tiles: keep one of them.",
            "point_measured_twice",
            number=number,
        )
    if m is not None:
        return m
    if tile is None:
        raise CalibrationError(
            f"Point {number} has no measure: give its metres or count its tiles.",
            "point_not_measured",
            number=number,
        )
    if tile_m is None:
        raise CalibrationError(
            "Points are counted in tiles: give one tile's width and depth in metres.", "tile_size_missing"
        )
    return tile[0] * tile_m[0], tile[1] * tile_m[1]


def _in_pixels(at: Point, size: Size) -> Point:
    return at[0] * size[0], at[1] * size[1]
