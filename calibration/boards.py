"""Printed boards: a sheet on the floor gives its plane, a series held into the picture gives the lens.

The corners are found by OpenCV: ChArUco boards (Garrido-Jurado et al., "Automatic generation and detection of
highly reliable fiducial markers under occlusion", 2014) also when part of them is hidden, chessboards whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.errors import CalibrationError
from calibration.lens import Lens, LensError, Size

Image = NDArray[np.uint8]
Matrix = NDArray[np.float64]

MODULES_A_SQUARE = 8
"""A square of a ChArUco board is eight modules wide: six of its marker, one of margin each side."""

MARKER_SHARE = 0.75
FEWEST_CORNERS = 4
FEWEST_FOR_LENS = 6
FEWEST_PICTURES = 5
LARGEST_RMS_PX = 1.5
LARGEST_FOCAL_SD = 0.03
"""A focal length less certain than this share of itself came from boards all held the same way."""

SMALLEST_SPREAD = 0.5
"""The boards' corners must span this share of the picture's width and height together."""


class BoardError(CalibrationError):
    """The board is not seen, or is none; the text says what to do instead."""


@dataclass(frozen=True, slots=True)
class Board:
    """A printed board of `columns` × `rows` squares, each `square_m` metres wide."""

    kind: Literal["charuco", "chessboard"] = "charuco"
    columns: int = 4
    rows: int = 3
    square_m: float = 0.095

    def __post_init__(self) -> None:
        if self.columns < 3 or self.rows < 3 or not 0.01 <= self.square_m <= 2:
            raise BoardError("A board has at least 3 × 3 squares, each 0.01 to 2 m wide.", "board_too_small")

    @property
    def size_m(self) -> tuple[float, float]:
        """Width and height of the printed squares, metres."""
        return self.columns * self.square_m, self.rows * self.square_m


@dataclass(frozen=True, slots=True, eq=False)
class BoardCorners:
    """Inner corners of a board: seen at `pixels` (N, 2), on the board at `metres` (N, 2)."""

    pixels: Matrix
    metres: Matrix


def find_board(image: Image, board: Board) -> BoardCorners:
    """The board's inner corners in a BGR picture. Raises `BoardError` when it is not seen."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8) if image.ndim == 3 else image
    found = _charuco(grey, board) if board.kind == "charuco" else _chessboard(grey, board)
    if found is None or len(found.pixels) < FEWEST_CORNERS:
        raise BoardError(
            f"The {board.columns} × {board.rows} {board.kind} is not seen: lay it flat, whole and "
            "well lit, and near enough that a square is 12 pixels wide or more; check --columns and --rows.",
            "board_not_seen",
            columns=board.columns,
            rows=board.rows,
        )
    return found


def lens_from_boards(images: Sequence[Image], board: Board) -> Lens:
    """The lens from a series of pictures of one board, held at different places and tilts.

    Raises `LensError` when fewer than five show it, or they do not tell the lens.
    """
    sizes = {(int(image.shape[1]), int(image.shape[0])) for image in images}
    if len(sizes) > 1:
        raise LensError(
            "The pictures are of different sizes: take all from one stream of the camera.",
            "lens_sizes_differ",
        )
    seen = [corners for image in images if (corners := _seen(image, board)) is not None]
    if len(seen) < FEWEST_PICTURES:
        raise LensError(
            f"The board is seen in {len(seen)} of {len(images)} pictures; at least {FEWEST_PICTURES} are "
            "needed, with the board at different places and tilts.",
            "board_seldom_seen",
            count=len(seen),
            pictures=len(images),
            fewest=FEWEST_PICTURES,
        )
    (size,) = sizes
    _require_spread(seen, size)
    return _calibrated(seen, size)


def _seen(image: Image, board: Board) -> BoardCorners | None:
    try:
        corners = find_board(image, board)
    except BoardError:
        return None
    return corners if len(corners.pixels) >= FEWEST_FOR_LENS else None


def _calibrated(seen: list[BoardCorners], size: Size) -> Lens:
    on_board = [_flat(corners.metres) for corners in seen]
    in_picture = [corners.pixels.astype(np.float32)[:, None] for corners in seen]
    flags = cv2.CALIB_FIX_ASPECT_RATIO | cv2.CALIB_FIX_K3
    start = np.array([[size[0], 0, size[0] / 2], [0, size[0], size[1] / 2], [0, 0, 1.0]])
    rms, matrix, distortion, _, _, sd, _, _ = cv2.calibrateCameraExtended(
        on_board, in_picture, size, start, np.zeros(5), flags=flags
    )
    focal, focal_sd = float(matrix[0, 0]), float(sd.ravel()[0])
    if not rms <= LARGEST_RMS_PX * max(size) / 640:
        raise LensError(
            f"The corners stay {rms:.1f} px off with every lens: is the board flat, and its size right?",
            "board_not_flat",
            rms_px=float(rms),
        )
    if not focal_sd <= LARGEST_FOCAL_SD * focal:
        raise LensError(
            "The focal length stays uncertain: tilt the board more, each time another way.",
            "board_tilted_too_little",
        )
    k1, k2, p1, p2, k3 = (float(value) for value in distortion.ravel()[:5])
    centre = (float(matrix[0, 2]) / size[0], float(matrix[1, 2]) / size[1])
    lens = Lens(focal / size[0], centre, (k1, k2, p1, p2, k3), focal_known=True, rms_px=float(rms))
    lens.require_unfolded(size)
    return lens


def _require_spread(seen: list[BoardCorners], size: Size) -> None:
    corners = np.concatenate([one.pixels for one in seen])
    covered = np.ptp(corners, axis=0) / np.array(size)
    if covered.min() < SMALLEST_SPREAD:
        raise LensError(
            "The boards cover too little of the picture: hold them into its corners too, "
            "where a lens bends most.",
            "board_covers_too_little",
        )


def _flat(metres: Matrix) -> NDArray[np.float32]:
    return np.column_stack([metres, np.zeros(len(metres))]).astype(np.float32)[:, None]


def _charuco(grey: Image, board: Board) -> BoardCorners | None:
    layout = charuco(board)
    corners, numbers, _, _ = cv2.aruco.CharucoDetector(layout).detectBoard(grey)
    if numbers is None:
        return None
    metres = np.asarray(layout.getChessboardCorners(), dtype=np.float64)[numbers.ravel(), :2]
    return BoardCorners(np.asarray(corners, dtype=np.float64).reshape(-1, 2), metres)


def charuco(board: Board) -> "cv2.aruco.CharucoBoard":
    """OpenCV's own description of a ChArUco board."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_100)
    size = (board.columns, board.rows)
    return cv2.aruco.CharucoBoard(size, board.square_m, board.square_m * MARKER_SHARE, dictionary)


def _chessboard(grey: Image, board: Board) -> BoardCorners | None:
    inner = (board.columns - 1, board.rows - 1)
    flags = cv2.CALIB_CB_EXHAUSTIVE | cv2.CALIB_CB_ACCURACY
    found, corners = cv2.findChessboardCornersSB(grey, inner, flags=flags)
    if not found:
        return None
    x, y = np.meshgrid(np.arange(1, inner[0] + 1), np.arange(1, inner[1] + 1))
    metres = np.column_stack([x.ravel(), y.ravel()]).astype(np.float64) * board.square_m
    return BoardCorners(np.asarray(corners, dtype=np.float64).reshape(-1, 2), metres)
