"""Printed boards: found where they lie, silent where they are not, and a series of them tells the lens."""

import cv2
import numpy as np
import pytest

from calibration.board_sheet import modules_of, sheet_svg
from calibration.boards import Board, BoardError, find_board, lens_from_boards
from calibration.floor import Floor
from calibration.lens import Lens, LensError

SIZE = (1280, 720)
TRUE = Lens(0.72, (0.505, 0.49), (-0.16, 0.02, 0.0, 0.0, 0.0))


def photograph(
    board: Board, turn: tuple[float, float, float], place: tuple[float, float, float]
) -> np.ndarray:
    """A board through the true lens: `turn` is a rotation vector, `place` where its middle is, metres."""
    rotation, _ = cv2.Rodrigues(np.array(turn, dtype=np.float64))
    width, height = board.size_m
    away = np.array(place) - rotation @ np.array([width / 2, height / 2, 0])
    plane = TRUE.matrix(SIZE) @ np.column_stack([rotation[:, :2], away])
    sheet = cv2.copyMakeBorder(
        cv2.resize(modules_of(board), None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST),
        64, 64, 64, 64, cv2.BORDER_CONSTANT, value=255,
    )  # fmt: skip
    metre = 64 / board.square_m
    to_sheet = np.array([[metre, 0, 64], [0, metre, 64], [0, 0, 1]]) @ np.linalg.inv(plane)
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    straight = TRUE.straight(np.column_stack([x.ravel(), y.ravel()]).astype(np.float64), SIZE)
    mapped = np.column_stack([straight, np.ones(len(straight))]) @ to_sheet.T
    spots = (mapped[:, :2] / mapped[:, 2:]).astype(np.float32).reshape(SIZE[1], SIZE[0], 2)
    picture = cv2.remap(sheet, spots, None, cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=110)
    noise = np.random.default_rng(3).normal(0, 3, picture.shape)
    return cv2.cvtColor(
        np.clip(cv2.GaussianBlur(picture, (3, 3), 0.7) + noise, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR
    )


HELD = [
    ((0.5, 0.0, 0.0), (0.0, 0.0, 0.9)),
    ((-0.5, 0.1, 0.0), (-0.42, -0.2, 1.0)),
    ((0.0, 0.6, 0.1), (0.42, -0.2, 1.0)),
    ((0.1, -0.6, 0.0), (0.4, 0.22, 1.0)),
    ((0.4, 0.4, -0.2), (-0.4, 0.22, 1.0)),
    ((-0.3, -0.4, 0.5), (0.0, 0.1, 0.75)),
    ((-0.6, 0.2, 0.2), (0.1, -0.1, 0.7)),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["charuco", "chessboard"])
def test_a_sheet_on_the_floor_is_found_and_gives_the_plane(kind: str) -> None:
    board = Board(kind, 6, 5, 0.1)  # type: ignore[arg-type]
    picture = photograph(board, (0.9, 0.05, 0.1), (0.05, 0.1, 1.6))
    corners = find_board(picture, board)
    assert len(corners.pixels) == 20
    floor = Floor.from_points(
        [tuple(p) for p in corners.pixels], [tuple(m) for m in corners.metres], TRUE, SIZE
    )
    assert floor.residuals_m().max() < 0.005
    one, other = floor.to_pixels((0.0, 0.0)), floor.to_pixels((0.6, 0.5))
    back = np.subtract(floor.to_metres(other), floor.to_metres(one))
    assert np.hypot(*back) == pytest.approx(np.hypot(0.6, 0.5), abs=0.01)


def test_a_series_of_boards_tells_the_lens() -> None:
    board = Board("charuco", 7, 5, 0.06)
    lens = lens_from_boards([photograph(board, *held) for held in HELD], board)
    assert lens.focal == pytest.approx(TRUE.focal, rel=0.02)
    assert lens.focal_known
    spots = np.array([[60.0, 50.0], [1200.0, 680.0], [640.0, 40.0]])
    straight, true = lens.straight(spots, SIZE), TRUE.straight(spots, SIZE)
    through, truth = (
        (one - [c * s for c, s in zip(which.centre, SIZE, strict=True)]) / (which.focal * SIZE[0])
        for one, which in ((straight, lens), (true, TRUE))
    )
    assert through == pytest.approx(truth, abs=0.02)


def test_pictures_without_a_board_are_refused_in_words() -> None:
    grey = np.full((720, 1280, 3), 90, np.uint8)
    with pytest.raises(BoardError, match="is not seen"):
        find_board(grey, Board())
    with pytest.raises(LensError, match="seen in 0 of 6 pictures"):
        lens_from_boards([grey] * 6, Board())


def test_boards_in_one_corner_only_do_not_tell_a_lens() -> None:
    board = Board("charuco", 7, 5, 0.06)
    same = [photograph(board, (0.4, 0.1 * i, 0.0), (0.0, 0.0, 1.4)) for i in range(5)]
    with pytest.raises(LensError, match="cover too little"):
        lens_from_boards(same, board)


def test_pictures_of_two_sizes_are_refused() -> None:
    one, other = np.zeros((720, 1280, 3), np.uint8), np.zeros((360, 640, 3), np.uint8)
    with pytest.raises(LensError, match="different sizes"):
        lens_from_boards([one, other], Board())


@pytest.mark.parametrize("board", [Board(), Board("chessboard", 8, 6, 0.03)])
def test_the_printed_sheet_says_its_size(board: Board) -> None:
    svg = sheet_svg(board)
    assert f"{board.square_m * 1000:g} mm" in svg
    assert "100 mm" in svg


def test_a_board_that_is_none_is_refused() -> None:
    with pytest.raises(BoardError, match="at least 3 × 3"):
        Board(columns=2)
