"""`hallwatch inspect`: what is seen in single pictures, and how strongly each posture shows in them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from hallwatch.networks import Networks
from hallwatch.overlay import drawn
from vision.behaviours.behaviour import Judged
from vision.behaviours.catalogue import POSTURES
from vision.close_look import CloseLook
from vision.perception import Perception
from vision.values import COCO_JOINTS, Frame, Image, Observation, Person, Thing
from vision.window_view import WindowHistory, view_of
from vision.zones import WHOLE_PICTURE, WindowZones

MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
"""Stills have no time of their own; every one is judged as if it were alone in the world."""

SMALLEST_SIDE = 32
LARGEST_SIDE = 8192
WINDOW = "1"


class PictureError(Exception):
    """A file that cannot be inspected; the text says what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Inspected:
    """One picture and what was seen in it."""

    path: Path
    image: Image
    observation: Observation

    def as_json(self) -> dict[str, Any]:
        """The line that `--json` prints."""
        return {
            "image": str(self.path),
            "persons": [self._person(person) for person in self.observation.persons],
            "things": [_thing(thing) for thing in self.observation.things],
        }

    def _person(self, person: Person) -> dict[str, Any]:
        keypoints = None
        if person.pose is not None:
            rows = person.pose.keypoints.tolist()
            keypoints = {
                name: [round(x, 1), round(y, 1), round(c, 3)]
                for name, (x, y, c) in zip(COCO_JOINTS, rows, strict=True)
            }
        return {
            "box": [round(value, 1) for value in person.box],
            "zone": person.zone.value if person.zone else None,
            "keypoints": keypoints,
            "scores": scores_of(person, self.observation),
        }


def scores_of(person: Person, observation: Observation) -> dict[str, float | None]:
    """How strongly each posture shows, 0..1; None where it cannot be judged."""
    view = view_of(observation, WINDOW)
    history = WindowHistory()
    history.remember(view)
    judged = {code: judge(person, view, history) for code, judge in POSTURES.items()}
    return {
        code: round(found.score, 3) if isinstance(found, Judged) else None for code, found in judged.items()
    }


def inspect(paths: Sequence[Path], networks: Networks) -> Iterator[Inspected | PictureError]:
    """See each picture; a file that is none is answered with its error, so that the rest go on."""
    for path in paths:
        try:
            image = read_picture(path)
        except PictureError as error:
            yield error
            continue
        eyes = Perception(
            [WindowZones(WINDOW, WHOLE_PICTURE)],
            networks.pose,
            networks.detector,
            close_look=CloseLook(networks.held) if networks.held else None,
        )
        yield Inspected(path, image, eyes.observe(Frame("still", 0, MOMENT, image)))


def read_picture(path: Path) -> Image:
    """The picture as BGR. Raises `PictureError` with what to do."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PictureError(f"{path} cannot be read ({error.strerror}): check the name.") from None
    if _cut_short(content):
        raise PictureError(f"{path} is cut short: copy the picture again from where it came.")
    image = cv2.imdecode(np.frombuffer(content, dtype=np.uint8), cv2.IMREAD_COLOR) if content else None
    if image is None:
        raise PictureError(f"{path} is not a picture that can be read: give a JPEG or PNG file.")
    height, width = image.shape[:2]
    if min(height, width) < SMALLEST_SIDE:
        raise PictureError(f"{path} is {width}×{height}: give a picture of at least 32×32 pixels.")
    if max(height, width) > LARGEST_SIDE:
        raise PictureError(f"{path} is {width}×{height}: scale it to at most {LARGEST_SIDE} pixels a side.")
    return np.asarray(image, dtype=np.uint8)


def _cut_short(content: bytes) -> bool:
    """Decoders fill what is missing of a JPEG with grey, in which nobody would be found.

    Inside a scan no marker can appear by chance, so the last start of a scan has an end of image after it.
    """
    is_jpeg = content.startswith(b"\xff\xd8\xff")
    return is_jpeg and content.rfind(b"\xff\xd9") <= content.rfind(b"\xff\xda")


def write_overlay(inspected: Inspected, folder: Path) -> Path:
    """The picture with what was seen drawn over it, as a JPEG in `folder`. Raises `PictureError`."""
    target = folder / f"{inspected.path.stem}.jpg"
    canvas = drawn(inspected.image, inspected.observation)
    done, encoded = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, 90])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(encoded.tobytes() if done else b"")
    except OSError as error:
        raise PictureError(f"{target} cannot be written ({error.strerror}): free space or rights.") from None
    return target


def json_line(inspected: Inspected) -> str:
    """One line of JSON, Chinese left readable."""
    return json.dumps(inspected.as_json(), ensure_ascii=False)


def _thing(thing: Thing) -> dict[str, Any]:
    return {
        "kind": thing.kind.value,
        "box": [round(value, 1) for value in thing.box],
        "score": round(thing.score, 3),
        "hand": thing.hand,
    }
