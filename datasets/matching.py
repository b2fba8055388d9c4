"""Which event is which episode: one to one, within a window and behaviour, the best overlap first.

An event matches an episode when it begins no earlier than 2 s before it and no later than its end, and
either lies over 0.3 of the part of it that may be flagged (what is left after the rule's hold) or reaches
into that part. An episode shorter than its hold must not be flagged; it is neither a hit nor a miss.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from datasets.truth import NearMiss, TrueEpisode, Truth
from vision.article27 import CATALOGUE, Limits

EARLY_S = 2.0
LEAST_SHARE = 0.3
WHOLE_S = 1e-6
"""Durations that differ by less are equal: they come from decimal fractions."""

LimitsOf = Callable[[str, str], Limits | None]
"""The limits of a behaviour (second) at a window (first); None where it is switched off."""


def catalogue_limits(_: str, behaviour: str) -> Limits:
    """The limits of Article 27 as they are where no hall sets its own."""
    return CATALOGUE[behaviour].limits


@dataclass(frozen=True, slots=True)
class Flag:
    """An event as the pipeline found it, in seconds of the clip."""

    behaviour: str
    window: str
    started_s: float
    flagged_s: float
    ended_s: float
    variant: str | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Due:
    """An episode that must be flagged: from `due_s` on its rule can be met."""

    episode: TrueEpisode
    hold_s: float

    @property
    def due_s(self) -> float:
        """The first moment at which the rule can be met."""
        return self.episode.start_s + self.hold_s


@dataclass(frozen=True, slots=True)
class Hit:
    """An episode and the event that is its own."""

    due: Due
    flag: Flag

    @property
    def delay_s(self) -> float:
        """Seconds from when the rule could first be met until it was."""
        return self.flag.flagged_s - self.due.due_s


@dataclass(frozen=True, slots=True)
class Matched:
    """How a clip's events and episodes fit. `too_short` are episodes that nothing may be flagged for."""

    hits: tuple[Hit, ...]
    misses: tuple[Due, ...]
    false_flags: tuple[Flag, ...]
    too_short: tuple[TrueEpisode, ...]


def match(truth: Truth, flags: Sequence[Flag], limits_of: LimitsOf = catalogue_limits) -> Matched:
    """Fit the events of a clip to its episodes."""
    dues, too_short = _dues(all_episodes(truth, limits_of), limits_of)
    pairs = [
        (-overlap_s(due.episode, flag), due.episode.start_s, flag.started_s, d, f)
        for d, due in enumerate(dues)
        for f, flag in enumerate(flags)
        if matches(due, flag)
    ]
    taken: dict[int, int] = {}
    for *_, d, f in sorted(pairs):
        if d not in taken and f not in taken.values():
            taken[d] = f
    return Matched(
        tuple(Hit(due, flags[taken[d]]) for d, due in enumerate(dues) if d in taken),
        tuple(due for d, due in enumerate(dues) if d not in taken),
        tuple(flag for f, flag in enumerate(flags) if f not in taken.values()),
        too_short,
    )


def matches(due: Due, flag: Flag) -> bool:
    """Whether an event may stand for an episode."""
    episode = due.episode
    if (flag.behaviour, flag.window) != (episode.behaviour, episode.window):
        return False
    if not episode.start_s - EARLY_S <= flag.started_s <= episode.end_s:
        return False
    overlap = overlap_s(episode, flag)
    flaggable = episode.end_s - due.due_s
    return overlap > 0 and (overlap >= LEAST_SHARE * flaggable or flag.ended_s > due.due_s)


def overlap_s(span: TrueEpisode | NearMiss, flag: Flag) -> float:
    """Seconds that an event and a stretch of truth have in common."""
    return max(0.0, min(span.end_s, flag.ended_s) - max(span.start_s, flag.started_s))


def near_missed(truth: Truth, flag: Flag) -> NearMiss | None:
    """The near miss that a false flag fell for, if any: the one that it overlaps most."""
    fallen = [
        near
        for near in truth.near_misses
        if near.like == flag.behaviour and near.window in (None, flag.window) and overlap_s(near, flag) > 0
    ]
    return max(fallen, key=lambda near: overlap_s(near, flag), default=None)


def all_episodes(truth: Truth, limits_of: LimitsOf = catalogue_limits) -> tuple[TrueEpisode, ...]:
    """The episodes that truth has, and those that follow from them.

    A post that is empty beyond the limit is an absence that goes on: makers write the absence alone.
    """
    implied = []
    for article in (found for found in CATALOGUE.values() if found.parent):
        written = [episode for episode in truth.episodes if episode.behaviour == article.code]
        for parent in (episode for episode in truth.episodes if episode.behaviour == article.parent):
            limits = limits_of(parent.window, article.code)
            long_enough = limits is not None and parent.duration_s >= limits.hold_s - WHOLE_S
            if long_enough and not any(_same_stretch(parent, other) for other in written):
                implied.append(parent.model_copy(update={"behaviour": article.code, "variant": None}))
    return truth.episodes + tuple(implied)


def _same_stretch(one: TrueEpisode, other: TrueEpisode) -> bool:
    return one.window == other.window and one.start_s < other.end_s and other.start_s < one.end_s


def _dues(
    episodes: Sequence[TrueEpisode], limits_of: LimitsOf
) -> tuple[tuple[Due, ...], tuple[TrueEpisode, ...]]:
    """Episodes that must be flagged, and those that must not."""
    dues: list[Due] = []
    too_short: list[TrueEpisode] = []
    for episode in episodes:
        limits = limits_of(episode.window, episode.behaviour)
        if limits is None or episode.duration_s < limits.hold_s - WHOLE_S:
            too_short.append(episode)
        else:
            dues.append(Due(episode, limits.hold_s))
    return tuple(dues), tuple(too_short)
