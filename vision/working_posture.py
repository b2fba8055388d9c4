"""How a clerk usually holds the trunk at this window, learned while watching, and how it differs now.

A camera that looks down or from the side sees every upright trunk tilted, so a tilt means something only
against what is usual there, and only in the person's own frame: what the picture shows as sideways may be
forwards. So the usual trunk and the usual line of the shoulders are learned (medians of the last ten minutes'
samples), and the present trunk is turned into degrees forward and sideways of them.

A posture that departs backwards, sideways or to another place is not learned from until it has lasted
`ADOPTED_AFTER_S`, so that leaning back for a minute does not turn work into leaning forward.
"""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from vision.body import Body
from vision.values import JOINT, Person, Point
from vision.world_body import cross

Vector = NDArray[np.float64]

SAMPLE_EVERY_S = 1.0
KEPT_S = 600.0
LEARNED_FROM = 4
"""Samples (seconds) before anything is called usual."""

ALIKE_DEG = 12.0
"""Up to here a trunk is where it usually is: the engine and work itself scatter by some 8 degrees."""

ELSEWHERE = 0.4
"""Shoulders that far (in their breadths) from their usual place are at no usual work: typing and papers keep
them within 0.2, writing low brings them to 0.35 to 0.5."""

ADOPTED_AFTER_S = 180.0

LYING = -0.42
"""With the nose that far under the shoulders (in their breadths) somebody lies on the desk. That is no
working posture, or sitting up afterwards would be leaning back. Low writing stays above it."""


@dataclass(frozen=True, slots=True, eq=False)
class Posture:
    """How somebody held the trunk at one moment.

    `trunk` (hips to shoulders) and `across` (right shoulder to left) are unit vectors in the camera's frame,
    None without an engine that sees depth. Pixels and degrees else; `unit_px` is one shoulder breadth.
    """

    captured_at: datetime
    roll_deg: float
    shoulders: Point
    hips: Point
    unit_px: float
    trunk: Vector | None = None
    across: Vector | None = None


@dataclass(frozen=True, slots=True)
class Tilt:
    """How far a trunk is from the usual: degrees forward (negative: back) and to the person's left.

    `moved` is how far the shoulders are from their usual place, in shoulder breadths.
    """

    forward_deg: float
    left_deg: float
    moved: float

    @property
    def away_deg(self) -> float:
        """How far it is from the usual in all, whichever way."""
        return math.hypot(self.forward_deg, self.left_deg)


def posture_of(person: Person, captured_at: datetime) -> Posture | None:
    """The trunk's posture; None when shoulders or hips are not seen, or the head lies on the desk."""
    if person.pose is None:
        return None
    body = Body(person.pose)
    if not body.seen("left_shoulder", "right_shoulder"):
        return None
    if not (body.seen("left_hip") or body.seen("right_hip")):
        return None
    if body.seen("nose") and (body.shoulders[1] - body.joint("nose")[1]) < LYING * body.unit:
        return None
    trunk, across = _axes(person)
    return Posture(captured_at, body.torso_roll_deg(), body.shoulders, body.hips, body.unit, trunk, across)


def _axes(person: Person) -> tuple[Vector | None, Vector | None]:
    if person.pose is None or person.pose.world is None:
        return None, None
    world = person.pose.world.astype(np.float64)
    left, right = world[JOINT["left_shoulder"]], world[JOINT["right_shoulder"]]
    hips = (world[JOINT["left_hip"]] + world[JOINT["right_hip"]]) / 2
    return _unit((left + right) / 2 - hips), _unit(left - right)


def tilt_of(now: Posture, usual: Posture) -> Tilt | None:
    """How `now` differs from `usual` in the person's own frame; None without depth."""
    if now.trunk is None or usual.trunk is None or usual.across is None:
        return None
    forward = _unit(cross(usual.across, usual.trunk))
    left = cross(usual.trunk, forward)
    upright = float(now.trunk @ usual.trunk)
    return Tilt(
        forward_deg=math.degrees(math.atan2(float(now.trunk @ forward), upright)),
        left_deg=math.degrees(math.atan2(float(now.trunk @ left), upright)),
        moved=math.dist(now.shoulders, usual.shoulders) / usual.unit_px,
    )


def departed(now: Posture, usual: Posture) -> bool:
    """Whether a posture is none that work explains: back or sideways of the usual, or the shoulders moved.

    So who lies on the desk or stands up for a minute does not become what is usual.
    """
    if math.dist(now.shoulders, usual.shoulders) > ELSEWHERE * usual.unit_px:
        return True
    tilt = tilt_of(now, usual)
    if tilt is None:
        return abs(now.roll_deg - usual.roll_deg) > ALIKE_DEG
    return tilt.forward_deg < -ALIKE_DEG or abs(tilt.left_deg) > ALIKE_DEG


@dataclass(slots=True)
class WorkingPosture:
    """What is usual for one person followed. Feed it every posture in order; ask for `usual`."""

    samples: deque[Posture] = field(default_factory=deque)
    usual: Posture | None = None
    _departed: list[Posture] = field(default_factory=list)

    def copied(self) -> "WorkingPosture":
        """The same knowledge for a track that goes on with this one's body."""
        return WorkingPosture(deque(self.samples), self.usual, list(self._departed))

    def take(self, posture: Posture) -> None:
        """Learn from a posture; more than one a second are left out."""
        latest = self._departed[-1] if self._departed else self.samples[-1] if self.samples else None
        if latest and _seconds(latest, posture) < SAMPLE_EVERY_S:
            return
        if self.usual is not None and departed(posture, self.usual):
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


def _median(samples: Iterable[Posture]) -> Posture:
    known = list(samples)
    shoulders = np.median([sample.shoulders for sample in known], axis=0)
    hips = np.median([sample.hips for sample in known], axis=0)
    return Posture(
        captured_at=known[-1].captured_at,
        roll_deg=float(np.median([sample.roll_deg for sample in known])),
        shoulders=(float(shoulders[0]), float(shoulders[1])),
        hips=(float(hips[0]), float(hips[1])),
        unit_px=float(np.median([sample.unit_px for sample in known])),
        trunk=_median_axis(sample.trunk for sample in known),
        across=_median_axis(sample.across for sample in known),
    )


def _median_axis(axes: Iterable[Vector | None]) -> Vector | None:
    seen = [axis for axis in axes if axis is not None]
    return _unit(np.median(seen, axis=0)) if seen else None


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float64)
