"""The strip of floor between a counter's edge and the 1-metre line (clause 20), in metres."""

import math
from dataclasses import dataclass

Point = tuple[float, float]
Segment = tuple[Point, Point]

END_ROOM_M = 0.3
"""How far beyond the counter's ends somebody still stands before this window."""

REACH_OVER_COUNTER_M = 0.5
"""People lean over the counter: their feet may be measured so far behind its edge and still be before it."""


@dataclass(frozen=True, slots=True)
class CounterStrip:
    """The public's side of one counter: from its edge to the line, in the hall's metres."""

    counter_edge_m: Segment
    line_m: Segment

    def distance_to_counter(self, point: Point) -> float:
        """Metres from the counter's edge, positive on the line's side."""
        return self._across(point) * self._side()

    def depth_m(self) -> float:
        """How far the line's middle is from the counter's edge; one metre where it was drawn right."""
        return abs(self._across(_middle(self.line_m)))

    def contains(self, point: Point) -> bool:
        """Whether somebody who stands at `point` is between the counter and the line."""
        distance = self.distance_to_counter(point)
        along = self._along(point)
        inside_length = -END_ROOM_M <= along <= self._length() + END_ROOM_M
        return inside_length and -REACH_OVER_COUNTER_M <= distance < self.depth_m()

    def _direction(self) -> Point:
        (x1, y1), (x2, y2) = self.counter_edge_m
        length = self._length()
        return (x2 - x1) / length, (y2 - y1) / length

    def _length(self) -> float:
        return math.dist(*self.counter_edge_m)

    def _across(self, point: Point) -> float:
        (x1, y1), (dx, dy) = self.counter_edge_m[0], self._direction()
        return dx * (point[1] - y1) - dy * (point[0] - x1)

    def _along(self, point: Point) -> float:
        (x1, y1), (dx, dy) = self.counter_edge_m[0], self._direction()
        return dx * (point[0] - x1) + dy * (point[1] - y1)

    def _side(self) -> float:
        return math.copysign(1.0, self._across(_middle(self.line_m)))


def _middle(segment: Segment) -> Point:
    (x1, y1), (x2, y2) = segment
    return (x1 + x2) / 2, (y1 + y2) / 2
