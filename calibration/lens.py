"""A camera's lens: straight lines of the hall are bent by it, and unbent here.

The model is Brown's (D. C. Brown, "Close-range camera calibration", 1971) in OpenCV's order k1, k2, p1, p2,
k3. Lengths are shares of the picture, so that a camera's main and sub stream share one lens.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.errors import CalibrationError

Matrix = NDArray[np.float64]
Size = tuple[int, int]
"""(width, height) in pixels."""

STEPS = 30
"""Newton's steps at most; six do for every lens that a hall camera has."""

CLOSE_ENOUGH = 1e-9
FLATTEST_STRETCH = 0.1
"""Where a radius grows less than this share of its undistorted growth, the model is about to fold over."""


class LensError(CalibrationError):
    """The lens cannot be told from what was given; the text says what to do instead."""


@dataclass(frozen=True, slots=True)
class Lens:
    """`focal` in widths of the picture (square pixels), `centre` as shares of width and height.

    `distortion` is k1, k2, p1, p2, k3. `focal_known` is false where only the bend of straight lines was
    measured: then `focal` is merely the unit in which the bend is told. `rms_px` is what remained after the
    fit, at the size it was made with. Raises `LensError` for values that no lens has.
    """

    focal: float
    centre: tuple[float, float] = (0.5, 0.5)
    distortion: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)
    focal_known: bool = True
    rms_px: float | None = None

    def __post_init__(self) -> None:
        values = (self.focal, *self.centre, *self.distortion)
        if not all(math.isfinite(value) for value in values) or self.focal <= 0:
            raise LensError(
                "The lens has a value that is no number, or no focal length: calibrate it again.",
                "lens_has_no_value",
            )

    def matrix(self, size: Size) -> Matrix:
        """The intrinsic matrix (3, 3) of a picture of that size."""
        width, height = size
        focal = self.focal * width
        return np.array(
            [[focal, 0, self.centre[0] * width], [0, focal, self.centre[1] * height], [0, 0, 1.0]]
        )

    def field_of_view_deg(self) -> float:
        """The horizontal angle of view without distortion, degrees."""
        return math.degrees(2 * math.atan(0.5 / self.focal))

    def straight(self, pixels: Matrix, size: Size) -> Matrix:
        """Where pixels (N, 2) would be without distortion, (N, 2); NaN where no ray of this lens arrives."""
        bent = self._on_unit_plane(np.asarray(pixels, dtype=np.float64).reshape(-1, 2), size)
        found = bent.copy()
        for _ in range(STEPS):
            wrong = self._bend(found) - bent
            if np.nanmax(np.abs(wrong), initial=0.0) < CLOSE_ENOUGH:
                break
            found -= np.linalg.solve(self._growth(found), wrong[:, :, None])[:, :, 0]
        missed = ~(np.abs(self._bend(found) - bent).max(axis=1, initial=0.0) < 1e-6)
        found[missed] = np.nan
        return self._in_pixels(found, size)

    def bent(self, pixels: Matrix, size: Size) -> Matrix:
        """Where undistorted pixels (N, 2) are seen through this lens, (N, 2)."""
        straight = self._on_unit_plane(np.asarray(pixels, dtype=np.float64).reshape(-1, 2), size)
        return self._in_pixels(self._bend(straight), size)

    def require_unfolded(self, size: Size) -> None:
        """Raise `LensError` when the model folds over inside the picture, as a bad fit's does."""
        width, height = size
        ring = np.array([(x * width, y * height) for x in np.linspace(0, 1, 9) for y in np.linspace(0, 1, 9)])
        straight = self.straight(ring, size)
        if not np.isfinite(straight).all():
            raise LensError(_FOLDS, "lens_folds")
        growth = np.linalg.det(self._growth(self._on_unit_plane(straight, size)))
        if not (growth > FLATTEST_STRETCH**2).all():
            raise LensError(_FOLDS, "lens_folds")

    def _on_unit_plane(self, pixels: Matrix, size: Size) -> Matrix:
        width, height = size
        middle = np.array([self.centre[0] * width, self.centre[1] * height])
        return np.asarray((pixels - middle) / (self.focal * width))

    def _in_pixels(self, points: Matrix, size: Size) -> Matrix:
        width, height = size
        middle = np.array([self.centre[0] * width, self.centre[1] * height])
        return np.asarray(points * (self.focal * width) + middle)

    def _bend(self, points: Matrix) -> Matrix:
        k1, k2, p1, p2, k3 = self.distortion
        x, y = points[:, 0], points[:, 1]
        r2 = x * x + y * y
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        return np.column_stack(
            [
                x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x),
                y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y,
            ]
        )

    def _growth(self, points: Matrix) -> Matrix:
        """The derivative of `_bend`, (N, 2, 2)."""
        k1, k2, p1, p2, k3 = self.distortion
        x, y = points[:, 0], points[:, 1]
        r2 = x * x + y * y
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        slope = 2 * (k1 + r2 * (2 * k2 + 3 * r2 * k3))
        growth = np.empty((len(points), 2, 2))
        growth[:, 0, 0] = radial + slope * x * x + 2 * p1 * y + 6 * p2 * x
        growth[:, 0, 1] = slope * x * y + 2 * p1 * x + 2 * p2 * y
        growth[:, 1, 0] = growth[:, 0, 1]
        growth[:, 1, 1] = radial + slope * y * y + 6 * p1 * y + 2 * p2 * x
        return growth


_FOLDS = (
    "The lens found bends the picture's edge back onto itself, as none does: use more boards or lines, "
    "spread over the whole picture to its corners."
)
