"""From observations to events for one camera: every behaviour of every window it sees, over time.

Pure composition: behaviours say what a moment shows, episodes say what it amounts to, and this file only
knows which rule goes with which window. A window that is closed is not judged, except that its post must be
taken before it opens; its closing is looked back from.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from calibration.line import CounterStrip
from vision.article27 import CATALOGUE, Limits
from vision.behaviours import early_departure, late_arrival
from vision.behaviours.catalogue import BEHAVIOURS, JUDGED
from vision.episodes import Episode, advance, close
from vision.event_ids import NewId
from vision.posts import Post, PostRule, PostState, look
from vision.queueing import Queue, QueueWatch, standing_before
from vision.shifts import Shift, Watch
from vision.values import Ending, Event, Evidence, Observation, ViewQuality
from vision.window_view import WindowHistory, view_of

OpenAt = Callable[[datetime], bool | None]
"""Whether a window is open at that UTC time; None when it is not known."""


POST, SHIFT = "post", "shift"


OpenBetween = Callable[[datetime, datetime], Iterable[tuple[datetime, datetime]]]
"""The stretches between two UTC times in which a window is open; what is not known is left out."""


def all_the_time(begin: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
    """For halls without opening hours in their site file."""
    return ((begin, end),)


def always_open(_: datetime) -> bool:
    """For halls without opening hours in their site file."""
    return True


ShiftAt = Callable[[datetime], Shift | None]
"""The shift that a window's post is followed for at that UTC time."""


def no_shifts(_: datetime) -> None:
    """For halls without opening hours in their site file: nobody is late and nobody leaves early."""


@dataclass(frozen=True, slots=True)
class WindowRules:
    """What one window is judged by: its limits by behaviour code (what is not there is not judged)."""

    window: str
    limits: Mapping[str, Limits]
    open_at: OpenAt = always_open
    strip: CounterStrip | None = None
    allowed_inside: int = 1
    shift_at: ShiftAt = no_shifts
    post: PostRule = field(default_factory=PostRule)
    served_at_once: int = 1
    open_between: OpenBetween = all_the_time

    @property
    def post_rule(self) -> PostRule:
        """How the post is looked at; nobody is held to be ducking for most of what makes an absence."""
        absence = self.limits.get("absence")
        longest_s = absence.hold_s / 2 if absence else self.post.duck_s
        return replace(self.post, duck_s=min(self.post.duck_s, longest_s))


def default_limits() -> Mapping[str, Limits]:
    """The catalogue's limits for every behaviour that can be seen."""
    return MappingProxyType({code: CATALOGUE[code].limits for code in JUDGED})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one observation led to: the evidence of the moment, and events that began, grew or ended.

    `posts` and `queues` are those of open windows; a queue is known only where the floor is measured.
    """

    evidence: tuple[Evidence, ...]
    events: tuple[Event, ...]
    open_windows: tuple[str, ...] = ()
    posts: Mapping[str, PostState] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)


@dataclass(slots=True)
class Judge:
    """Judges one camera's observations in order of time; its `snapshot` survives the process."""

    camera: str
    rules: Sequence[WindowRules]
    new_id: NewId
    _episodes: dict[tuple[str, str], Episode] = field(default_factory=dict)
    _histories: dict[str, WindowHistory] = field(default_factory=dict)
    _posts: dict[str, Post] = field(default_factory=dict)
    _watches: dict[str, Watch] = field(default_factory=dict)
    _queues: dict[str, QueueWatch] = field(default_factory=dict)

    def observe(self, observation: Observation) -> Judgement:
        """Take in what a frame showed."""
        at = observation.captured_at
        evidence: list[Evidence] = []
        events: list[Event] = []
        open_windows = []
        for rules in self.rules:
            is_open = bool(rules.open_at(at))
            events += self._follow_shift(rules, at)
            if is_open:
                open_windows.append(rules.window)
            else:
                events += self._close_window(rules.window, at)
                if rules.window not in self._watches:
                    self._posts.pop(rules.window, None)
                    continue
            for found in self._evidence(rules, observation, is_open=is_open):
                evidence.append(found)
                events += self._advance(found, rules.limits[found.behaviour])
        posts = {window: self._posts[window].state for window in open_windows}
        queues = self._queues_of(observation, open_windows)
        return Judgement(tuple(evidence), tuple(events), tuple(open_windows), posts, queues)

    def unseen(self, at: datetime) -> tuple[Event, ...]:
        """Let time pass in which the camera gave no picture: what is open ends as if it had shown nothing."""
        return self.observe(Observation(self.camera, at, (0, 0), view=ViewQuality.COVERED)).events

    def finish(self, at: datetime, ending: Ending = Ending.SOURCE_ENDED) -> tuple[Event, ...]:
        """Close what is open; the source will show nothing more."""
        keys = sorted(self._episodes, key=lambda key: CATALOGUE[key[1]].parent is None)
        return tuple(event for key in keys for event in self._close(key, at, ending))

    def take_floor(self, strip: CounterStrip | None) -> None:
        """The camera's floor was measured anew; what is open goes on."""
        self.rules = [replace(rules, strip=strip) for rules in self.rules]

    def snapshot(self) -> dict[str, dict[str, Any]]:
        """What must outlive the process, as JSON values.

        Every episode that is more than nothing by `window/behaviour`, every post that is empty by
        `window/post`, and the shift that it is followed for by `window/shift`.
        """
        episodes = {
            f"{window}/{code}": episode.to_dict()
            for (window, code), episode in self._episodes.items()
            if not episode.quiet
        }
        posts = {
            f"{window}/{POST}": saved for window, post in self._posts.items() if (saved := post.to_dict())
        }
        shifts = {f"{window}/{SHIFT}": watch.to_dict() for window, watch in self._watches.items()}
        return episodes | posts | shifts

    def strip_of(self, event: Event) -> tuple[tuple[float, float | None], ...]:
        """The evidence over time that led to an event which is still known here: (seconds, score)."""
        episode = self._episodes.get((event.window, event.behaviour))
        if episode is None or episode.event_id != event.id:
            return ()
        return episode.strip.relative_to(event.started_at)

    def restore(self, snapshot: Mapping[str, Mapping[str, Any]]) -> None:
        """Go on from a snapshot; the time since counts as not observed."""
        for key, saved in snapshot.items():
            window, _, code = key.rpartition("/")
            for rules in self.rules:
                if rules.window == window:
                    self._restore_one(rules, code, saved)

    def _restore_one(self, rules: WindowRules, code: str, saved: Mapping[str, Any]) -> None:
        if code == POST:
            self._posts[rules.window] = Post.from_dict(saved)
        elif code == SHIFT:
            watch = Watch.from_dict(saved)
            # Opening hours may have been changed meanwhile.
            shift = rules.shift_at(watch.shift.opens)
            if shift is not None:
                self._watches[rules.window] = replace(watch, shift=shift)
        elif code in rules.limits:
            self._episodes[rules.window, code] = Episode.from_dict(saved)

    def _follow_shift(self, rules: WindowRules, at: datetime) -> list[Event]:
        """Look back from a closing that has passed, and begin to follow the shift of the present."""
        events: list[Event] = []
        watch = self._watches.get(rules.window)
        if watch is not None and at >= watch.shift.closes:
            del self._watches[rules.window]
            events = [*self._close_all(rules.window, watch.shift.closes), *self._departed(rules, watch)]
            watch = None
        if watch is None and (shift := rules.shift_at(at)) is not None:
            self._watches[rules.window] = Watch(shift)
        return events

    def _departed(self, rules: WindowRules, watch: Watch) -> Iterator[Event]:
        limits = rules.limits.get(early_departure.CODE)
        post = self._posts.get(rules.window)
        found = early_departure.departure(watch, post, limits) if limits and post else None
        if found is None or limits is None:
            return
        closes = watch.shift.closes
        yield Event(
            id=self.new_id(closes),
            behaviour=early_departure.CODE,
            window=rules.window,
            camera=self.camera,
            started_at=found.left_at,
            flagged_at=closes,
            peak_score=1.0,
            ended_at=closes,
            ending=Ending.WINDOW_CLOSED,
            measures={"early_min": found.early_min, "hold_limit_s": limits.hold_s},
        )

    def _evidence(self, rules: WindowRules, observation: Observation, *, is_open: bool) -> Iterator[Evidence]:
        """What every rule of a window says of the moment; of a closed one only whether its post is due."""
        window = rules.window
        post = look(self._posts.get(window, Post()), observation, window, rules.post_rule)
        self._posts[window] = post
        watch = self._watches.get(window)
        if watch is not None:
            watch = self._watches[window] = watch.after(post)
        view = replace(
            view_of(observation, window, rules.strip),
            allowed_inside=rules.allowed_inside,
            staff_required=rules.post.required,
            post=post,
            watch=watch,
        )
        history = self._histories.setdefault(window, WindowHistory())
        if is_open:
            history.remember(view)
        for code in rules.limits:
            if code in BEHAVIOURS and (is_open or code == late_arrival.CODE):
                yield BEHAVIOURS[code](view, history)

    def _queues_of(self, observation: Observation, windows: Sequence[str]) -> dict[str, Queue]:
        """The queue before each open window whose floor is measured, while the camera sees."""
        found: dict[str, Queue] = {}
        if observation.view is not ViewQuality.OK:
            return found
        for rules in self.rules:
            if rules.strip is None or rules.window not in windows:
                continue
            public = view_of(observation, rules.window, rules.strip).public
            standing = standing_before(rules.strip, public, self._histories[rules.window].prints)
            watch = self._queues.setdefault(rules.window, QueueWatch(rules.served_at_once))
            found[rules.window] = watch.take(observation.captured_at, standing)
        return found

    def _advance(self, evidence: Evidence, limits: Limits) -> Iterator[Event]:
        key = (evidence.window, evidence.behaviour)
        episode = self._episodes.get(key) or Episode(evidence.behaviour, evidence.window, self.camera)
        self._episodes[key], events = advance(episode, evidence, limits, self.new_id)
        for event in events:
            yield self._with_parent(event)

    def _close_window(self, window: str, at: datetime) -> list[Event]:
        """End what is open at a closed window; a late arrival goes on until the shift does."""
        return self._close_all(window, at, (late_arrival.CODE,) if window in self._watches else ())

    def _close_all(self, window: str, at: datetime, keep: tuple[str, ...] = ()) -> list[Event]:
        keys = [key for key in self._episodes if key[0] == window and key[1] not in keep]
        # Children first: their last word names the parent, which must still be known.
        keys.sort(key=lambda key: CATALOGUE[key[1]].parent is None)
        return [event for key in keys for event in self._close(key, at, Ending.WINDOW_CLOSED)]

    def _close(self, key: tuple[str, str], at: datetime, ending: Ending) -> Iterator[Event]:
        limits = next(rules.limits for rules in self.rules if rules.window == key[0])[key[1]]
        _, events = close(self._episodes.pop(key), at, ending, limits, self.new_id)
        for event in events:
            yield self._with_parent(event)

    def _with_parent(self, event: Event) -> Event:
        """An empty post beyond its limit belongs to the absence that it grew from."""
        parent = CATALOGUE[event.behaviour].parent
        episode = self._episodes.get((event.window, parent)) if parent else None
        return replace(event, parent=episode.event_id) if episode and episode.event_id else event
