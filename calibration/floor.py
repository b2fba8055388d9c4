"""The floor plane: from pixels to metres and back, with the error known.

A plane seen by a camera maps to the picture by a homography, once the lens's bend is taken out. It is fitted
to measured points (`plane_fit`), and refused in words when the points cannot carry it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from calibration.errors import CalibrationError, Code
from calibration.lens import Lens, Size
from calibration.plane_fit import FlatPlaneError, PlaneFit, PointError, fit_plane
from calibration.uncertainty import Ellipse, worst_sd

Matrix = NDArray[np.float64]
Point = tuple[float, float]

MIN_POINTS = 4
FLATTEST = 0.02
"""Below this ratio of a point set's two extents it is a line, not a plane."""

MOST_SUSPECTS = 40
"""With more points a fit without each of them takes too long to wait for."""

LARGEST_RESIDUAL_M = 0.15

LARGEST_SD_M = 0.15
"""A floor that is less certain than this where it was measured cannot tell one metre from two."""

CLICK_SHARE = 0.002
"""A careful click is this share of the picture's width off (1.3 px of 640), one standard deviation."""

ON_A_LINE = "Three of the floor points lie on one line: measure four corners that span it."


class FloorError(CalibrationError):
    """The measured points do not give a floor; the text says what to measure instead.

    `floor`, where one could be fitted all the same, lets people see where it goes wrong.
    """

    def __init__(self, message: str, code: Code, floor: "Floor | None" = None, **values: float) -> None:
        super().__init__(message, code, **values)
        self.floor = floor


@dataclass(frozen=True, slots=True, eq=False)
class Floor:
    """A floor plane in a picture: measured `pixels` (N, 2) at `metres` (N, 2) and the plane through them.

    `lens` and `size` (width, height) are known together or not at all; without them the picture counts as
    free of distortion.
    """

    pixels: Matrix
    metres: Matrix
    plane: PlaneFit = field(repr=False)
    error: PointError
    lens: Lens | None = None
    size: Size | None = None

    @classmethod
    def from_points(
        cls,
        pixels: Sequence[Point],
        metres: Sequence[Point],
        lens: Lens | None = None,
        size: Size | None = None,
        error: PointError | None = None,
    ) -> "Floor":
        """The floor through points seen at `pixels` (N, 2) and measured at `metres` (N, 2), N ≥ 4.

        `error` is how far clicks and tape are believed to be off. Raises `FloorError` for fewer points,
        points on a line or too close together, or measurements that contradict each other.
        """
        px, m = _points(pixels), _points(metres)
        _require_spread(px, m)
        floor = cls._fitted(px, m, lens, size, error or PointError(_click_px(px, size)))
        _require_before_horizon(floor)
        worst = float(floor.residuals_m().max())
        if not worst <= LARGEST_RESIDUAL_M:
            index, off_m = floor.suspect()
            number = index + 1
            raise FloorError(
                f"The floor points contradict each other: point {number} is {off_m * 100:.0f} cm off. "
                "Measure it again, or check that its metres belong to its place in the picture.",
                "points_contradict",
                floor,
                number=number,
                off_cm=off_m * 100,
            )
        _require_certain(floor)
        return floor

    @classmethod
    def _fitted(
        cls, px: Matrix, m: Matrix, lens: Lens | None, size: Size | None, error: PointError
    ) -> "Floor":
        straight = px if lens is None or size is None else lens.straight(px, size)
        if not np.isfinite(straight).all():
            raise FloorError(
                "A floor point lies where this lens sees nothing: check the point and the lens.",
                "point_beyond_lens",
            )
        _require_spread(straight, m)
        known = lens.matrix(size) if lens is not None and size is not None and lens.focal_known else None
        try:
            return cls(px, m, fit_plane(straight, m, error, known), error, lens, size)
        except FlatPlaneError:
            raise FloorError(ON_A_LINE, "three_points_on_a_line") from None

    @property
    def homography(self) -> Matrix:
        """(3, 3), metres (X, Y, 1) to pixels without the lens's bend."""
        x, y = self.plane.origin
        return np.asarray(self.plane.homography @ np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1.0]]))

    def to_metres(self, pixel: Point) -> Point:
        """The floor point seen at a pixel. Beyond the horizon it makes no sense, but it is finite."""
        x, y = self.plane.to_metres(self.straight(np.array([pixel], dtype=np.float64)))[0]
        return float(x), float(y)

    def to_pixels(self, metres: Point) -> Point:
        """Where a floor point is seen."""
        x, y = self.seen_at(np.array([metres], dtype=np.float64))[0]
        return float(x), float(y)

    def seen_at(self, metres: Matrix) -> Matrix:
        """Where floor points (N, 2) are seen, (N, 2) pixels."""
        straight = self.plane.to_pixels(metres)
        return straight if self.lens is None or self.size is None else self.lens.bent(straight, self.size)

    def straight(self, pixels: Matrix) -> Matrix:
        """Pixels (N, 2) without the lens's bend, (N, 2)."""
        return pixels if self.lens is None or self.size is None else self.lens.straight(pixels, self.size)

    def residuals_px(self) -> Matrix:
        """How far each measured point is seen from where the plane puts it, (N,) pixels."""
        return np.asarray(np.linalg.norm(self.seen_at(self.metres) - self.pixels, axis=1))

    def residuals_m(self) -> Matrix:
        """How far each measured point is from where its pixel puts it, (N,) metres."""
        back = self.plane.to_metres(self.straight(self.pixels))
        return np.asarray(np.linalg.norm(back - self.metres, axis=1))

    def leave_one_out_m(self) -> Matrix | None:
        """The error at each point of a floor fitted to the others, (N,) metres; None with four points.

        It is what the floor may be off where nobody measured. NaN at a point without which the others lie on
        a line: nothing is known there.
        """
        errors = self.leave_one_out()
        return None if errors is None else errors[:, 1]

    def leave_one_out(self) -> Matrix | None:
        """The same in the picture and on the floor, (N, 2): pixels, metres."""
        count = len(self.pixels)
        if count <= MIN_POINTS:
            return None
        errors = np.full((count, 2), np.nan)
        for index in range(count):
            others = np.arange(count) != index
            try:
                floor = self._fitted(
                    self.pixels[others], self.metres[others], self.lens, self.size, self.error
                )
            except FloorError:
                continue
            pixel, metres = self.pixels[index], self.metres[index]
            back = floor.plane.to_metres(floor.straight(pixel[None]))[0]
            errors[index] = np.linalg.norm([floor.seen_at(metres[None])[0] - pixel, back - metres], axis=1)
        return errors

    def suspect(self) -> tuple[int, float]:
        """The point (its index) that most likely is wrong, and how far it is off, metres.

        One wrong point drags the fit along, so that the largest error is often a neighbour's: it is asked
        without which point the others agree. Five points agree without any one; then the error decides.
        """
        index = int(np.argmax(self.residuals_m()))
        found = index, float(self.residuals_m()[index])
        if not MIN_POINTS + 2 <= len(self.pixels) <= MOST_SUSPECTS:
            return found
        least = math.inf
        for one in range(len(self.pixels)):
            kept = np.arange(len(self.pixels)) != one
            try:
                rest = self._fitted(self.pixels[kept], self.metres[kept], self.lens, self.size, self.error)
            except FloorError:
                continue
            worst = float(rest.residuals_m().max())
            if worst < least:
                seen = (float(self.pixels[one][0]), float(self.pixels[one][1]))
                least, found = worst, (one, math.dist(rest.to_metres(seen), self.metres[one].tolist()))
        return found

    def covariance_m(self, pixel: Point, pixel_sd: float) -> Matrix:
        """Covariance (2, 2), m², of the floor position seen at a pixel that is `pixel_sd` px uncertain.

        The plane's own uncertainty is in it: it grows away from where the floor was measured.
        """
        straight = self.straight(np.array([pixel], dtype=np.float64))[0]
        return self.plane.covariance_m(straight, np.eye(2) * pixel_sd**2)

    def ellipse(self, pixel: Point, pixel_sd: float | None = None) -> Ellipse:
        """Where the floor point at a pixel lies with 95 % confidence; a careful click unless `pixel_sd`."""
        sd = self.error.click_px if pixel_sd is None else pixel_sd
        return Ellipse.of(self.to_metres(pixel), self.covariance_m(pixel, sd))

    def position_sd_m(self, pixel: Point, pixel_sd: float) -> float:
        """How uncertain (standard deviation, metres, worst direction) a floor position is at a pixel."""
        return worst_sd(self.covariance_m(pixel, pixel_sd))


def _click_px(pixels: Matrix, size: Size | None) -> float:
    """How far a careful click is off; where the picture's size is not told, its points tell it roughly."""
    width = size[0] if size is not None else float(np.ptp(pixels, axis=0).max(initial=1.0)) * 1.5
    return max(CLICK_SHARE * width, 1e-6)


def _require_before_horizon(floor: Floor) -> None:
    """A floor's points are all before the camera; an order that does not fit puts some beyond the horizon."""
    local = floor.metres - floor.plane.origin
    depths = local @ floor.plane.homography[2, :2] + floor.plane.homography[2, 2]
    if not (depths > 0).all():
        raise FloorError(
            "The floor points are in an order that no camera sees: check that each point's metres belong to "
            "its place in the picture.",
            "points_out_of_order",
        )


def _require_certain(floor: Floor) -> None:
    """Points too near to each other, or seen too flat, carry a floor that nobody can measure on."""
    middle = floor.pixels.mean(axis=0)
    sd = floor.position_sd_m((float(middle[0]), float(middle[1])), floor.error.click_px)
    if not sd <= LARGEST_SD_M:
        raise FloorError(
            f"The floor stays {sd * 100:.0f} cm uncertain even amid its points: measure points farther "
            "apart, or in a picture of more pixels.",
            "floor_uncertain",
            floor,
            sd_cm=sd * 100,
        )


def _points(values: Sequence[Point]) -> Matrix:
    points = np.asarray(values, dtype=np.float64).reshape(-1, 2)
    if not np.isfinite(points).all():
        raise FloorError(
            "A floor point is not a number: give its place in the picture and its metres.", "point_not_finite"
        )
    return points


def _require_spread(px: Matrix, m: Matrix) -> None:
    if len(px) != len(m) or len(px) < MIN_POINTS:
        raise FloorError(
            f"The floor needs at least {MIN_POINTS} points, each with its place in the picture and its "
            f"metres; there are {min(len(px), len(m))}.",
            "too_few_points",
            count=min(len(px), len(m)),
            fewest=MIN_POINTS,
        )
    sides: tuple[tuple[Matrix, str, Code], ...] = (
        (px, "in the picture", "points_on_a_line_in_picture"),
        (m, "on the floor", "points_on_a_line_on_floor"),
    )
    for points, where, code in sides:
        extents = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
        if extents[0] == 0 or extents[1] / extents[0] < FLATTEST:
            raise FloorError(
                f"The floor points lie on one line {where}: measure points that span the floor.", code
            )
