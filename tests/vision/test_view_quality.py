"""Doctored pictures: a camera that shows nothing must not become a clerk's absence."""

from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest

from cameras.reader import read
from cameras.source import Source
from tests.conftest import REPOSITORY
from vision.values import Image, ViewQuality
from vision.view_quality import ViewMonitor

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def hall() -> Image:
    """Furniture, more or less: boxes of every size and shade, with the noise of a sensor."""
    random = np.random.default_rng(3)
    image = np.full((360, 640, 3), 120, dtype=np.uint8)
    for _ in range(60):
        x, y = (int(value) for value in random.integers(0, (600, 320)))
        colour = [int(value) for value in random.integers(30, 220, 3)]
        cv2.rectangle(image, (x, y), (x + 80, y + 60), colour, -1)
    return noisy(image, 1)


def noisy(image: Image, seed: int) -> Image:
    noise = np.random.default_rng(seed).normal(0, 2.5, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def darkened(image: Image) -> Image:
    return (image * 0.05).astype(np.uint8)


def covered(image: Image) -> Image:
    return noisy(np.full_like(image, 90), 2)


def blurred(image: Image) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 14), dtype=np.uint8)


def dimmed(image: Image) -> Image:
    return (image * 0.4).astype(np.uint8)


def slightly_soft(image: Image) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 1.2), dtype=np.uint8)


@pytest.mark.parametrize(
    ("doctored", "expected"),
    [(darkened, ViewQuality.DARK), (covered, ViewQuality.COVERED), (blurred, ViewQuality.BLURRED)],
)
def test_a_picture_that_shows_nothing_is_named(hall: Image, doctored: object, expected: ViewQuality) -> None:
    assert ViewMonitor().judge(doctored(hall), NOON) is expected  # type: ignore[operator]


@pytest.mark.parametrize("doctored", [np.asarray, dimmed, slightly_soft])
def test_a_picture_that_shows_the_hall_is_good(hall: Image, doctored: object) -> None:
    assert ViewMonitor().judge(doctored(hall), NOON) is ViewQuality.OK  # type: ignore[operator]


@pytest.mark.parametrize("size", [(320, 180), (1280, 720), (1920, 1080)])
def test_the_size_of_the_picture_changes_nothing(hall: Image, size: tuple[int, int]) -> None:
    resized = np.asarray(cv2.resize(hall, size), dtype=np.uint8)
    assert ViewMonitor().judge(resized, NOON) is ViewQuality.OK
    assert ViewMonitor().judge(blurred(resized), NOON) is not ViewQuality.COVERED


@pytest.mark.parametrize("clip", ["ordinary_work", "queue_line", "absence", "near_misses"])
def test_rendered_halls_are_good_and_their_doctored_pictures_are_not(clip: str) -> None:
    source = read(Source.parse(str(REPOSITORY / "datasets" / "clips" / f"{clip}.mp4")), rate=0.5)
    images = [picture.image for picture, _ in zip(source, range(6), strict=False)]
    for image in images:
        for doctored in (np.asarray, dimmed, slightly_soft):
            assert ViewMonitor().judge(doctored(image), NOON) is ViewQuality.OK
        assert ViewMonitor().judge(darkened(image), NOON) is ViewQuality.DARK
        assert ViewMonitor().judge(covered(image), NOON) is ViewQuality.COVERED
        assert ViewMonitor().judge(blurred(image), NOON) is ViewQuality.BLURRED
    assert judged(ViewMonitor(), [images[0]] * 40)[-1] is ViewQuality.FROZEN


def judged(monitor: ViewMonitor, pictures: list[Image], every_s: float = 1.0) -> list[ViewQuality]:
    return [
        monitor.judge(picture, NOON + timedelta(seconds=every_s * index))
        for index, picture in enumerate(pictures)
    ]


def test_a_picture_that_repeats_for_half_a_minute_is_frozen(hall: Image) -> None:
    qualities = judged(ViewMonitor(), [hall] * 40)
    assert qualities[:30] == [ViewQuality.OK] * 30
    assert qualities[-1] is ViewQuality.FROZEN


def test_the_noise_of_a_sensor_is_not_frozen(hall: Image) -> None:
    assert set(judged(ViewMonitor(), [noisy(hall, seed) for seed in range(40)])) == {ViewQuality.OK}


def test_a_frozen_picture_that_moves_again_is_good_at_once(hall: Image) -> None:
    assert judged(ViewMonitor(), [*[hall] * 40, noisy(hall, 9)])[-1] is ViewQuality.OK


def test_a_still_that_comes_once_an_hour_is_not_frozen_by_its_first_repeat_alone(hall: Image) -> None:
    other = noisy(hall, 5)
    assert set(judged(ViewMonitor(), [hall, other] * 20)) == {ViewQuality.OK}
