"""Whatever a network answers, numbers that are none reach no behaviour, and are counted."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.detections import Detection, FoundBody, PoseEstimate, Region
from tests.vision.builders import CountedIds
from tests.vision.stage import ZONES, Actor, Stage, tracks, watch
from vision.judge import Judge, WindowRules, default_limits
from vision.perception import Perception
from vision.values import Box, Image, Observation

BAD = [math.nan, math.inf, -math.inf]
Spoil = Callable[[PoseEstimate, float], PoseEstimate]


def joint(told: PoseEstimate, bad: float) -> PoseEstimate:
    keypoints = told.keypoints.copy()
    keypoints[9, 1] = bad
    return replace(told, keypoints=keypoints)


def confidence(told: PoseEstimate, bad: float) -> PoseEstimate:
    keypoints = told.keypoints.copy()
    keypoints[5, 2] = bad
    return replace(told, keypoints=keypoints)


def depth(told: PoseEstimate, bad: float) -> PoseEstimate:
    world = np.zeros((17, 3), dtype=np.float32)
    world[16, 2] = bad
    return replace(told, world=world)


def presence(told: PoseEstimate, bad: float) -> PoseEstimate:
    return replace(told, presence=bad)


def where_to_look(told: PoseEstimate, bad: float) -> PoseEstimate:
    return replace(told, region=replace(told.region, side=bad))


SPOILS: list[Spoil] = [joint, confidence, depth, presence, where_to_look]


class SpoiltPose(Stage):
    """A pose network whose answers turn bad, once the test says so."""

    spoil: Spoil = staticmethod(joint)
    bad = math.nan
    broken = True

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        told = Stage.estimate(self, image, region)
        return self.spoil(told, self.bad) if told is not None and self.broken else told


def is_finite(one: Observation) -> bool:
    numbers: list[float] = []
    for person in one.persons:
        numbers += [*person.box, person.score, *(person.floor or ())]
        if person.pose is not None:
            numbers += person.pose.keypoints.ravel().tolist()
            numbers += [] if person.pose.world is None else person.pose.world.ravel().tolist()
    for thing in one.things:
        numbers += [*thing.box, thing.score]
    return all(math.isfinite(number) for number in numbers)


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("spoil", SPOILS)
def test_a_pose_with_a_number_that_is_none_is_no_pose_and_is_counted(spoil: Spoil, bad: float) -> None:
    stage = SpoiltPose([Actor()])
    stage.spoil, stage.bad = spoil, bad
    eyes = Perception(ZONES, stage, stage)
    seen = watch(eyes, 3)
    assert all(is_finite(one) for one in seen)
    assert all(person.pose is None for one in seen for person in one.persons)
    assert tracks(seen)[-1] == [1], "the detector still sees somebody"
    assert eyes.refused.estimate > 0
    assert eyes.refused.total == eyes.refused.estimate


def test_a_network_that_recovers_is_believed_again_and_nobody_was_lost() -> None:
    stage = SpoiltPose([Actor()])
    stage.broken = False
    eyes = Perception(ZONES, stage, stage)
    watch(eyes, 2)
    stage.broken = True
    assert tracks(watch(eyes, 2, from_s=2)) == [[1]] * 10
    counted = eyes.refused.total
    assert counted > 0
    stage.broken = False
    after = watch(eyes, 3, from_s=4)
    assert tracks(after) == [[1]] * 15
    assert after[-1].persons[0].pose is not None
    assert eyes.refused.total == counted


class SpoiltSearch(Stage):
    """Finders among whose answers one is no number."""

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = 0.3
    ) -> tuple[Detection, ...]:
        right = Stage.detect(self, image, crop, min_score=min_score)
        phone = Detection("cell phone", (math.nan, 100.0, 320.0, 120.0), 0.9)
        return (*right, Detection("person", (10.0, 10.0, math.inf, 90.0), 0.9), phone)

    def find(self, image: Image, crop: Box | None = None, min_score: float = 0.5) -> tuple[FoundBody, ...]:
        lost = FoundBody(0.9, Region(math.nan, 100.0, 80.0))
        return (*Stage.find(self, image, crop, min_score), lost, FoundBody(math.nan, Region(9.0, 9.0, 80.0)))


def test_boxes_and_places_that_are_no_numbers_are_left_out_and_counted() -> None:
    stage = SpoiltSearch([Actor()])
    eyes = Perception(ZONES, stage, stage)
    seen = watch(eyes, 4)
    assert tracks(seen)[-1] == [1]
    assert all(is_finite(one) for one in seen)
    assert eyes.refused.detect > 0
    assert eyes.refused.find > 0
    assert eyes.refused.estimate == 0


@given(st.lists(st.tuples(st.sampled_from(SPOILS), st.sampled_from([*BAD, 0.5])), min_size=5, max_size=25))
@settings(max_examples=25, deadline=None)
def test_whatever_goes_bad_and_when_every_score_that_is_given_is_a_number(
    course: list[tuple[Spoil, float]],
) -> None:
    stage = SpoiltPose([Actor()])
    eyes = Perception(ZONES, stage, stage)
    judge = Judge("c1", [WindowRules("1", default_limits())], CountedIds())
    for step, (spoil, bad) in enumerate(course):
        stage.spoil, stage.bad, stage.broken = spoil, bad, bad != 0.5
        for one in watch(eyes, 0.2, from_s=step / 5):
            told = judge.observe(one).evidence
            scores = [found.score for found in told if found.score is not None]
            assert all(math.isfinite(score) and 0 <= score <= 1 for score in scores)
            assert all(math.isfinite(value) for found in told for value in found.measures.values())
