"""Which window and which side of the counter somebody belongs to.

Zones are polygons in shares of the picture's width and height (0..1), so that a sub-stream and a main stream
share them. Feet decide where they are seen; a clerk's feet are behind the desk, so else the trunk decides.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from vision.body import Body
from vision.values import Box, Person, Point, Side

Polygon = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class WindowZones:
    """The staff side and, where the camera sees it, the public side of one window."""

    window: str
    staff: Polygon
    public: Polygon = ()


WHOLE_PICTURE: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def contains(polygon: Polygon, point: Point) -> bool:
    """Whether the point lies in the polygon (even-odd rule); a point on the edge may count either way."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def outside_px(polygon: Polygon, point_px: Point, size: tuple[int, int]) -> float:
    """How many pixels a point lies outside of a polygon in a picture of `size`; 0 inside of it."""
    width, height = size
    corners = [(x * width, y * height) for x, y in polygon]
    if contains(tuple(corners), point_px):
        return 0.0
    return min(_from_side(point_px, corners[index - 1], corner) for index, corner in enumerate(corners))


def _from_side(point: Point, start: Point, end: Point) -> float:
    along = end[0] - start[0], end[1] - start[1]
    length2 = along[0] ** 2 + along[1] ** 2
    to = point[0] - start[0], point[1] - start[1]
    share = min(1.0, max(0.0, (to[0] * along[0] + to[1] * along[1]) / length2)) if length2 else 0.0
    return math.hypot(to[0] - share * along[0], to[1] - share * along[1])


ROOM = 0.1
"""Share of the picture that is looked at about a polygon: people reach out of the seat's outline."""


def covering_box(polygons: Iterable[Polygon], size: tuple[int, int], room: float = ROOM) -> Box:
    """The part of a picture of `size` that the polygons cover, with `room` (a share of it) about it."""
    points = np.array([point for polygon in polygons for point in polygon])
    low = np.clip(points.min(axis=0) - room, 0.0, 1.0)
    high = np.clip(points.max(axis=0) + room, 0.0, 1.0)
    width, height = size
    return float(low[0] * width), float(low[1] * height), float(high[0] * width), float(high[1] * height)


def polygons_of(zones: Sequence[WindowZones]) -> tuple[Polygon, ...]:
    """Every polygon of the zones, staff sides and public sides."""
    return tuple(polygon for zone in zones for polygon in (zone.staff, zone.public) if polygon)


def place(
    person: Person, zones: Sequence[WindowZones], size: tuple[int, int], stand_px: Point | None = None
) -> tuple[str | None, Side | None]:
    """The window and side of a person, or (None, None) for a passer-by.

    `stand_px` is where the feet are, when a calibrated floor knows better than the picture alone.
    """
    stand, trunk = _anchors(person, size)
    if stand_px is not None:
        stand = (stand_px[0] / size[0], stand_px[1] / size[1])
    for zone in zones:
        if stand is not None and zone.public and contains(zone.public, stand):
            return zone.window, Side.PUBLIC
    for zone in zones:
        if contains(zone.staff, trunk):
            return zone.window, Side.STAFF
    for zone in zones:
        if zone.public and contains(zone.public, trunk):
            return zone.window, Side.PUBLIC
    return None, None


def stand_of(person: Person, size: tuple[int, int]) -> Point | None:
    """Where the picture alone shows somebody's feet, in shares of it; None where it shows none."""
    return _anchors(person, size)[0]


def _anchors(person: Person, size: tuple[int, int]) -> tuple[Point | None, Point]:
    """Feet (None where they are not seen) and trunk, in shares of the picture."""
    width, height = size
    x1, y1, x2, y2 = person.box
    trunk = ((x1 + x2) / 2 / width, (y1 + y2) / 2 / height)
    if person.pose is None:
        stand = (trunk[0], y2 / height) if y2 < height - 2 else None
        return stand, trunk
    body = Body(person.pose)
    middle = body.trunk_middle()
    if middle is not None:
        trunk = (middle[0] / width, middle[1] / height)
    feet = body.feet()
    return (None if feet is None else (feet[0] / width, feet[1] / height)), trunk
