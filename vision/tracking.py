"""Following people from frame to frame: boxes matched by overlap, carried by a Kalman filter.

Each window holds one to three people, so this stays small: a constant-velocity filter on the box's centre
and size (Kalman 1960; the state of SORT, Bewley et al. 2016), matched by intersection over union with the
Hungarian method. Times are seconds of media time, so a lower frame rate changes nothing but the steps.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from vision.boxes import iou
from vision.values import Box

Vector = NDArray[np.float64]

POSITION_SD = 0.05
"""How far a measured box is off, in box heights: detectors of this size scatter by some 5 %."""

ACCELERATION_SD = 2.0
"""How hard people change their pace, in box heights per second squared."""

RESIZE_SD = 0.3
"""How much a box grows or shrinks in a second, in box heights: bending down, sitting up."""

VELOCITY_SD = 0.5
"""How fast somebody may be when first seen, in box heights per second: an ordinary walk."""

VELOCITY_LASTS_S = 0.7
"""People who are lost from sight have mostly stopped or turned: a velocity fades with this time constant."""

MIN_IOU = 0.2
"""Below this overlap a measured box is not the continuation of a track."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A box measured in this frame, with its score 0..1."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One person followed. `mean` is centre x, centre y, width, height and their velocities (px, px/s)."""

    id: int
    mean: Vector
    covariance: NDArray[np.float64]
    score: float
    born_s: float
    updated_s: float
    seen_s: float
    hits: int = 1

    @property
    def box(self) -> Box:
        """Where the person is now, in pixels."""
        cx, cy, width, height = (float(value) for value in self.mean[:4])
        return cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2


def _as_state(box: Box) -> Vector:
    return np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0], box[3] - box[1]])


def begin(track_id: int, measured: Measured, at_s: float) -> Track:
    """A new track, standing still until shown otherwise."""
    mean = np.concatenate([_as_state(measured.box), np.zeros(4)])
    height = max(mean[3], 1.0)
    covariance = np.diag([(POSITION_SD * height) ** 2] * 4 + [(VELOCITY_SD * height) ** 2] * 2 + [0.0] * 2)
    return Track(track_id, mean, covariance, measured.score, at_s, at_s, at_s)


def predict(track: Track, at_s: float) -> Track:
    """The track carried forward to `at_s`."""
    dt = at_s - track.updated_s
    if dt <= 0:
        return track
    fade = math.exp(-dt / VELOCITY_LASTS_S)
    step = np.eye(8)
    step[:2, 4:6] = np.eye(2) * VELOCITY_LASTS_S * (1 - fade)
    step[4:, 4:] = np.diag([fade, fade, 0.0, 0.0])
    height = max(float(track.mean[3]), 1.0)
    covariance = step @ track.covariance @ step.T + _noise(height, min(dt, 1.0))
    return replace(track, mean=step @ track.mean, covariance=covariance, updated_s=at_s)


def _noise(height: float, dt: float) -> NDArray[np.float64]:
    """What may have happened to a box of that height (px) within `dt` seconds."""
    moved = (ACCELERATION_SD * height) ** 2
    resized = (RESIZE_SD * height) ** 2
    noise = np.zeros((8, 8))
    noise[:2, :2] = np.eye(2) * moved * dt**4 / 4
    noise[:2, 4:6] = noise[4:6, :2] = np.eye(2) * moved * dt**3 / 2
    noise[4:6, 4:6] = np.eye(2) * moved * dt**2
    noise[2:4, 2:4] = np.eye(2) * resized * dt
    return noise


def correct(track: Track, measured: Measured, at_s: float) -> Track:
    """The track with a measurement taken in."""
    spread = (POSITION_SD * max(float(track.mean[3]), 1.0)) ** 2
    innovation = track.covariance[:4, :4] + np.eye(4) * spread
    gain = np.linalg.solve(innovation, track.covariance[:4, :]).T
    mean = track.mean + gain @ (_as_state(measured.box) - track.mean[:4])
    covariance = track.covariance - gain @ track.covariance[:4, :]
    return replace(
        track, mean=mean, covariance=covariance, score=measured.score, seen_s=at_s, hits=track.hits + 1
    )


def match(
    tracks: Sequence[Track], measured: Sequence[Measured], min_iou: float = MIN_IOU
) -> list[tuple[int, int]]:
    """Which measured box continues which track: pairs of indices with the greatest overlap in all."""
    if not tracks or not measured:
        return []
    overlap = np.array([[iou(track.box, one.box) for one in measured] for track in tracks])
    rows, columns = linear_sum_assignment(-overlap)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if overlap[r, c] >= min_iou]


@dataclass(slots=True)
class Tracker:
    """The people of one camera. A track without a measurement for `coast_s` is dropped."""

    coast_s: float = 2.0
    tracks: tuple[Track, ...] = ()
    _next_id: int = field(default=1)

    def begun_anew(self) -> "Tracker":
        """One that follows nobody yet, and gives no number that this one gave."""
        return Tracker(self.coast_s, _next_id=self._next_id)

    def advance(self, at_s: float) -> None:
        """Carry every track to `at_s` and drop those not measured for too long."""
        kept = (track for track in self.tracks if at_s - track.seen_s <= self.coast_s)
        self.tracks = tuple(predict(track, at_s) for track in kept)

    def take(self, measured: Sequence[Measured], at_s: float) -> list[int]:
        """Take in boxes measured at `at_s`; answers the track id of each, new ones begun."""
        matched = {column: row for row, column in match(self.tracks, measured)}
        tracks = list(self.tracks)
        ids = []
        for index, one in enumerate(measured):
            if index in matched:
                row = matched[index]
                tracks[row] = correct(tracks[row], one, at_s)
                ids.append(tracks[row].id)
                continue
            tracks.append(begin(self._next_id, one, at_s))
            ids.append(self._next_id)
            self._next_id += 1
        self.tracks = tuple(tracks)
        return ids

    def begin(self, measured: Measured, at_s: float) -> int:
        """A new track whatever it overlaps with: somebody partly covered by others is still somebody else."""
        self.tracks = (*self.tracks, begin(self._next_id, measured, at_s))
        self._next_id += 1
        return self._next_id - 1

    def correct_one(self, track_id: int, measured: Measured, at_s: float) -> None:
        """Take in a box that is known to belong to a track (its own pose was followed there)."""
        self.tracks = tuple(
            correct(track, measured, at_s) if track.id == track_id else track for track in self.tracks
        )

    def drop(self, track_ids: set[int]) -> None:
        """Forget tracks that turned out to be somebody else's double."""
        self.tracks = tuple(track for track in self.tracks if track.id not in track_ids)
