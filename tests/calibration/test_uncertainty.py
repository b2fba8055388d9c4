"""Error bars that hold: as often as they say, the true spot is inside."""

import numpy as np
import pytest

from calibration.floor import Floor, FloorError
from calibration.lens import Lens
from calibration.plane_fit import PointError
from calibration.uncertainty import Ellipse, sd_across

SIZE = (640, 360)
CLICK_PX, TAPE_M = 1.3, 0.01
GRID = [(x, y) for x in (-1.2, 0.0, 1.2) for y in (0.0, 1.0, 2.5)]
SPOTS = [(0.0, 0.4), (1.0, 1.0), (-1.5, 2.0), (0.5, 3.2)]


def hall(lens: Lens, height_m: float = 2.6) -> Floor:
    """The true floor under a camera that looks along Y and down."""
    down = np.radians(38)
    rotation = np.array([[1, 0, 0], [0, -np.sin(down), -np.cos(down)], [0, np.cos(down), -np.sin(down)]])
    away = -rotation @ np.array([0.0, -2.2, height_m])
    plane = lens.matrix(SIZE) @ np.column_stack([rotation[:, :2], away])
    corners = [(-1.0, 0.0), (1.0, 0.0), (1.0, 2.0), (-1.0, 2.0)]
    seen = np.column_stack([np.array(corners), np.ones(4)]) @ plane.T
    pixels = lens.bent(seen[:, :2] / seen[:, 2:], SIZE)
    return Floor.from_points([tuple(p) for p in pixels], corners, lens, SIZE, PointError(1e-6, 1e-6))


@pytest.mark.parametrize("points", [GRID, [GRID[0], GRID[2], GRID[6], GRID[8]]], ids=["nine", "four"])
@pytest.mark.parametrize(
    "lens",
    [
        Lens(0.75, focal_known=False),
        Lens(0.75, distortion=(-0.15, 0, 0, 0, 0)),
    ],
    ids=["free of bend", "known lens"],
)
def test_the_ellipse_holds_the_true_spot_as_often_as_it_says(
    lens: Lens, points: list[tuple[float, float]]
) -> None:
    true, random = hall(lens), np.random.default_rng(7)
    inside = total = 0
    for _ in range(120):
        clicked = [tuple(np.array(true.to_pixels(m)) + random.normal(0, CLICK_PX, 2)) for m in points]
        measured = [tuple(np.array(m) + random.normal(0, TAPE_M, 2)) for m in points]
        floor = Floor.from_points(clicked, measured, lens, SIZE, PointError(CLICK_PX, TAPE_M))
        for spot in SPOTS:
            pixel = np.array(true.to_pixels(spot)) + random.normal(0, CLICK_PX, 2)
            ellipse = floor.ellipse((float(pixel[0]), float(pixel[1])), CLICK_PX)
            inside += _holds(ellipse, spot)
            total += 1
    assert 0.92 <= inside / total <= 0.99


def _holds(ellipse: Ellipse, spot: tuple[float, float]) -> bool:
    dx, dy = np.subtract(spot, ellipse.centre)
    along = dx * np.cos(ellipse.angle) + dy * np.sin(ellipse.angle)
    across = -dx * np.sin(ellipse.angle) + dy * np.cos(ellipse.angle)
    return bool((along / ellipse.semi_major_m) ** 2 + (across / ellipse.semi_minor_m) ** 2 <= 1)


def test_uncertainty_grows_away_from_where_the_floor_was_measured() -> None:
    lens = Lens(0.75, focal_known=False)
    true = hall(lens)
    near = [(-0.3, 0.2), (0.3, 0.2), (0.3, 0.8), (-0.3, 0.8)]
    floor = Floor.from_points([true.to_pixels(m) for m in near], near, size=SIZE)
    amid, far = true.to_pixels((0.0, 0.5)), true.to_pixels((0.0, 3.0))
    assert floor.ellipse(far).semi_major_m > 5 * floor.ellipse(amid).semi_major_m


def test_a_known_lens_makes_a_small_board_go_farther() -> None:
    """With the focal length known only the camera's place is sought."""
    lens = Lens(0.75)
    true = hall(lens)
    board = [(-0.3, 0.2), (0.3, 0.2), (0.3, 0.8), (-0.3, 0.8)]
    pixels = [true.to_pixels(m) for m in board]
    far = true.to_pixels((0.0, 3.0))
    free = Floor.from_points(pixels, board, size=SIZE).ellipse(far).semi_major_m
    known = Floor.from_points(pixels, board, lens, SIZE).ellipse(far).semi_major_m
    assert known < free / 2


def test_points_too_near_to_each_other_are_refused() -> None:
    true = hall(Lens(0.75, focal_known=False))
    tiny = [(0.0, 2.0), (0.02, 2.0), (0.02, 2.02), (0.0, 2.02)]
    with pytest.raises(FloorError, match="measure points farther apart"):
        Floor.from_points([true.to_pixels(m) for m in tiny], tiny, size=SIZE, error=PointError(3.0, 0.2))


def test_one_bad_point_among_nine_does_not_bend_the_plane_and_is_named() -> None:
    true = hall(Lens(0.75, focal_known=False))
    metres = list(GRID)
    metres[5] = (metres[5][0] + 0.4, metres[5][1])
    with pytest.raises(FloorError, match=r"point 6 is [34]\d cm off") as refused:
        Floor.from_points([true.to_pixels(m) for m in GRID], metres, size=SIZE)
    assert refused.value.floor is not None
    others = np.delete(refused.value.floor.residuals_m(), 5)
    assert others.max() < 0.05


def test_an_error_is_told_along_any_direction() -> None:
    covariance = np.array([[0.04, 0.0], [0.0, 0.01]])
    assert sd_across(covariance, (1.0, 0.0)) == pytest.approx(0.2)
    assert sd_across(covariance, (0.0, 1.0)) == pytest.approx(0.1)
    ellipse = Ellipse.of((1.0, 2.0), covariance)
    assert ellipse.semi_major_m == pytest.approx(0.2 * 2.4477, rel=1e-3)
    assert len(ellipse.outline()) == 48
