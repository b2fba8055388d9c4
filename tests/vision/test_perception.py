"""Frames become people: found, followed, confirmed, and let go when they are ghosts or gone."""

import numpy as np
import pytest

from models.detections import Detection, PoseEstimate, Region
from tests.vision.builders import at
from tests.vision.stage import ZONES, Actor, Stage, middle_of, tracks, watch
from vision.perception import Perception
from vision.values import Frame, Image, Side, ViewQuality


def test_somebody_is_followed_with_one_number_and_joints_all_the_time() -> None:
    stage = Stage([Actor()])
    observations = watch(Perception(ZONES, stage, stage), 10)
    assert tracks(observations) == [[1]] * 50
    assert all(one.persons[0].pose is not None for one in observations)
    assert all((one.persons[0].window, one.persons[0].zone) == ("1", Side.STAFF) for one in observations)


def test_somebody_who_walks_stays_the_same() -> None:
    stage = Stage([Actor(at=(150.0, 120.0))])
    seeing = Perception(ZONES, stage, stage)
    seen = []
    for step in range(30):
        stage.actors[0].at = (150.0 + 8 * step, 120.0)
        seen += watch(seeing, 0.2, from_s=step / 5)
    assert tracks(seen) == [[1]] * 30
    assert middle_of(seen[-1])[0][0] == pytest.approx(150 + 8 * 29, abs=25)


def test_nobody_is_seen_on_an_empty_stage() -> None:
    stage = Stage()
    assert tracks(watch(Perception(ZONES, stage, stage), 5)) == [[]] * 25


def test_who_leaves_is_gone_within_seconds() -> None:
    stage = Stage([Actor()])
    seeing = Perception(ZONES, stage, stage)
    watch(seeing, 5)
    stage.actors.clear()
    assert tracks(watch(seeing, 6, from_s=5))[-1] == []


def test_who_is_hidden_for_a_moment_is_still_there() -> None:
    stage = Stage([Actor()])
    seeing = Perception(ZONES, stage, stage)
    watch(seeing, 5)
    (actor,) = stage.actors
    stage.actors.clear()
    hidden = watch(seeing, 1.4, from_s=5)
    stage.actors.append(actor)
    back = watch(seeing, 3, from_s=6.4)
    assert tracks(hidden) == [[1]] * 7
    assert tracks(back) == [[1]] * 15


def test_a_ghost_that_neither_detector_nor_body_finder_confirms_is_dropped() -> None:
    """The pose goes on inventing joints on a chair; nothing else sees anybody there."""
    stage = Stage([Actor()])
    seeing = Perception(ZONES, stage, stage)
    watch(seeing, 3)
    stage.actors[0].score = 0.0
    stage.found_by_body_finder = False
    assert tracks(watch(seeing, 9, from_s=3))[-1] == []


def test_a_faint_detection_confirms_somebody_who_is_followed() -> None:
    """A clerk seen from behind: too faint to begin with, enough to stay."""
    stage = Stage([Actor()])
    seeing = Perception(ZONES, stage, stage)
    watch(seeing, 3)
    stage.actors[0].score = 0.15
    stage.found_by_body_finder = False
    assert tracks(watch(seeing, 12, from_s=3)) == [[1]] * 60


def test_a_faint_detection_alone_begins_nobody() -> None:
    stage = Stage(ghosts=[Detection("person", (100, 100, 180, 300), 0.3)])
    assert tracks(watch(Perception(ZONES, stage, stage), 5)) == [[]] * 25


def test_other_things_are_no_people() -> None:
    stage = Stage(ghosts=[Detection("chair", (100, 100, 180, 300), 0.9)])
    assert tracks(watch(Perception(ZONES, stage, stage), 3)) == [[]] * 15


def test_without_a_detector_the_body_finder_is_enough() -> None:
    stage = Stage([Actor()])
    observations = watch(Perception(ZONES, stage), 6)
    assert tracks(observations) == [[1]] * 30
    assert observations[-1].things == ()


def test_two_people_who_partly_cover_each_other_stay_two() -> None:
    stage = Stage([Actor(at=(300.0, 120.0)), Actor(at=(345.0, 120.0))])
    observations = watch(Perception(ZONES, stage, stage), 8)
    assert tracks(observations)[-1] == [1, 2]
    assert all(len(one.persons) == 2 for one in observations[5:])


def test_a_double_on_one_body_is_dropped() -> None:
    stage = Stage([Actor()])
    x1, y1, x2, y2 = stage.actors[0].box
    stage.ghosts = [Detection("person", (x1 + 4, y1 + 3, x2 + 4, y2 + 3), 0.8)]
    assert tracks(watch(Perception(ZONES, stage, stage), 5))[-1] == [1]


def test_a_dark_picture_shows_nobody_and_says_why() -> None:
    stage = Stage([Actor()])
    seeing = Perception(ZONES, stage, stage)
    watch(seeing, 2)
    black = np.zeros((360, 640, 3), dtype=np.uint8)
    dark = seeing.observe(Frame("c1", 99, at(2), black))
    assert dark.view is ViewQuality.DARK
    assert dark.persons == ()


class BrokenPose(Stage):
    """A network whose numbers went bad."""

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        found = Stage.estimate(self, image, region)
        assert found is not None
        keypoints = found.keypoints.copy()
        keypoints[3] = np.nan
        return PoseEstimate(keypoints, found.presence, found.region)


def test_numbers_that_went_bad_never_come_out() -> None:
    stage = BrokenPose([Actor()])
    observations = watch(Perception(ZONES, stage, stage), 4)
    assert tracks(observations)[-1] == [1]
    for one in observations:
        for person in one.persons:
            assert np.isfinite(person.box).all()
            assert person.pose is None or np.isfinite(person.pose.keypoints).all()


@pytest.mark.parametrize("fps", [2.0, 5.0, 10.0])
def test_how_often_a_camera_is_looked_at_changes_nobodys_number(fps: float) -> None:
    stage = Stage([Actor(at=(200.0, 120.0)), Actor(at=(450.0, 120.0))])
    assert set(map(tuple, tracks(watch(Perception(ZONES, stage, stage), 6, fps=fps)))) == {(1, 2)}
