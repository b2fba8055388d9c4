"""A floor plane from measured points: right to the millimetre, honest where it is not, refused in words."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calibration.floor import Floor, FloorError, Point
from calibration.plane_fit import PointError

CORNERS_M = [(-1.0, 0.2), (1.0, 0.2), (1.0, 3.0), (-1.0, 3.0)]
MIDDLE_M = (0.1, 1.4)


class Eye:
    """A pinhole camera over the floor, looking along Y and down: what truth is made with here."""

    def __init__(self, height_m: float, down_deg: float, turn_deg: float) -> None:
        down, turn = np.radians([down_deg, turn_deg])
        aside = np.array([[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
        axes = np.array(
            [[1, 0, 0], [0, -np.sin(down), -np.cos(down)], [0, np.cos(down), -np.sin(down)]], dtype=np.float64
        )
        rotation = axes @ aside
        lens = np.array([[500.0, 0, 320], [0, 500.0, 180], [0, 0, 1]])
        away = -rotation @ np.array([0.0, -2.0, height_m])
        self._homography = lens @ np.column_stack([rotation[:, :2], away])

    def sees(self, m: Point) -> Point:
        x, y, depth = self._homography @ np.array([*m, 1.0])
        return float(x / depth), float(y / depth)


eyes = st.builds(Eye, st.floats(1.5, 4), st.floats(20, 60), st.floats(-25, 25))
spots = st.tuples(st.floats(-2, 2), st.floats(0, 4))


def floor_of(eye: Eye, metres: list[Point]) -> Floor:
    return Floor.from_points([eye.sees(m) for m in metres], metres)


@given(eyes, spots)
@settings(deadline=None)
def test_a_spot_that_nobody_measured_is_where_the_camera_sees_it(eye: Eye, spot: Point) -> None:
    floor = floor_of(eye, CORNERS_M)
    assert floor.to_metres(eye.sees(spot)) == pytest.approx(spot, abs=1e-6)
    assert floor.to_pixels(spot) == pytest.approx(eye.sees(spot), abs=1e-4)


@given(eyes, st.permutations([*CORNERS_M, MIDDLE_M]), spots)
@settings(deadline=None)
def test_the_order_of_the_points_changes_nothing(eye: Eye, shuffled: list[Point], spot: Point) -> None:
    pixel = eye.sees(spot)
    one, other = floor_of(eye, [*CORNERS_M, MIDDLE_M]), floor_of(eye, shuffled)
    assert one.to_metres(pixel) == pytest.approx(other.to_metres(pixel), abs=1e-6)


@given(eyes, st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5)))
@settings(deadline=None)
def test_metres_may_be_counted_from_anywhere(eye: Eye, origin: Point) -> None:
    """Halls surveyed in the city's coordinates have their origin far away."""
    pixels = [eye.sees(m) for m in CORNERS_M]
    far = Floor.from_points(pixels, [(x + origin[0], y + origin[1]) for x, y in CORNERS_M])
    x, y = far.to_metres(eye.sees(MIDDLE_M))
    assert (x - origin[0], y - origin[1]) == pytest.approx(MIDDLE_M, abs=1e-4)


@given(eyes, st.integers(0, 11), st.floats(1, 3), st.floats(0, 6.28))
@settings(deadline=None)
def test_a_tape_read_a_metre_wrong_among_twelve_points_is_refused(
    eye: Eye, which: int, off_m: float, towards: float
) -> None:
    """With few points the plane bends to a wrong one; then only leaving it out tells (see below)."""
    metres = [(float(x), float(y)) for x in (-1, 0, 1) for y in (0.2, 1.2, 2.2, 3.2)]
    pixels = [eye.sees(m) for m in metres]
    x, y = metres[which]
    metres[which] = (x + off_m * np.cos(towards), y + off_m * np.sin(towards))
    with pytest.raises(FloorError, match=r"contradict each other|no camera sees"):
        Floor.from_points(pixels, metres)


@given(eyes, st.lists(st.floats(-2, 2), min_size=4, max_size=8, unique=True), st.floats(-1, 1))
@settings(deadline=None)
def test_points_on_a_line_are_refused(eye: Eye, along: list[float], slope: float) -> None:
    with pytest.raises(FloorError, match="on one line"):
        floor_of(eye, [(x, 1.5 + slope * x / 2) for x in along])


@given(eyes, st.permutations([(-1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (0.2, 2.5)]))
@settings(deadline=None)
def test_three_of_four_points_on_a_line_are_refused(eye: Eye, metres: list[Point]) -> None:
    with pytest.raises(FloorError, match="Three of the floor points lie on one line"):
        floor_of(eye, metres)


def test_three_points_on_a_line_on_the_floor_alone_are_refused_too() -> None:
    corners = [(100.0, 100.0), (200.0, 110.0), (220.0, 300.0), (90.0, 310.0)]
    with pytest.raises(FloorError, match="Three of the floor points lie on one line"):
        Floor.from_points(corners, [(0, 0), (1, 0), (2, 0), (1, 1)])


def test_two_corners_in_exchanged_places_are_refused() -> None:
    pixels = [Eye(2.8, 35, 10).sees(m) for m in CORNERS_M]
    pixels[1], pixels[2] = pixels[2], pixels[1]
    with pytest.raises(FloorError, match="no camera sees"):
        Floor.from_points(pixels, CORNERS_M)


def test_axes_that_turn_the_other_way_are_as_good() -> None:
    eye = Eye(2.8, 35, 10)
    floor = Floor.from_points([eye.sees(m) for m in CORNERS_M], [(-x, y) for x, y in CORNERS_M])
    assert floor.to_metres(eye.sees(MIDDLE_M)) == pytest.approx((-MIDDLE_M[0], MIDDLE_M[1]))


@pytest.mark.parametrize("count", range(4))
def test_fewer_than_four_points_are_refused(count: int) -> None:
    with pytest.raises(FloorError, match=f"at least 4 points.*there are {count}"):
        floor_of(Eye(2.8, 35, 0), CORNERS_M[:count])


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(FloorError, match="not a number"):
        Floor.from_points([(bad, 1.0), *CORNERS_M[1:]], CORNERS_M)


@given(eyes, st.integers(0, 5), st.floats(-3, 3), st.floats(-3, 3))
@settings(deadline=None)
def test_a_point_clicked_beside_its_place_shows_in_the_errors(
    eye: Eye, which: int, dx: float, dy: float
) -> None:
    metres = [*CORNERS_M, MIDDLE_M, (-0.6, 2.1)]
    exact = [eye.sees(m) for m in metres]
    assume(np.hypot(dx, dy) > 0.3)
    clicked = list(exact)
    clicked[which] = (exact[which][0] + dx, exact[which][1] + dy)
    floor, left_out = Floor.from_points(clicked, metres), Floor.from_points(exact, metres)
    off_m = np.linalg.norm(np.subtract(left_out.to_metres(clicked[which]), metres[which]))
    alone = floor.leave_one_out_m()
    assert alone is not None
    assert alone[which] == pytest.approx(off_m, abs=1e-6)
    assert floor.residuals_px().max() <= np.hypot(dx, dy) + 1e-6
    assert floor.residuals_px().max() > 1e-3


def test_four_points_say_nothing_about_their_own_error() -> None:
    assert floor_of(Eye(2.8, 35, 0), CORNERS_M).leave_one_out_m() is None


def test_a_point_that_alone_spans_the_floor_has_no_known_error() -> None:
    metres = [(-1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (-0.5, 2.5), (0.6, 2.2)]
    alone = floor_of(Eye(2.8, 35, 0), metres).leave_one_out_m()
    assert alone is not None
    assert np.isnan(alone).tolist() == [False, False, False, True, True]


@given(eyes, spots, st.floats(0.2, 4))
@settings(deadline=None)
def test_the_uncertainty_is_the_farthest_that_a_small_slip_of_the_pixel_leads(
    eye: Eye, spot: Point, pixel_sd: float
) -> None:
    exact = PointError(click_px=1e-9, tape_m=1e-9)
    floor = Floor.from_points([eye.sees(m) for m in CORNERS_M], CORNERS_M, error=exact)
    x, y = eye.sees(spot)
    step = 1e-3
    slips = [
        np.subtract(floor.to_metres((x + step * np.cos(turn), y + step * np.sin(turn))), spot)
        for turn in np.linspace(0, 2 * np.pi, 180)
    ]
    farthest = max(np.linalg.norm(slip) for slip in slips) / step * pixel_sd
    assert floor.position_sd_m((x, y), pixel_sd) == pytest.approx(farthest, rel=0.01)


def test_what_is_farther_away_is_less_certain() -> None:
    eye = Eye(2.8, 30, 0)
    floor = floor_of(eye, CORNERS_M)
    errors = [floor.position_sd_m(eye.sees((0.0, y)), 3) for y in (0.5, 1.5, 3.0, 6.0)]
    assert all(near < far for near, far in itertools.pairwise(errors))


def test_the_floor_of_the_queue_clip_is_right_to_a_centimetre(shared: Path) -> None:
    truth = json.loads((shared / "clips/queue_violation-back-q1.truth.json").read_text(encoding="utf-8"))
    points = truth["floor"]["points"]
    floor = Floor.from_points([p["px"] for p in points], [p["m"] for p in points])
    assert floor.residuals_m().max() < 0.01
    alone = floor.leave_one_out_m()
    assert alone is not None
    assert alone.max() < 0.01


@pytest.mark.parametrize("wrong", range(8))
def test_the_point_that_is_wrong_is_the_one_that_is_named(wrong: int) -> None:
    metres = [(0.0, 0.0), (2.0, 0.0), (0.0, 2.0), (2.0, 2.0), (1.0, 0.5), (0.4, 1.4), (1.6, 1.2), (1.0, 2.0)]
    pixels = [(320 + 150 * (x - 1) / (4 - y), 80 + 480 / (4 - y)) for x, y in metres]
    pixels[wrong] = (pixels[wrong][0] + 70.0, pixels[wrong][1] - 30.0)
    with pytest.raises(FloorError, match=f"point {wrong + 1} is") as refused:
        Floor.from_points(pixels, metres, size=(640, 360))
    assert refused.value.code == "points_contradict"
