"""Drawing what was seen on the picture: boxes, joints, held things, zones, and what is flagged."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from vision.boxes import centre
from vision.values import Evidence, Image, Observation, Person, Side, Thing
from vision.zones import WindowZones

Colour = tuple[int, int, int]

STAFF: Colour = (80, 200, 60)
PUBLIC: Colour = (230, 160, 60)
PASSER_BY: Colour = (170, 170, 170)
THING: Colour = (60, 200, 240)
FLAG: Colour = (60, 60, 235)

BONES = (
    (5, 6), (5, 7), (7, 9), (6, 8), (8, 10), (5, 11), (6, 12), (11, 12),
    (11, 13), (13, 15), (12, 14), (14, 16), (0, 5), (0, 6),
)  # fmt: skip
"""Pairs of COCO joints that are drawn as lines."""

SEEN = 0.3
FONT = cv2.FONT_HERSHEY_SIMPLEX
FLAG_SIZE = 0.5


def drawn(
    image: Image,
    observation: Observation,
    evidence: Sequence[Evidence] = (),
    zones: Iterable[WindowZones] = (),
) -> Image:
    """A copy of the picture with everything that was seen drawn over it."""
    canvas = image.copy()
    _zones(canvas, zones)
    for person in observation.persons:
        _person(canvas, person)
    for thing in observation.things:
        _thing(canvas, thing)
    _flags(canvas, evidence)
    return canvas


def _zones(canvas: Image, zones: Iterable[WindowZones]) -> None:
    height, width = canvas.shape[:2]
    for zone in zones:
        for polygon, colour in ((zone.staff, STAFF), (zone.public, PUBLIC)):
            if polygon:
                points = np.array([(x * width, y * height) for x, y in polygon], dtype=np.int32)
                cv2.polylines(canvas, [points], True, colour, 1, cv2.LINE_AA)


def _colour(person: Person) -> Colour:
    return {Side.STAFF: STAFF, Side.PUBLIC: PUBLIC}.get(person.zone, PASSER_BY) if person.zone else PASSER_BY


def _person(canvas: Image, person: Person) -> None:
    colour = _colour(person)
    x1, y1, x2, y2 = (round(value) for value in person.box)
    cv2.rectangle(canvas, (x1, y1), (x2, y2), colour, 1, cv2.LINE_AA)
    if person.pose is None:
        return
    points = person.pose.keypoints
    for one, other in BONES:
        if min(points[one, 2], points[other, 2]) >= SEEN:
            cv2.line(canvas, _pixel(points[one]), _pixel(points[other]), colour, 2, cv2.LINE_AA)
    for point in points:
        if point[2] >= SEEN:
            cv2.circle(canvas, _pixel(point), 2, (255, 255, 255), -1, cv2.LINE_AA)


def _pixel(point: Iterable[float]) -> tuple[int, int]:
    x, y, *_ = point
    return round(float(x)), round(float(y))


def _thing(canvas: Image, thing: Thing) -> None:
    x1, y1, x2, y2 = (round(value) for value in thing.box)
    cv2.rectangle(canvas, (x1, y1), (x2, y2), THING, 1, cv2.LINE_AA)
    x, y = _pixel(centre(thing.box))
    cv2.putText(canvas, f"{thing.kind} {thing.score:.2f}", (x + 4, y - 4), FONT, 0.4, THING, 1, cv2.LINE_AA)


def _flags(canvas: Image, evidence: Sequence[Evidence]) -> None:
    shown = sorted((e for e in evidence if e.score), key=lambda e: -(e.score or 0.0))
    for row, found in enumerate(shown):
        text = f"{found.window} {found.behaviour} {found.score:.2f}"
        (width, height), below = cv2.getTextSize(text, FONT, FLAG_SIZE, 1)
        left, base = 6, 20 + (height + below + 6) * row
        cv2.rectangle(canvas, (left - 3, base - height - 3), (left + width + 3, base + below + 1), FLAG, -1)
        cv2.putText(canvas, text, (left, base), FONT, FLAG_SIZE, (255, 255, 255), 1, cv2.LINE_AA)
