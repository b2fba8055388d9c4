"""Our own region tracking on LiteRT: geometry there and back, and joints as MediaPipe sees them."""

import math
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.blazepose import ANCHORS, BlazePose, region_by_shape, region_from_circle, region_to_square
from models.detections import PoseEstimate, Region
from models.mediapipe_pose import MediapipePose
from models.storage import Store
from tests.conftest import need

coordinate = st.floats(-500, 2500)
regions = st.builds(Region, coordinate, coordinate, st.floats(5, 2000), st.floats(-math.pi, math.pi))
UPPER = slice(0, 11)
"""Head, shoulders, elbows and wrists, in COCO's order."""


@given(regions, st.sampled_from([64, 256]))
@settings(deadline=None)
def test_a_region_is_laid_on_its_square_corner_by_corner(region: Region, side: int) -> None:
    affine = region_to_square(region, side)
    cos, sin = math.cos(region.angle_rad), math.sin(region.angle_rad)
    for across, down in ((0, 0), (-0.5, -0.5), (0.5, -0.5), (0.5, 0.5)):
        dx, dy = across * region.side, down * region.side
        picture = np.array([region.cx + dx * cos - dy * sin, region.cy + dx * sin + dy * cos, 1.0])
        expected = ((across + 0.5) * side, (down + 0.5) * side)
        np.testing.assert_allclose(affine @ picture, expected, atol=1e-4 * side)


@given(regions)
@settings(deadline=None)
def test_the_region_of_a_circle_is_centred_and_turned_as_the_body_is(region: Region) -> None:
    """The rim lies over the hips where the body is upright, and turns with it."""
    radius = region.side / 2.5
    rim = (
        region.cx + radius * math.sin(region.angle_rad),
        region.cy - radius * math.cos(region.angle_rad),
    )
    found = region_from_circle((region.cx, region.cy), rim)
    assert (found.cx, found.cy) == (region.cx, region.cy)
    assert found.side == pytest.approx(region.side, rel=1e-6)
    turned = (found.angle_rad - region.angle_rad + math.pi) % (2 * math.pi) - math.pi
    assert turned == pytest.approx(0, abs=1e-6)
    assert -math.pi <= found.angle_rad <= math.pi


@given(coordinate, coordinate, st.floats(10, 500), st.floats(0.5, 4))
@settings(deadline=None)
def test_the_region_of_a_box_is_upright_and_holds_all_that_the_box_shows(
    x: float, y: float, width: float, shape: float
) -> None:
    height = width * shape
    region = region_by_shape((x, y, x + width, y + height))
    assert region.angle_rad == 0
    assert region.cx == pytest.approx(x + width / 2)
    assert region.cy - region.side / 2 <= y
    assert region.cy + region.side / 2 >= y + height
    assert region.side >= width


def test_there_are_as_many_anchors_as_the_detector_answers() -> None:
    assert ANCHORS.shape == (2254, 2)
    assert ((ANCHORS > 0) & (ANCHORS < 1)).all()


@pytest.fixture(scope="module")
def engine(filled_store: Store) -> BlazePose:
    return BlazePose(filled_store.path("pose_detection"), filled_store.path("pose_landmark_full"))


@pytest.fixture(scope="module")
def runner(filled_store: Store, mediapipe_is_here: None) -> Iterator[MediapipePose]:
    with MediapipePose(filled_store.path("pose_landmarker_full")) as opened:
        yield opened


def picture(shared: Path, name: str = "000000000036.jpg") -> np.ndarray:
    path = shared / "pictures" / "people" / name
    need(path.is_file(), f"the picture {name}")
    image = cv2.imread(str(path))
    assert image is not None
    return np.asarray(image, dtype=np.uint8)


def estimated(engine: BlazePose, image: np.ndarray) -> PoseEstimate:
    """The surest body's joints, looked at again from the region they point to."""
    body = engine.find(image)[0]
    first = engine.estimate(image, body.region)
    assert first is not None
    second = engine.estimate(image, first.region)
    assert second is not None
    return second


def test_a_grey_picture_holds_nobody(engine: BlazePose) -> None:
    grey = np.full((360, 640, 3), 128, dtype=np.uint8)
    assert engine.find(grey) == ()
    estimate = engine.estimate(grey, Region(320, 180, 360))
    assert estimate is None or estimate.presence < 0.1


def test_somebody_is_found_and_seen_from_the_nose_down(engine: BlazePose, shared: Path) -> None:
    pose = estimated(engine, picture(shared))
    assert pose.presence > 0.8
    assert pose.keypoints.shape == (17, 3)
    assert not pose.keypoints.flags.writeable
    nose, left_shoulder, left_hip = pose.keypoints[0], pose.keypoints[5], pose.keypoints[11]
    assert nose[1] < left_shoulder[1] < left_hip[1]
    assert pose.keypoints[5, 0] > pose.keypoints[6, 0]


def test_our_joints_are_mediapipes(engine: BlazePose, runner: MediapipePose, shared: Path) -> None:
    """Sure joints of the upper body lie within a fiftieth of the region of its own runner's."""
    image = picture(shared)
    region = estimated(engine, image).region
    ours, theirs = engine.estimate(image, region), runner.estimate(image, region)
    assert ours is not None
    assert theirs is not None
    sure = (ours.keypoints[UPPER, 2] > 0.8) & (theirs.keypoints[UPPER, 2] > 0.8)
    assert sure.sum() >= 7
    apart = np.hypot(*(ours.keypoints[UPPER, :2] - theirs.keypoints[UPPER, :2]).T)[sure]
    assert np.median(apart) < 0.02 * region.side
    assert apart.max() < 0.06 * region.side
    assert ours.world is not None
    assert theirs.world is not None
    np.testing.assert_allclose(ours.world[UPPER][sure], theirs.world[UPPER][sure], atol=0.2)


@pytest.mark.parametrize("angle_deg", [-25, 20])
def test_a_turned_picture_gives_the_same_joints_turned(
    engine: BlazePose, shared: Path, angle_deg: float
) -> None:
    image = picture(shared)
    height, width = image.shape[:2]
    straight = estimated(engine, image)
    region = straight.region
    turn = cv2.getRotationMatrix2D((region.cx, region.cy), -angle_deg, 1.0)
    turned_image = np.asarray(cv2.warpAffine(image, turn, (width, height)), dtype=np.uint8)
    angle = region.angle_rad + math.radians(angle_deg)
    before = engine.estimate(image, region)
    after = engine.estimate(turned_image, Region(region.cx, region.cy, region.side, angle))
    assert before is not None
    assert after is not None
    sure = before.keypoints[UPPER, 2] > 0.8
    expected = cv2.transform(before.keypoints[None, UPPER, :2], turn)[0]
    apart = np.hypot(*(after.keypoints[UPPER, :2] - expected).T)[sure]
    assert apart.max() < 0.05 * region.side


def test_people_are_looked_for_in_the_crop_only(engine: BlazePose, shared: Path) -> None:
    image = picture(shared)
    height, width = image.shape[:2]
    wide = np.full((height, width * 2, 3), 128, dtype=np.uint8)
    wide[:, :width] = image
    assert engine.find(wide, (float(width), 0.0, float(2 * width), float(height))) == ()
    (body, *_) = engine.find(wide, (0.0, 0.0, float(width), float(height)))
    (alone, *_) = engine.find(image)
    assert (body.region.cx, body.region.cy) == pytest.approx(
        (alone.region.cx, alone.region.cy), abs=0.02 * height
    )


def test_a_region_of_no_size_or_beyond_the_picture_is_answered(engine: BlazePose, shared: Path) -> None:
    image = picture(shared)
    for region in (Region(10, 10, 0.0), Region(-5000, -5000, 100), Region(100, 100, 1e6)):
        estimate = engine.estimate(image, region)
        assert estimate is None or np.isfinite(estimate.keypoints).all()
