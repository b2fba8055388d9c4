"""The camera behind a floor: its lens and height from four points, and metres on planes above the floor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from calibration.camera_pose import CameraPose, camera_pose
from calibration.floor import Floor, Point

SIZE = (1280, 720)
FLOOR_M = [(-1.5, -1.0), (1.5, -1.0), (1.5, 2.0), (-1.5, 2.0)]

Matrix = NDArray[np.float64]


def projection(focal_px: float, height_m: float, down_deg: float, turn_deg: float) -> Matrix:
    """The 3×4 of a camera that looks at the floor's origin from `height_m`, `down_deg` below the horizon.

    The floor's X goes right and Y away from the camera when `turn_deg` is 0; Z is up.
    """
    down, turn = np.radians([down_deg, turn_deg])
    back = height_m / np.tan(down)
    place = np.array([back * np.sin(turn), -back * np.cos(turn), height_m])
    ahead = -place / np.linalg.norm(place)
    right = np.array([np.cos(turn), np.sin(turn), 0.0])
    rotation = np.stack([right, np.cross(ahead, right), ahead])
    lens = np.array([[focal_px, 0, SIZE[0] / 2], [0, focal_px, SIZE[1] / 2], [0, 0, 1.0]])
    return np.asarray(lens @ np.column_stack([rotation, -rotation @ place]))


def seen(camera: Matrix, spot: Point, height_m: float = 0.0) -> Point:
    x, y, w = camera @ np.array([*spot, height_m, 1.0])
    return float(x / w), float(y / w)


def recovered(camera: Matrix, flipped: bool = False) -> CameraPose | None:
    """What is told from the floor alone; `flipped` measures X the other way round, as people do."""
    sign = -1.0 if flipped else 1.0
    spots = [(sign * x, y) for x, y in FLOOR_M]
    floor = Floor.from_points([seen(camera, spot) for spot in FLOOR_M], spots)
    return camera_pose(floor.homography, SIZE)


cameras = st.tuples(st.floats(500, 1600), st.floats(2.2, 5), st.floats(20, 65), st.floats(-180, 180))


@given(cameras, st.booleans())
@settings(max_examples=80, deadline=None)
def test_lens_and_height_are_recovered_whichever_way_the_floor_is_measured(
    numbers: tuple[float, float, float, float], flipped: bool
) -> None:
    found = recovered(projection(*numbers), flipped)
    assert found is not None
    assert found.focal_px == pytest.approx(numbers[0], rel=1e-3)
    assert found.height_m == pytest.approx(numbers[1], rel=1e-3)
    np.testing.assert_allclose(found.rotation @ found.rotation.T, np.eye(3), atol=1e-6)


@given(cameras, st.floats(-1, 1), st.floats(-0.5, 1.5), st.floats(0, 1.8), st.booleans())
@settings(max_examples=80, deadline=None)
def test_a_shoulder_over_the_floor_is_found_and_seen_again(
    numbers: tuple[float, float, float, float], x: float, y: float, height_m: float, flipped: bool
) -> None:
    camera = projection(*numbers)
    found = recovered(camera, flipped)
    assert found is not None
    spot = (-x if flipped else x, y)
    pixel = seen(camera, (x, y), height_m)
    assert found.to_metres(pixel, height_m) == pytest.approx(spot, abs=5e-3)
    assert found.to_pixels(spot, height_m) == pytest.approx(pixel, abs=1)


def test_the_plane_on_the_floor_is_the_floor_itself() -> None:
    camera = projection(900, 3.0, 40, 25)
    found = recovered(camera)
    assert found is not None
    for spot in FLOOR_M:
        assert found.to_pixels(spot) == pytest.approx(seen(camera, spot), abs=0.05)


def test_a_camera_that_looks_straight_down_does_not_tell_its_lens() -> None:
    pixels = [(340.0, 60.0), (940.0, 60.0), (940.0, 660.0), (340.0, 660.0)]
    floor = Floor.from_points(pixels, [(0, 0), (2, 0), (2, 2), (0, 2)])
    assert camera_pose(floor.homography, SIZE) is None


@pytest.mark.parametrize("seed", range(5))
def test_a_camera_that_looks_nearly_straight_down_tells_no_impossible_lens(seed: int) -> None:
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, (4, 2))
    corners = np.array([(340.0, 60.0), (940.0, 60.0), (940.0, 660.0), (340.0, 660.0)]) + noise
    pixels = [(float(x), float(y)) for x, y in corners]
    found = camera_pose(Floor.from_points(pixels, [(0, 0), (2, 0), (2, 2), (0, 2)]).homography, SIZE)
    assert found is None or 200 < found.focal_px < 16_000


def test_pixels_read_off_by_one_move_a_shoulder_by_centimetres() -> None:
    camera = projection(900, 3.0, 40, 10)
    random = np.random.default_rng(4)
    spots = [(x, y) for x in (-1.5, 0.0, 1.5) for y in (-1.0, 0.5, 2.0)]
    pixels = np.array([seen(camera, spot) for spot in spots]) + random.uniform(-1, 1, (9, 2))
    floor = Floor.from_points([(float(x), float(y)) for x, y in pixels], spots)
    found = camera_pose(floor.homography, SIZE)
    assert found is not None
    assert found.height_m == pytest.approx(3.0, abs=0.15)
    assert found.to_metres(seen(camera, (0.4, 0.8), 1.36), 1.36) == pytest.approx((0.4, 0.8), abs=0.08)
