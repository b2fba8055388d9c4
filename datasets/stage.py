"""A script come to life: for any moment, where everybody and everything is.

Nothing here draws; the same script and the same figures give the same bodies, to the last bit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datasets import props
from datasets.figures import Figure, Library, build, open_library
from datasets.motion import Placement, Sway, fidget, minimum_jerk
from datasets.places import HALLS, PITCH_M, Hall
from datasets.poses import HANDS, Goals, Hand, Solved, solve
from datasets.props import Prop
from datasets.script import Script, Someone
from datasets.skeleton import frame
from datasets.stations import Station
from datasets.timeline import SPOTS, Course, Key, Planner, Stroll, back_again, share_of
from datasets.wardrobe import choose

Matrix = NDArray[np.float64]

CHAIR_BACK_M = 0.32
"""How far a chair rolls back when its clerk stands up."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """One person at one moment. `seated` is 1 when sitting, 0 when on foot; `held` what each hand has."""

    placement: Placement
    solved: Solved
    held: Mapping[Hand, str]
    seated: float
    recline_deg: float
    puffing: bool


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """One person of the script: the figure, the course, the seat (staff), and their own things."""

    name: str
    someone: Someone
    figure: Figure
    course: Course
    seat: Placement
    station: Station
    things: Mapping[str, Prop]
    sway: Sway

    def at(self, at_s: float) -> Body | None:
        """The body then; None while out of sight."""
        number = self.course.now(at_s)
        part = self.course.parts[number]
        if isinstance(part, Stroll):
            return self._strolling(part, number, at_s)
        return self._posing(part, number, at_s)

    def _strolling(self, part: Stroll, number: int, at_s: float) -> Body | None:
        if part.walk is None:
            return None
        goals = part.walk.goals(part.station, at_s)
        before = self._goals_before(number)
        share = minimum_jerk((at_s - part.start_s) / 0.7) if before is not None else 1.0
        start = goals if before is None else replace(before, feet=goals.feet, toes=goals.toes)
        solved = solve(self.figure, start, self.sway.apply(goals, at_s, 0.6), share)
        return Body(part.walk.placement(at_s), solved, {}, 0.0, 0.0, False)

    def _goals_before(self, number: int) -> Goals | None:
        """Where the body came from, in the coordinates of the place it came from without a desk's shift."""
        if number == 0:
            return None
        part = self.course.parts[number - 1]
        if isinstance(part, Key):
            return back_again(part.beat.goals, part.ahead_m)
        if part.walk is None:
            return None
        return part.walk.goals(part.station, part.start_s + part.walk.duration_s)

    def _posing(self, part: Key, number: int, at_s: float) -> Body:
        beat = part.beat
        before = self._goals_before(number)
        if before is None:
            before = beat.goals
        else:
            previous = self.course.parts[number - 1]
            before = back_again(before, -(previous.ahead_m if isinstance(previous, Key) else part.ahead_m))
        share = share_of(part, at_s)
        goals = self._alive(beat.goals, beat.fidget, at_s)
        solved = solve(self.figure, self.sway.apply(before, at_s), goals, share)
        return Body(
            part.placement,
            solved,
            beat.held,
            self._seated(before, beat.goals, share),
            self._recline(number, share),
            beat.fidget == "puff" and share > 0.9,
        )

    def _alive(self, goals: Goals, kind: str, at_s: float) -> Goals:
        swayed = self.sway.apply(goals, at_s)
        if not kind:
            return swayed
        left, right = swayed.hands
        return replace(swayed, hands=(fidget(left, kind, at_s, 0.7), fidget(right, kind, at_s, 2.9)))

    def _seated(self, before: Goals, after: Goals, share: float) -> float:
        low, high = self.station.hip_y, self.station.stands_at()
        height = before.hips[1] * (1 - share) + after.hips[1] * share
        return float(np.clip((high - height) / (high - low), 0, 1))

    def _recline(self, number: int, share: float) -> float:
        part = self.course.parts[number]
        previous = self.course.parts[number - 1] if number else part
        start = previous.beat.recline_deg if isinstance(previous, Key) else 0.0
        end = part.beat.recline_deg if isinstance(part, Key) else 0.0
        return start * (1 - share) + end * share


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A thing in the world: its prop, (4, 4) from its axes to the world, whose it is, and the hand."""

    prop: Prop
    model: Matrix
    owner: str
    hand: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A script with its figures. `at` gives the bodies of a moment."""

    script: Script
    hall: Hall
    actors: tuple[Actor, ...]

    def at(self, at_s: float) -> dict[str, Body]:
        """Everybody in sight then, by name."""
        bodies = ((actor.name, actor.at(at_s)) for actor in self.actors)
        return {name: body for name, body in bodies if body is not None}

    def things(self, bodies: Mapping[str, Body]) -> list[Placed]:
        """What hands hold and what lies about."""
        placed = []
        for actor in self.actors:
            body = bodies.get(actor.name)
            held = _in_hands(actor, body) if body is not None else []
            placed += held
            taken = {thing.prop.kind for thing in held}
            placed += [
                _lying(actor, prop) for kind, prop in actor.things.items() if _lies(actor, kind, prop, taken)
            ]
        return placed


def window_x(window: int) -> float:
    """The middle of a window along the counter: 1 in the middle, 2 beyond it, 3 before."""
    return {1: 0.0, 2: PITCH_M, 3: -PITCH_M}[window]


def raise_curtain(script: Script, figures: Path) -> Stage:
    """Make the figures of a script and plan what they do."""
    library = open_library(figures)
    hall = HALLS[script.hall]
    actors = tuple(
        _actor(library, hall, script, name, someone, number)
        for number, (name, someone) in enumerate(script.people.items())
    )
    return Stage(script, hall, actors)


def _actor(library: Library, hall: Hall, script: Script, name: str, someone: Someone, number: int) -> Actor:
    staff = someone.side == "staff"
    figure = build(library, choose(someone.figure, "clerk" if staff else "public", someone.sex))
    seat = Placement(window_x(someone.window), hall.seat_y, 0.0)
    start = seat if staff else Placement(*(someone.start or (0.0, 3.0)), np.pi)
    ledge = hall.ledge_m + 0.03 if hall.ledge_m else 0.0
    desk = hall.desk_m if staff else hall.desk_m + ledge
    edge = -hall.depth_m - hall.seat_y if staff else max(0.05, start.y)
    station = Station(figure, desk, edge, hall.seat_m)
    planner = Planner(someone, script.seed * 101 + number, station, start, seat, sits=staff)
    course = planner.play(script.duration_s)
    things = {kind: props.make(kind, script.seed * 13 + someone.figure) for kind in sorted(course.things)}
    return Actor(name, someone, figure, course, seat, station, things, Sway(script.seed * 7 + number))


def _in_hands(actor: Actor, body: Body) -> list[Placed]:
    placed: list[Placed] = []
    done: set[str] = set()
    for side in HANDS:
        kind = body.held.get(side)
        if kind is None or kind in done:
            continue
        prop = actor.things[kind]
        if prop.two_handed:
            done.add(kind)
            placed.append(Placed(prop, _between_hands(body), actor.name, "right"))
            continue
        wrist, axes = body.solved.hands[side]
        inside = np.eye(4)
        inside[:3, :3] = axes @ prop.hold[:, :3]
        inside[:3, 3] = wrist + axes @ prop.hold[:, 3]
        placed.append(
            Placed(prop, _world(body.placement) @ inside, actor.name, "left" if side == "L" else "right")
        )
    return placed


def _world(placement: Placement) -> Matrix:
    whole = np.eye(4)
    whole[:3, :3] = placement.rotation()
    whole[:3, 3] = placement.x, placement.y, 0.0
    return whole


def _between_hands(body: Body) -> Matrix:
    """Pages held open: across from hand to hand, their face towards the reader's eyes."""
    left, right = (
        wrist + axes @ np.array([0.085, 0.0, 0.03])
        for wrist, axes in (body.solved.hands["L"], body.solved.hands["R"])
    )
    middle = (left + right) / 2
    eyes = body.solved.posture.place_of("head") + np.array([0.0, 0.06, 0.0])
    across = left - right
    axes = frame(eyes - middle, np.cross(eyes - middle, across))
    inside = np.eye(4)
    inside[:3, :3] = np.stack([-axes[:, 2], axes[:, 1], axes[:, 0]], axis=1)
    inside[:3, 3] = middle + axes[:, 1] * 0.05
    return _world(body.placement) @ inside


def _lies(actor: Actor, kind: str, prop: Prop, taken: set[str]) -> bool:
    return actor.someone.side == "staff" and prop.lies and kind in SPOTS and kind not in taken


def _lying(actor: Actor, prop: Prop) -> Placed:
    """On the desk, where the hand that uses it most laid it."""
    x, ahead = SPOTS[prop.kind]
    inside = np.eye(4)
    inside[:3, :3] = np.array([[-1.0, 0, 0], [0, 0, 1.0], [0, 1.0, 0]])
    left = _left_handed(actor, prop.kind)
    inside[:3, 3] = -x if left else x, actor.station.desk_m + prop.rest_m, actor.station.edge_m + ahead
    return Placed(prop, _world(actor.seat) @ inside, actor.name, None)


def _left_handed(actor: Actor, kind: str) -> bool:
    for part in actor.course.parts:
        if isinstance(part, Key) and kind in part.beat.held.values():
            return part.beat.held.get("L") == kind
    return False
