"""Work is saved where nothing stirs, and nobody is ever dropped for keeping still."""

from functools import cache

import numpy as np
import pytest

from models.blazepose import FoundBody
from models.detections import Detection, PoseEstimate, Region
from tests.vision.builders import at
from tests.vision.stage import ZONES, Actor, Stage, tracks
from vision.perception import Perception
from vision.stillness import Gray, Stillness
from vision.values import Box, Frame, Image, Observation

BACKGROUND = np.random.default_rng(4).integers(40, 200, (360, 640, 3), dtype=np.uint8)


def small(seed: int = 0, spread: float = 1.0) -> Gray:
    noise = np.random.default_rng(seed).normal(0, spread, (90, 160))
    return np.clip(120 + noise, 0, 255).astype(np.uint8)


def with_patch(gray: Gray, x: int, y: int) -> Gray:
    drawn = gray.copy()
    drawn[y : y + 3, x : x + 3] += 30
    return drawn


def test_the_noise_of_a_sensor_is_still_and_a_hand_is_not() -> None:
    still = Stillness()
    still.looked("seat", small(0))
    assert all(still.is_still("seat", small(seed)) for seed in range(1, 60))
    assert not still.is_still("seat", with_patch(small(1), 80, 40))


def test_what_stirs_elsewhere_leaves_a_box_still() -> None:
    still = Stillness()
    still.looked(7, small(0))
    moved = with_patch(small(1), 10, 10)
    assert still.is_still(7, moved, within=(0.5, 0.5, 0.7, 0.7))
    assert not still.is_still(7, moved, within=(0.0, 0.0, 0.2, 0.3))


def test_what_was_never_looked_at_is_not_still() -> None:
    still = Stillness()
    assert not still.is_still("seat", small())
    still.looked("seat", small())
    still.keep(set())
    assert not still.is_still("seat", small())


def test_what_creeps_is_noticed() -> None:
    still = Stillness()
    still.looked("seat", small(0))
    steps = [np.asarray(small(0) + step, dtype=np.uint8) for step in range(12)]
    assert [still.is_still("seat", step) for step in steps].index(False) <= 8


class CountingStage(Stage):
    """Counts what is asked of it."""

    def __init__(self, actors: list[Actor]) -> None:
        super().__init__(actors)
        self.asked = {"detect": 0, "find": 0, "estimate": 0}

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = 0.3
    ) -> tuple[Detection, ...]:
        self.asked["detect"] += 1
        return Stage.detect(self, image, crop, min_score=min_score)

    def find(self, image: Image, crop: Box | None = None, min_score: float = 0.5) -> tuple[FoundBody, ...]:
        self.asked["find"] += 1
        return Stage.find(self, image, crop, min_score)

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        self.asked["estimate"] += 1
        return Stage.estimate(self, image, region)


@cache
def noisy(turn: int, roll: int = 0) -> Image:
    """The hall with the noise of a sensor, pushed aside by `roll` pixels."""
    noise = np.random.default_rng(turn).normal(0, 2.5, BACKGROUND.shape)
    return np.clip(np.roll(BACKGROUND, roll, axis=1) + noise, 0, 255).astype(np.uint8)


def picture(step: int, stirring: bool) -> Image:
    """One of a few pictures; where it stirs, all of it goes to and fro."""
    return noisy(step % 5, 24 * (step % 3) if stirring else 0)


def seen(eyes: Perception, seconds: float, *, stirring: bool, from_s: float = 0.0) -> list[Observation]:
    steps = range(round(from_s * 5), round((from_s + seconds) * 5))
    return [eyes.observe(Frame("c1", step, at(step / 5), picture(step, stirring))) for step in steps]


def test_a_clerk_who_keeps_still_is_there_for_as_long_as_they_do() -> None:
    stage = CountingStage([Actor()])
    told = seen(Perception(ZONES, stage, stage), 90, stirring=False)
    assert tracks(told) == [[1]] * 450
    assert all(person.pose is not None for one in told for person in one.persons)


@pytest.mark.parametrize("actors", [[], [Actor()]], ids=["empty", "clerk"])
def test_where_nothing_stirs_less_is_asked(actors: list[Actor]) -> None:
    asked = {}
    for stirring in (True, False):
        stage = CountingStage(list(actors))
        seen(Perception(ZONES, stage, stage), 30, stirring=stirring)
        asked[stirring] = stage.asked
    assert 0 < asked[False]["detect"] <= 0.45 * asked[True]["detect"]
    if actors:
        assert 0 < asked[False]["estimate"] <= 0.45 * asked[True]["estimate"]


def test_who_comes_to_an_empty_post_is_seen_at_once() -> None:
    stage = CountingStage([])
    eyes = Perception(ZONES, stage, stage)
    assert tracks(seen(eyes, 10, stirring=False))[-1] == []
    stage.actors.append(Actor())
    assert tracks(seen(eyes, 1, stirring=True, from_s=10))[2] == [1]


def test_somebody_the_glance_missed_is_found_within_seconds() -> None:
    """Dark clothes before a dark wall: no cell changes, and still somebody is there."""
    stage = CountingStage([])
    eyes = Perception(ZONES, stage, stage)
    seen(eyes, 10, stirring=False)
    stage.actors.append(Actor())
    assert tracks(seen(eyes, 4, stirring=False, from_s=10))[-1] == [1]


def test_a_ghost_does_not_live_longer_because_nothing_stirs() -> None:
    stage = CountingStage([Actor()])
    eyes = Perception(ZONES, stage, stage)
    seen(eyes, 3, stirring=False)
    stage.actors[0].score = 0.0
    stage.found_by_body_finder = False
    assert tracks(seen(eyes, 12, stirring=False, from_s=3))[-1] == []


def test_who_has_left_the_picture_is_not_still() -> None:
    stillness = Stillness()
    small = np.full((36, 64), 90, dtype=np.uint8)
    stillness.looked(1, small)
    assert stillness.is_still(1, small, (0.1, 0.1, 0.3, 0.5))
    assert not stillness.is_still(1, small, (-0.9, 0.1, -0.4, 0.5))
