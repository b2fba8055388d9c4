"""The strip between counter and 1-metre line: who stands in it, and how far from where."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.floor import FloorError
from calibration.line import END_ROOM_M, REACH_OVER_COUNTER_M, CounterStrip, Point, Segment

EDGE: Segment = ((-1.1, 0.0), (1.1, 0.0))
LINE: Segment = ((-1.3, 1.0), (1.3, 1.0))
STRIP = CounterStrip(EDGE, LINE)

spots = st.tuples(st.floats(-4, 4), st.floats(-4, 4))


def turned(spot: Point, angle: float, shift: Point) -> Point:
    x, y = spot
    cos, sin = math.cos(angle), math.sin(angle)
    return cos * x - sin * y + shift[0], sin * x + cos * y + shift[1]


@pytest.mark.parametrize(
    ("spot", "inside"),
    [
        ((0.0, 0.5), True),
        ((0.0, 0.99), True),
        ((0.0, 1.01), False),
        ((0.0, 3.0), False),
        ((0.0, 0.01 - REACH_OVER_COUNTER_M), True),
        ((0.0, -0.01 - REACH_OVER_COUNTER_M), False),
        ((1.09 + END_ROOM_M, 0.5), True),
        ((1.11 + END_ROOM_M, 0.5), False),
        ((-1.11 - END_ROOM_M, 0.5), False),
    ],
)
def test_somebody_is_in_the_strip_between_counter_and_line_before_this_window(
    spot: Point, inside: bool
) -> None:
    assert STRIP.contains(spot) is inside


def test_distances_are_from_the_counter_and_from_the_line() -> None:
    assert STRIP.distance_to_counter((0.4, 0.3)) == pytest.approx(0.3)
    assert STRIP.distance_to_counter((0.4, -0.2)) == pytest.approx(-0.2)
    assert STRIP.distance_to_line((0.4, 0.3)) == pytest.approx(0.7)
    assert STRIP.distance_to_line((0.4, 1.2)) == pytest.approx(-0.2)
    assert STRIP.depth_m() == pytest.approx(1.0)


@given(spots, st.floats(0, 6.28), spots, st.booleans(), st.booleans())
def test_neither_the_halls_axes_nor_the_order_of_the_ends_matter(
    spot: Point, angle: float, shift: Point, edge_turned: bool, line_turned: bool
) -> None:
    edge, line = ([turned(end, angle, shift) for end in segment] for segment in (EDGE, LINE))
    if edge_turned:
        edge.reverse()
    if line_turned:
        line.reverse()
    there = CounterStrip((edge[0], edge[1]), (line[0], line[1]))
    moved = turned(spot, angle, shift)
    assert there.distance_to_counter(moved) == pytest.approx(STRIP.distance_to_counter(spot), abs=1e-9)
    assert there.distance_to_line(moved) == pytest.approx(STRIP.distance_to_line(spot), abs=1e-9)


@given(spots)
def test_between_parallel_edges_the_two_distances_make_the_depth(spot: Point) -> None:
    both = STRIP.distance_to_counter(spot) + STRIP.distance_to_line(spot)
    assert both == pytest.approx(STRIP.depth_m())


def test_a_line_drawn_askew_is_taken_as_it_is_drawn() -> None:
    askew = CounterStrip(((0, 0), (2, 0)), ((0, 0.5), (2, 1.5)))
    assert askew.contains((1.9, 1.2))
    assert not askew.contains((0.1, 0.9))


@pytest.mark.parametrize(
    ("edge", "line", "sentence"),
    [
        (((0, 0), (0, 0)), LINE, "The counter's edge has no length"),
        (EDGE, ((0, 1), (0, 1)), "The 1-metre line has no length"),
        (EDGE, EDGE, "touches the counter"),
        (EDGE, ((-1, 0.5), (1, -0.5)), "touches the counter"),
        (EDGE, ((float("nan"), 1), (1, 1)), "no length"),
    ],
)
def test_where_there_is_no_strip_one_is_told_what_to_measure(
    edge: Segment, line: Segment, sentence: str
) -> None:
    with pytest.raises(FloorError, match=sentence):
        CounterStrip(edge, line)
