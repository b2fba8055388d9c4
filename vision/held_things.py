"""What clerks hold: detections named in our kinds, each given to the nearest hand; a close look at hands.

A phone behind fingers is a few pixels of a whole picture and detectors miss it there; a crop around the hand
at the camera's full resolution shows it about half of the time. So raised hands are looked at closely, at
most once a second, since each look costs as much as a search of the whole picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from models.detections import Detection
from vision.body import Body
from vision.boxes import area, centre, iou
from vision.values import Box, Image, Person, Thing, ThingKind

KINDS = MappingProxyType(
    {
        "cell phone": ThingKind.PHONE,
        "mobile phone": ThingKind.PHONE,
        "phone": ThingKind.PHONE,
        "cigarette": ThingKind.CIGARETTE,
        "book": ThingKind.BOOK,
        "newspaper": ThingKind.BOOK,
        "cup": ThingKind.CUP,
        "wine glass": ThingKind.CUP,
        "bottle": ThingKind.BOTTLE,
    }
)
"""Our kinds by the class names that detectors use (COCO's, and plain ones of custom networks)."""

MIN_SCORE = MappingProxyType({ThingKind.PHONE: 0.35, ThingKind.CIGARETTE: 0.35})
DEFAULT_MIN_SCORE = 0.3
REACH = 1.0
"""A thing farther than one shoulder breadth from every hand and the mouth is nobody's."""

LOOK_EVERY_S = 1.0
LOOK_SIDE = 2.4
"""Side of the crop around a hand, in shoulder breadths: hand, phone and half of the head."""

LARGEST_SHARE = 0.4
"""A `phone` that fills more of the crop than this is a window frame or a torso."""


class ThingDetector(Protocol):
    """Finds objects in part of a picture."""

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = 0.3
    ) -> tuple[Detection, ...]: ...


@dataclass(slots=True)
class HandSearch:
    """Remembers when hands were last looked at closely."""

    _looked_s: float = field(default=-1e9)

    def fresh(self, at_s: float) -> bool:
        """Whether the last close look still tells what is held now."""
        return at_s - self._looked_s <= LOOK_EVERY_S * 1.5

    def search(
        self, image: Image, staff: Sequence[Person], detector: ThingDetector, at_s: float
    ) -> tuple[Detection, ...] | None:
        """Look closely at every raised hand; None when it is not time yet or no hand is raised."""
        crops = [crop for person in staff for crop in raised_hands(person)]
        if not crops or at_s - self._looked_s < LOOK_EVERY_S - 1e-3:
            return None
        self._looked_s = at_s
        return tuple(
            found
            for crop in crops
            for found in detector.detect(image, crop, min_score=DEFAULT_MIN_SCORE)
            if found.label in KINDS and area(found.box) <= LARGEST_SHARE * area(crop)
        )


def raised_hands(person: Person) -> list[Box]:
    """Crops (px) around the hands that are held up, above their elbows."""
    if person.pose is None:
        return []
    body = Body(person.pose)
    half = LOOK_SIDE * body.unit / 2
    crops = []
    for side in ("left", "right"):
        raised = body.joint(f"{side}_wrist")[1] < body.joint(f"{side}_elbow")[1]
        if raised and body.seen(f"{side}_wrist", f"{side}_elbow"):
            x, y = body.hand(side)
            crops.append((x - half, y - half, x + half, y + half))
    return crops


def things_of(detections: Iterable[Detection], persons: Sequence[Person]) -> tuple[Thing, ...]:
    """Detections in our kinds, strongest first, doubles left out, each with the hand nearest to it."""
    things: list[Thing] = []
    for found in sorted(detections, key=lambda detection: -detection.score):
        kind = KINDS.get(found.label)
        if kind is None or found.score < MIN_SCORE.get(kind, DEFAULT_MIN_SCORE):
            continue
        if any(thing.kind is kind and iou(thing.box, found.box) > 0.5 for thing in things):
            continue
        track, hand = _holder(found.box, persons)
        things.append(Thing(kind, found.box, found.score, track, hand))
    return tuple(things)


def _holder(box: Box, persons: Sequence[Person]) -> tuple[int | None, str | None]:
    nearest: tuple[float, int | None, str | None] = (REACH, None, None)
    for person in persons:
        if person.pose is None:
            continue
        body = Body(person.pose)
        places = {"left": body.hand("left"), "right": body.hand("right"), "mouth": body.mouth()}
        for name, place in places.items():
            distance = body.from_unit(place, centre(box))
            if distance < nearest[0]:
                nearest = (distance, person.track, name)
    return nearest[1], nearest[2]
