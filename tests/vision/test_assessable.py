"""What cannot be judged is said to be so, and why; what can be is not held back."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vision.builders import SIZE, at, body, from_behind, history_of, person, pose, view, with_pose
from vision.assessable import Needs, Unassessable, ViewAngle, turned_deg, unassessable, view_angle
from vision.behaviours.behaviour import Judged, of_staff
from vision.values import JOINT, Person, Pose, Side
from vision.window_view import WindowHistory, WindowView

ARM = Needs(("left_shoulder", "left_elbow", "left_wrist"))
OTHER_ARM = Needs(("right_shoulder", "right_elbow", "right_wrist"))
FROM_THE_FRONT = Needs(("left_shoulder", "right_shoulder"), angles=frozenset({ViewAngle.FRONTAL}))


def why(who: Person, *either: Needs, public: tuple[Person, ...] = ()) -> Unassessable | None:
    seen = replace(view(who, public=public), size=SIZE)
    return unassessable(who, seen, *either)


def customer(box: tuple[float, float, float, float]) -> Person:
    return Person(2, box, 0.9, window="1", zone=Side.PUBLIC)


def turned(degrees: float, pitch_deg: float = 0.0) -> Pose:
    """Somebody turned about the vertical, seen by a camera that looks down by `pitch_deg`."""
    upright = pose(pitch_deg=0.0)
    assert upright.world is not None
    yaw, pitch = math.radians(degrees), math.radians(pitch_deg)
    about = np.array([[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]])
    down = np.array(
        [[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]]
    )
    return Pose(upright.keypoints, (upright.world @ (down @ about).T).astype(np.float32))


def test_a_clerk_in_full_view_is_assessable() -> None:
    assert why(person(), ARM, OTHER_ARM) is None
    assert why(person(), FROM_THE_FRONT) is None


def test_without_joints_nothing_is_assessable() -> None:
    assert why(Person(1, (300, 100, 340, 250), 0.9), ARM) is Unassessable.NO_POSE


def test_a_body_of_a_few_pixels_is_too_small() -> None:
    assert why(person(unit_px=8), ARM) is Unassessable.TOO_SMALL
    assert why(person(unit_px=14), ARM) is None
    assert why(person(unit_px=14), replace(ARM, min_unit_px=20)) is Unassessable.TOO_SMALL


def test_a_hand_that_is_not_seen_hides_that_arm_only() -> None:
    hidden = person(unseen=["left_wrist"])
    assert why(hidden, ARM) is Unassessable.JOINTS_HIDDEN
    assert why(hidden, OTHER_ARM) is None
    assert why(hidden, ARM, OTHER_ARM) is None, "either arm is enough"


def test_of_several_needs_unmet_the_first_ones_reason_is_told() -> None:
    hidden = person(unseen=["left_wrist", "right_wrist"])
    assert why(hidden, replace(ARM, min_unit_px=200), OTHER_ARM) is Unassessable.TOO_SMALL


def test_an_arm_beyond_the_pictures_edge_is_cut_off() -> None:
    assert why(person(at=(580.0, 150.0)), ARM) is None
    assert why(person(at=(620.0, 150.0)), ARM) is Unassessable.CUT_OFF
    assert unassessable(person(at=(620.0, 150.0)), view(), ARM) is None, "no size, no edge"


def test_a_customer_who_stands_before_the_arm_hides_it_unless_it_is_surely_seen() -> None:
    before = customer((280.0, 60.0, 420.0, 430.0))
    doubted = person(unit_px=40)
    assert doubted.pose is not None
    keypoints = doubted.pose.keypoints.copy()
    keypoints[JOINT["left_wrist"], 2] = 0.7
    doubted = replace(doubted, pose=Pose(keypoints))
    assert why(doubted, ARM, public=(before,)) is Unassessable.OCCLUDED
    assert why(doubted, ARM) is None
    assert why(person(unit_px=40), ARM, public=(before,)) is None
    behind = customer((280.0, 60.0, 420.0, 200.0))
    assert why(doubted, ARM, public=(behind,)) is None, "farther off than the clerk"


@pytest.mark.parametrize("pitch_deg", [0.0, 20.0, 40.0])
@pytest.mark.parametrize("degrees", [0.0, 30.0, 90.0, 150.0, 180.0, -90.0, -30.0])
def test_how_far_somebody_is_turned_is_told_whatever_the_cameras_pitch(
    degrees: float, pitch_deg: float
) -> None:
    assert turned_deg(turned(degrees, pitch_deg)) == pytest.approx(abs(degrees), abs=0.1)


def test_from_where_a_body_is_seen() -> None:
    assert view_angle(turned(10)) is ViewAngle.FRONTAL
    assert view_angle(turned(-80)) is ViewAngle.SIDE
    assert view_angle(turned(170)) is ViewAngle.BACK
    assert view_angle(pose(from_behind(body()))) is ViewAngle.BACK, "without depth too"
    assert view_angle(pose()) is ViewAngle.FRONTAL
    assert view_angle(pose(unseen=["left_shoulder"])) is None


def test_what_must_be_seen_from_the_front_is_not_judged_from_behind() -> None:
    assert why(with_pose(turned(170)), FROM_THE_FRONT) is Unassessable.VIEW_ANGLE
    assert why(with_pose(turned(170)), ARM) is None


@given(st.sets(st.sampled_from(sorted(JOINT))), st.floats(1, 100))
def test_nothing_is_assessable_that_lacks_a_needed_joint(unseen: set[str], unit_px: float) -> None:
    lacking = bool(unseen & set(ARM.joints))
    told = unassessable(person(unseen=unseen, unit_px=unit_px), view(), ARM)
    if lacking or unit_px < ARM.min_unit_px:
        assert told is not None
    else:
        assert told is None


def armed(who: Person, seen: WindowView, history: WindowHistory) -> Judged | Unassessable | None:
    return unassessable(who, seen, ARM) or Judged(0.5)


def test_the_reason_travels_with_the_evidence() -> None:
    blind = view(person(unseen=["left_wrist"]), at_s=1)
    told = of_staff("arms_crossed", armed, blind, history_of(blind))
    assert (told.score, told.reason, told.captured_at) == (None, "joints_hidden", at(1))
    seeing = view(person(unseen=["left_wrist"]), person(track=2))
    told = of_staff("arms_crossed", armed, seeing, history_of(seeing))
    assert (told.score, told.reason, told.track) == (0.5, None, 2)
