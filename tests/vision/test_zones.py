"""Which window somebody belongs to, and on which side of the counter."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.vision.builders import SIZE, person
from vision.values import Person, Point, Side
from vision.zones import WHOLE_PICTURE, Polygon, WindowZones, contains, covering_box, place

STAFF: Polygon = ((0.3, 0.1), (0.7, 0.1), (0.7, 0.95), (0.3, 0.95))
PUBLIC: Polygon = ((0.0, 0.1), (0.3, 0.1), (0.3, 0.95), (0.0, 0.95))
ZONES = [WindowZones("1", STAFF, PUBLIC)]
BOXED = Person(7, (300, 100, 340, 250), 0.9)


def winding_number(polygon: Polygon, point: Point) -> int:
    """How often the polygon turns about the point, by summing angles: another way to the same answer."""
    total = 0.0
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        one, other = (math.atan2(y - point[1], x - point[0]) for x, y in ((x1, y1), (x2, y2)))
        total += (other - one + math.pi) % (2 * math.pi) - math.pi
    return round(total / (2 * math.pi))


def from_edge(polygon: Polygon, point: Point) -> float:
    return min(_to_segment(point, a, b) for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True))


def _to_segment(point: Point, a: Point, b: Point) -> float:
    length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
    along = (
        0.0
        if length2 == 0
        else ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length2
    )
    along = min(max(along, 0.0), 1.0)
    return math.dist(point, (a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])))


share = st.floats(0, 1)


@given(st.lists(st.tuples(share, share), min_size=3, max_size=9), st.tuples(share, share))
@settings(max_examples=300, deadline=None)
def test_what_lies_in_a_polygon_is_what_it_turns_about_an_odd_number_of_times(
    corners: list[Point], point: Point
) -> None:
    polygon = tuple(corners)
    assume(from_edge(polygon, point) > 1e-6)
    assert contains(polygon, point) == (winding_number(polygon, point) % 2 == 1)


@given(st.tuples(share, share))
def test_the_whole_picture_holds_every_point_off_its_edge(point: Point) -> None:
    assume(from_edge(WHOLE_PICTURE, point) > 1e-9)
    assert contains(WHOLE_PICTURE, point)


def test_a_trunk_in_the_staff_zone_is_a_clerk() -> None:
    seated = person(at=(320.0, 120.0), unit_px=40, unseen=("left_ankle", "right_ankle"))
    assert place(seated, ZONES, SIZE) == ("1", Side.STAFF)


def test_feet_in_the_public_zone_win_over_a_trunk_that_leans_into_the_staffs() -> None:
    leaning_over = person(at=(240.0, 120.0), unit_px=40)
    feet_px = (150.0, 300.0)
    assert place(leaning_over, ZONES, SIZE) == ("1", Side.STAFF)
    assert place(leaning_over, ZONES, SIZE, stand_px=feet_px) == ("1", Side.PUBLIC)


def test_a_passer_by_belongs_to_no_window() -> None:
    assert place(person(at=(580.0, 120.0), unit_px=40), ZONES, SIZE) == (None, None)


def test_without_a_pose_the_middle_of_the_box_decides() -> None:
    assert place(BOXED, ZONES, SIZE) == ("1", Side.STAFF)


def test_without_a_public_zone_nobody_is_public() -> None:
    only_staff = [WindowZones("1", STAFF)]
    assert place(person(at=(100.0, 120.0), unit_px=40), only_staff, SIZE) == (None, None)


@pytest.mark.parametrize("scale", [0.5, 1, 3])
def test_a_sub_stream_and_a_main_stream_share_their_zones(scale: float) -> None:
    size = (int(SIZE[0] * scale), int(SIZE[1] * scale))
    seated = person(at=(320 * scale, 120 * scale), unit_px=40 * scale)
    assert place(seated, ZONES, size) == ("1", Side.STAFF)


def test_the_search_covers_every_zone_with_room_and_stays_in_the_picture() -> None:
    assert covering_box([STAFF], (100, 100)) == pytest.approx((20, 0, 80, 100))
    assert covering_box([WHOLE_PICTURE], (640, 360)) == (0, 0, 640, 360)
