"""A lens: unbending undoes bending, as OpenCV does it, and it is found from boards or straight lines."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.lens import Lens, LensError
from calibration.straight_lines import crookedness_px, lens_from_lines

SIZE = (1280, 720)
spots = st.tuples(st.floats(0, 1280), st.floats(0, 720))
lenses = st.builds(
    lambda focal, k1, k2, p1: Lens(focal, (0.51, 0.48), (k1, k2, p1, -p1 / 2, 0.0)),
    st.floats(0.5, 1.2),
    st.floats(-0.2, 0.05),
    st.floats(0.0, 0.02),
    st.floats(-0.002, 0.002),
)


@given(lenses, spots)
@settings(deadline=None)
def test_unbending_undoes_bending(lens: Lens, spot: tuple[float, float]) -> None:
    straight = lens.straight(np.array([spot]), SIZE)
    if np.isfinite(straight).all():
        assert lens.bent(straight, SIZE)[0] == pytest.approx(spot, abs=1e-3)


def test_it_is_the_model_that_opencv_uses() -> None:
    lens = Lens(0.7, (0.49, 0.53), (-0.18, 0.03, 0.001, -0.0007, 0.002))
    spots = np.random.default_rng(1).uniform((0, 0), SIZE, (50, 2))
    theirs = cv2.undistortPoints(
        spots[:, None, :],
        lens.matrix(SIZE),
        np.array(lens.distortion),
        P=lens.matrix(SIZE),
    )[:, 0]
    assert lens.straight(spots, SIZE) == pytest.approx(theirs, abs=0.3)
    assert lens.bent(lens.straight(spots, SIZE), SIZE) == pytest.approx(spots, abs=1e-4)


def test_a_sub_stream_sees_through_the_same_lens() -> None:
    lens = Lens(0.7, distortion=(-0.2, 0.02, 0, 0, 0))
    large = lens.straight(np.array([[100.0, 80.0]]), SIZE)[0]
    small = lens.straight(np.array([[50.0, 40.0]]), (640, 360))[0]
    assert small * 2 == pytest.approx(large)


def bent_lines(k1: float, noise_px: float, seed: int = 0) -> list[list[tuple[float, float]]]:
    """Clicked edges of a hall through a lens that bends them."""
    lens, random = Lens(0.8, distortion=(k1, 0, 0, 0, 0)), np.random.default_rng(seed)
    ends = [
        ((40, 60), (1240, 90)),
        ((60, 680), (1220, 640)),
        ((70, 50), (40, 670)),
        ((1200, 40), (1230, 690)),
    ]
    lines = []
    for start, end in ends:
        straight = np.linspace(start, end, 9)
        clicked = lens.bent(straight, SIZE) + random.normal(0, noise_px, straight.shape)
        lines.append([(float(x), float(y)) for x, y in clicked])
    return lines


@pytest.mark.parametrize("k1", [-0.25, -0.08, 0.06])
def test_the_bend_is_found_from_straight_edges(k1: float) -> None:
    lines = bent_lines(k1, noise_px=0.7)
    lens = lens_from_lines(lines, SIZE)
    assert not lens.focal_known
    before, after = crookedness_px(lines, SIZE), crookedness_px(lines, SIZE, lens)
    assert after < 1.0 < before
    unseen = [
        [(float(x), float(y)) for x, y in Lens(0.8, distortion=(k1, 0, 0, 0, 0)).bent(diagonal, SIZE)]
        for diagonal in [np.linspace((150, 100), (1100, 500), 9)]
    ]
    assert crookedness_px(unseen, SIZE, lens) < max(1.0, crookedness_px(unseen, SIZE) / 3)


def test_lines_through_the_middle_tell_nothing() -> None:
    through = [[(x, 360.0) for x in np.linspace(50, 1200, 7)], [(640.0, y) for y in np.linspace(20, 700, 7)]]
    with pytest.raises(LensError, match="near the picture's edges"):
        lens_from_lines(through, SIZE)


def test_lines_that_are_not_straight_in_the_hall_are_refused() -> None:
    wave = [[(x, 100 + 40 * np.sin(x / 60)) for x in np.linspace(50, 1200, 12)]] * 2
    with pytest.raises(LensError, match="straight in the hall"):
        lens_from_lines(wave, SIZE)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "at least 2 straight lines; there are 0"),
        ([[(0.0, 0.0), (9.0, 9.0)]] * 2, "Line 1 needs 5 or more points"),
        ([[(float(x), 5.0) for x in range(6)]] * 2, "too short"),
    ],
)
def test_too_little_is_refused_in_words(lines: list[list[tuple[float, float]]], says: str) -> None:
    with pytest.raises(LensError, match=says):
        lens_from_lines(lines, SIZE)


def test_a_lens_that_folds_the_picture_is_refused() -> None:
    with pytest.raises(LensError, match="back onto itself"):
        Lens(0.5, distortion=(-0.9, 0, 0, 0, 0)).require_unfolded(SIZE)


@pytest.mark.parametrize("focal", [0.0, -1.0, float("nan")])
def test_a_lens_without_a_focal_length_is_refused(focal: float) -> None:
    with pytest.raises(LensError, match="no focal length"):
        Lens(focal)
