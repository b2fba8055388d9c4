"""One window's share of an observation, and what is remembered of it: all that a behaviour may look at."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from calibration.line import CounterStrip
from vision.boxes import iou
from vision.hand_reach import HandReach
from vision.hidden_people import HiddenPeople
from vision.posts import Post
from vision.queueing import Footprints
from vision.shifts import Watch
from vision.values import Observation, Person, Side, Thing, ViewQuality
from vision.working_posture import Posture, WorkingPosture, posture_of

TAKEN_UP_S = 5.0
SAME_PLACE = 0.3
"""A track that begins so soon after another was seen, in a box that overlaps its so far (intersection over
union), goes on with what is known of it: a body that lies down or is lost for a moment gets a new number."""

COLLEAGUE_HIDDEN_FOR = timedelta(seconds=45)
"""Colleagues who stand together hide each other for most of a chat's minute."""

RECENT_S = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class WindowView:
    """What one frame showed of one window. `observed` is False when the view bears no evidence.

    `size` is the picture's (width, height) in pixels, (0, 0) where nobody told it.
    `allowed_inside` is how many may stand between the counter and the line: the served and their companions.
    `colleagues` are all staff that the camera sees, at whatever window, this one's among them;
    `staff_required` is how many this window's post needs.
    `post` and `watch` are what is known by now of the window's post and of its present shift.
    """

    window: str
    captured_at: datetime
    staff: tuple[Person, ...] = ()
    public: tuple[Person, ...] = ()
    things: tuple[Thing, ...] = ()
    observed: bool = True
    strip: CounterStrip | None = None
    allowed_inside: int = 1
    colleagues: tuple[Person, ...] = ()
    staff_required: int = 1
    post: Post | None = None
    watch: Watch | None = None
    size: tuple[int, int] = (0, 0)


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
        colleagues=tuple(person for person in observation.persons if person.zone is Side.STAFF),
        size=observation.size,
    )


@dataclass(slots=True)
class WindowHistory:
    """A window's last minute of views, oldest first, and the working posture of each clerk followed."""

    recent: deque[WindowView] = field(default_factory=deque)
    working: dict[int, WorkingPosture] = field(default_factory=dict)
    reaches: dict[int, HandReach] = field(default_factory=dict)
    prints: Footprints = field(default_factory=Footprints)
    hidden_colleagues: HiddenPeople = field(default_factory=lambda: HiddenPeople(COLLEAGUE_HIDDEN_FOR))

    def remember(self, view: WindowView) -> None:
        """Take in a view; what is older than is kept falls out, and so do the postures of who left."""
        self.recent.append(view)
        self.prints.take(view.captured_at, view.public, view.staff)
        self.hidden_colleagues.take(view.captured_at, view.colleagues)
        while (view.captured_at - self.recent[0].captured_at).total_seconds() > RECENT_S:
            self.recent.popleft()
        for person in view.staff:
            self.reaches.setdefault(person.track, HandReach()).take(person, view.captured_at, view.things)
            posture = posture_of(person, view.captured_at)
            if posture is not None:
                self._working_of(person, view).take(posture)
        lately = {person.track for past in self.recent for person in past.staff}
        self.working = {track: usual for track, usual in self.working.items() if track in lately}
        self.reaches = {track: reach for track, reach in self.reaches.items() if track in lately}

    def _working_of(self, person: Person, view: WindowView) -> WorkingPosture:
        """What was learned of a track. One that begins where another was just lost is the same clerk."""
        if person.track not in self.working:
            before = self._before(person, view)
            learned = self.working.get(before.track) if before else None
            self.working[person.track] = learned.copied() if learned else WorkingPosture()
        return self.working[person.track]

    def _before(self, person: Person, view: WindowView) -> Person | None:
        """Whoever was last seen in that place within `TAKEN_UP_S`; of several the best fitting."""
        for past in reversed(self.last(TAKEN_UP_S, view.captured_at)):
            others = [one for one in past.staff if one.track != person.track and one.track in self.working]
            nearest = max(others, key=lambda one: iou(one.box, person.box), default=None)
            if nearest is not None and iou(nearest.box, person.box) >= SAME_PLACE:
                return nearest
        return None

    def last(self, seconds: float, until: datetime) -> list[WindowView]:
        """The views of the last `seconds` before `until`, oldest first."""
        since = until - timedelta(seconds=seconds)
        return [view for view in self.recent if view.captured_at >= since]

    def reach(self, track: int, side: str, seconds: float, until: datetime) -> list[tuple[datetime, float]]:
        """How far the hand of that side was from the mouth in the last `seconds`, in shoulder breadths."""
        since = until - timedelta(seconds=seconds)
        known = self.reaches.get(track)
        return [sample for sample in known.sides[side] if sample[0] >= since] if known else []

    def usual(self, track: int) -> Posture | None:
        """How the clerk of that track usually sits or stands; None while too little was seen."""
        working = self.working.get(track)
        return working.usual if working else None
