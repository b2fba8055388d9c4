"""One window's share of an observation, and what is remembered of it: all that a behaviour may look at."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from calibration.line import CounterStrip
from vision.body import Body
from vision.values import Observation, Person, Point, Side, Thing, ViewQuality

RECENT_S = 60.0
POSTURE_EVERY_S = 1.0
POSTURE_KEPT_S = 600.0


@dataclass(frozen=True, slots=True, eq=False)
class WindowView:
    """What one frame showed of one window. `observed` is False when the view bears no evidence."""

    window: str
    captured_at: datetime
    staff: tuple[Person, ...] = ()
    public: tuple[Person, ...] = ()
    things: tuple[Thing, ...] = ()
    observed: bool = True
    strip: CounterStrip | None = None


def view_of(observation: Observation, window: str, strip: CounterStrip | None = None) -> WindowView:
    """The part of an observation that belongs to `window`."""
    mine = [person for person in observation.persons if person.window == window]
    tracks = {person.track for person in mine}
    return WindowView(
        window=window,
        captured_at=observation.captured_at,
        staff=tuple(person for person in mine if person.zone is Side.STAFF),
        public=tuple(person for person in mine if person.zone is Side.PUBLIC),
        things=tuple(thing for thing in observation.things if thing.track in tracks),
        observed=observation.view is ViewQuality.OK,
        strip=strip,
    )


@dataclass(frozen=True, slots=True)
class Posture:
    """How somebody held the trunk at one moment; `hips` in pixels, `unit` one shoulder breadth in pixels."""

    captured_at: datetime
    track: int
    roll_deg: float
    pitch_deg: float | None
    hips: Point
    unit: float


def posture_of(person: Person, captured_at: datetime) -> Posture | None:
    """The trunk's posture; None when shoulders or hips are not seen."""
    if person.pose is None:
        return None
    body = Body(person.pose)
    if not body.seen("left_shoulder", "right_shoulder") or not (
        body.seen("left_hip") or body.seen("right_hip")
    ):
        return None
    return Posture(
        captured_at, person.track, body.torso_roll_deg(), body.torso_pitch_deg(), body.hips, body.unit
    )


@dataclass(slots=True)
class WindowHistory:
    """A window's last minute of views and last ten minutes of postures, oldest first."""

    recent: deque[WindowView] = field(default_factory=deque)
    postures: deque[Posture] = field(default_factory=deque)

    def remember(self, view: WindowView) -> None:
        """Take in a view; what is older than is kept falls out."""
        self.recent.append(view)
        _forget(self.recent, view.captured_at, RECENT_S)
        _forget(self.postures, view.captured_at, POSTURE_KEPT_S)
        if self.postures and _elapsed_s(self.postures[-1].captured_at, view.captured_at) < POSTURE_EVERY_S:
            return
        postures = (posture_of(person, view.captured_at) for person in view.staff)
        self.postures.extend(posture for posture in postures if posture is not None)

    def last(self, seconds: float, until: datetime) -> Iterable[WindowView]:
        """The views of the last `seconds` before `until`, oldest first."""
        since = until - timedelta(seconds=seconds)
        return [view for view in self.recent if view.captured_at >= since]


def _elapsed_s(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds()


def _forget(kept: "deque[WindowView] | deque[Posture]", now: datetime, seconds: float) -> None:
    while kept and _elapsed_s(kept[0].captured_at, now) > seconds:
        kept.popleft()
