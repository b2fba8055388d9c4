"""The values that flow: `Frame` to `Observation` to `Evidence` to `Event`.

All are frozen; arrays inside them are not writeable. Pixel coordinates have their origin at the top left
corner of the picture, x to the right, y down. Times are aware UTC: `captured_at` is media time laid on the
anchor of its connection, so differences between two of them are true durations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""BGR picture, shape (H, W, 3)."""

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels."""

Point = tuple[float, float]

COCO_JOINTS = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
"""The order of keypoints everywhere in hallwatch: COCO 2017's. Left is the person's own left."""

JOINT = MappingProxyType({name: index for index, name in enumerate(COCO_JOINTS)})


class Side(StrEnum):
    """Which side of the counter somebody is on."""

    STAFF = "staff"
    PUBLIC = "public"


class ViewQuality(StrEnum):
    """Whether a picture can bear evidence; everything but `OK` means *not observed*."""

    OK = "ok"
    DARK = "dark"
    COVERED = "covered"
    FROZEN = "frozen"
    BLURRED = "blurred"
    MOVED = "moved"


class ThingKind(StrEnum):
    """Objects that matter to a rule, whatever class names a detector has for them."""

    PHONE = "phone"
    CIGARETTE = "cigarette"
    BOOK = "book"
    CUP = "cup"
    BOTTLE = "bottle"
    OTHER = "other"


class Ending(StrEnum):
    """How an event came to its end."""

    CEASED = "ceased"
    INTERRUPTED = "interrupted"
    WINDOW_CLOSED = "window_closed"
    SOURCE_ENDED = "source_ended"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One decoded picture of one camera; `image` is BGR uint8 of shape (H, W, 3), not writeable."""

    camera: str
    sequence: int
    captured_at: datetime
    image: Image


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where a person's joints are.

    `keypoints` is (17, 3) float32 in `COCO_JOINTS` order: x px, y px, confidence 0..1.
    `world`, where the engine gives it, is (17, 3) float32 metres about the hips' middle: x to the camera's
    right, y down, z away from the camera.
    """

    keypoints: NDArray[np.float32]
    world: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody in the picture: never who, only where and how they hold themselves.

    `floor` is the position on the floor in metres (the hall's axes) where the camera is calibrated and the
    stand can be seen, `floor_error` its error's covariance (xx, xy, yy), m²; `window` names the window whose
    zone they are in.
    """

    track: int
    box: Box
    score: float
    pose: Pose | None = None
    window: str | None = None
    zone: Side | None = None
    floor: Point | None = None
    floor_error: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """An object in the picture, with the person and hand (`left`, `right`, `mouth`) it belongs to."""

    kind: ThingKind
    box: Box
    score: float
    track: int | None = None
    hand: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What was seen in one frame; `size` is (width, height) of the picture in pixels."""

    camera: str
    captured_at: datetime
    size: tuple[int, int]
    persons: tuple[Person, ...] = ()
    things: tuple[Thing, ...] = ()
    view: ViewQuality = ViewQuality.OK


@dataclass(frozen=True, slots=True)
class Run:
    """The unbroken stretch that a moment belongs to, known to whoever gave the evidence.

    It began at `since`; for `seen_s` seconds of it the camera saw (what was not seen is not counted).
    """

    since: datetime
    seen_s: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """How strongly one moment speaks for one behaviour at one window.

    `score` is 0..1; None means that this moment cannot be judged (nothing seen is not nothing there).
    `measures` are the numbers a reviewer is told, named with their unit (`torso_tilt_deg`). Positive evidence
    with a `run` tells by itself how long the behaviour has gone on; without one, moments are added up.
    `reason` says why a moment could not be judged, where that is known (`vision.assessable.Unassessable`).
    """

    behaviour: str
    window: str
    captured_at: datetime
    score: float | None
    variant: str | None = None
    track: int | None = None
    measures: Mapping[str, float] = field(default_factory=dict)
    run: Run | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One episode of one behaviour at one window, as it is known by now.

    It is born when its rule is met (`flagged_at`) and grows: each later state of the same `id` has a higher
    `revision`. `started_at` is when the behaviour began; `ended_at` and `ending` are None while it goes on.
    """

    id: str
    behaviour: str
    window: str
    camera: str
    started_at: datetime
    flagged_at: datetime
    peak_score: float
    revision: int = 1
    variant: str | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None
    measures: Mapping[str, float] = field(default_factory=dict)
    parent: str | None = None
