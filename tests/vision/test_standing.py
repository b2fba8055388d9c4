"""Where people stand, told by a synthetic camera whose every number is known."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.floor import Floor
from calibration.lens import Lens
from tests.vision.builders import SIZE, body, pose, with_pose
from vision.floor_tracks import FloorTracks
from vision.standing import ANKLE_M, HIP_SHARE, SHOULDER_SHARE, STATURE_M, Ground, Stand, Stature
from vision.values import JOINT, Box, Person, Point, Pose

FOCAL_PX = 420.0
HEIGHT_M = 2.8
DOWN_DEG = 35.0
FEET = ("left_ankle", "right_ankle")
LENS = Lens(FOCAL_PX / SIZE[0], distortion=(-0.15, 0.01, 0, 0, 0))
spots = st.tuples(st.floats(-1.5, 1.5), st.floats(2.5, 5.5))
statures = st.floats(1.50, 1.85)


def seen_at(spot: Point, height_m: float = 0.0) -> Point:
    """Where a camera over the origin, looking along Y and down, sees a point over a floor point."""
    down = math.radians(DOWN_DEG)
    x, ahead, above = spot[0], spot[1], height_m - HEIGHT_M
    depth = ahead * math.cos(down) - above * math.sin(down)
    below = -ahead * math.sin(down) - above * math.cos(down)
    return SIZE[0] / 2 + FOCAL_PX * x / depth, SIZE[1] / 2 + FOCAL_PX * below / depth


def bent(pixel: Point) -> Point:
    """The same through a lens that bends."""
    x, y = LENS.bent(np.array([pixel]), SIZE)[0]
    return float(x), float(y)


CORNERS = [(-1.0, 2.5), (1.0, 2.5), (1.0, 5.5), (-1.0, 5.5), (0.0, 4.0)]
GROUND = Ground.under(Floor.from_points([seen_at(spot) for spot in CORNERS], CORNERS), SIZE)


def stander(
    spot: Point,
    unseen: tuple[str, ...] = (),
    feet_at: Point | None = None,
    stature_m: float = STATURE_M,
    track: int = 1,
) -> Person:
    """An adult at that spot, seen from the picture's front: feet, hips and shoulders where they would be."""
    keypoints = pose(body(), unseen=unseen).keypoints.copy()
    heights = {"shoulder": stature_m * SHOULDER_SHARE, "hip": stature_m * HIP_SHARE, "ankle": ANKLE_M}
    for joint, height_m in heights.items():
        at = seen_at((feet_at or spot) if joint == "ankle" else spot, height_m)
        for side, sign in (("left", 1), ("right", -1)):
            keypoints[JOINT[f"{side}_{joint}"], :2] = at[0] + sign * 8, at[1]
    for name in FEET:
        if name not in unseen:
            keypoints[JOINT[name], 2] = 0.95
    top, bottom = seen_at(spot, stature_m), seen_at(feet_at or spot)
    box = (top[0] - 25, top[1], top[0] + 25, bottom[1])
    return replace(with_pose(Pose(keypoints)), box=box, track=track)


def place(person: Person, stature: Stature | None = None, ground: Ground = GROUND) -> Stand:
    found = ground.stand_of(person, stature)
    assert found is not None
    return found


@given(spots, statures)
@settings(max_examples=30, deadline=None)
def test_feet_that_are_seen_tell_where_somebody_of_any_stature_stands(spot: Point, stature_m: float) -> None:
    found = place(stander(spot, stature_m=stature_m))
    assert found.told == "feet"
    assert found.at == pytest.approx(spot, abs=0.01)


@given(spots)
@settings(max_examples=30, deadline=None)
def test_hips_and_shoulders_stand_in_for_feet_that_a_counter_hides(spot: Point) -> None:
    found = place(stander(spot, FEET))
    assert found.told == "body"
    assert found.at == pytest.approx(spot, abs=0.01)
    assert np.trace(found.covariance) > np.trace(place(stander(spot)).covariance)


@given(spots, statures)
@settings(max_examples=30, deadline=None)
def test_a_known_stature_tells_better_than_the_mean(spot: Point, stature_m: float) -> None:
    person = stander(spot, FEET, stature_m=stature_m)
    known = place(person, Stature(stature_m, 0.01))
    assert known.at == pytest.approx(spot, abs=0.02)
    assert np.trace(known.covariance) < np.trace(place(person).covariance)


def test_feet_that_were_guessed_far_away_are_not_believed() -> None:
    guessed = place(stander((0.0, 4.0), feet_at=(0.0, 2.5)))
    assert guessed.told == "body"
    assert guessed.at == pytest.approx((0.0, 4.0), abs=0.01)
    assert place(stander((0.0, 4.0), feet_at=(0.0, 3.7))).at == pytest.approx((0.0, 3.7), abs=0.01)


def test_feet_that_the_engine_doubts_are_weighed_against_the_body() -> None:
    doubted = stander((0.0, 4.0), feet_at=(0.2, 3.8))
    assert doubted.pose is not None
    keypoints = doubted.pose.keypoints.copy()
    keypoints[[JOINT[name] for name in FEET], 2] = 0.65
    found = place(replace(doubted, pose=Pose(keypoints)))
    assert 3.8 < found.at[1] < 4.0
    assert found.told == "body"


def test_feet_below_the_picture_are_not_feet() -> None:
    person = stander((0.0, 4.0))
    assert person.pose is not None
    keypoints = person.pose.keypoints.copy()
    keypoints[[JOINT[name] for name in FEET], 1] = SIZE[1] + 4
    assert place(replace(person, pose=Pose(keypoints))).told == "body"


def test_without_a_pose_the_box_tells_by_its_lower_edge_or_by_its_top() -> None:
    (x, top), (_, bottom) = seen_at((0.5, 4.0), STATURE_M), seen_at((0.5, 4.0))
    whole = place(Person(1, (x - 20, top, x + 20, bottom), 0.9))
    assert whole.told == "box"
    assert whole.at == pytest.approx((0.5, 4.0), abs=0.15)
    cut = place(Person(1, (x - 20, top, x + 20, top + 40), 0.9))
    assert cut.told == "head"
    assert cut.at == pytest.approx((0.5, 4.0), abs=0.05)


def test_a_whole_pose_drawn_into_a_head_is_placed_by_the_head() -> None:
    """The picture ends below the shoulders, and the engine fits seventeen joints into what it sees."""
    person = stander((0.3, 2.6), FEET)
    x, top = (person.box[0] + person.box[2]) / 2, person.box[1]
    joints = pose(body(), at=(x, top + 12), unit_px=14.0, unseen=FEET)
    found = place(replace(with_pose(joints), box=(x - 14, top, x + 14, top + 40)))
    assert found.told == "head"
    assert found.at == pytest.approx((0.3, 2.6), abs=0.1)


@pytest.mark.parametrize("box", [(0.0, 100.0, 60.0, 479.0), (200.0, 0.0, 260.0, 479.0)])
def test_nobody_is_placed_by_a_head_that_the_picture_cuts_off(box: Box) -> None:
    assert GROUND.stand_of(replace(stander((0.0, 4.0)), pose=None, box=box)) is None


def test_a_camera_that_looks_straight_down_knows_feet_only() -> None:
    pixels = [(100.0, 100.0), (300.0, 100.0), (300.0, 300.0), (100.0, 300.0)]
    flat = Ground.under(Floor.from_points(pixels, [(0, 0), (2, 0), (2, 2), (0, 2)]), SIZE)
    assert flat.camera is None
    spot = body() | {"left_ankle": (0.36, 2.9), "right_ankle": (-0.36, 2.9)}
    seen, hidden = with_pose(pose(spot)), with_pose(pose(spot, unseen=FEET))
    assert flat.stand_of(seen) is not None
    assert flat.stand_of(hidden) is None


def test_a_bent_picture_tells_the_same_places() -> None:
    floor = Floor.from_points([bent(seen_at(spot)) for spot in CORNERS], CORNERS, LENS, SIZE)
    ground = Ground.under(floor, SIZE)
    person = stander((0.6, 4.6), FEET)
    assert person.pose is not None
    keypoints = person.pose.keypoints.copy()
    keypoints[:, :2] = LENS.bent(keypoints[:, :2].astype(np.float64), SIZE)
    assert place(replace(person, pose=Pose(keypoints)), ground=ground).at == pytest.approx(
        (0.6, 4.6), abs=0.02
    )


def test_the_camera_behind_the_floor_is_recovered() -> None:
    assert GROUND.camera is not None
    assert GROUND.camera.focal_px == pytest.approx(FOCAL_PX, rel=1e-3)
    assert GROUND.camera.height_m == pytest.approx(HEIGHT_M, rel=1e-3)


def shaken(person: Person, random: np.random.Generator, sd_px: float = 2.0) -> Person:
    assert person.pose is not None
    keypoints = person.pose.keypoints.copy()
    keypoints[:, :2] += random.normal(0, sd_px, (17, 2))
    return replace(person, pose=Pose(keypoints))


def test_a_track_stands_stiller_than_its_joints() -> None:
    random, tracks = np.random.default_rng(2), FloorTracks(GROUND)
    raw, smooth = [], []
    for step in range(60):
        person = shaken(stander((0.3, 3.5)), random)
        raw.append(place(person).at)
        found = tracks.take(person, step / 5)
        assert found is not None
        smooth.append(found.at)
    assert np.std(smooth[10:], axis=0).max() < np.std(raw[10:], axis=0).max() / 1.1
    assert np.mean(smooth[10:], axis=0) == pytest.approx((0.3, 3.5), abs=0.05)


def test_a_walker_is_followed_without_lag() -> None:
    tracks = FloorTracks(GROUND)
    for step in range(20):
        spot = (-1.2 + 0.12 * step, 4.0)
        found = tracks.take(stander(spot), step / 5)
        assert found is not None
        if step > 4:
            assert found.at == pytest.approx(spot, abs=0.08)


@given(statures)
@settings(max_examples=15, deadline=None)
def test_whose_feet_were_seen_once_is_placed_well_behind_a_counter(stature_m: float) -> None:
    """The stature learnt in the open serves where the feet are hidden; without it tall people seem nearer."""
    open_floor, hidden = (0.0, 4.5), (0.0, 3.2)
    tracks = FloorTracks(GROUND)
    for step in range(40):
        tracks.take(stander(open_floor, stature_m=stature_m), step / 5)
    found = None
    for step in range(60):
        found = tracks.take(stander(hidden, FEET, stature_m=stature_m), 10 + step / 5)
    assert found is not None
    stranger = place(stander(hidden, FEET, stature_m=stature_m))
    assert math.dist(found.at, hidden) <= max(0.06, math.dist(stranger.at, hidden) / 2)


def test_an_error_that_stays_does_not_shrink_by_looking_longer() -> None:
    tracks = FloorTracks(GROUND)
    errors = []
    for step in range(100):
        found = tracks.take(stander((0.0, 4.0), FEET), step / 5)
        assert found is not None
        errors.append(np.trace(found.error))
    assert errors[-1] > 0.5 * np.trace(place(stander((0.0, 4.0), FEET)).covariance)


def test_one_slip_is_passed_over_and_a_jump_that_stays_is_believed() -> None:
    tracks = FloorTracks(GROUND)
    for step in range(10):
        tracks.take(stander((0.0, 4.0)), step / 5)
    slipped = tracks.take(stander((1.4, 5.4)), 2.2)
    assert slipped is not None
    assert slipped.at == pytest.approx((0.0, 4.0), abs=0.1)
    for step in range(6):
        moved = tracks.take(stander((1.4, 5.4)), 2.4 + step / 5)
    assert moved is not None
    assert moved.at == pytest.approx((1.4, 5.4), abs=0.2)


def test_who_is_followed_no_longer_is_forgotten() -> None:
    tracks = FloorTracks(GROUND)
    tracks.take(stander((0.0, 4.0), track=1), 0.0)
    tracks.take(stander((1.0, 4.0), track=2), 0.0)
    tracks.keep({2})
    found = tracks.take(stander((1.0, 5.4), track=1), 0.2)
    assert found is not None
    assert found.at == pytest.approx((1.0, 5.4), abs=0.02)
