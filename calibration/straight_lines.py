"""The lens from lines that are straight in the hall: a counter's edge, a row of tiles, a door frame.

What is straight must stay straight (Devernay & Faugeras, "Straight lines have to be straight", 2001): the
bend is found that makes the clicked points of each line lie on a line. Nothing tells the focal length, so
distances of the bend are told in widths of the picture.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from calibration.lens import Lens, LensError, Size

Matrix = NDArray[np.float64]
Point = tuple[float, float]

FEWEST_LINES = 2
FEWEST_ON_A_LINE = 5
SHORTEST_SHARE = 0.3
"""A line shorter than this share of the picture's diagonal shows no bend beyond a click's error."""

TWO_TERMS_FROM = 4
"""From so many lines on, the second radial term is fitted too."""

LARGEST_RMS_PX = 3.0


def lens_from_lines(lines: Sequence[Sequence[Point]], size: Size) -> Lens:
    """The lens that makes clicked `lines` (each of at least five points, px) straight.

    Raises `LensError` when the lines are too few, too short, all through the picture's middle (where no lens
    bends a line), or not straight in the hall.
    """
    clicked = [np.asarray(line, dtype=np.float64).reshape(-1, 2) for line in lines]
    _require_lines(clicked, size)
    terms = 2 if len(clicked) >= TWO_TERMS_FROM else 1
    fit = least_squares(_crookedness, np.zeros(terms), args=(clicked, size), x_scale=0.1)
    rms = float(np.sqrt(np.mean(fit.fun**2)))
    if not rms <= LARGEST_RMS_PX * max(size) / 640:
        raise LensError(
            f"The lines stay {rms:.1f} px off straight with every lens: click points on edges that are "
            "straight in the hall.",
            "lines_not_straight",
            rms_px=rms,
        )
    strengths = np.linalg.svd(fit.jac, compute_uv=False)
    if strengths[-1] < 1.0:
        raise LensError(
            "The lines tell no bend: use lines near the picture's edges, not through its middle.",
            "lines_tell_no_bend",
        )
    lens = _lens(fit.x, rms)
    lens.require_unfolded(size)
    return lens


def crookedness_px(lines: Sequence[Sequence[Point]], size: Size, lens: Lens | None = None) -> float:
    """How far (root mean square, px) the points of lines are off straight, through a lens or without."""
    found = lens or Lens(focal=1.0, focal_known=False)
    offs = [_off_line(found.straight(np.asarray(line, dtype=np.float64), size)) for line in lines]
    return float(np.sqrt(np.mean(np.concatenate(offs) ** 2)))


def _lens(radial: Matrix, rms_px: float | None = None) -> Lens:
    k1, k2 = float(radial[0]), float(radial[1]) if len(radial) > 1 else 0.0
    return Lens(focal=1.0, distortion=(k1, k2, 0.0, 0.0, 0.0), focal_known=False, rms_px=rms_px)


def _crookedness(radial: Matrix, lines: list[Matrix], size: Size) -> Matrix:
    lens = _lens(radial)
    offs = np.concatenate([_off_line(lens.straight(line, size)) for line in lines])
    return np.asarray(np.nan_to_num(offs, nan=1e3))


def _off_line(points: Matrix) -> Matrix:
    """Signed distances (N,) of points from the line that fits them best."""
    middle = points - points.mean(axis=0)
    if not np.isfinite(middle).all():
        return np.full(len(points), np.nan)
    _, _, axes = np.linalg.svd(middle, full_matrices=False)
    return np.asarray(middle @ axes[-1])


def _require_lines(lines: list[Matrix], size: Size) -> None:
    if len(lines) < FEWEST_LINES:
        raise LensError(
            f"The lens needs at least {FEWEST_LINES} straight lines; there are {len(lines)}.",
            "lines_too_few",
            count=len(lines),
            fewest=FEWEST_LINES,
        )
    diagonal = float(np.hypot(*size))
    for number, line in enumerate(lines, start=1):
        if len(line) < FEWEST_ON_A_LINE or not np.isfinite(line).all():
            raise LensError(
                f"Line {number} needs {FEWEST_ON_A_LINE} or more points along one straight edge.",
                "line_of_too_few_points",
                number=number,
                fewest=FEWEST_ON_A_LINE,
            )
        if np.linalg.norm(np.ptp(line, axis=0)) < SHORTEST_SHARE * diagonal:
            raise LensError(
                f"Line {number} is too short to show a bend: click along a longer edge.",
                "line_too_short",
                number=number,
            )
