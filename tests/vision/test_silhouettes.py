"""Two who stand close keep a body each."""

import numpy as np
import pytest

from tests.vision.builders import UNIT_PX, body, pose
from vision.silhouettes import FILL, Silhouette, alone, lost_joints, same_body
from vision.values import JOINT, Image, Point, Pose

SIZE = (640, 480)
HERE: Point = (240.0, 120.0)
LEGS = {f"{side}_{part}" for side in ("left", "right") for part in ("knee", "ankle")}


def beside(shoulder_breadths: float, down: float = 0.0) -> Pose:
    """Somebody who stands so far to the picture's right of `HERE`, and farther down it."""
    return pose(body(), at=(HERE[0] + shoulder_breadths * UNIT_PX, HERE[1] + down * UNIT_PX))


def with_legs_of(one: Pose, other: Pose) -> Pose:
    """The first, to whom an engine gave the other's legs."""
    keypoints = one.keypoints.copy()
    for name in LEGS:
        keypoints[JOINT[name]] = other.keypoints[JOINT[name]]
    return Pose(keypoints)


def picture() -> Image:
    return np.full((SIZE[1], SIZE[0], 3), 200, dtype=np.uint8)


def shown(image: Image, at: Point) -> bool:
    return bool((image[round(at[1]), round(at[0])] != FILL).all())


@pytest.mark.parametrize("side", [-1.6, 1.6])
def test_legs_that_two_claim_are_those_of_the_one_they_stand_under(side: float) -> None:
    true, neighbour = beside(side), beside(0.0)
    thief = with_legs_of(true, neighbour)
    assert lost_joints(thief, neighbour) == LEGS
    assert lost_joints(neighbour, thief) == frozenset()


def test_who_stands_apart_loses_nothing() -> None:
    assert lost_joints(beside(0.0), beside(1.6)) == frozenset()


def test_a_joint_taken_away_claims_nothing_any_more() -> None:
    keypoints = with_legs_of(beside(1.6), beside(0.0)).keypoints.copy()
    keypoints[[JOINT[name] for name in LEGS], 2] = 0.0
    assert lost_joints(Pose(keypoints), beside(0.0)) == frozenset()


def test_one_body_followed_twice_is_known_by_head_and_shoulders_whatever_the_legs() -> None:
    one = beside(0.0)
    assert same_body(one, with_legs_of(beside(0.1), beside(1.6)))
    assert not same_body(one, beside(0.8))


def test_who_stands_before_somebody_is_painted_whole() -> None:
    behind, before = beside(0.0), beside(0.5, down=0.6)
    left = alone(picture(), Silhouette(behind), [Silhouette(before)])
    for name in ("left_shoulder", "right_hip", "left_knee"):
        x, y, _ = before.keypoints[JOINT[name]]
        assert not shown(left, (float(x), float(y)))
    x, y, _ = behind.keypoints[JOINT["nose"]]
    assert shown(left, (float(x), float(y)))


def test_who_stands_behind_is_painted_only_where_this_person_is_not() -> None:
    behind, before = beside(0.0), beside(0.5, down=0.6)
    left = alone(picture(), Silhouette(before), [Silhouette(behind)])
    for index in range(17):
        x, y, _ = before.keypoints[index]
        assert shown(left, (float(x), float(y)))
    x, y, _ = behind.keypoints[JOINT["nose"]]
    assert not shown(left, (float(x), float(y)))


def test_the_picture_itself_stays_as_it_was() -> None:
    image = picture()
    alone(image, None, [Silhouette(beside(0.0))])
    assert (image == 200).all()
