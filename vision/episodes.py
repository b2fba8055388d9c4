"""Where evidence becomes events over time: hold, gap, release and cool-down, written once for all rules.

Time is the evidence's own (`captured_at`), never a number of frames. A sample stands for the time until the
next one, at most `LONGEST_SAMPLE_S`; what lies beyond was not observed and speaks neither for nor against.

A rule is met when positive time adds up to `hold_s` within the last `window_s`; then an event is born. A
negative stretch longer than `gap_s` ends it (or forgets what had added up), and so does a blind one longer
than `blind_s`, as interrupted. For `cooldown_s` after its end positive evidence continues the same event at
once, without a new hold. Everything is a value: `advance` takes a state and gives the next, so a state that
was stored and read back goes on as if nothing had happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from vision.article27 import Limits
from vision.event_ids import NewId
from vision.evidence_strip import Strip
from vision.values import Ending, Event, Evidence

LONGEST_SAMPLE_S = 1.5
"""Analysis at one picture a second is the slowest that judges; a longer silence is a gap in the view."""

PROGRESS_EVERY_S = 5.0
"""How often an event that goes on is told anew."""

ROUNDING_S = 1e-6
"""Sums of tenths are a little beside their limit; captured times are whole microseconds."""


class Phase(StrEnum):
    """Nothing yet, an event going on, or one that has just ended and may be rejoined."""

    IDLE = "idle"
    OPEN = "open"
    COOLING = "cooling"


class _Kind(StrEnum):
    POSITIVE = "positive"
    NEGATIVE = "negative"
    BLIND = "blind"


@dataclass(frozen=True, slots=True)
class Episode:
    """How far one behaviour at one window has come."""

    behaviour: str
    window: str
    camera: str
    phase: Phase = Phase.IDLE
    latest: Evidence | None = None
    positives: tuple[tuple[datetime, datetime], ...] = ()
    negative_s: float = 0.0
    blind_s: float = 0.0
    last_positive_at: datetime | None = None
    event_id: str | None = None
    started_at: datetime | None = None
    flagged_at: datetime | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None
    revision: int = 0
    told_at: datetime | None = None
    held_s: float = 0.0
    peak_score: float = 0.0
    measures: Mapping[str, float] = field(default_factory=dict)
    variants_s: Mapping[str, float] = field(default_factory=dict)
    limits_met: Mapping[str, float] = field(default_factory=dict)
    strip: Strip = field(default_factory=Strip)

    @property
    def quiet(self) -> bool:
        """Whether nothing would be lost by forgetting this state."""
        return self.phase is Phase.IDLE and not self.positives

    def to_dict(self) -> dict[str, Any]:
        """The state as JSON values."""
        dumped: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return dumped

    @staticmethod
    def from_dict(saved: Mapping[str, Any]) -> "Episode":
        """A state read back. Raises `pydantic.ValidationError` on what is none."""
        return _ADAPTER.validate_python(saved)


_ADAPTER = TypeAdapter(Episode)


def advance(
    episode: Episode, evidence: Evidence, limits: Limits, new_id: NewId
) -> tuple[Episode, tuple[Event, ...]]:
    """Take in the next moment's evidence; answers the new state and what is to be told.

    Evidence that is not later than the last is left out.
    """
    if episode.latest is not None and evidence.captured_at <= episode.latest.captured_at:
        return episode, ()
    episode, events = _elapse(episode, evidence.captured_at, limits, new_id)
    strip = episode.strip.taking(evidence.captured_at, evidence.score)
    if episode.phase is Phase.IDLE:
        strip = strip.since(evidence.captured_at - timedelta(seconds=limits.window_s))
    return replace(episode, latest=evidence, strip=strip), events


def close(
    episode: Episode, at: datetime, ending: Ending, limits: Limits, new_id: NewId
) -> tuple[Episode, tuple[Event, ...]]:
    """Nothing more will be seen after `at`: let the last sample count, and end what is open."""
    events: tuple[Event, ...] = ()
    if episode.latest is not None and at > episode.latest.captured_at:
        episode, events = _elapse(episode, at, limits, new_id)
    if episode.phase is Phase.OPEN:
        episode = _ended(episode, ending)
        events += (_event(episode),)
    return Episode(episode.behaviour, episode.window, episode.camera), events


def _elapse(
    episode: Episode, until: datetime, limits: Limits, new_id: NewId
) -> tuple[Episode, tuple[Event, ...]]:
    """Let the time from the last sample until `until` count as what that sample showed."""
    sample = episode.latest
    if sample is None:
        return episode, ()
    covered = min(until, sample.captured_at + timedelta(seconds=LONGEST_SAMPLE_S))
    events: list[Event] = []
    for kind, begin, end in (
        (_kind(sample, limits), sample.captured_at, covered),
        (_Kind.BLIND, covered, until),
    ):
        if end > begin:
            episode, told = _STEPS[kind](episode, begin, end, limits, new_id)
            events += told
    return episode, tuple(events)


def _kind(sample: Evidence, limits: Limits) -> _Kind:
    if sample.score is None:
        return _Kind.BLIND
    return _Kind.POSITIVE if sample.score >= limits.score else _Kind.NEGATIVE


def _positive(
    episode: Episode, begin: datetime, end: datetime, limits: Limits, new_id: NewId
) -> tuple[Episode, list[Event]]:
    if episode.phase is Phase.COOLING:
        episode = _rejoined(episode, begin, limits)
    if episode.phase is Phase.IDLE and not _within(episode.positives, end, limits):
        episode = _fresh(episode)
    episode = _strengthened(episode, begin, end)
    if episode.phase is Phase.IDLE:
        return _accumulated(episode, begin, end, limits, new_id)
    due = episode.told_at is None or _seconds(episode.told_at, end) >= PROGRESS_EVERY_S
    return _told(episode, end) if due else (episode, [])


def _negative(
    episode: Episode, begin: datetime, end: datetime, limits: Limits, _: NewId
) -> tuple[Episode, list[Event]]:
    negative_s = episode.negative_s + _seconds(begin, end)
    episode = replace(episode, negative_s=negative_s, blind_s=0.0)
    return _released(episode, Ending.CEASED, end) if negative_s > limits.gap_s + ROUNDING_S else (episode, [])


def _blind(
    episode: Episode, begin: datetime, end: datetime, limits: Limits, _: NewId
) -> tuple[Episode, list[Event]]:
    blind_s = episode.blind_s + _seconds(begin, end)
    episode = replace(episode, blind_s=blind_s)
    return (
        _released(episode, Ending.INTERRUPTED, end)
        if blind_s > limits.blind_s + ROUNDING_S
        else (episode, [])
    )


_STEPS = {_Kind.POSITIVE: _positive, _Kind.NEGATIVE: _negative, _Kind.BLIND: _blind}


def _strengthened(episode: Episode, begin: datetime, end: datetime) -> Episode:
    """The episode with a positive stretch added to its sums."""
    sample = episode.latest
    assert sample is not None
    assert sample.score is not None
    stretch_s = _seconds(begin, end)
    name = sample.variant
    variants = dict(episode.variants_s)
    if name is not None:
        variants[name] = variants.get(name, 0.0) + stretch_s
    stronger = sample.score >= episode.peak_score
    return replace(
        episode,
        negative_s=0.0,
        blind_s=0.0,
        last_positive_at=end,
        held_s=episode.held_s + stretch_s,
        variants_s=variants,
        peak_score=max(episode.peak_score, sample.score),
        measures=sample.measures if stronger else episode.measures,
    )


def _accumulated(
    episode: Episode, begin: datetime, end: datetime, limits: Limits, new_id: NewId
) -> tuple[Episode, list[Event]]:
    """Add a positive stretch to what has added up; an event is born when that reaches the hold."""
    positives, total_s = _added_up(episode, begin, end, limits)
    episode = replace(episode, positives=positives)
    if total_s < limits.hold_s - ROUNDING_S:
        return episode, []
    flagged_at = max(begin, end - timedelta(seconds=total_s - limits.hold_s))
    born = replace(
        episode,
        phase=Phase.OPEN,
        event_id=new_id(flagged_at),
        started_at=positives[0][0],
        flagged_at=flagged_at,
        held_s=total_s,
        limits_met={
            "hold_limit_s": limits.hold_s,
            "window_limit_s": limits.window_s,
            "score_limit": limits.score,
        },
        positives=(),
        strip=episode.strip.since(positives[0][0]),
    )
    return _told(born, end)


def _added_up(
    episode: Episode, begin: datetime, end: datetime, limits: Limits
) -> tuple[tuple[tuple[datetime, datetime], ...], float]:
    """The positive stretches by now and their seconds within the window; a sample's own run replaces both."""
    run = episode.latest.run if episode.latest else None
    if run is not None:
        return ((run.since, end),), run.seen_s + _seconds(begin, end)
    since = end - timedelta(seconds=limits.window_s)
    positives = _joined(_within(episode.positives, end, limits), begin, end)
    return positives, sum(_seconds(max(first, since), last) for first, last in positives)


def _within(
    positives: tuple[tuple[datetime, datetime], ...], end: datetime, limits: Limits
) -> tuple[tuple[datetime, datetime], ...]:
    """The positive stretches that reach into the window; what lies before it is no part of an event."""
    since = end - timedelta(seconds=limits.window_s)
    return tuple(stretch for stretch in positives if stretch[1] > since)


def _joined(
    positives: tuple[tuple[datetime, datetime], ...], begin: datetime, end: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    if positives and positives[-1][1] == begin:
        return (*positives[:-1], (positives[-1][0], end))
    return (*positives, (begin, end))


def _released(episode: Episode, ending: Ending, at: datetime) -> tuple[Episode, list[Event]]:
    """End what is open, forget what had added up; a cooled-down event is let go by its own time."""
    if episode.phase is Phase.OPEN:
        ended = _ended(episode, ending)
        return replace(ended, told_at=at), [_event(ended)]
    if episode.phase is Phase.IDLE and not episode.quiet:
        return _fresh(episode), []
    return episode, []


def _ended(episode: Episode, ending: Ending) -> Episode:
    return replace(
        episode,
        phase=Phase.COOLING,
        ended_at=episode.last_positive_at,
        ending=ending,
        revision=episode.revision + 1,
    )


def _rejoined(episode: Episode, begin: datetime, limits: Limits) -> Episode:
    """The ended event going on, or a new start when its cool-down is over."""
    assert episode.ended_at is not None
    run = episode.latest.run if episode.latest else None
    same_run = run is not None and run.since <= episode.ended_at
    if not same_run and _seconds(episode.ended_at, begin) > limits.cooldown_s:
        return _fresh(episode)
    return replace(episode, phase=Phase.OPEN, ended_at=None, ending=None, told_at=None)


def _fresh(episode: Episode) -> Episode:
    latest, strip = episode.latest, episode.strip
    return Episode(episode.behaviour, episode.window, episode.camera, latest=latest, strip=strip)


def _told(episode: Episode, at: datetime) -> tuple[Episode, list[Event]]:
    told = replace(episode, revision=episode.revision + 1, told_at=at)
    return told, [_event(told)]


def _event(episode: Episode) -> Event:
    assert episode.event_id is not None
    assert episode.started_at is not None
    assert episode.flagged_at is not None
    variants = episode.variants_s
    until = episode.ended_at or episode.last_positive_at or episode.flagged_at
    judged = episode.strip.judged_share(episode.started_at, until)
    told = {"held_s": round(episode.held_s, 1)} | (
        {} if judged is None else {"judged_share": round(judged, 2)}
    )
    return Event(
        id=episode.event_id,
        behaviour=episode.behaviour,
        window=episode.window,
        camera=episode.camera,
        started_at=episode.started_at,
        flagged_at=episode.flagged_at,
        peak_score=round(episode.peak_score, 3),
        revision=episode.revision,
        variant=max(variants, key=lambda name: variants[name]) if variants else None,
        ended_at=episode.ended_at,
        ending=episode.ending,
        measures={**episode.measures, **episode.limits_met, **told},
    )


def _seconds(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds()
