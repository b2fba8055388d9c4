"""Who is served at a window, who waits before it, and for how long: what the 1-metre line and figures need.

Somebody *stands* who has moved less than a step within two seconds; walkers belong to no queue. Somebody is
inside the line only when the place on the floor says so beyond its own error. Who was seen on the staff side
for a while is staff, wherever they walk afterwards.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from calibration.line import CounterStrip
from vision.hidden_people import HiddenPeople
from vision.values import Person, Point

STEP_M = 0.6
STEP_S = 2.0
"""Somebody who moved a step within this time walks (people walk at 1.2 m/s, and shift from foot to foot)."""

SURE_SD = 1.28
"""Nine in ten: how many standard deviations beyond the line a place must be to count as inside."""

UNTOLD_SD_M = 0.15
"""The error of a place of which none is told."""

QUEUE_DEPTH_M = 4.0
"""Who stands farther behind the line than this waits for something else."""

STAFF_AFTER_S = 3.0
STAFF_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody of the public who stands before a window; metres, the error one standard deviation.

    `beyond_line_m` is positive on the counter's side of the line.
    """

    track: int
    at: Point
    to_counter_m: float
    beyond_line_m: float
    error_m: float

    @property
    def inside(self) -> bool:
        """Whether they are certainly between the counter and the line."""
        return self.beyond_line_m > SURE_SD * self.error_m

    @property
    def doubtful(self) -> bool:
        """Whether the error bar holds the line."""
        return abs(self.beyond_line_m) <= SURE_SD * self.error_m


@dataclass(slots=True)
class Footprints:
    """Where each track of a window stood lately, and which of them are staff."""

    spots: dict[int, list[tuple[datetime, Point]]] = field(default_factory=dict)
    staff_s: dict[int, float] = field(default_factory=dict)
    staff_seen: dict[int, datetime] = field(default_factory=dict)
    hidden: HiddenPeople = field(default_factory=HiddenPeople)

    def take(self, at: datetime, public: Iterable[Person], staff: Iterable[Person]) -> None:
        """Take in who is on which side."""
        public = tuple(public)
        self.hidden.take(at, public)
        since = at - timedelta(seconds=STEP_S)
        self.spots = {
            track: [spot for spot in spots if spot[0] >= since]
            for track, spots in self.spots.items()
            if spots[-1][0] >= since
        }
        for person in public:
            if person.floor is not None:
                self.spots.setdefault(person.track, []).append((at, person.floor))
        for person in staff:
            before = self.staff_seen.get(person.track)
            step = min(1.0, (at - before).total_seconds()) if before else 0.0
            self.staff_s[person.track] = self.staff_s.get(person.track, 0.0) + step
            self.staff_seen[person.track] = at
        gone = [track for track, seen in self.staff_seen.items() if at - seen > STAFF_FOR]
        for track in gone:
            del self.staff_seen[track], self.staff_s[track]

    def walks(self, track: int) -> bool:
        """Whether somebody moved a step in the last two seconds."""
        spots = [spot for _, spot in self.spots.get(track, ())]
        return len(spots) > 1 and max(math.dist(spot, spots[-1]) for spot in spots) > STEP_M

    def is_staff(self, track: int) -> bool:
        """Whether somebody now on the public side came from the staff side."""
        return self.staff_s.get(track, 0.0) >= STAFF_AFTER_S


def standing_before(
    strip: CounterStrip, public: Sequence[Person], prints: Footprints
) -> tuple[Standing, ...]:
    """The public who stand before a counter, inside the line or behind it, the nearest first.

    Somebody who is hidden behind another stands where last seen.
    """
    hidden = {person.track: person for person in prints.hidden.now}
    found = [
        standing
        for person in (*(one for one in public if one.track not in hidden), *hidden.values())
        if person.floor is not None and not prints.walks(person.track) and not prints.is_staff(person.track)
        if (standing := _standing(strip, person, person.floor)) is not None
    ]
    return tuple(sorted(found, key=lambda one: one.to_counter_m))


def _standing(strip: CounterStrip, person: Person, at: Point) -> Standing | None:
    if not strip.before(at, QUEUE_DEPTH_M):
        return None
    error = strip.distance_sd(_matrix(person.floor_error)) if person.floor_error else UNTOLD_SD_M
    return Standing(person.track, at, strip.distance_to_counter(at), strip.distance_to_line(at), error)


def _matrix(error: tuple[float, float, float]) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    xx, xy, yy = error
    return np.array([[xx, xy], [xy, yy]])


@dataclass(frozen=True, slots=True)
class Queue:
    """A window's queue at one moment: who is served, how many wait, and waits that ended now (seconds)."""

    served: int = 0
    waiting: int = 0
    ended_waits_s: tuple[float, ...] = ()


@dataclass(slots=True)
class QueueWatch:
    """Follows one window's queue: a wait begins where somebody stands, and ends when they are served."""

    served_at_once: int = 1
    _since: dict[int, datetime] = field(default_factory=dict)
    _seen: dict[int, datetime] = field(default_factory=dict)
    _served: set[int] = field(default_factory=set)

    def take(self, at: datetime, standing: Sequence[Standing]) -> Queue:
        """Take in who stands before the window, the nearest to the counter first."""
        near = [one.track for one in standing if one.beyond_line_m > 0][: self.served_at_once]
        waiting = [one.track for one in standing if one.track not in near]
        for track in (*near, *waiting):
            self._since.setdefault(track, at)
            self._seen[track] = at
        ended = tuple(
            (at - self._since[track]).total_seconds() for track in near if track not in self._served
        )
        self._served |= set(near)
        self._forget(at)
        return Queue(len(near), len(waiting), ended)

    def _forget(self, at: datetime) -> None:
        """Who was not seen for a while has left; a hidden moment is no leaving."""
        gone = {track for track, seen in self._seen.items() if (at - seen).total_seconds() > 10.0}
        for track in gone:
            del self._seen[track], self._since[track]
        self._served -= gone
