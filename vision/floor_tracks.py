"""Where each person stands over time: smoothed, with an error that does not shrink by looking longer.

A Kalman filter with constant velocity (the field's own for walkers) takes the jitter of joints out. What is
wrong alike in every picture (the stature, the plane, an ankle drawn too low) does not average out, so it is
kept aside and added to what the filter answers. A person whose feet were seen once has a stature of their
own from then on, which serves when a counter hides them.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vision.standing import Ground, Stand, Stature
from vision.values import Person, Point

Matrix = NDArray[np.float64]

JITTER_SHARE = 0.5
"""How much of an error's variance changes from picture to picture; the rest stays."""

ACCELERATION = 0.8
"""How fast walkers change their speed (one standard deviation), m/s²."""

FASTEST = 2.0
"""The speed of somebody just seen (one standard deviation), m/s."""

SURPRISE = 25.0
"""Beyond this squared Mahalanobis distance a place is a slip, unless it stays."""

SLIPS_IN_A_ROW = 3
STATURE_SLOWNESS = 0.15
"""How much of a stature's variance each look changes: the looks of one stance are not independent."""


@dataclass(slots=True)
class FloorTrack:
    """One person on the floor: `state` is x, y (m) and their speeds (m/s)."""

    state: Matrix
    covariance: Matrix
    lasting: Matrix
    at_s: float
    told: str
    stature: Stature = field(default_factory=Stature)
    slips: int = 0

    @classmethod
    def begun(cls, stand: Stand, at_s: float, stature: Stature) -> "FloorTrack":
        """Somebody seen for the first time."""
        covariance = np.zeros((4, 4))
        covariance[:2, :2] = stand.covariance * JITTER_SHARE
        covariance[2:, 2:] = np.eye(2) * FASTEST**2
        lasting = stand.covariance * (1 - JITTER_SHARE)
        return cls(np.array([*stand.at, 0.0, 0.0]), covariance, lasting, at_s, stand.told, stature)

    @property
    def at(self) -> Point:
        """Where they stand, metres."""
        return float(self.state[0]), float(self.state[1])

    @property
    def error(self) -> Matrix:
        """The covariance (2, 2), m², of where they stand."""
        return np.asarray(self.covariance[:2, :2] + self.lasting)

    @property
    def error_xy(self) -> tuple[float, float, float]:
        """The same as xx, xy, yy."""
        error = self.error
        return float(error[0, 0]), float(error[0, 1]), float(error[1, 1])

    def take(self, stand: Stand, at_s: float) -> None:
        """Go on to `at_s` and take in where they were seen then."""
        self._advance(at_s)
        noise = stand.covariance * JITTER_SHARE
        wrong = np.array(stand.at) - self.state[:2]
        spread = self.covariance[:2, :2] + noise + (self.lasting if stand.told != self.told else 0.0)
        if float(wrong @ np.linalg.solve(spread, wrong)) > SURPRISE and self.slips < SLIPS_IN_A_ROW:
            self.slips += 1
            return
        if self.slips >= SLIPS_IN_A_ROW:
            fresh = FloorTrack.begun(stand, at_s, self.stature)
            self.state, self.covariance = fresh.state, fresh.covariance
        self.slips = 0
        gain = self.covariance[:, :2] @ np.linalg.inv(self.covariance[:2, :2] + noise)
        self.state = self.state + gain @ (np.array(stand.at) - self.state[:2])
        self.covariance = (np.eye(4) - gain @ np.eye(2, 4)) @ self.covariance
        self.lasting = stand.covariance * (1 - JITTER_SHARE)
        self.told = stand.told

    def learn(self, seen: Stature) -> None:
        """A look at how tall they are."""
        weight = STATURE_SLOWNESS * self.stature.sd_m**2 / (self.stature.sd_m**2 + seen.sd_m**2)
        height = self.stature.height_m + weight * (seen.height_m - self.stature.height_m)
        # Never more certain than one look's half: stance and clothes stay as they are.
        sd = max(self.stature.sd_m * (1 - weight) ** 0.5, min(self.stature.sd_m, seen.sd_m / 2))
        self.stature = Stature(height, sd)

    def _advance(self, at_s: float) -> None:
        step = max(0.0, at_s - self.at_s)
        moves = np.eye(4)
        moves[0, 2] = moves[1, 3] = step
        push = np.array([[step**2 / 2, 0], [0, step**2 / 2], [step, 0], [0, step]])
        self.state = moves @ self.state
        self.covariance = moves @ self.covariance @ moves.T + ACCELERATION**2 * push @ push.T
        self.at_s = at_s


@dataclass(slots=True)
class FloorTracks:
    """Everybody on one camera's floor, by their track."""

    ground: Ground
    _tracks: dict[int, FloorTrack] = field(default_factory=dict)

    def take(self, person: Person, at_s: float) -> FloorTrack | None:
        """Where somebody stands by now; None when nothing tells it."""
        known = self._tracks.get(person.track)
        stature = known.stature if known else Stature()
        stand = self.ground.stand_of(person, stature)
        if stand is None:
            return None
        if known is None:
            known = self._tracks[person.track] = FloorTrack.begun(stand, at_s, stature)
        else:
            known.take(stand, at_s)
        if stand.told == "feet" and (seen := self.ground.stature_of(person, stand)) is not None:
            known.learn(seen)
        return known

    def keep(self, tracks: set[int]) -> None:
        """Forget who is followed no longer."""
        self._tracks = {track: known for track, known in self._tracks.items() if track in tracks}
