"""From a script's lines to one person's course: key poses and walks in order, and what each truly is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from datasets import stations as at
from datasets.bystanders import ON_FOOT
from datasets.motion import Placement, Walk, heading_to, minimum_jerk
from datasets.poses import Goals, Hand, HandGoal, hand
from datasets.props import make
from datasets.repertoire import ACTIVITIES, Activity, Beat, arms, both, glance, other
from datasets.script import Leaving, Returning, Someone, Walking
from datasets.stances import seated, standing
from datasets.stations import Station

STAND_AHEAD_M = 0.08
"""How much nearer to the desk a clerk stands than sits."""
SPOTS: dict[str, tuple[float, float]] = {
    "phone": (-0.18, 0.30),
    "cup": (-0.31, 0.24),
    "bottle": (-0.31, 0.24),
    "stamp": (-0.12, 0.30),
    "paper": (0.04, 0.31),
}
"""Where things lie on the desk for a right hand: to the left of the middle, and beyond the desk's edge."""


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """A key pose that is headed for from `start_s` on, at a place, at a station."""

    start_s: float
    beat: Beat
    placement: Placement
    station: Station
    ahead_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Stroll:
    """A walk; None instead of it means out of sight from `start_s` on."""

    start_s: float
    walk: Walk | None
    station: Station


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stretch of time with what it is."""

    activity: Activity
    start_s: float
    end_s: float


@dataclass(slots=True, eq=False)
class Course:
    """Everything one person does. `parts` are in the order of time."""

    parts: list[Key | Stroll] = field(default_factory=list)
    labels: list[Labelled] = field(default_factory=list)
    things: set[str] = field(default_factory=set)

    def now(self, at_s: float) -> int:
        """The number of the part that is under way."""
        starts = [part.start_s for part in self.parts]
        return max(0, int(np.searchsorted(starts, at_s + 1e-9, side="right")) - 1)


def hand_spot(station: Station, kind: str, side: Hand) -> HandGoal:
    """Where a hand goes to take or lay down a thing; below the desk for what a pocket or drawer keeps."""
    if kind not in SPOTS:
        return hand(side, at.resting_on_thigh(station, -0.10, 0.18))
    x, ahead = SPOTS[kind]
    reach = at.holding_cup if kind in ("cup", "bottle") else at.picking_up
    return hand(side, reach(station, x, ahead))


@dataclass(slots=True, eq=False)
class Planner:
    """Writes one person's course; `station` and `placement` are where they are by now."""

    someone: Someone
    seed: int
    station: Station
    placement: Placement
    seat: Placement
    course: Course = field(default_factory=Course)
    clock: float = 0.0
    sits: bool = True
    held: dict[Hand, str] = field(default_factory=dict)
    _last: Beat | None = None

    @property
    def staff(self) -> bool:
        """Whether this is a clerk."""
        return self.someone.side == "staff"

    def play(self, duration_s: float) -> Course:
        """The whole course of the script's person."""
        doings = sorted(self.someone.does.items())
        ends = [start for start, _ in doings[1:]] + [duration_s]
        if self.someone.away:
            self.course.parts.append(Stroll(-60.0, None, self.station))
        for number, ((start, doing), end) in enumerate(zip(doings, ends, strict=True)):
            self.clock = max(self.clock, start) if number else -4.0 if isinstance(doing, str) else start
            random = np.random.default_rng([self.seed, number, 97])
            if isinstance(doing, Walking):
                self._walk(doing)
            elif isinstance(doing, Leaving):
                self._leave(doing.leave, random)
            elif isinstance(doing, Returning):
                self._come_back(doing.back, random)
            else:
                self._act(doing, end, random)
        return self.course

    @property
    def _ahead_m(self) -> float:
        """Clerks who have stood up at their desk stand nearer to it than they sat."""
        return STAND_AHEAD_M if self.staff and self.placement == self.seat else 0.0

    def _add(self, beat: Beat) -> None:
        ahead = 0.0 if self.sits else self._ahead_m
        self.course.parts.append(Key(self.clock, beat, self.placement, self.station, ahead))
        self.course.things.update(beat.held.values())
        self.clock += beat.move_s + beat.stay_s
        self.held = dict(beat.held)
        self._last = beat

    def _act(self, name: str, end: float, random: np.random.Generator) -> None:
        on_foot = name in ON_FOOT
        activity = ON_FOOT[name] if on_foot else ACTIVITIES[name]
        if self.staff and on_foot == self.sits:
            self._rise_or_sit(not on_foot, random)
        main = self._main_hand(activity, random)
        beats = activity.plan(self.station, random, main)
        run: float | None = None
        for beat in self._until(end, beats):
            lifted = _ahead(beat, self._ahead_m) if on_foot else beat
            self._swap(lifted.held, main)
            run = self._label(activity, run, lifted, self.clock)
            self._add(lifted)
        if run is not None:
            self.course.labels.append(Labelled(activity, run, max(end, self.clock)))

    def _label(self, activity: Activity, run: float | None, beat: Beat, clock: float) -> float | None:
        """Begin or end a stretch that counts: at 70 % of the way in, at 30 % of the way out."""
        if activity.behaviour is None and activity.like is None:
            return None
        if beat.counts and run is None:
            return clock + 0.7 * beat.move_s
        if not beat.counts and run is not None:
            self.course.labels.append(Labelled(activity, run, clock + 0.3 * beat.move_s))
            return None
        return run

    def _until(self, end: float, beats: Iterator[Beat]) -> Iterator[Beat]:
        first = True
        while self.clock < end - (0.05 if first else 0.6):
            beat, first = next(beats), False
            left = end - self.clock - beat.move_s
            yield replace(beat, stay_s=max(0.0, min(beat.stay_s, left)))

    def _main_hand(self, activity: Activity, random: np.random.Generator) -> Hand:
        left = {"left": 1.0, "right": 0.0, None: 0.35 if "phone" in activity.props else 0.12}[
            self.someone.hand
        ]
        return "L" if random.random() < left else "R"

    def _swap(self, wanted: Mapping[Hand, str], main: Hand) -> None:
        """Lay down what is not wanted, and take up what is."""
        dropped = {side: kind for side, kind in self.held.items() if wanted.get(side) != kind}
        for side, kind in _once_each(dropped):
            self._reach(side, kind, dict(self.held))
        taken = {side: kind for side, kind in wanted.items() if self.held.get(side) != kind}
        kept = {side: kind for side, kind in self.held.items() if side not in dropped}
        for side, kind in _once_each(taken):
            self._reach(side, kind, kept)

    def _reach(self, side: Hand, kind: str, held: dict[Hand, str]) -> None:
        if self._last is None:
            return
        goals = self._last.goals
        spot = hand_spot(self.station, kind, side)
        on_foot = not self.staff or not self.sits
        if on_foot:
            spot = hand(side, at.hanging(self.station))
        reached = goals.with_hand(side, spot)
        if make(kind, 0).two_handed:
            reached = reached.with_hand(other(side), hand(other(side), at.resting_on_thigh(self.station)))
        if kind in SPOTS and not on_foot:
            lean = max(goals.spine[0], 20.0)
            reached = replace(reached, spine=(lean, goals.spine[1], 0.0), neck=(14.0, 0.0, 0.0))
        self._add(Beat(reached, 0.8, 0.12, held, recline_deg=self._last.recline_deg))

    def _rise_or_sit(self, sit: bool, random: np.random.Generator) -> None:
        self._swap({}, "R")
        desk = at.on_desk(self.station, -0.17, 0.05)
        bent = glance(seated(self.station, *both(self.station, desk, desk), (30.0, 0.0, 0.0)), -6.0, 0.0)
        bent = replace(bent, hips=(0.0, bent.hips[1] + 0.03, 0.06))
        arms_down = both(self.station, at.hanging(self.station), at.hanging(self.station))
        up = _ahead(Beat(standing(self.station, *arms_down), 1.0, 0.1), STAND_AHEAD_M)
        if sit:
            self._add(replace(up, move_s=0.3))
            self.sits = True
            self._add(Beat(bent, 1.0, 0.0))
        else:
            self._add(Beat(bent, 0.8, 0.0))
            self.sits = False
            self._add(up)

    def _walk(self, walking: Walking) -> None:
        self._swap({}, "R")
        if self.staff and self.sits:
            self._rise_or_sit(False, np.random.default_rng(self.seed))
        here = self.placement.x, self.placement.y + self._ahead_m
        corners = (here, *walking.walk) if here != walking.walk[0] else walking.walk
        if len(corners) < 2:
            return
        (x1, y1), (x2, y2) = corners[-2:]
        onwards = heading_to(x2 - x1, y2 - y1)
        final = {"counter": np.pi, "hall": 0.0, "onwards": onwards}[walking.facing]
        self._stroll(corners, float(final), walking.speed)
        self.station = replace(self.station, edge_m=max(0.05, self.placement.y))

    def _stroll(self, corners: tuple[tuple[float, float], ...], heading: float, speed: float) -> None:
        walk = Walk(corners, self.clock, self.placement.heading, heading, speed)
        self.course.parts.append(Stroll(self.clock, walk, self.station))
        self.clock += walk.duration_s
        self.placement = Placement(*corners[-1], heading)
        goals = walk.goals(self.station, self.clock)
        self._last = Beat(goals, 0.5, 0.0)
        self.held = {}

    def _way_out(self, side: str) -> tuple[tuple[float, float], ...]:
        sign = -1.0 if side == "left" else 1.0
        x, y = self.seat.x, self.seat.y + STAND_AHEAD_M
        return (x, y), (x + sign * 0.62, y - 0.05), (x + sign * 0.9, -2.05), (sign * 4.3, -2.1)

    def _leave(self, side: str, random: np.random.Generator) -> None:
        if self.sits:
            self._rise_or_sit(False, random)
        corners = self._way_out(side)
        self.placement = Placement(*corners[0], self.seat.heading)
        self._stroll(corners, heading_to(corners[-1][0], 0.0), 1.15)
        self.course.parts.append(Stroll(self.clock, None, self.station))

    def _come_back(self, side: str, random: np.random.Generator) -> None:
        corners = self._way_out(side)[::-1]
        self.placement = Placement(*corners[0], heading_to(-corners[0][0], 0.0))
        self._stroll(corners, self.seat.heading, 1.15)
        self.placement, self.sits = self.seat, False
        self._last = _ahead(
            Beat(
                standing(self.station, *arms("R", at.hanging(self.station), at.hanging(self.station))),
                0.5,
                0.0,
            ),
            STAND_AHEAD_M,
        )
        self._rise_or_sit(True, random)


def _once_each(hands: Mapping[Hand, str]) -> list[tuple[Hand, str]]:
    """A thing held with both hands is taken once."""
    seen: dict[str, Hand] = {}
    for side, kind in hands.items():
        if not (kind in seen and make(kind, 0).two_handed):
            seen[kind] = side
    return [(side, kind) for kind, side in seen.items()]


def _ahead(beat: Beat, ahead_m: float) -> Beat:
    """The same key pose some way ahead; hands that are told by the desk stay where they are."""
    goals = beat.goals
    feet = tuple((x, y, z + ahead_m) for x, y, z in goals.feet)
    hips = goals.hips[0], goals.hips[1], goals.hips[2] + ahead_m
    return replace(beat, goals=replace(goals, hips=hips, feet=(feet[0], feet[1])))


def back_again(goals: Goals, ahead_m: float) -> Goals:
    """The inverse of a clerk's standing shift, for the moment a walk begins."""
    return _ahead(Beat(goals, 0.0, 0.0), -ahead_m).goals


def share_of(part: Key, at_s: float) -> float:
    """How far a key pose is reached."""
    return minimum_jerk((at_s - part.start_s) / max(part.beat.move_s, 1e-3))
