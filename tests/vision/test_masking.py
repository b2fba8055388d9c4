"""What lies outside of all zones never reaches a network: pixels tell."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.floor import Floor
from models.blazepose import FoundBody
from models.detections import Detection, PoseEstimate, Region
from tests.vision.builders import at
from vision.masking import FILL, PictureMask
from vision.perception import Perception
from vision.standing import Ground
from vision.values import Box, Frame, Image, Side
from vision.zones import WHOLE_PICTURE, Polygon, WindowZones, contains

SIZE = (640, 360)
SEAT: Polygon = ((0.4, 0.3), (0.6, 0.3), (0.6, 0.6), (0.4, 0.6))
FLOOR: Polygon = ((0.1, 0.8), (0.3, 0.8), (0.3, 0.95), (0.1, 0.95))
ZONES = [WindowZones("1", SEAT, FLOOR)]
COAT = (40, 40, 230)
"""Whoever wears this colour is found by the networks of these tests, and nobody else."""


def hall(seed: int = 0) -> Image:
    """A hall without anybody in it, with the noise of a sensor."""
    image = np.random.default_rng(1).integers(60, 200, (360, 640, 1), dtype=np.uint8).repeat(3, axis=2)
    noise = np.random.default_rng(seed).integers(0, 6, image.shape, dtype=np.uint8)
    return np.asarray(image + noise, dtype=np.uint8)


def with_somebody(image: Image, x: int, y: int) -> Image:
    drawn = image.copy()
    cv2.rectangle(drawn, (x - 12, y - 30), (x + 12, y + 30), COAT, -1)
    return drawn


class ColourNetworks:
    """Sees whoever wears the coat, wherever they are; keeps every picture that it was given."""

    def __init__(self) -> None:
        self.given: list[Image] = []

    def _coats(self, image: Image) -> list[Box]:
        self.given.append(image.copy())
        found = cv2.inRange(image, np.array(COAT), np.array(COAT))
        count, _, stats, _ = cv2.connectedComponentsWithStats(found)
        return [
            (float(x), float(y), float(x + w), float(y + h)) for x, y, w, h, n in stats[1:count] if n > 100
        ]

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = 0.3
    ) -> tuple[Detection, ...]:
        return tuple(Detection("person", box, 0.9) for box in self._coats(image))

    def find(self, image: Image, crop: Box | None = None, min_score: float = 0.5) -> tuple[FoundBody, ...]:
        boxes = self._coats(image)
        return tuple(FoundBody(0.9, Region((b[0] + b[2]) / 2, (b[1] + b[3]) / 2, 120)) for b in boxes)

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        self.given.append(image.copy())
        return None


def seen_by(
    zones: list[WindowZones], pictures: list[Image]
) -> tuple[list[list[Side | None]], ColourNetworks]:
    networks = ColourNetworks()
    eyes = Perception(zones, networks, networks)
    told = [eyes.observe(Frame("c1", i, at(i / 5), image)).persons for i, image in enumerate(pictures)]
    return [[person.zone for person in persons] for persons in told], networks


def test_somebody_in_a_zone_is_found() -> None:
    told, _ = seen_by(ZONES, [with_somebody(hall(i), 320, 160) for i in range(12)])
    assert told[-1] == [Side.STAFF]
    told, _ = seen_by(ZONES, [with_somebody(hall(i), 128, 300) for i in range(12)])
    assert told[-1] == [Side.PUBLIC]


@pytest.mark.parametrize(("x", "y"), [(600, 40), (520, 180), (320, 320), (40, 60), (600, 320)])
def test_somebody_outside_of_all_zones_is_never_found_and_leaves_no_trace(x: int, y: int) -> None:
    told, networks = seen_by(ZONES, [with_somebody(hall(i), x, y) for i in range(12)])
    _, without = seen_by(ZONES, [hall(i) for i in range(12)])
    assert told == [[]] * 12
    assert len(networks.given) > 0
    for shown, same in zip(networks.given, without.given, strict=True):
        assert np.array_equal(shown, same)


def test_p2_what_the_networks_get_outside_of_the_zones_is_one_grey() -> None:
    mask = PictureMask.over(ZONES, SIZE)
    _, networks = seen_by(ZONES, [with_somebody(hall(i), 560, 60) for i in range(6)])
    for shown in networks.given:
        assert set(np.unique(shown[mask.kept == 0])) == {FILL}
        assert np.ptp(shown[mask.kept > 0]) > 100


def test_a_camera_whose_zone_is_the_whole_picture_copies_nothing() -> None:
    image = hall()
    assert PictureMask.over([WindowZones("1", WHOLE_PICTURE)], SIZE).apply(image) is image


def test_the_picture_itself_stays_as_it_was() -> None:
    image = hall()
    image.setflags(write=False)
    before = image.copy()
    masked = PictureMask.over(ZONES, SIZE).apply(image)
    assert np.array_equal(image, before)
    assert not np.array_equal(masked, before)


def test_a_picture_that_changes_size_has_a_mask_of_its_own() -> None:
    networks = ColourNetworks()
    eyes = Perception(ZONES, networks, networks)
    for index, scale in enumerate((1, 2, 1)):
        image = cv2.resize(hall(index), (640 * scale, 360 * scale))
        eyes.observe(Frame("c1", index, at(index * 2.0), np.asarray(image, dtype=np.uint8)))
    assert {shown.shape[1] for shown in networks.given} == {640, 1280}


@given(st.floats(0, 0.3), st.floats(0.42, 0.58), st.floats(0.32, 0.58))
@settings(deadline=None)
def test_whatever_the_margin_the_zones_themselves_are_seen(margin: float, x: float, y: float) -> None:
    assert contains(SEAT, (x, y))
    assert PictureMask.over(ZONES, (64, 36), margin).shows((x * 64, y * 36))


def test_a_wider_margin_shows_more() -> None:
    shares = [PictureMask.over(ZONES, SIZE, margin).kept.mean() for margin in (0.0, 0.05, 0.2)]
    assert shares == sorted(shares)
    assert shares[0] < shares[1] < shares[2]
    assert not PictureMask.over(ZONES, SIZE, 0.0).shows((0.62 * 640, 0.4 * 360))
    assert PictureMask.over(ZONES, SIZE, 0.05).shows((0.62 * 640, 0.4 * 360))


def test_who_stands_on_a_measured_floor_is_seen_up_to_the_head() -> None:
    """A camera 3 m up looks down at 25 degrees; somebody 1.8 m tall stands in the public zone."""
    focal, pitch, high = 500.0, np.radians(25), 3.0
    down = np.array([[1, 0, 0], [0, -np.sin(pitch), -np.cos(pitch)], [0, np.cos(pitch), -np.sin(pitch)]])

    def pixel(x: float, y: float, z: float = 0.0) -> tuple[float, float]:
        u, v, w = down @ np.array([x, y, z - high])
        return float(320 + focal * u / w), float(180 + focal * v / w)

    spots = [(x, y) for x in (-1.5, 0.0, 1.5) for y in (5.0, 6.5, 8.0)]
    floor = Floor.from_points([pixel(*spot) for spot in spots], spots, size=SIZE)
    ground = Ground.under(floor, SIZE)
    assert ground.camera is not None
    area = tuple((pixel(x, y)[0] / 640, pixel(x, y)[1] / 360) for x, y in ((-1, 5), (1, 5), (1, 7), (-1, 7)))
    seat = ((0.9, 0.1), (0.95, 0.1), (0.95, 0.2), (0.9, 0.2))
    mask = PictureMask.over([WindowZones("1", seat, area)], SIZE, 0.0, ground)
    for x, y in ((-0.9, 5.1), (0.9, 6.9), (0.0, 6.0)):
        for z in np.linspace(0, 1.8, 10):
            assert mask.shows(pixel(x, y, float(z)))
    assert not mask.shows(pixel(0.0, 6.9, 2.6))
    assert not mask.shows(pixel(2.2, 6.0, 1.0))
