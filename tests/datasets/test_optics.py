"""Points fall where the lens puts them, and pixels look back at where they came from."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.optics import distort, look, sheet, undistort
from datasets.places import CAMERAS, HALLS, camera

floor_points = st.tuples(st.floats(-0.8, 0.8), st.floats(0.1, 2.5))


@given(floor_points, st.sampled_from(CAMERAS), st.sampled_from(sorted(HALLS)), st.integers(0, 50))
def test_a_point_on_the_floor_is_found_again_from_its_pixel(
    point: tuple[float, float], kind: str, hall: str, seed: int
) -> None:
    lens = camera(HALLS[hall], kind, 640, 360, seed)
    pixel = lens.project(np.array([[*point, 0.0]]))
    if np.isnan(pixel).any() or (pixel < 0).any() or (pixel > [640, 360]).any():
        return
    assert lens.floor_at(pixel)[0] == pytest.approx(point, abs=1e-4)


@given(st.floats(-0.8, 0.8), st.floats(-0.5, 0.5), st.floats(-0.3, 0.0))
def test_the_lens_can_be_undone(x: float, y: float, barrel: float) -> None:
    coefficients = np.array([barrel, 0.28 * barrel**2, 0.001, -0.001, 0.0])
    flat = np.array([[x, y]])
    assert undistort(distort(flat, coefficients), coefficients)[0] == pytest.approx([x, y], abs=1e-6)


def test_projection_agrees_with_opencv() -> None:
    lens = look((1.5, 2.0, 2.6), (0.0, -0.8, 0.9), 960, 540, 70.0, -0.2, 1.0)
    points = np.random.default_rng(1).uniform([-0.8, -1.5, 0.3], [0.8, 0.0, 1.5], (50, 3))
    turned, _ = cv2.Rodrigues(lens.rotation)
    theirs, _ = cv2.projectPoints(points, turned, lens.translation, lens.matrix, lens.distortion)
    assert lens.project(points) == pytest.approx(theirs.reshape(-1, 2), abs=1e-6)


def test_what_is_behind_the_camera_has_no_pixel() -> None:
    lens = look((0.0, 2.0, 2.0), (0.0, 0.0, 1.0), 640, 360, 70.0)
    assert np.isnan(lens.project(np.array([[0.0, 4.0, 2.0]]))).all()


def test_the_flat_sheet_covers_the_whole_picture() -> None:
    flat = sheet(camera(HALLS["willow"], "queue", 320, 180), 1.3)
    assert flat.map_x.min() >= 0
    assert flat.map_y.min() >= 0
    assert flat.map_x.max() <= flat.width - 1
    assert flat.map_y.max() <= flat.height - 1
