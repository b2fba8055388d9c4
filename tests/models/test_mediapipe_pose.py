"""MediaPipe's runner answers in the project's own terms, and its absence is said."""

import sys
from collections.abc import Iterator
from math import pi
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.detections import PoseEstimate, Region
from models.errors import NetworkMissing, NetworkRefused
from models.mediapipe_pose import MediapipePose
from models.storage import Store
from vision.values import JOINT


@pytest.fixture(scope="module")
def engine(filled_store: Store, mediapipe_is_here: None) -> Iterator[MediapipePose]:
    with MediapipePose(filled_store.path("pose_landmarker_full")) as opened:
        yield opened


@pytest.fixture(scope="module")
def photograph(shared: Path) -> np.ndarray:
    """A woman with a parasol, upright, from the knees up; 481×640."""
    image = cv2.imread(str(shared / "pictures" / "people" / "000000000036.jpg"))
    assert image is not None
    return image


WHOLE = Region(321, 400, 640)
"""Where she stands in it."""


def joint(pose: PoseEstimate, name: str) -> np.ndarray:
    return pose.keypoints[JOINT[name], :2]


def test_nobody_is_found_in_an_empty_picture(engine: MediapipePose) -> None:
    assert engine.estimate(np.full((480, 640, 3), 128, dtype=np.uint8), Region(320, 240, 480)) is None


def test_a_person_is_found_upright_with_her_own_left(engine: MediapipePose, photograph: np.ndarray) -> None:
    pose = engine.estimate(photograph, WHOLE)
    assert pose is not None
    assert pose.keypoints.shape == (17, 3)
    assert joint(pose, "nose")[1] < joint(pose, "left_shoulder")[1] < joint(pose, "left_hip")[1]
    assert joint(pose, "left_shoulder")[0] > joint(pose, "right_shoulder")[0]
    assert pose.keypoints[JOINT["nose"], 2] > 0.9
    assert not pose.keypoints.flags.writeable


def test_world_coordinates_are_metres_about_the_hips(engine: MediapipePose, photograph: np.ndarray) -> None:
    pose = engine.estimate(photograph, WHOLE)
    assert pose is not None
    assert pose.world is not None
    hips = pose.world[[JOINT["left_hip"], JOINT["right_hip"]]].mean(axis=0)
    np.testing.assert_allclose(hips, 0, atol=0.05)
    assert -0.9 < pose.world[JOINT["nose"], 1] < -0.35


@pytest.mark.parametrize("angle_rad", [-0.5, 0.4])
def test_a_turned_picture_gives_the_same_person_turned(
    engine: MediapipePose, photograph: np.ndarray, angle_rad: float
) -> None:
    """The picture turned clockwise and the region with it: the crop is the same, the answer turns back."""
    turn = cv2.getRotationMatrix2D((WHOLE.cx, WHOLE.cy), -angle_rad * 180 / pi, 1.0)
    height, width = photograph.shape[:2]
    turned_picture = np.asarray(cv2.warpAffine(photograph, turn, (width, height)), dtype=np.uint8)
    straight = engine.estimate(photograph, WHOLE)
    turned = engine.estimate(turned_picture, Region(WHOLE.cx, WHOLE.cy, WHOLE.side, angle_rad))
    assert straight is not None
    assert turned is not None
    upper = [JOINT[name] for name in ("nose", "left_shoulder", "right_shoulder", "left_elbow")]
    expected = cv2.transform(straight.keypoints[None, :, :2], turn)[0]
    np.testing.assert_allclose(turned.keypoints[upper, :2], expected[upper], atol=0.04 * WHOLE.side)
    assert turned.region.angle_rad == pytest.approx(straight.region.angle_rad + angle_rad, abs=0.1)
    assert straight.world is not None
    assert turned.world is not None
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    spun = straight.world[upper, :2] @ np.array([[cos, sin], [-sin, cos]])
    np.testing.assert_allclose(turned.world[upper, :2], spun, atol=0.1)


def test_the_next_region_holds_the_person(engine: MediapipePose, photograph: np.ndarray) -> None:
    first = engine.estimate(photograph, WHOLE)
    assert first is not None
    second = engine.estimate(photograph, first.region)
    assert second is not None
    apart = np.hypot(*(joint(first, "nose") - joint(second, "nose")))
    assert apart < 0.03 * WHOLE.side


@pytest.mark.usefixtures("mediapipe_is_here")
def test_a_file_that_is_no_task_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.task"
    path.write_bytes(b"PK no zip")
    with pytest.raises(NetworkRefused, match=r"cannot open .*broken\.task"):
        MediapipePose(path)


@pytest.mark.usefixtures("mediapipe_is_here")
def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NetworkRefused, match="hallwatch models pull"):
        MediapipePose(tmp_path / "none.task")


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    with pytest.raises(NetworkMissing, match=r"pip install 'hallwatch\[mediapipe\]'"):
        MediapipePose(tmp_path / "any.task")
