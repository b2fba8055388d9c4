"""The homography between a plane's metres and straight pixels, fitted with its uncertainty.

First the normalised direct linear transform (Hartley & Zisserman, "Multiple View Geometry", 2nd edition,
algorithm 4.2), then the maximum-likelihood fit from there (the same, section 4.5): each point's error is that
of the click in pixels and that of the tape in metres, carried into the picture. A single bad point shall not
bend the plane, so large errors weigh less (Huber). Where the focal length is known the plane has six unknowns
(where the camera hangs and how it is turned), else eight.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

STEEPEST = 1e6
"""Condition of the normalised homography beyond which only rounding keeps it from being flat."""

ROBUST_FROM = 6
"""From so many points on, one bad one can be told from the others."""

HUBER_AT_SD = 2.0

STEP = 1e-6


class FlatPlaneError(Exception):
    """The points lie so that no plane follows from them."""


@dataclass(frozen=True, slots=True)
class PointError:
    """Standard deviations: of a click (pixels) and of the tape (metres)."""

    click_px: float
    tape_m: float = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class PlaneFit:
    """A fitted plane.

    `homography` (3, 3) takes metres relative to `origin` to straight pixels; `inverse` is the way back and
    `inverse_covariance` (9, 9) the covariance of its entries, row by row.
    """

    origin: Matrix
    homography: Matrix
    inverse: Matrix
    inverse_covariance: Matrix

    def to_pixels(self, metres: Matrix) -> Matrix:
        """Metres (N, 2) to straight pixels (N, 2)."""
        return transfer(self.homography, metres - self.origin)

    def to_metres(self, pixels: Matrix) -> Matrix:
        """Straight pixels (N, 2) to metres (N, 2)."""
        return np.asarray(transfer(self.inverse, pixels) + self.origin)

    def covariance_m(self, pixel: Matrix, pixel_covariance: Matrix) -> Matrix:
        """Covariance (2, 2), m², of the floor position at a straight pixel of that covariance (2, 2), px²."""
        homogeneous = np.array([*pixel, 1.0])
        x, y, w = self.inverse @ homogeneous
        by_pixel = (self.inverse[:2, :2] - np.outer([x / w, y / w], self.inverse[2, :2])) / w
        by_entry = np.zeros((2, 9))
        by_entry[0, 0:3] = by_entry[1, 3:6] = homogeneous / w
        by_entry[0, 6:9] = -(x / w) * homogeneous / w
        by_entry[1, 6:9] = -(y / w) * homogeneous / w
        plane = by_entry @ self.inverse_covariance @ by_entry.T
        return np.asarray(plane + by_pixel @ pixel_covariance @ by_pixel.T)


def fit_plane(
    pixels: Matrix, metres: Matrix, error: PointError, intrinsics: Matrix | None = None
) -> PlaneFit:
    """The plane through straight `pixels` (N, 2) measured at `metres` (N, 2), N ≥ 4.

    `intrinsics` (3, 3), where the lens is known, leaves only the camera's place to be found. Raises
    `FlatPlaneError` when the points carry no plane.
    """
    # SciPy takes half a second to load: only who fits a floor pays it.
    from scipy.optimize import least_squares

    origin = metres.mean(axis=0)
    local = metres - origin
    first = direct_linear_transform(local, pixels)
    homography_of, start = _free(first, local) if intrinsics is None else _posed(first, intrinsics)
    whiten = _whitening(homography_of(start), local, error)

    def residuals(parameters: Matrix) -> Matrix:
        wrong = transfer(homography_of(parameters), local) - pixels
        return np.asarray(np.einsum("nij,nj->ni", whiten, wrong).ravel())

    robust = len(pixels) >= ROBUST_FROM
    loss = "huber" if robust else "linear"
    found = least_squares(residuals, start, loss=loss, f_scale=HUBER_AT_SD, x_scale="jac")
    spare = 2 * len(pixels) - len(start)
    looser = max(1.0, 2 * found.cost / spare) if spare else 1.0
    covariance = np.linalg.pinv(found.jac.T @ found.jac) * looser
    homography = _scaled(homography_of(found.x))
    return PlaneFit(
        origin,
        homography,
        np.asarray(np.linalg.inv(homography)),
        _of_inverse(homography_of, found.x, covariance),
    )


def direct_linear_transform(source: Matrix, target: Matrix) -> Matrix:
    """The homography (3, 3) that takes source points (N, 2) to target points (N, 2).

    Raises `FlatPlaneError` when points lie so that it is not the only one, or flat.
    """
    from_source, to_target = _normaliser(source), _normaliser(target)
    rows = []
    for (x, y), (u, v) in zip(transfer(from_source, source), transfer(to_target, target), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, -u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, -v])
    # Of four points the basis must be made whole; of many it would be a square of all their rows.
    _, strengths, basis = np.linalg.svd(np.array(rows), full_matrices=len(rows) < 9)
    normal = basis[-1].reshape(3, 3)
    # Nine unknowns up to scale: the eighth strength tells whether the answer is the only one. A flat answer
    # would fold the plane into a line.
    if strengths[7] < 1e-7 * strengths[0] or np.linalg.cond(normal) > STEEPEST:
        raise FlatPlaneError
    fitted = np.linalg.inv(to_target) @ normal @ from_source
    middle = fitted @ np.array([*source.mean(axis=0), 1.0])
    return np.asarray(fitted / middle[2])


def transfer(homography: Matrix, points: Matrix) -> Matrix:
    """Points (N, 2) through a homography (3, 3)."""
    mapped = np.column_stack([points, np.ones(len(points))]) @ homography.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:])


HomographyOf = Callable[[Matrix], Matrix]


def _free(first: Matrix, local: Matrix) -> tuple[HomographyOf, Matrix]:
    """Eight unknowns, scaled so that one step moves the points by about as much in each."""
    reach = float(np.abs(local).max())
    scale = np.diag([reach, reach, 1.0])
    normal = first @ scale
    size = np.abs(normal).max(axis=1, keepdims=True)
    start = (normal / size).ravel() / (normal[2, 2] / size[2, 0])

    def homography_of(parameters: Matrix) -> Matrix:
        matrix = np.append(parameters, 1.0).reshape(3, 3) * size
        return np.asarray(matrix @ np.linalg.inv(scale))

    return homography_of, start[:8]


def _posed(first: Matrix, intrinsics: Matrix) -> tuple[HomographyOf, Matrix]:
    """Six unknowns: the camera's turn (rotation vector) and its place (metres)."""
    from scipy.spatial.transform import Rotation

    columns = np.linalg.inv(intrinsics) @ first
    columns *= (2 if columns[2, 2] > 0 else -2) / np.linalg.norm(columns[:, :2], axis=0).sum()
    u, _, vt = np.linalg.svd(np.column_stack([*columns[:, :2].T, np.cross(columns[:, 0], columns[:, 1])]))
    start = np.concatenate([Rotation.from_matrix(u @ vt).as_rotvec(), columns[:, 2]])

    def homography_of(parameters: Matrix) -> Matrix:
        rotation = Rotation.from_rotvec(parameters[:3]).as_matrix()
        return np.asarray(intrinsics @ np.column_stack([rotation[:, :2], parameters[3:]]))

    return homography_of, start


def _whitening(homography: Matrix, local: Matrix, error: PointError) -> Matrix:
    """(N, 2, 2): what makes each point's pixel error one of unit variance."""
    mapped = np.column_stack([local, np.ones(len(local))]) @ homography.T
    x, y, w = mapped.T
    by_metre = np.empty((len(local), 2, 2))
    for axis, value in enumerate((x, y)):
        by_metre[:, axis] = (homography[axis, :2] - (value / w)[:, None] * homography[2, :2]) / w[:, None]
    covariance = error.click_px**2 * np.eye(2) + error.tape_m**2 * by_metre @ by_metre.transpose(0, 2, 1)
    return np.asarray(np.linalg.inv(np.linalg.cholesky(covariance)))


def _of_inverse(homography_of: HomographyOf, at: Matrix, covariance: Matrix) -> Matrix:
    """The covariance (9, 9) of the inverse homography's entries, from that of the parameters."""
    slopes = np.empty((9, len(at)))
    for index in range(len(at)):
        step = STEP * max(1.0, abs(float(at[index])))
        ahead, behind = at.copy(), at.copy()
        ahead[index] += step
        behind[index] -= step
        there, back = (np.linalg.inv(_scaled(homography_of(one))) for one in (ahead, behind))
        difference = there - back
        slopes[:, index] = difference.ravel() / (2 * step)
    return np.asarray(slopes @ covariance @ slopes.T)


def _scaled(homography: Matrix) -> Matrix:
    return np.asarray(homography / homography[2, 2])


def _normaliser(points: Matrix) -> Matrix:
    """The similarity that centres points and gives them a mean distance of √2 from the origin."""
    centre = points.mean(axis=0)
    spread = np.linalg.norm(points - centre, axis=1).mean()
    scale = np.sqrt(2) / spread
    return np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]])
