"""Where people stand, told by a synthetic camera whose every number is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.floor import Floor
from tests.vision.builders import SIZE, body, pose, with_pose
from vision.standing import SHOULDER_SHARE, STATURE_M, Ground
from vision.values import JOINT, Person, Point, Pose

FOCAL_PX = 420.0
HEIGHT_M = 2.8
DOWN_DEG = 35.0
FEET = ("left_ankle", "right_ankle")
spots = st.tuples(st.floats(-1.5, 1.5), st.floats(2.5, 6))


def seen_at(spot: Point, height_m: float = 0.0) -> Point:
    """Where a camera over the origin, looking along Y and down, sees a point over a floor point."""
    down = math.radians(DOWN_DEG)
    x, ahead, above = spot[0], spot[1], height_m - HEIGHT_M
    depth = ahead * math.cos(down) - above * math.sin(down)
    below = -ahead * math.sin(down) - above * math.cos(down)
    return SIZE[0] / 2 + FOCAL_PX * x / depth, SIZE[1] / 2 + FOCAL_PX * below / depth


CORNERS = [(-1.0, 2.5), (1.0, 2.5), (1.0, 5.5), (-1.0, 5.5), (0.0, 4.0)]


@pytest.fixture(scope="module")
def ground() -> Ground:
    return Ground.under(Floor.from_points([seen_at(spot) for spot in CORNERS], CORNERS), SIZE)


def stander(spot: Point, unseen: tuple[str, ...] = (), feet_at: Point | None = None) -> Person:
    """An adult at that spot: feet on the floor, shoulders at the height of an adult's."""
    keypoints = pose(body(), unseen=unseen).keypoints.copy()
    shoulders = seen_at(spot, STATURE_M * SHOULDER_SHARE)
    feet = seen_at(feet_at or spot)
    for name, sign in (("left", 1), ("right", -1)):
        keypoints[JOINT[f"{name}_shoulder"], :2] = shoulders[0] + sign * 20, shoulders[1]
        keypoints[JOINT[f"{name}_ankle"], :2] = feet[0] + sign * 8, feet[1]
    return with_pose(Pose(keypoints))


@given(spots)
@settings(max_examples=30, deadline=None)
def test_feet_that_are_seen_tell_where_somebody_stands(spot: Point) -> None:
    floor = Floor.from_points([seen_at(one) for one in CORNERS], CORNERS)
    assert Ground.under(floor, SIZE).stand_of(stander(spot)) == pytest.approx(spot, abs=0.01)


@given(spots)
@settings(max_examples=30, deadline=None)
def test_shoulders_stand_in_for_feet_that_a_counter_hides(spot: Point) -> None:
    floor = Floor.from_points([seen_at(one) for one in CORNERS], CORNERS)
    assert Ground.under(floor, SIZE).stand_of(stander(spot, FEET)) == pytest.approx(spot, abs=0.01)


def test_feet_that_were_guessed_far_away_are_not_believed(ground: Ground) -> None:
    assert ground.stand_of(stander((0.0, 4.0), feet_at=(0.0, 2.5))) == pytest.approx((0.0, 4.0), abs=0.01)
    assert ground.stand_of(stander((0.0, 4.0), feet_at=(0.0, 3.7))) == pytest.approx((0.0, 3.7), abs=0.01)


def test_the_top_of_a_box_tells_where_there_is_no_pose(ground: Ground) -> None:
    x, y = seen_at((0.5, 4.0), STATURE_M)
    boxed = Person(1, (x - 20, y, x + 20, y + 100), 0.9)
    assert ground.stand_of(boxed) == pytest.approx((0.5, 4.0), abs=0.01)


def test_a_camera_that_looks_straight_down_knows_feet_only() -> None:
    pixels = [(100.0, 100.0), (300.0, 100.0), (300.0, 300.0), (100.0, 300.0)]
    flat = Ground.under(Floor.from_points(pixels, [(0, 0), (2, 0), (2, 2), (0, 2)]), SIZE)
    assert flat.camera is None
    seen, hidden = with_pose(pose()), with_pose(pose(unseen=FEET))
    assert flat.stand_of(seen) is not None
    assert flat.stand_of(hidden) is None


def test_the_camera_behind_the_floor_is_recovered(ground: Ground) -> None:
    assert ground.camera is not None
    assert ground.camera.focal_px == pytest.approx(FOCAL_PX, rel=1e-3)
    assert ground.camera.height_m == pytest.approx(HEIGHT_M, rel=1e-3)
    assert np.isfinite(ground.floor.residuals_m()).all()
