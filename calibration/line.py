"""The strip of floor between a counter's edge and the 1-metre line (clause 20), in metres."""

import math
from dataclasses import dataclass

from calibration.errors import Code
from calibration.floor import FloorError, Matrix
from calibration.uncertainty import sd_across

Point = tuple[float, float]
Segment = tuple[Point, Point]

END_ROOM_M = 0.3
"""How far beyond the counter's ends somebody still stands before this window."""

REACH_OVER_COUNTER_M = 0.5
"""People lean over the counter: their feet may be measured so far behind its edge and still be before it."""


SHORTEST_M = 0.1
"""Shorter edges and lines, and a line nearer to the counter, are slips of the pen."""


@dataclass(frozen=True, slots=True)
class CounterStrip:
    """The public's side of one counter: from its edge to the line, in the hall's metres.

    The line may run askew, but not through the counter. Raises `FloorError` when no strip lies between them.
    """

    counter_edge_m: Segment
    line_m: Segment

    def __post_init__(self) -> None:
        segments: tuple[tuple[Segment, str, Code], ...] = (
            (self.counter_edge_m, "counter's edge", "counter_has_no_length"),
            (self.line_m, "1-metre line", "line_has_no_length"),
        )
        for segment, what, code in segments:
            if not math.dist(*segment) >= SHORTEST_M:
                raise FloorError(f"The {what} has no length: give the metres of its two ends.", code)
        ends = [_across(self.counter_edge_m, end) for end in self.line_m]
        if min(abs(end) for end in ends) < SHORTEST_M or ends[0] * ends[1] < 0:
            raise FloorError(
                "The 1-metre line touches the counter: give the metres of where it is drawn.",
                "line_touches_counter",
            )

    def distance_to_counter(self, point: Point) -> float:
        """Metres from the counter's edge, positive on the line's side."""
        across = _across(self.counter_edge_m, point)
        return across * _sign(_across(self.counter_edge_m, _middle(self.line_m)))

    def distance_to_line(self, point: Point) -> float:
        """Metres from the 1-metre line, positive on the counter's side, where nobody may queue."""
        across = _across(self.line_m, point)
        return across * _sign(_across(self.line_m, _middle(self.counter_edge_m)))

    def depth_m(self) -> float:
        """How far the line's middle is from the counter's edge; one metre where it was drawn right."""
        return self.distance_to_counter(_middle(self.line_m))

    def distance_sd(self, covariance: Matrix) -> float:
        """How uncertain (m) a distance to the line is for a position of that covariance (2, 2), m²."""
        dx, dy = _direction(self.line_m)
        return sd_across(covariance, (-dy, dx))

    def contains(self, point: Point) -> bool:
        """Whether somebody who stands at `point` is between the counter and the line."""
        return self.before(point, 0.0)

    def before(self, point: Point, depth_m: float) -> bool:
        """Whether somebody stands before this counter, at most `depth_m` behind the line."""
        along, length = _along(self.counter_edge_m, point), math.dist(*self.counter_edge_m)
        before_this_window = -END_ROOM_M <= along <= length + END_ROOM_M
        reach = self.distance_to_counter(point) >= -REACH_OVER_COUNTER_M
        return before_this_window and reach and self.distance_to_line(point) > -depth_m


def _direction(segment: Segment) -> Point:
    (x1, y1), (x2, y2) = segment
    length = math.dist(*segment)
    return (x2 - x1) / length, (y2 - y1) / length


def _across(segment: Segment, point: Point) -> float:
    """Signed metres from the straight line through a segment."""
    (x1, y1), (dx, dy) = segment[0], _direction(segment)
    return dx * (point[1] - y1) - dy * (point[0] - x1)


def _along(segment: Segment, point: Point) -> float:
    """Metres along a segment from its first end."""
    (x1, y1), (dx, dy) = segment[0], _direction(segment)
    return dx * (point[0] - x1) + dy * (point[1] - y1)


def _sign(value: float) -> float:
    return math.copysign(1.0, value)


def _middle(segment: Segment) -> Point:
    (x1, y1), (x2, y2) = segment
    return (x1 + x2) / 2, (y1 + y2) / 2
