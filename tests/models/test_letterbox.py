"""What is fitted into a network's square comes back to where it was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.letterbox import PADDING_GREY, Box, blob, letterbox_of

SQUARE = (416, 416)
sides = st.integers(min_value=1, max_value=8000)
shares = st.floats(min_value=0, max_value=1)


@given(width=sides, height=sides, corners=st.tuples(shares, shares, shares, shares))
def test_a_box_comes_back_from_the_square(
    width: int, height: int, corners: tuple[float, float, float, float]
) -> None:
    fit = letterbox_of((width, height), None, SQUARE)
    assert fit is not None
    box = np.array([corners], dtype=np.float32) * np.tile((width, height), 2)
    np.testing.assert_allclose(fit.to_picture(fit.to_network(box)), box, atol=1e-3 * max(width, height))


@given(width=sides, height=sides)
def test_a_picture_fills_the_square_one_way_and_is_not_bent(width: int, height: int) -> None:
    fit = letterbox_of((width, height), None, SQUARE)
    assert fit is not None
    assert max(fit.width, fit.height) == 416
    assert min(fit.width, fit.height) >= 1
    ideal = 416 / max(width, height)
    assert abs(fit.width - width * ideal) <= 1
    assert abs(fit.height - height * ideal) <= 1


@given(
    crop=st.tuples(*[st.floats(min_value=-500, max_value=2500) for _ in range(4)]),
)
def test_a_crop_lies_in_the_picture_and_covers_what_was_asked_of_it(crop: Box) -> None:
    fit = letterbox_of((1280, 720), crop, SQUARE)
    if fit is None:
        outside = crop[0] >= 1280 or crop[1] >= 720 or crop[2] <= 0 or crop[3] <= 0
        assert outside or crop[2] <= crop[0] + 1 or crop[3] <= crop[1] + 1
        return
    x1, y1, x2, y2 = fit.crop
    assert 0 <= x1 < x2 <= 1280
    assert 0 <= y1 < y2 <= 720
    assert x1 <= max(crop[0], 0)
    assert y2 >= min(crop[3], 720)


@pytest.mark.parametrize(
    "crop", [(2000, 0, 2100, 100), (-90, 0, -10, 100), (50, 50, 50, 50), (80, 0, 20, 100)]
)
def test_a_crop_outside_the_picture_is_none(crop: Box) -> None:
    assert letterbox_of((1280, 720), crop, SQUARE) is None


@pytest.mark.parametrize("crop", [(float("nan"), 0, 10, 10), (0, 0, float("inf"), 10)])
def test_a_crop_that_is_no_place_is_none(crop: Box) -> None:
    assert letterbox_of((1280, 720), crop, SQUARE) is None


def test_the_square_is_the_crop_and_grey_in_the_order_of_colours_of_the_picture() -> None:
    picture = np.zeros((100, 300, 3), dtype=np.uint8)
    picture[:, 100:200] = (10, 20, 30)
    fit = letterbox_of((300, 100), (100, 0, 200, 50), (64, 64))
    assert fit is not None
    tensor = blob(picture, fit, (64, 64))
    assert tensor.shape == (1, 3, 64, 64)
    assert tensor.dtype == np.float32
    np.testing.assert_array_equal(tensor[0, :, 31, 63], (10, 20, 30))
    np.testing.assert_array_equal(tensor[0, :, 32, 0], (PADDING_GREY,) * 3)
