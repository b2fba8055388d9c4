"""Limits fitted to truth: tries scores, holds and windows on stored evidence, and proposes the best.

Only on the `validate` part: what is fitted to the test part says nothing about strangers. What must be
flagged stays what the regulation asks; only the rule that flags it is changed, and only so far (`Bounds`).
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from ruamel.yaml import YAML

from datasets.evaluate import BehaviourScore, ClipScore, evaluate, score_clip
from datasets.intervals import wilson
from datasets.matching import Flag, LimitsOf, catalogue_limits
from datasets.truth import Truth
from vision.article27 import CATALOGUE, Limits
from vision.episodes import Episode, advance, close
from vision.values import Ending, Event, Evidence

SPLIT = "validate"
PROMISING = 3
"""How many scores are tried with other holds and windows."""


class TuneError(Exception):
    """What was asked would fit limits to the wrong data or to none; one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is tried: scores, holds as shares of the regulation's, windows as multiples of the hold."""

    scores: tuple[float, ...] = tuple(round(0.30 + 0.05 * step, 2) for step in range(13))
    holds: tuple[float, ...] = (0.7, 0.8, 0.9, 1.0, 1.1)
    windows: tuple[float, ...] = (1.1, 1.25, 1.5, 2.0)


@dataclass(frozen=True, slots=True, eq=False)
class StoredClip:
    """A clip's truth and the evidence that the pipeline gave, in order of time."""

    truth: Truth
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """How limits fare."""

    limits: Limits
    score: BehaviourScore

    @property
    def f1(self) -> float:
        """F1; nothing due and nothing flagged is perfect."""
        return 1.0 if self.score.f1 is None else self.score.f1


@dataclass(frozen=True, slots=True)
class Proposal:
    """The limits in use and the best that were found, on how much video."""

    behaviour: str
    before: Trial
    after: Trial
    clips: int
    duration_s: float
    tried: int = field(default=0)

    @property
    def is_better(self) -> bool:
        """Whether anything is proposed at all."""
        return self.after.limits != self.before.limits

    def as_yaml(self) -> str:
        """A `limits:` section for a site file, what it was found on in comments above it."""
        lines = [
            f"# {self.behaviour}: proposed by `hallwatch datasets tune` from {self.clips} clips"
            f" ({self.duration_s / 60:.1f} minutes), {self.tried} limits tried.",
            f"# before: {_told(self.before)}",
            f"# after:  {_told(self.after)}",
        ]
        limits = self.after.limits
        section = {"score": limits.score, "hold_s": limits.hold_s, "window_s": limits.window_s}
        yaml, text = YAML(), io.StringIO()
        yaml.default_flow_style = None
        yaml.dump({"limits": {self.behaviour: section}}, text)
        return "\n".join(lines) + "\n" + text.getvalue()


def check_split(folder: Path, force: bool = False) -> None:
    """Raise `TuneError` unless the folder is the validate part (or that is what somebody insists on)."""
    name = folder.resolve().name
    if name == SPLIT or force:
        return
    why = (
        "limits fitted to the test part make its figures worthless"
        if name == "test"
        else ("limits are fitted to the validate part alone")
    )
    raise TuneError(f"{folder}: {why}; name a folder called `{SPLIT}`, or insist with --force.")


def propose(
    behaviour: str,
    clips: Sequence[StoredClip],
    limits_of: LimitsOf = catalogue_limits,
    bounds: Bounds = Bounds(),
) -> Proposal:
    """The best limits of a behaviour on some clips: highest F1, then fewest false flags, then least change.

    `limits_of` says what must be flagged. Raises `TuneError` when no clip has evidence of the behaviour.
    """
    if behaviour not in CATALOGUE:
        raise TuneError(f"There is no behaviour `{behaviour}`; there are {', '.join(CATALOGUE)}.")
    own = [_of_behaviour(clip, behaviour) for clip in clips]
    if not any(clip.evidence for clip in own):
        raise TuneError(f"No clip has evidence of `{behaviour}`: the pipeline does not judge it yet.")
    start = CATALOGUE[behaviour].limits
    before = _trial(behaviour, own, start, limits_of)
    first = [_trial(behaviour, own, replace(start, score=score), limits_of) for score in bounds.scores]
    promising = sorted({before.limits.score, *(trial.limits.score for trial in _best(first, start))})
    second = [_trial(behaviour, own, limits, limits_of) for limits in _other_times(start, promising, bounds)]
    trials = [before, *first, *second]
    after = min(trials, key=lambda trial: _order(trial, start))
    duration_s = sum(clip.truth.duration_s for clip in clips)
    return Proposal(behaviour, before, after, len(clips), duration_s, len(trials))


def flags_of(clip: StoredClip, behaviour: str, limits: Limits) -> list[Flag]:
    """The events that some limits make of a clip's stored evidence."""
    events: dict[str, Event] = {}
    for window in sorted({one.window for one in clip.evidence if one.behaviour == behaviour}):
        own = [one for one in clip.evidence if (one.behaviour, one.window) == (behaviour, window)]
        events.update((event.id, event) for event in _events(own, limits, clip))
    return [_flag(clip.truth, event) for event in events.values()]


def _events(evidence: Sequence[Evidence], limits: Limits, clip: StoredClip) -> Iterator[Event]:
    episode = Episode(evidence[0].behaviour, evidence[0].window, clip.truth.name)

    def new_id(at: datetime) -> str:
        return f"{episode.window} {at.isoformat()}"

    for one in evidence:
        episode, events = advance(episode, one, limits, new_id)
        yield from events
    end = max(clip.truth.starts_at + timedelta(seconds=clip.truth.duration_s), evidence[-1].captured_at)
    yield from close(episode, end, Ending.SOURCE_ENDED, limits, new_id)[1]


def _flag(truth: Truth, event: Event) -> Flag:
    assert event.ended_at is not None
    return Flag(
        event.behaviour,
        event.window,
        truth.second_of(event.started_at),
        truth.second_of(event.flagged_at),
        truth.second_of(event.ended_at),
        event.variant,
        event.peak_score,
    )


def _of_behaviour(clip: StoredClip, behaviour: str) -> StoredClip:
    """The clip with nothing but what concerns one behaviour."""
    episodes = tuple(one for one in clip.truth.episodes if _concerns(one.behaviour, behaviour))
    evidence = tuple(one for one in clip.evidence if one.behaviour == behaviour)
    return StoredClip(clip.truth.model_copy(update={"episodes": episodes}), evidence)


def _concerns(code: str, behaviour: str) -> bool:
    return code in (behaviour, CATALOGUE[behaviour].parent)


def _trial(behaviour: str, clips: Sequence[StoredClip], limits: Limits, limits_of: LimitsOf) -> Trial:
    scores = [_scored(behaviour, clip, limits, limits_of) for clip in clips]
    return Trial(limits, evaluate(scores).behaviours.get(behaviour, BehaviourScore()))


def _scored(behaviour: str, clip: StoredClip, limits: Limits, limits_of: LimitsOf) -> ClipScore:
    return score_clip(clip.truth, flags_of(clip, behaviour, limits), limits_of=limits_of)


def _best(trials: Sequence[Trial], start: Limits) -> list[Trial]:
    return sorted(trials, key=lambda trial: _order(trial, start))[:PROMISING]


def _order(trial: Trial, start: Limits) -> tuple[float, int, float]:
    """Better limits come first; among equals those nearest to the ones in use."""
    limits = trial.limits
    change = abs(limits.score - start.score)
    change += abs(limits.hold_s - start.hold_s) / start.hold_s
    change += abs(limits.window_s - start.window_s) / start.window_s
    return -trial.f1, trial.score.fp, round(change, 9)


def _other_times(start: Limits, scores: Sequence[float], bounds: Bounds) -> Iterator[Limits]:
    for score in scores:
        for hold in bounds.holds:
            for window in bounds.windows:
                hold_s = round(start.hold_s * hold, 2)
                window_s = round(hold_s * window, 2)
                yield replace(start, score=score, hold_s=hold_s, window_s=window_s)


def _told(trial: Trial) -> str:
    limits, score = trial.limits, trial.score
    recall = wilson(score.tp, score.tp + score.fn)
    return (
        f"score {limits.score:g}, hold {limits.hold_s:g} s of {limits.window_s:g} s:"
        f" F1 {trial.f1:.3f}, {score.tp} found, {score.fn} missed, {score.fp} false"
        f" (recall {recall.low:.2f} to {recall.high:.2f} with 95 % confidence)"
    )
