"""How a clerk usually holds the trunk at this window, learned while watching.

A camera that looks down sees every upright trunk pitched towards it, so a tilt means something only against
what is usual there. What is usual is the median of the last ten minutes' samples that were close to it; a
posture that differs is taken for a departure, and becomes the usual one only when it has lasted
`ADOPTED_AFTER_S`, so that leaning back for a minute does not turn work into leaning forward.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from vision.body import Body
from vision.values import Person, Point

SAMPLE_EVERY_S = 1.0
KEPT_S = 600.0
LEARNED_FROM = 4
"""Samples (seconds) before anything is called usual."""

ALIKE_DEG = 9.0
ALIKE_MOVE = 0.5
"""Shoulder breadths that the shoulders may be from their usual place within one posture."""

ADOPTED_AFTER_S = 180.0


@dataclass(frozen=True, slots=True)
class Posture:
    """How somebody held the trunk at one moment: pixels and degrees; `unit_px` is one shoulder breadth."""

    captured_at: datetime
    roll_deg: float
    pitch_deg: float | None
    shoulders: Point
    hips: Point
    unit_px: float


def posture_of(person: Person, captured_at: datetime) -> Posture | None:
    """The trunk's posture; None when shoulders or hips are not seen."""
    if person.pose is None:
        return None
    body = Body(person.pose)
    if not body.seen("left_shoulder", "right_shoulder"):
        return None
    if not (body.seen("left_hip") or body.seen("right_hip")):
        return None
    return Posture(
        captured_at, body.torso_roll_deg(), body.torso_pitch_deg(), body.shoulders, body.hips, body.unit
    )


def alike(one: Posture, other: Posture) -> bool:
    """Whether two postures are the same but for the scatter of the engine and small movements."""
    near = math.dist(one.shoulders, other.shoulders) <= ALIKE_MOVE * other.unit_px
    return near and abs(one.roll_deg - other.roll_deg) <= ALIKE_DEG and _pitch_alike(one, other)


def _pitch_alike(one: Posture, other: Posture) -> bool:
    if one.pitch_deg is None or other.pitch_deg is None:
        return True
    return abs(one.pitch_deg - other.pitch_deg) <= ALIKE_DEG


@dataclass(slots=True)
class WorkingPosture:
    """What is usual for one person followed. Feed it every posture in order; ask for `usual`."""

    samples: deque[Posture] = field(default_factory=deque)
    usual: Posture | None = None
    _departed: list[Posture] = field(default_factory=list)

    def take(self, posture: Posture) -> None:
        """Learn from a posture; more than one a second are left out."""
        latest = self._departed[-1] if self._departed else self.samples[-1] if self.samples else None
        if latest and _seconds(latest, posture) < SAMPLE_EVERY_S:
            return
        if self.usual is not None and not alike(posture, self.usual):
            self._depart(posture)
            return
        self._departed.clear()
        self.samples.append(posture)
        while posture.captured_at - self.samples[0].captured_at > timedelta(seconds=KEPT_S):
            self.samples.popleft()
        if len(self.samples) >= LEARNED_FROM:
            self.usual = _median(self.samples)

    def _depart(self, posture: Posture) -> None:
        self._departed.append(posture)
        if _seconds(self._departed[0], posture) < ADOPTED_AFTER_S:
            return
        self.samples = deque(self._departed)
        self._departed.clear()
        self.usual = _median(self.samples)


def _seconds(since: Posture, until: Posture) -> float:
    return (until.captured_at - since.captured_at).total_seconds()


def _median(samples: deque[Posture]) -> Posture:
    pitches = [sample.pitch_deg for sample in samples if sample.pitch_deg is not None]
    shoulders = np.median([sample.shoulders for sample in samples], axis=0)
    hips = np.median([sample.hips for sample in samples], axis=0)
    return Posture(
        captured_at=samples[-1].captured_at,
        roll_deg=float(np.median([sample.roll_deg for sample in samples])),
        pitch_deg=float(np.median(pitches)) if pitches else None,
        shoulders=(float(shoulders[0]), float(shoulders[1])),
        hips=(float(hips[0]), float(hips[1])),
        unit_px=float(np.median([sample.unit_px for sample in samples])),
    )
