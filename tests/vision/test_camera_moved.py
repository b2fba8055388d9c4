"""A camera that was turned is noticed; crowds, lamps, shaking and the clock in the picture are no moves."""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from cameras.reader import read
from cameras.source import Source
from tests.conftest import REPOSITORY
from tests.vision.builders import at
from tests.vision.stage import ZONES, Stage
from vision.camera_moved import (
    LOST_AFTER,
    MOVED_AFTER,
    MOVED_SHARE,
    SETTLED_AFTER,
    MoveWatch,
    landmarks_of,
    shift_between,
)
from vision.perception import Perception
from vision.values import Box, Frame, Image, Observation, ViewQuality

CLIPS = REPOSITORY / "datasets" / "clips"
HALLS = ["ordinary_work", "queue_line", "absence"]
Doctor = Callable[[Image], Image]


def pictures(clip: Path, rate: float = 1.0, count: int = 12) -> list[Image]:
    """Pictures of a rendered hall, in colour, `rate` a second."""
    source = read(Source.parse(str(clip)), rate=rate)
    return [picture.image for picture, _ in zip(source, range(count), strict=False)]


@pytest.fixture(scope="module", params=HALLS)
def hall(request: pytest.FixtureRequest) -> list[Image]:
    return pictures(CLIPS / f"{request.param}.mp4")


def warped(matrix: list[list[float]]) -> Doctor:
    def doctor(image: Image) -> Image:
        height, width = image.shape[:2]
        turned = cv2.warpAffine(
            image, np.array(matrix, dtype=np.float64), (width, height), borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(turned, dtype=np.uint8)

    return doctor


def turned(degrees: float, zoom: float = 1.0) -> Doctor:
    matrix = cv2.getRotationMatrix2D((320, 180), degrees, zoom)
    return warped(matrix.tolist())


def shifted(x: float, y: float = 0.0) -> Doctor:
    return warped([[1, 0, x], [0, 1, y]])


def dimmed(gain: float, offset: float = 0.0) -> Doctor:
    def doctor(image: Image) -> Image:
        noise = np.random.default_rng(5).normal(0, 2, image.shape)
        return np.clip(image * gain + offset + noise, 0, 255).astype(np.uint8)

    return doctor


def lit_from_one_side(image: Image) -> Image:
    across = np.linspace(0.5, 1.3, image.shape[1])[None, :, None]
    return np.clip(image * across, 0, 255).astype(np.uint8)


def watched(images: list[Image], people: list[Box] | None = None) -> MoveWatch:
    """A watch that has settled on the first pictures."""
    watch = MoveWatch()
    for image in images[: SETTLED_AFTER + 1]:
        assert watch.look(image, people or []) is False
    assert watch.reference is not None
    return watch


def looks(watch: MoveWatch, images: list[Image], doctor: Doctor, count: int) -> Iterator[bool]:
    for index in range(count):
        yield watch.look(doctor(images[index % len(images)]))


@pytest.mark.parametrize(
    "doctor",
    [shifted(20), shifted(-70, 30), turned(4), turned(-25), turned(0, 1.15), turned(0, 0.85), turned(6, 1.1)],
    ids=["shift 3 %", "far shift", "turn 4°", "turn 25°", "zoom in", "zoom out", "turn and zoom"],
)
def test_a_camera_that_was_moved_is_noticed_and_no_sooner_than_it_lasts(
    hall: list[Image], doctor: Doctor
) -> None:
    told = list(looks(watched(hall), hall, doctor, MOVED_AFTER))
    assert told == [False] * (MOVED_AFTER - 1) + [True]


@pytest.mark.parametrize(
    "doctor",
    [dimmed(0.5), dimmed(0.3), dimmed(1.4), dimmed(0.8, 30), lit_from_one_side, shifted(3, 2), turned(0.4)],
    ids=["half the light", "dim", "bright", "haze", "light from one side", "shake", "slight turn"],
)
def test_lamps_and_a_little_shaking_are_no_move(hall: list[Image], doctor: Doctor) -> None:
    assert not any(looks(watched(hall), hall, doctor, 12))


def test_a_camera_that_sways_by_more_than_the_limit_now_and_then_has_not_moved(hall: list[Image]) -> None:
    watch = watched(hall)
    for _ in range(6):
        assert list(looks(watch, hall, shifted(18), MOVED_AFTER - 1)) == [False] * (MOVED_AFTER - 1)
        assert watch.look(hall[0]) is False


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_a_crowd_before_the_camera_is_no_move(hall: list[Image], share: float) -> None:
    """People of many colours walk before the scene, without the detector telling of any."""
    watch = watched(hall)
    random = np.random.default_rng(2)
    for image in hall * 2:
        crowd = image.copy()
        for _ in range(int(share * 20)):
            x, y = (int(value) for value in random.integers((0, 60), (570, 150)))
            coat = random.integers(0, 255, (12, 5, 3), dtype=np.uint8)
            crowd[y : y + 200, x : x + 70] = cv2.resize(coat, (70, 200))[: 360 - y]
        assert watch.look(crowd) is False


def test_another_place_altogether_is_noticed_when_it_lasts(hall: list[Image]) -> None:
    watch = watched(hall)
    elsewhere = [np.asarray(cv2.flip(image, -1), dtype=np.uint8) for image in hall]
    told = [watch.look(elsewhere[index % len(elsewhere)]) for index in range(LOST_AFTER + 1)]
    assert told[-1] is True
    assert told[: MOVED_AFTER - 1] == [False] * (MOVED_AFTER - 1)


def test_a_clock_drawn_into_the_picture_does_not_hold_a_moved_camera(hall: list[Image]) -> None:
    def clocked(image: Image) -> Image:
        drawn = image.copy()
        for text, place in (("2026-03-02 12:00:00", (8, 22)), ("WINDOW HALL CAM 01", (390, 350))):
            cv2.putText(drawn, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 2)
        return drawn

    watch = watched([clocked(image) for image in hall])
    away = shifted(-260, 90)
    assert list(looks(watch, hall, lambda image: clocked(away(image)), LOST_AFTER))[-1] is True


def test_a_camera_that_is_put_back_is_believed(hall: list[Image]) -> None:
    watch = watched(hall)
    assert list(looks(watch, hall, shifted(40), 5))[-1] is True
    assert list(looks(watch, hall, shifted(0), 3))[-1] is False
    assert watch.moved is None


def test_a_new_reference_makes_the_new_place_the_right_one(hall: list[Image]) -> None:
    watch = watched(hall)
    assert list(looks(watch, hall, shifted(40), 5))[-1] is True
    watch.forget()
    assert not any(looks(watch, hall, shifted(40), 8))
    assert list(looks(watch, hall, shifted(0), MOVED_AFTER))[-1] is True


def test_a_camera_in_somebodys_hands_becomes_no_reference(hall: list[Image]) -> None:
    watch = MoveWatch()
    for step in range(8):
        watch.look(shifted(-60 + 16.0 * step)(hall[step]))
    assert watch.reference is None


def test_a_bare_wall_tells_nothing(hall: list[Image]) -> None:
    watch = watched(hall)
    wall = np.random.default_rng(3).normal(128, 1, (360, 640, 3)).astype(np.uint8)
    wall = np.asarray(cv2.GaussianBlur(wall, (0, 0), 6), dtype=np.uint8)
    assert not any(looks(watch, [wall], shifted(0), LOST_AFTER + 2))


@pytest.mark.parametrize(("x", "y"), [(12.0, 0.0), (32.0, -9.0), (-80.0, 20.0)])
def test_how_far_a_camera_is_off_is_told(hall: list[Image], x: float, y: float) -> None:
    told = shift_between(landmarks_of(hall[0]), landmarks_of(shifted(x, y)(hall[1])))
    assert told is not None
    assert told.off_share == pytest.approx(np.hypot(x, y) / 640, abs=0.005)
    assert (told.turned_deg, told.zoom) == (pytest.approx(0, abs=0.5), pytest.approx(1, abs=0.01))


def test_no_landmark_lies_on_people() -> None:
    image = np.random.default_rng(1).integers(0, 255, (45, 80, 3), dtype=np.uint8)
    image = np.asarray(cv2.resize(image, (1280, 720), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    box = (400.0, 200.0, 700.0, 720.0)
    points = landmarks_of(image, [box]).points * 1280
    assert len(points) > 100
    inside = (points[:, 0] > 405) & (points[:, 0] < 695) & (points[:, 1] > 205)
    assert not inside.any()


def test_a_moved_camera_bears_no_evidence_until_it_is_put_back() -> None:
    images = pictures(CLIPS / "ordinary_work.mp4", rate=5, count=100)
    stage = Stage()
    eyes = Perception(ZONES, stage, stage, move_watch=MoveWatch())
    away = shifted(-3 * MOVED_SHARE * 640)
    course: list[Image] = [*images, *(away(image) for image in images), *images]
    told: list[Observation] = [
        eyes.observe(Frame("c1", i, at(i / 5), image)) for i, image in enumerate(course)
    ]
    views = [one.view for one in told]
    assert set(views[:100]) == {ViewQuality.OK}
    assert views[100 + 90] is ViewQuality.MOVED
    assert views[-1] is ViewQuality.OK
    assert all(one.persons == () for one in told if one.view is ViewQuality.MOVED)
