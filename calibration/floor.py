"""The floor plane: from pixels to metres and back, with the error known.

A plane seen by a camera without distortion maps to the picture by a homography. It is fitted to measured
points by the normalised direct linear transform (Hartley & Zisserman, "Multiple View Geometry", 2nd edition,
algorithm 4.2), and refused in words when the points cannot carry it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Point = tuple[float, float]

MIN_POINTS = 4
FLATTEST = 0.02
"""Below this ratio of a point set's two extents it is a line, not a plane."""

LARGEST_RESIDUAL_M = 0.15

STEEPEST = 1e6
"""Condition of the normalised homography beyond which only rounding keeps it from being flat."""

ON_A_LINE = "Three of the floor points lie on one line: measure four corners that span it."


class FloorError(Exception):
    """The measured points do not give a floor; the text says what to measure instead."""


@dataclass(frozen=True, slots=True, eq=False)
class Floor:
    """A floor plane in a picture. `homography` (3, 3) takes metres (X, Y, 1) to pixels."""

    homography: Matrix
    pixels: Matrix
    metres: Matrix

    @classmethod
    def from_points(cls, pixels: Sequence[Point], metres: Sequence[Point]) -> "Floor":
        """The floor through points seen at `pixels` (N, 2) and measured at `metres` (N, 2), N ≥ 4.

        Raises `FloorError` for fewer points, points on a line, or measurements that contradict each other.
        """
        px, m = _points(pixels), _points(metres)
        _require_spread(px, m)
        floor = cls(_fit(m, px), px, m)
        _require_before_horizon(floor)
        worst = float(floor.residuals_m().max())
        if not worst <= LARGEST_RESIDUAL_M:
            number = int(np.argmax(floor.residuals_m())) + 1
            raise FloorError(
                f"The floor points contradict each other: point {number} is {worst * 100:.0f} cm off. "
                "Measure it again, or check that its metres belong to its place in the picture."
            )
        return floor

    def to_metres(self, pixel: Point) -> Point:
        """The floor point seen at a pixel. Beyond the horizon it makes no sense, but it is finite."""
        return _apply(self._inverse(), pixel)

    def to_pixels(self, metres: Point) -> Point:
        """Where a floor point is seen."""
        return _apply(self.homography, metres)

    def _inverse(self) -> Matrix:
        return _inverted(self.homography)

    def residuals_px(self) -> Matrix:
        """How far each measured point is seen from where the plane puts it, (N,) pixels."""
        return np.asarray(np.linalg.norm(_map(self.homography, self.metres) - self.pixels, axis=1))

    def residuals_m(self) -> Matrix:
        """How far each measured point is from where its pixel puts it, (N,) metres."""
        back = _map(self._inverse(), self.pixels)
        return np.asarray(np.linalg.norm(back - self.metres, axis=1))

    def leave_one_out_m(self) -> Matrix | None:
        """The error at each point of a floor fitted to the others, (N,) metres; None with four points.

        It is what the floor may be off where nobody measured. NaN at a point without which the others lie on
        a line: nothing is known there.
        """
        count = len(self.pixels)
        if count <= MIN_POINTS:
            return None
        errors = np.empty(count)
        for index in range(count):
            others = np.arange(count) != index
            errors[index] = self._error_without(others, index)
        return errors

    def _error_without(self, others: NDArray[np.bool_], index: int) -> float:
        try:
            _require_spread(self.pixels[others], self.metres[others])
            inverse = _inverted(_fit(self.metres[others], self.pixels[others]))
        except FloorError:
            return float("nan")
        back = _map(inverse, self.pixels[index : index + 1])
        return float(np.linalg.norm(back - self.metres[index : index + 1]))

    def position_sd_m(self, pixel: Point, pixel_sd: float) -> float:
        """How uncertain (standard deviation, metres, worst direction) a floor position is at a pixel.

        Follows from `pixel_sd`, the uncertainty of the pixel, by the mapping's Jacobian.
        """
        step = 0.5
        x, y = pixel
        inverse = self._inverse()
        ahead = np.array([_apply(inverse, (x + step, y)), _apply(inverse, (x, y + step))])
        behind = np.array([_apply(inverse, (x - step, y)), _apply(inverse, (x, y - step))])
        jacobian = (ahead - behind).T / (2 * step)
        return float(np.linalg.norm(jacobian, ord=2)) * pixel_sd


def _require_before_horizon(floor: Floor) -> None:
    """A floor's points are all before the camera; an order that does not fit puts some beyond the horizon."""
    depths = floor.metres @ floor.homography[2, :2] + floor.homography[2, 2]
    if not (depths > 0).all():
        raise FloorError(
            "The floor points are in an order that no camera sees: check that each point's metres belong to "
            "its place in the picture."
        )


def _points(values: Sequence[Point]) -> Matrix:
    points = np.asarray(values, dtype=np.float64).reshape(-1, 2)
    if not np.isfinite(points).all():
        raise FloorError("A floor point is not a number: give its place in the picture and its metres.")
    return points


def _require_spread(px: Matrix, m: Matrix) -> None:
    if len(px) != len(m) or len(px) < MIN_POINTS:
        raise FloorError(
            f"The floor needs at least {MIN_POINTS} points, each with its place in the picture and its "
            f"metres; there are {min(len(px), len(m))}."
        )
    for points, where in ((px, "in the picture"), (m, "on the floor")):
        extents = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
        if extents[0] == 0 or extents[1] / extents[0] < FLATTEST:
            raise FloorError(f"The floor points lie on one line {where}: measure points that span the floor.")


def _inverted(homography: Matrix) -> Matrix:
    return np.asarray(np.linalg.inv(homography), dtype=np.float64)


def _normaliser(points: Matrix) -> Matrix:
    """The similarity that centres points and gives them a mean distance of √2 from the origin."""
    centre = points.mean(axis=0)
    spread = np.linalg.norm(points - centre, axis=1).mean()
    scale = np.sqrt(2) / spread
    return np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]])


def _fit(source: Matrix, target: Matrix) -> Matrix:
    """The homography that takes source points (N, 2) to target points (N, 2)."""
    from_source, to_target = _normaliser(source), _normaliser(target)
    rows = []
    for (x, y), (u, v) in zip(_map(from_source, source), _map(to_target, target), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, -u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, -v])
    _, strengths, basis = np.linalg.svd(np.array(rows))
    normal = basis[-1].reshape(3, 3)
    # Nine unknowns up to scale: the eighth strength tells whether the answer is the only one. A flat answer
    # would fold the floor into a line.
    if strengths[7] < 1e-7 * strengths[0] or np.linalg.cond(normal) > STEEPEST:
        raise FloorError(ON_A_LINE)
    fitted = np.linalg.inv(to_target) @ normal @ from_source
    middle = fitted @ np.array([*source.mean(axis=0), 1.0])
    return np.asarray(fitted / middle[2])


def _map(homography: Matrix, points: Matrix) -> Matrix:
    mapped = np.column_stack([points, np.ones(len(points))]) @ homography.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:])


def _apply(homography: Matrix, point: Point) -> Point:
    x, y = _map(homography, np.array([point], dtype=np.float64))[0]
    return float(x), float(y)
