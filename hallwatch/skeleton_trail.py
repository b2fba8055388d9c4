"""Who was where in the last minutes, kept so that a clip can be shown with what was seen drawn over it."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from vision.values import Observation, Person, Thing

FORMAT = 1
KEPT = timedelta(seconds=90)


@dataclass(slots=True)
class SkeletonTrail:
    """The observations of one camera, as long as a clip of them may still be cut."""

    _observations: deque[Observation] = field(default_factory=deque)

    def remember(self, observation: Observation) -> None:
        """Take in the newest observation; what is older than `KEPT` falls out."""
        self._observations.append(observation)
        while observation.captured_at - self._observations[0].captured_at > KEPT:
            self._observations.popleft()

    def over(self, starts_at: datetime, duration_s: float) -> dict[str, Any]:
        """What was seen during a clip, in the wire's format; times count from the clip's start."""
        ends_at = starts_at + timedelta(seconds=duration_s)
        within = [o for o in self._observations if starts_at <= o.captured_at <= ends_at]
        return {
            "format": FORMAT,
            "size": list(within[0].size) if within else [0, 0],
            "frames": [_frame(observation, starts_at) for observation in within],
        }


def _frame(observation: Observation, starts_at: datetime) -> dict[str, Any]:
    return {
        "t_s": round((observation.captured_at - starts_at).total_seconds(), 3),
        "persons": [_person(person) for person in observation.persons],
        "things": [_thing(thing) for thing in observation.things],
    }


def _person(person: Person) -> dict[str, Any]:
    keypoints = person.pose.keypoints.tolist() if person.pose else []
    return {
        "track": person.track,
        "box": _rounded(person.box),
        "zone": person.zone.value if person.zone else None,
        "keypoints": [[round(x, 1), round(y, 1), round(c, 2)] for x, y, c in keypoints] or None,
    }


def _thing(thing: Thing) -> dict[str, Any]:
    return {"kind": thing.kind.value, "box": _rounded(thing.box), "score": round(thing.score, 2)}


def _rounded(box: Iterable[float]) -> list[float]:
    return [round(value, 1) for value in box]
