"""Cameras of the rendered hall: where they hang, what their lens does, where a point falls in the picture.

World: metres, x along the counter, y from the staff (negative) to the public (positive), z up; the origin is
the counter's public edge at the middle of window 1. Cameras follow OpenCV: x right, y down, z ahead; a point
X is at R X + t; distortion is (k1, k2, p1, p2, k3).
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
AnyPoints = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """`matrix` K (3, 3), `distortion` (5,), `rotation` R (3, 3), `translation` t (3,), picture in pixels."""

    matrix: Points
    distortion: Points
    rotation: Points
    translation: Points
    width: int
    height: int

    @property
    def centre(self) -> Points:
        """Where the camera is, metres."""
        return np.asarray(-self.rotation.T @ self.translation)

    def seen_from(self, points: AnyPoints) -> Points:
        """World points (N, 3) in the camera's axes."""
        return np.asarray(np.asarray(points, dtype=np.float64) @ self.rotation.T + self.translation)

    def project(self, points: AnyPoints) -> Points:
        """World points (N, 3) to pixels (N, 2); behind the camera they are NaN."""
        local = self.seen_from(points)
        ahead = local[:, 2] > 0.05
        flat = local[:, :2] / np.where(ahead, local[:, 2], np.nan)[:, None]
        return distort(flat, self.distortion) @ self.matrix[:2, :2].T + self.matrix[:2, 2]

    def floor_at(self, pixels: Points) -> Points:
        """Where on the floor (N, 2) metres the pixels (N, 2) look."""
        flat = undistort(
            (np.asarray(pixels) - self.matrix[:2, 2]) / np.diag(self.matrix)[:2], self.distortion
        )
        rays = np.column_stack([flat, np.ones(len(flat))]) @ self.rotation
        return np.asarray(self.centre[:2] - rays[:, :2] * (self.centre[2] / rays[:, 2:]))


def distort(flat: Points, coefficients: Points) -> Points:
    """Ideal image points (at unit focal length) to where the lens puts them (Brown–Conrady).

    Beyond the angle where the polynomial turns back, points keep going outwards, so that what lies far
    outside the picture stays outside.
    """
    k1, k2, p1, p2, k3 = coefficients
    x, y = flat[:, 0], flat[:, 1]
    square = np.minimum(x * x + y * y, _turning_point(coefficients))
    radial = 1 + square * (k1 + square * (k2 + square * k3))
    return np.stack(
        [
            x * radial + 2 * p1 * x * y + p2 * (square + 2 * x * x),
            y * radial + p1 * (square + 2 * y * y) + 2 * p2 * x * y,
        ],
        axis=1,
    )


def _turning_point(coefficients: Points) -> float:
    squares = np.linspace(0, 6, 601)
    k1, k2, _, _, k3 = coefficients
    growth = 1 + 3 * k1 * squares + 5 * k2 * squares**2 + 7 * k3 * squares**3
    falling = np.flatnonzero(growth <= 0)
    return float(squares[falling[0]]) if len(falling) else 6.0


def undistort(seen: Points, coefficients: Points) -> Points:
    """The inverse of `distort`, by fixed-point iteration."""
    flat = np.array(seen, dtype=np.float64)
    for _ in range(30):
        flat = flat + (seen - distort(flat, coefficients))
    return flat


def look(
    place: tuple[float, float, float],
    at: tuple[float, float, float],
    width: int,
    height: int,
    lens_deg: float,
    barrel: float = -0.2,
    roll_deg: float = 0.0,
) -> Camera:
    """A camera at `place` looking at a point; `lens_deg` is its undistorted horizontal angle of view."""
    ahead = np.asarray(at, dtype=np.float64) - np.asarray(place)
    ahead /= np.linalg.norm(ahead)
    right = np.cross(ahead, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(ahead, right)
    angle = np.radians(roll_deg)
    rolled = np.cos(angle) * right + np.sin(angle) * down
    rotation = np.stack([rolled, np.cross(ahead, rolled), ahead])
    focal = width / 2 / np.tan(np.radians(lens_deg) / 2)
    matrix = np.array([[focal, 0, (width - 1) / 2], [0, focal, (height - 1) / 2], [0, 0, 1.0]])
    bent = np.array([barrel, 0.28 * barrel * barrel, 0.0, 0.0, 0.0])
    return Camera(matrix, bent, rotation, -rotation @ np.asarray(place), width, height)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The flat picture to render so that the lens can bend it: its size and principal point, pixels.

    `map_x`, `map_y` (H, W) float32 say for each pixel of the camera's picture where to read the sheet.
    """

    width: int
    height: int
    centre: tuple[float, float]
    focal: float
    map_x: NDArray[np.float32]
    map_y: NDArray[np.float32]

    def bend(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The camera's picture from the flat one."""
        return np.asarray(cv2.remap(image, self.map_x, self.map_y, cv2.INTER_LINEAR), dtype=np.uint8)


def sheet(camera: Camera, finer: float = 1.0) -> Sheet:
    """What must be rendered flat for this camera, `finer` times as fine as its picture."""
    columns, rows = np.meshgrid(np.arange(camera.width), np.arange(camera.height))
    pixels = np.stack([columns.ravel(), rows.ravel()], axis=1).astype(np.float64)
    focal = float(camera.matrix[0, 0])
    flat = undistort((pixels - camera.matrix[:2, 2]) / focal, camera.distortion) * focal * finer
    margin = np.ceil(np.abs(flat).max(axis=0)) + 2
    width, height = (int(2 * half) for half in margin)
    centre = float(margin[0]), float(margin[1])
    shape = camera.height, camera.width
    map_x = (flat[:, 0] + centre[0]).astype(np.float32).reshape(shape)
    map_y = (flat[:, 1] + centre[1]).astype(np.float32).reshape(shape)
    return Sheet(width, height, centre, focal * finer, map_x, map_y)
