"""From observations to events for one camera: every behaviour of every window it sees, over time.

Pure composition: behaviours say what a moment shows, episodes say what it amounts to, and this file only
knows which rule goes with which window. A window that is closed is not judged.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from calibration.line import CounterStrip
from vision.article27 import CATALOGUE, Limits
from vision.behaviours.catalogue import BEHAVIOURS
from vision.episodes import Episode, advance, close
from vision.event_ids import NewId
from vision.values import Ending, Event, Evidence, Observation
from vision.window_view import WindowHistory, WindowView, view_of

OpenAt = Callable[[datetime], bool | None]
"""Whether a window is open at that UTC time; None when it is not known."""


def always_open(_: datetime) -> bool:
    """For halls without opening hours in their site file."""
    return True


@dataclass(frozen=True, slots=True)
class WindowRules:
    """What one window is judged by: its limits by behaviour code (what is not there is not judged)."""

    window: str
    limits: Mapping[str, Limits]
    open_at: OpenAt = always_open
    strip: CounterStrip | None = None


def default_limits() -> Mapping[str, Limits]:
    """The catalogue's limits for every behaviour that can be seen."""
    return MappingProxyType({code: CATALOGUE[code].limits for code in BEHAVIOURS})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one observation led to: the evidence of the moment, and events that began, grew or ended."""

    evidence: tuple[Evidence, ...]
    events: tuple[Event, ...]
    open_windows: tuple[str, ...] = ()


@dataclass(slots=True)
class Judge:
    """Judges one camera's observations in order of time; its `snapshot` survives the process."""

    camera: str
    rules: Sequence[WindowRules]
    new_id: NewId
    _episodes: dict[tuple[str, str], Episode] = field(default_factory=dict)
    _histories: dict[str, WindowHistory] = field(default_factory=dict)

    def observe(self, observation: Observation) -> Judgement:
        """Take in what a frame showed."""
        evidence: list[Evidence] = []
        events: list[Event] = []
        open_windows = []
        for rules in self.rules:
            if not rules.open_at(observation.captured_at):
                events += self._close_window(rules.window, observation.captured_at)
                continue
            open_windows.append(rules.window)
            view = view_of(observation, rules.window, rules.strip)
            history = self._histories.setdefault(rules.window, WindowHistory())
            history.remember(view)
            for found in _evidence(rules, view, history):
                evidence.append(found)
                events += self._advance(found, rules.limits[found.behaviour])
        return Judgement(tuple(evidence), tuple(events), tuple(open_windows))

    def finish(self, at: datetime, ending: Ending = Ending.SOURCE_ENDED) -> tuple[Event, ...]:
        """Close what is open; the source will show nothing more."""
        return tuple(event for key in list(self._episodes) for event in self._close(key, at, ending))

    def snapshot(self) -> dict[str, dict[str, Any]]:
        """Every episode that is more than nothing, as JSON values by `window/behaviour`."""
        return {
            f"{window}/{code}": episode.to_dict()
            for (window, code), episode in self._episodes.items()
            if not episode.quiet
        }

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
            if any(rules.window == window and code in rules.limits for rules in self.rules):
                self._episodes[window, code] = Episode.from_dict(saved)

    def _advance(self, evidence: Evidence, limits: Limits) -> Iterator[Event]:
        key = (evidence.window, evidence.behaviour)
        episode = self._episodes.get(key) or Episode(evidence.behaviour, evidence.window, self.camera)
        self._episodes[key], events = advance(episode, evidence, limits, self.new_id)
        for event in events:
            yield self._with_parent(event)

    def _close_window(self, window: str, at: datetime) -> list[Event]:
        keys = [key for key in self._episodes if key[0] == window]
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


def _evidence(rules: WindowRules, view: WindowView, history: WindowHistory) -> Iterator[Evidence]:
    for code in rules.limits:
        if code in BEHAVIOURS:
            yield BEHAVIOURS[code](view, history)
