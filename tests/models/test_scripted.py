"""The scripted engines say what the script says, and remember what they were asked."""

import numpy as np

from models.detections import Detection, PoseEstimate, Region
from models.scripted import ScriptedDetector, ScriptedPose

PICTURE = np.zeros((100, 100, 3), dtype=np.uint8)
PERSON = Detection("person", (10, 10, 40, 90), 0.9)
PHONE = Detection("cell phone", (60, 60, 70, 80), 0.4)
REGION = Region(50, 50, 80)
SOMEBODY = PoseEstimate(np.zeros((17, 3), dtype=np.float32), 0.9, REGION)


def test_answers_come_in_turn_and_the_last_one_stays() -> None:
    detector = ScriptedDetector([PERSON], [], [PERSON, PHONE])
    assert [len(detector.detect(PICTURE)) for _ in range(4)] == [1, 0, 2, 2]


def test_a_crop_holds_what_has_its_middle_in_it() -> None:
    detector = ScriptedDetector([PERSON, PHONE])
    assert detector.detect(PICTURE, (50, 50, 100, 100)) == (PHONE,)
    assert detector.asked == [(50, 50, 100, 100)]


def test_the_doubtful_is_left_out() -> None:
    assert ScriptedDetector([PERSON, PHONE]).detect(PICTURE, min_score=0.5) == (PERSON,)


def test_without_a_script_nothing_is_seen() -> None:
    assert ScriptedDetector().detect(PICTURE) == ()
    assert ScriptedPose().estimate(PICTURE, REGION) is None


def test_poses_come_in_turn_too() -> None:
    pose = ScriptedPose(SOMEBODY, None)
    assert [pose.estimate(PICTURE, REGION) for _ in range(3)] == [SOMEBODY, None, None]
    assert pose.asked == [REGION] * 3
