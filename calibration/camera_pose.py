"""Where a camera hangs, from its floor plane alone; and metres on planes above the floor.

Feet behind a counter cannot be seen, shoulders can. If pixels are square and the optical axis passes through
the picture's middle, the floor's homography has two equations for the one unknown that is left, the focal
length (Zhang, "A flexible new technique for camera calibration", 2000), and with it the planes parallel to
the floor are known too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.lens import Lens

Matrix = NDArray[np.float64]

FOCAL_PER_WIDTH = (0.2, 12.0)
"""Focal lengths of real lenses in widths of the picture: fields of view of 136 to 5 degrees."""


@dataclass(frozen=True, slots=True, eq=False)
class CameraPose:
    """Focal length (px), rotation and translation (metres) of a camera over a floor.

    A floor point (X, Y) at height h is at `K (R · (X, Y, up·h) + t)`; `up` is +1 or −1 as the floor's axes
    happen to turn. `centre` is where the optical axis meets the picture, in pixels; pixels are
    those without the lens's bend.
    """

    focal_px: float
    rotation: Matrix
    translation: Matrix
    centre: tuple[float, float]
    up: float

    @property
    def height_m(self) -> float:
        """How high over the floor the camera hangs."""
        return float(self.up * -(self.rotation.T @ self.translation)[2])

    def plane(self, height_m: float) -> Matrix:
        """The homography (3, 3) from metres on the plane `height_m` over the floor to pixels."""
        r1, r2, r3 = self.rotation.T
        lifted = np.column_stack([r1, r2, self.up * height_m * r3 + self.translation])
        return np.asarray(self._intrinsics() @ lifted)

    def to_metres(self, px: tuple[float, float], height_m: float) -> tuple[float, float]:
        """Over which floor point (m) something at `height_m` is that is seen at `px`."""
        x, y, w = np.linalg.solve(self.plane(height_m), np.array([px[0], px[1], 1.0]))
        return float(x / w), float(y / w)

    def to_pixels(self, metres: tuple[float, float], height_m: float = 0.0) -> tuple[float, float]:
        """Where a point `height_m` over the floor point `metres` is seen (px)."""
        x, y, w = self.plane(height_m) @ np.array([metres[0], metres[1], 1.0])
        return float(x / w), float(y / w)

    def _intrinsics(self) -> Matrix:
        cx, cy = self.centre
        return np.array([[self.focal_px, 0, cx], [0, self.focal_px, cy], [0, 0, 1.0]])


def camera_pose(
    floor_to_pixels: Matrix, size: tuple[int, int], lens: Lens | None = None
) -> CameraPose | None:
    """The camera behind a floor homography (metres to straight pixels) of a picture of `size` (w, h).

    With a known `lens` any view tells. Without, None where the view does not tell: a camera that looks
    straight down has no vanishing point, and what rounding makes of it is no lens that exists.
    """
    middle = lens.centre if lens is not None else (0.5, 0.5)
    centre = (size[0] * middle[0], size[1] * middle[1])
    shift = np.array([[1, 0, -centre[0]], [0, 1, -centre[1]], [0, 0, 1.0]])
    centred = shift @ floor_to_pixels
    known = lens.focal * size[0] if lens is not None and lens.focal_known else None
    focal = known or _focal(centred / np.linalg.norm(centred))
    if focal is None or not FOCAL_PER_WIDTH[0] <= focal / max(size) <= FOCAL_PER_WIDTH[1]:
        return None
    columns = np.diag([1 / focal, 1 / focal, 1.0]) @ centred
    scale = 2 / (np.linalg.norm(columns[:, 0]) + np.linalg.norm(columns[:, 1]))
    columns *= scale if columns[2, 2] > 0 else -scale
    rotation = _nearest_rotation(columns)
    translation = columns[:, 2]
    up = 1.0 if -(rotation.T @ translation)[2] > 0 else -1.0
    return CameraPose(focal, rotation, translation, centre, up)


def _focal(homography: Matrix) -> float | None:
    a, b = homography[:, 0], homography[:, 1]
    m = np.array([a[0] * b[0] + a[1] * b[1], a[0] ** 2 + a[1] ** 2 - b[0] ** 2 - b[1] ** 2])
    n = np.array([a[2] * b[2], a[2] ** 2 - b[2] ** 2])
    if m @ m == 0:
        return None
    inverse_square = -(m @ n) / (m @ m)
    return float(1 / np.sqrt(inverse_square)) if inverse_square > 0 else None


def _nearest_rotation(columns: Matrix) -> Matrix:
    r1, r2 = columns[:, 0], columns[:, 1]
    u, _, vt = np.linalg.svd(np.column_stack([r1, r2, np.cross(r1, r2)]))
    return np.asarray(u @ vt)
