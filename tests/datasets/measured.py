"""Hand-made truth and what a pipeline could have seen of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from datasets.matching import Flag
from datasets.true_frames import TrueFrame, TrueFrames
from datasets.truth import Truth
from vision.values import COCO_JOINTS, Evidence, Observation, Person, Pose, Side, ViewQuality

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SIZE = (640, 360)
WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]]

STANDING = {
    "nose": (100, 60), "left_eye": (105, 55), "right_eye": (95, 55), "left_ear": (110, 57),
    "right_ear": (90, 57), "left_shoulder": (125, 90), "right_shoulder": (75, 90), "left_elbow": (130, 125),
    "right_elbow": (70, 125), "left_wrist": (132, 155), "right_wrist": (68, 155), "left_hip": (115, 190),
    "right_hip": (85, 190), "left_knee": (115, 250), "right_knee": (85, 250), "left_ankle": (115, 310),
    "right_ankle": (85, 310),
}  # fmt: skip
"""A clerk's joints; the trunk is 100 px long."""


def written(**changes: Any) -> dict[str, Any]:
    """The JSON of a truth file of a minute's clip with one window; `changes` replace keys."""
    return {
        "format": 1,
        "clip": "clip.mp4",
        "origin": "rendered",
        "fps": 10,
        "width": SIZE[0],
        "height": SIZE[1],
        "duration_s": 60.0,
        "starts_at": STARTS_AT.isoformat(),
        "windows": {"1": {"staff_zone": WHOLE}},
        "episodes": [],
        **changes,
    }


def truth(*episodes: dict[str, Any], **changes: Any) -> Truth:
    """Truth with some episodes."""
    return Truth.model_validate(written(episodes=list(episodes), **changes))


def episode(behaviour: str, start_s: float, end_s: float, window: str = "1") -> dict[str, Any]:
    return {"behaviour": behaviour, "window": window, "start_s": start_s, "end_s": end_s}


def flag(
    behaviour: str, started_s: float, ended_s: float, window: str = "1", flagged_s: float | None = None
) -> Flag:
    return Flag(behaviour, window, started_s, flagged_s or (started_s + ended_s) / 2, ended_s)


def true_person(**changes: Any) -> dict[str, Any]:
    return {"id": "clerk", "side": "staff", "joints_px": STANDING, **changes}


def frames(*persons: dict[str, Any], seconds: Iterable[float] = (0.0,)) -> TrueFrames:
    """The same persons at every one of `seconds`."""
    return TrueFrames.of(
        tuple(TrueFrame.model_validate({"t_s": at_s, "persons": list(persons)}) for at_s in seconds)
    )


def seen_person(
    *,
    moved: tuple[float, float] = (0, 0),
    joints: dict[str, tuple[float, float]] | None = None,
    **changes: Any,
) -> Person:
    """Somebody with the standing joints, moved by some pixels, single joints elsewhere."""
    points = {**STANDING, **(joints or {})}
    keypoints = np.array([(*points[name], 0.9) for name in COCO_JOINTS], dtype=np.float32)
    keypoints[:, :2] += moved
    box = (60.0 + moved[0], 40.0 + moved[1], 140.0 + moved[0], 320.0 + moved[1])
    fields: dict[str, Any] = {"pose": Pose(keypoints), "window": "1", "zone": Side.STAFF, **changes}
    return Person(1, fields.pop("box", box), 0.9, **fields)


def seen(*persons: Person, at_s: float = 0.0, view: ViewQuality = ViewQuality.OK) -> Observation:
    return Observation("1", STARTS_AT + timedelta(seconds=at_s), SIZE, persons, (), view)


def at(folder: Path) -> Path:
    """Where a truth file of that clip lies."""
    return folder / "clip.truth.json"


def evidence(*stretches: tuple[float, float, float], behaviour: str = "phone_use") -> tuple[Evidence, ...]:
    """A minute at 5 pictures a second: `(from, to, score)`, 0 elsewhere."""
    return tuple(
        Evidence(
            behaviour,
            "1",
            STARTS_AT + timedelta(seconds=tick / 5),
            next((score for begin, end, score in stretches if begin <= tick / 5 < end), 0.0),
        )
        for tick in range(300)
    )
