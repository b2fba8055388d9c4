"""Bodies, people, views and evidence built from lengths, so that a test says only what is different in it.

A body is drawn from the front in shoulder breadths about the shoulders' middle (x to the picture's right, y
down; the person's own left is on the picture's right), then scaled, shifted and mirrored into the picture.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from calibration.line import CounterStrip
from vision.values import (
    COCO_JOINTS,
    JOINT,
    Box,
    Evidence,
    Observation,
    Person,
    Point,
    Pose,
    Side,
    Thing,
    ThingKind,
    ViewQuality,
)
from vision.window_view import WindowHistory, WindowView

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SIZE = (640, 360)
UNIT_PX = 60.0
WHERE = (320.0, 150.0)
Body = dict[str, Point]
Span = tuple[float, float]

FINGERS = 0.35
"""How far beyond the wrist the fingers are, in forearms: what `vision.body` says too."""

UPRIGHT: Mapping[str, Point] = {
    "nose": (0.0, -0.52),
    "left_eye": (0.12, -0.66),
    "right_eye": (-0.12, -0.66),
    "left_ear": (0.28, -0.6),
    "right_ear": (-0.28, -0.6),
    "left_shoulder": (0.5, 0.0),
    "right_shoulder": (-0.5, 0.0),
    "left_elbow": (0.65, 0.75),
    "right_elbow": (-0.65, 0.75),
    "left_wrist": (0.35, 1.05),
    "right_wrist": (-0.35, 1.05),
    "left_hip": (0.33, 1.4),
    "right_hip": (-0.33, 1.4),
    "left_knee": (0.36, 2.5),
    "right_knee": (-0.36, 2.5),
    "left_ankle": (0.36, 3.5),
    "right_ankle": (-0.36, 3.5),
}
"""Somebody who types, seen from the front."""

HAND_AT: Mapping[str, Point] = {
    "ear": (0.38, -0.6),
    "mouth": (0.06, -0.4),
    "chin": (0.08, -0.25),
    "nose": (0.04, -0.48),
    "chest": (0.1, 0.5),
}
"""Where the left hand's fingers are; the right hand's lie mirrored."""

ARMS: Mapping[str, Body] = {
    "typing": {},
    "crossed": {
        "left_elbow": (0.6, 0.65),
        "right_elbow": (-0.6, 0.65),
        "left_wrist": (-0.52, 0.6),
        "right_wrist": (0.52, 0.62),
    },
    "left folded": {"left_elbow": (0.6, 0.65), "right_elbow": (-0.6, 0.65), "left_wrist": (-0.52, 0.6)},
    "clasped": {"left_wrist": (0.06, 1.0), "right_wrist": (-0.06, 1.0)},
    "hanging": {"left_wrist": (0.65, 1.5), "right_wrist": (-0.65, 1.5)},
}

HEAD = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")


def body(
    arms: str = "typing",
    hand_at: str | None = None,
    side: str = "left",
    head_down: float = 0.0,
    lean_deg: float = 0.0,
) -> Body:
    """The joints in shoulder breadths; `lean_deg` turns all above the hips to the picture's right."""
    joints = {**UPRIGHT, **ARMS[arms]}
    if hand_at is not None:
        joints |= _raised_hand(side, HAND_AT[hand_at])
    for name in HEAD:
        joints[name] = (joints[name][0], joints[name][1] + head_down)
    return {name: _leaned(name, point, lean_deg) for name, point in joints.items()}


def _raised_hand(side: str, fingers: Point) -> Body:
    sign = 1.0 if side == "left" else -1.0
    elbow = (0.85, 0.55)
    wrist = tuple((f + FINGERS * e) / (1 + FINGERS) for f, e in zip(fingers, elbow, strict=True))
    return {f"{side}_elbow": (sign * elbow[0], elbow[1]), f"{side}_wrist": (sign * wrist[0], wrist[1])}


def _leaned(name: str, point: Point, degrees: float) -> Point:
    if any(part in name for part in ("hip", "knee", "ankle")):
        return point
    angle = math.radians(degrees)
    x, y = point[0], point[1] - 1.4
    return x * math.cos(angle) - y * math.sin(angle), 1.4 + x * math.sin(angle) + y * math.cos(angle)


def mirrored(joints: Body) -> Body:
    """The body as a mirror shows it: the picture turned over, so left becomes right."""
    return {_other_side(name): (-x, y) for name, (x, y) in joints.items()}


def from_behind(joints: Body) -> Body:
    """The same outline seen from behind: the person's left is on the picture's left."""
    return {_other_side(name): point for name, point in joints.items()}


def _other_side(name: str) -> str:
    if name.startswith("left_"):
        return "right_" + name.removeprefix("left_")
    return "left_" + name.removeprefix("right_") if name.startswith("right_") else name


def pose(
    joints: Body | None = None,
    at: Point = WHERE,
    unit_px: float = UNIT_PX,
    unseen: Iterable[str] = (),
    pitch_deg: float | None = None,
    noise: NDArray[np.float64] | None = None,
) -> Pose:
    """A pose in the picture; joints in `unseen` have no confidence, `noise` (17, 2) is in shoulder breadths.

    `pitch_deg` (positive: away from the camera) makes world joints; without it there are none.
    """
    joints = body() if joints is None else joints
    places = np.array([joints[name] for name in COCO_JOINTS])
    if noise is not None:
        places = places + noise
    hidden = set(unseen)
    confidence = [0.05 if name in hidden else 0.95 for name in COCO_JOINTS]
    keypoints = np.column_stack([places * unit_px + np.array(at), confidence]).astype(np.float32)
    keypoints.setflags(write=False)
    return Pose(keypoints, None if pitch_deg is None else _world(joints, pitch_deg))


def _world(joints: Body, pitch_deg: float) -> NDArray[np.float32]:
    """Metres about the hips' middle, the part above the hips pitched away from the camera."""
    angle = math.radians(pitch_deg)
    metres = np.zeros((17, 3), dtype=np.float32)
    for name, (x, y) in joints.items():
        up = 1.4 - y
        above = up > 0
        metres[JOINT[name]] = (
            0.36 * x,
            -0.36 * up * (math.cos(angle) if above else 1.0),
            0.36 * up * (math.sin(angle) if above else 0.0),
        )
    return metres


def person(
    track: int = 1,
    arms: str = "typing",
    hand_at: str | None = None,
    side: str = "left",
    lean_deg: float = 0.0,
    head_down: float = 0.0,
    at: Point = WHERE,
    unit_px: float = UNIT_PX,
    unseen: Iterable[str] = (),
    pitch_deg: float | None = None,
    zone: Side | None = Side.STAFF,
    floor: Point | None = None,
) -> Person:
    """Somebody at window 1, on the staff's side unless told otherwise."""
    drawn = pose(body(arms, hand_at, side, head_down, lean_deg), at, unit_px, unseen, pitch_deg)
    return with_pose(drawn, track, zone, floor)


def with_pose(
    drawn: Pose, track: int = 1, zone: Side | None = Side.STAFF, floor: Point | None = None
) -> Person:
    """Somebody with that pose; the box is that of the joints."""
    return Person(track, box_around(drawn), 0.9, drawn, None if zone is None else "1", zone, floor)


def box_around(drawn: Pose) -> Box:
    """The box of all joints, seen or not."""
    x1, y1 = drawn.keypoints[:, :2].min(axis=0)
    x2, y2 = drawn.keypoints[:, :2].max(axis=0)
    return float(x1) - 10, float(y1) - 20, float(x2) + 10, float(y2) + 10


def thing_at_hand(who: Person, kind: ThingKind, side: str = "left", score: float = 0.8) -> Thing:
    """Something in that hand of that person."""
    assert who.pose is not None
    wrist, elbow = (who.pose.keypoints[JOINT[f"{side}_{name}"], :2] for name in ("wrist", "elbow"))
    x, y = (float(value) for value in wrist + FINGERS * (wrist - elbow))
    return Thing(kind, (x - 8, y - 8, x + 8, y + 8), score, who.track, side)


def at(seconds: float) -> datetime:
    """That many seconds after noon in the hall."""
    return NOON + timedelta(seconds=seconds)


def view(
    *staff: Person,
    at_s: float = 0.0,
    public: Sequence[Person] = (),
    things: Sequence[Thing] = (),
    observed: bool = True,
    strip: CounterStrip | None = None,
) -> WindowView:
    """What window 1 shows at a moment."""
    return WindowView("1", at(at_s), tuple(staff), tuple(public), tuple(things), observed, strip)


def history_of(*views: WindowView) -> WindowHistory:
    """A history that has seen these views, in order."""
    history = WindowHistory()
    for one in views:
        history.remember(one)
    return history


def observation(
    *persons: Person,
    at_s: float = 0.0,
    things: Sequence[Thing] = (),
    quality: ViewQuality = ViewQuality.OK,
) -> Observation:
    """What camera `c1` saw at a moment."""
    return Observation("c1", at(at_s), SIZE, tuple(persons), tuple(things), quality)


def evidence(at_s: float, score: float | None = 1.0, variant: str | None = None) -> Evidence:
    """One moment's evidence of crossed arms at window 1."""
    return Evidence("arms_crossed", "1", at(at_s), score, variant)


def evidence_stream(
    spans: Sequence[Span], fps: float, until_s: float, blind: Sequence[Span] = (), from_s: float = 0.0
) -> Iterator[Evidence]:
    """Samples at `fps`: 1 within `spans`, None within `blind`, else 0."""
    for index in range(math.ceil((until_s - from_s) * fps)):
        at_s = from_s + index / fps
        if _within(at_s, blind):
            yield evidence(at_s, None)
        else:
            yield evidence(at_s, 1.0 if _within(at_s, spans) else 0.0)


def _within(at_s: float, spans: Sequence[Span]) -> bool:
    return any(begin - 1e-9 <= at_s < end - 1e-9 for begin, end in spans)


def moved(samples: Iterable[Evidence], seconds: float) -> list[Evidence]:
    """The same evidence at another time."""
    shift = timedelta(seconds=seconds)
    return [replace(sample, captured_at=sample.captured_at + shift) for sample in samples]


def counted_ids() -> "CountedIds":
    """Ids that a test can read: e1, e2, …"""
    return CountedIds()


class CountedIds:
    """Gives e1, e2, … and remembers for which moments."""

    def __init__(self) -> None:
        self.born: list[datetime] = []

    def __call__(self, moment: datetime) -> str:
        self.born.append(moment)
        return f"e{len(self.born)}"
