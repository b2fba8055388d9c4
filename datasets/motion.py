"""How bodies move in time: minimum-jerk from pose to pose, a sway that never stops, paths walked in steps."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from datasets.poses import Goals, HandGoal, hand
from datasets.stances import standing
from datasets.stations import Station, hanging

STEP_M = 0.62
"""Length of one step."""
STANCE = 0.6
"""Share of a foot's cycle in which it stands."""
RAMP_S = 0.7
"""Time to get going, and to stop."""


def minimum_jerk(share: float) -> float:
    """How far a movement is after a share of its time (Flash & Hogan 1985): rests at both ends."""
    t = min(1.0, max(0.0, share))
    return min(1.0, t**3 * (10 + t * (6 * t - 15)))


@dataclass(frozen=True)
class Sway:
    """Small movements of somebody who keeps still, different for each seed: slow sines of several periods."""

    seed: int

    @cached_property
    def _waves(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        random = np.random.default_rng([self.seed, 301])
        rates = random.uniform(0.05, 0.42, (10, 4))
        return rates, random.uniform(0, 2 * np.pi, (10, 4)), random.uniform(0.3, 1.0, (10, 4)) / 2

    def at(self, at_s: float) -> NDArray[np.float64]:
        """Ten numbers, each about −1..1, that drift with time."""
        rates, phases, sizes = self._waves
        return np.asarray((sizes * np.sin(2 * np.pi * rates * at_s + phases)).sum(axis=1))

    def apply(self, goals: Goals, at_s: float, amount: float = 1.0) -> Goals:
        """The key pose as it is held by a living body."""
        d = self.at(at_s) * amount
        spine, neck, hips = goals.spine, goals.neck, goals.hips
        return replace(
            goals,
            hips=(hips[0] + 0.003 * d[0], hips[1], hips[2] + 0.003 * d[1]),
            spine=(spine[0] + 1.1 * d[2], spine[1] + 1.3 * d[3], spine[2] + 0.9 * d[4]),
            neck=(neck[0] + 2.0 * d[5], neck[1] + 2.6 * d[6], neck[2] + 1.2 * d[7]),
        )


def fidget(goal: HandGoal, kind: str, at_s: float, phase: float) -> HandGoal:
    """What fingers and hand do while the pose is kept: typing, writing, tapping, scratching."""
    x, y, z = goal.at
    beat = 2 * np.pi * at_s
    if kind == "typing":
        taps = [0.10 * max(0.0, float(np.sin(beat * (2.1 + 0.37 * n) + phase * (n + 1)))) for n in range(5)]
        thumb, index, middle, ring, little = (curl + tap for curl, tap in zip(goal.curls, taps, strict=True))
        drift = 0.015 * float(np.sin(beat * 0.31 + phase))
        return replace(
            goal,
            curls=(thumb, index, middle, ring, little),
            at=(x + drift, y + 0.003 * float(np.sin(beat * 3 + phase)), z),
        )
    if kind == "writing":
        return replace(
            goal, at=(x + 0.02 * float(np.sin(beat * 0.25 + phase)), y, z + 0.004 * float(np.sin(beat * 2.7)))
        )
    if kind == "mouse":
        return replace(
            goal,
            at=(x + 0.012 * float(np.sin(beat * 0.6 + phase)), y, z + 0.012 * float(np.cos(beat * 0.45))),
        )
    if kind == "tapping":
        return replace(goal, at=(x, y - 0.012 * max(0.0, float(np.sin(beat * 1.3 + phase))), z))
    if kind == "thumb":
        thumb = goal.curls[0] + 0.25 * float(np.sin(beat * 0.9 + phase))
        return replace(goal, curls=(thumb, *goal.curls[1:]))
    if kind == "scratch":
        return replace(goal, at=(x, y + 0.010 * float(np.sin(beat * 2.2)), z))
    return goal


@dataclass(frozen=True, slots=True)
class Placement:
    """Where somebody's own coordinates lie in the world: x, y, and heading in radians (0 looks to +y)."""

    x: float
    y: float
    heading: float

    def rotation(self) -> NDArray[np.float64]:
        """From the figure's axes to the world's, (3, 3)."""
        sine, cosine = np.sin(self.heading), np.cos(self.heading)
        return np.array([[-cosine, 0.0, -sine], [-sine, 0.0, cosine], [0.0, 1.0, 0.0]])

    def to_world(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (N, 3) of the figure in the world."""
        return np.asarray(points @ self.rotation().T + np.array([self.x, self.y, 0.0]))


def heading_to(dx: float, dy: float) -> float:
    """The heading that looks along (dx, dy)."""
    return float(np.arctan2(-dx, dy))


@dataclass(frozen=True)
class Walk:
    """A way on foot along `corners` ((x, y) metres), from `start_s` on, at `speed` m/s.

    `heading_from` and `heading_to` are where the walker looks before and after. Feet are planted where the
    steps fall and stay there while the body passes over them.
    """

    corners: tuple[tuple[float, float], ...]
    start_s: float
    heading_from: float
    heading_to: float
    speed: float = 1.1

    @cached_property
    def _line(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The way with rounded corners, every 2 cm or so: points (N, 2), and the distance at each."""
        corners = np.array(self.corners, dtype=np.float64)
        lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1)
        at = np.concatenate([[0.0], np.cumsum(lengths)])
        steps = np.linspace(0, at[-1], max(8, int(at[-1] / 0.02)))
        line = np.stack([np.interp(steps, at, corners[:, axis]) for axis in (0, 1)], axis=1)
        width = min(15, len(line) // 4)
        kernel = np.ones(2 * width + 1) / (2 * width + 1)
        padded = np.pad(line, ((width, width), (0, 0)), mode="edge")
        padded[:width] += line[0] - line[1 : width + 1][::-1]
        padded[-width:] += line[-1] - line[-width - 1 : -1][::-1]
        smooth = np.stack([np.convolve(padded[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)
        gone = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(smooth, axis=0), axis=1))])
        return smooth, gone

    @property
    def length_m(self) -> float:
        """How long the way is."""
        return float(self._line[1][-1])

    @property
    def duration_s(self) -> float:
        """How long it takes."""
        return self.length_m / self.speed + RAMP_S

    def gone_m(self, at_s: float) -> float:
        """The distance covered by then: speeds up and slows down over `RAMP_S`."""
        t = min(max(at_s - self.start_s, 0.0), self.duration_s)
        return self.speed * (_ramped(t) - _ramped(t - (self.duration_s - RAMP_S)))

    def point(self, distance: float) -> NDArray[np.float64]:
        """(x, y) at a distance along the way."""
        line, gone = self._line
        return np.array([np.interp(distance, gone, line[:, axis]) for axis in (0, 1)])

    def heading(self, at_s: float) -> float:
        """Where the walker looks: along the way, but at first and at last as before and after."""
        distance = self.gone_m(at_s)
        ahead, behind = self.point(distance + 0.15), self.point(distance - 0.15)
        along = heading_to(*(ahead - behind)) if np.linalg.norm(ahead - behind) > 1e-6 else self.heading_from
        into = minimum_jerk((at_s - self.start_s) / 0.9)
        out = minimum_jerk((at_s - (self.start_s + self.duration_s - 0.9)) / 0.9)
        return _turned(_turned(self.heading_from, along, into), self.heading_to, out)

    def placement(self, at_s: float) -> Placement:
        """Where the walker's body is."""
        x, y = self.point(self.gone_m(at_s))
        return Placement(float(x), float(y), self.heading(at_s))

    def goals(self, station: Station, at_s: float) -> Goals:
        """The walker's pose in its own coordinates."""
        distance = self.gone_m(at_s)
        pace = float(np.clip((self.gone_m(at_s + 0.1) - self.gone_m(at_s - 0.1)) / 0.2 / self.speed, 0, 1))
        phase = np.pi * distance / (self.length_m / max(1, round(self.length_m / STEP_M)))
        swing = 0.17 * pace * float(np.cos(phase))
        arms = hand("L", hanging(station, swing)), hand("R", hanging(station, -swing))
        place = self.placement(at_s)
        feet, toes = zip(*(self._foot(station, distance, place, number) for number in (0, 1)), strict=True)
        base = standing(station, *arms)
        dip = -0.035 * pace + 0.018 * pace * float(np.cos(2 * phase))
        return replace(
            base,
            hips=(0.012 * pace * float(np.sin(phase)), base.hips[1] + dip, 0.0),
            pelvis=(2.0 * pace, 4.0 * pace * float(np.cos(phase)), 0.0),
            spine=(4.0 * pace + base.spine[0], -6.0 * pace * float(np.cos(phase)), 0.0),
            feet=(feet[0], feet[1]),
            toes=(toes[0], toes[1]),
        )

    def _foot(
        self, station: Station, distance: float, place: Placement, number: int
    ) -> tuple[tuple[float, float, float], tuple[float, float]]:
        """The ankle of the left (0) or right (1) foot in the walker's coordinates, and its turn."""
        # A whole number of steps, so that both feet stand together before and after.
        step = self.length_m / max(1, round(self.length_m / STEP_M))
        cycle, first, last = ((gone / step - number) / 2 for gone in (distance, 0.0, self.length_m))
        whole = float(np.floor(cycle + STANCE / 2))
        # The foot stands while the body passes over it and swings in the rest of its cycle.
        leaves = max(whole + STANCE / 2, first)
        lands = min(whole + 1 - STANCE / 2, last)
        swing = float(np.clip((cycle - leaves) / max(lands - leaves, 1e-6), 0.0, 1.0))
        planted = (2 * whole + number) * step
        nearest = float(np.clip(planted, 0, self.length_m))
        following = float(np.clip(planted + 2 * step, 0, self.length_m))
        along = nearest + (following - nearest) * (swing + minimum_jerk(swing)) / 2
        moving = min(1.0, (following - nearest) / step)
        lift = 0.09 * float(np.sin(np.pi * swing)) * moving
        x, y = self.point(along) - np.array([place.x, place.y])
        forward = np.array([-np.sin(place.heading), np.cos(place.heading)])
        ahead = float(np.array([x, y]) @ forward)
        aside = float(np.array([x, y]) @ np.array([-forward[1], forward[0]]))
        side = 0.095 if number == 0 else -0.095
        pitch = -28.0 * float(np.sin(np.pi * swing)) * moving
        return (aside + side, 0.085 + lift, ahead), (6.0, pitch)


def _ramped(t: float) -> float:
    """The integral of a speed that rises smoothly from 0 to 1 over RAMP_S."""
    if t <= 0:
        return 0.0
    if t >= RAMP_S:
        return t - RAMP_S / 2
    return RAMP_S * float((t / RAMP_S) ** 3 * (1 - t / RAMP_S / 2))


def _turned(first: float, second: float, share: float) -> float:
    """From one heading to another the short way round."""
    difference = float((second - first + np.pi) % (2 * np.pi) - np.pi)
    return first + difference * share
