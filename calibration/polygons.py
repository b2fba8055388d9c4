"""Shapes that people draw into a picture: what a zone is, and when spots tell a plane."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from calibration.errors import CalibrationError

Point = tuple[float, float]

FEWEST_CORNERS = 3
MOST_CORNERS = 100
SMALLEST_AREA = 1e-5
"""Of the picture: three by three pixels of 1280 × 720."""

FLAT = 1e-6


class ZoneError(CalibrationError):
    """The corners make no zone; the text says what to do instead."""


def require_zone(corners: Sequence[Point]) -> None:
    """Raise `ZoneError` unless corners (shares of the picture, in order) go around an area once."""
    if len(corners) < FEWEST_CORNERS:
        raise ZoneError(
            f"a zone needs at least {FEWEST_CORNERS} corners, this one has {len(corners)}",
            "zone_too_few_corners",
            count=len(corners),
            fewest=FEWEST_CORNERS,
        )
    if len(corners) > MOST_CORNERS:
        raise ZoneError(
            f"a zone has at most {MOST_CORNERS} corners, this one has {len(corners)}",
            "zone_too_many_corners",
            count=len(corners),
            most=MOST_CORNERS,
        )
    if any(_cross(*one, *other) for one, other in combinations(tuple(_edges(corners)), 2)):
        raise ZoneError(
            "the zone's outline crosses itself; list its corners in order around it", "zone_crosses_itself"
        )
    if _area(corners) < SMALLEST_AREA:
        raise ZoneError("the zone has no area; its corners lie on a line", "zone_has_no_area")


def on_one_line(spots: Sequence[Point]) -> bool:
    """Whether no three of the spots span an area."""
    return all(abs(_turn(*three)) < FLAT for three in combinations(spots, 3))


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether segments ab and cd cross at a point inside both."""
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _edges(corners: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    return zip(corners, (*corners[1:], corners[0]), strict=True)


def _area(corners: Sequence[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(corners))) / 2
