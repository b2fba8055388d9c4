"""How right the pipeline is: events and sightings of many clips held against their truth.

Pure: whoever ran the pipeline hands in what came out. Each clip is scored on its own (`score_clip`), and the
scores of all are summed up (`evaluate`).
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from datasets.intervals import Interval, wilson
from datasets.keypoint_precision import Picture, pictures, pose_precision
from datasets.matching import Flag, LimitsOf, Matched, catalogue_limits, match, near_missed
from datasets.sightings import FloorError, Sightings, compare
from datasets.true_frames import TrueFrames
from datasets.truth import NearMiss, Truth
from vision.article27 import CATALOGUE
from vision.values import COCO_JOINTS, Observation

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class ClipScore:
    """What became of one clip: its events by their truth, and how well people were seen."""

    truth: Truth
    matched: Matched
    sightings: Sightings
    near_missed: tuple[tuple[Flag, NearMiss], ...] = ()
    poses: tuple[Picture, ...] = ()

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All events of the clip, in order of time."""
        every = (*(hit.flag for hit in self.matched.hits), *self.matched.false_flags)
        return tuple(sorted(every, key=lambda flag: (flag.started_s, flag.behaviour)))


def score_clip(
    truth: Truth,
    flags: Sequence[Flag],
    frames: TrueFrames | None = None,
    observations: Iterable[Observation] = (),
    limits_of: LimitsOf = catalogue_limits,
) -> ClipScore:
    """Score one clip; without `frames` only its events."""
    matched = match(truth, flags, limits_of)
    fallen = tuple((flag, near) for flag in matched.false_flags if (near := near_missed(truth, flag)))
    if frames is None:
        return ClipScore(truth, matched, Sightings(), fallen)
    seen = tuple(observations)
    poses = tuple(pictures(truth, frames, seen))
    return ClipScore(truth, matched, compare(truth, frames, seen), fallen, poses)


@dataclass(frozen=True, slots=True)
class BehaviourScore:
    """How one behaviour fared. A share of nothing is None; `delay_s` is the median of its hits."""

    tp: int = 0
    fn: int = 0
    fp: int = 0
    delay_s: float | None = None
    near_miss_flags: int = 0

    @property
    def precision(self) -> float | None:
        """The share of its events that were true."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """The share of its episodes that were flagged."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        """2 tp / (2 tp + fp + fn)."""
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    def as_json(self) -> dict[str, Any]:
        """The entry of `--json`."""
        return {
            "tp": self.tp,
            "fn": self.fn,
            "fp": self.fp,
            "precision": _rounded(self.precision),
            "recall": _rounded(self.recall),
            "f1": _rounded(self.f1),
            "delay_s": _rounded(self.delay_s, 2),
            "precision_interval": wilson(self.tp, self.tp + self.fp).as_json(),
            "recall_interval": wilson(self.tp, self.tp + self.fn).as_json(),
            "near_miss_flags": self.near_miss_flags,
        }


@dataclass(frozen=True, slots=True)
class KeypointScore:
    """Joints in view against truth; None where nothing was compared.

    `by_joint` is each joint's median error in parts of the trunk's length; `oks_map` is COCO's mAP, which
    counts who was missed and who was made up, where `oks` is the mean over those found.
    """

    persons: int = 0
    in_view: int = 0
    found: int = 0
    median_px: float | None = None
    p90_px: float | None = None
    median_torso: float | None = None
    oks: float | None = None
    oks_map: float | None = None
    by_joint: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The entry of `--json`; `median_torso` is in parts of the trunk's length."""
        return {
            "median_px": _rounded(self.median_px, 2),
            "p90_px": _rounded(self.p90_px, 2),
            "median_torso": _rounded(self.median_torso),
            "oks": _rounded(self.oks),
            "oks_map": _rounded(self.oks_map),
            "found": _rounded(_share(self.found, self.in_view)),
            "found_interval": wilson(self.found, self.in_view).as_json(),
            "persons": self.persons,
            "persons_in_view": self.in_view,
            "by_joint_torso": {name: _rounded(share) for name, share in self.by_joint.items()},
        }


@dataclass(frozen=True, slots=True)
class PlacedScore:
    """How far off a group of people was placed, centimetres; `held` is the share within the stated 95 %."""

    positions: int = 0
    median: float | None = None
    p95: float | None = None
    held: float | None = None

    def as_json(self) -> dict[str, Any]:
        """One of the groups of `distance_cm`."""
        return {
            "median": _rounded(self.median, 1),
            "p95": _rounded(self.p95, 1),
            "held": _rounded(self.held, 3),
            "positions": self.positions,
        }


@dataclass(frozen=True, slots=True)
class DistanceScore:
    """Where the public was placed on the floor, centimetres from the truth."""

    positions: int = 0
    median: float | None = None
    p90: float | None = None
    to_counter_median: float | None = None
    feet_seen: PlacedScore = PlacedScore()
    feet_hidden: PlacedScore = PlacedScore()

    def as_json(self) -> dict[str, Any]:
        """The entry of `--json`; `to_counter_median` is off along the way to the counter alone."""
        return {
            "median": _rounded(self.median, 1),
            "p90": _rounded(self.p90, 1),
            "to_counter_median": _rounded(self.to_counter_median, 1),
            "positions": self.positions,
            "feet_seen": self.feet_seen.as_json(),
            "feet_hidden": self.feet_hidden.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result over all clips. Behaviours are those that truth or an event names."""

    behaviours: dict[str, BehaviourScore] = field(default_factory=dict)
    clips: int = 0
    duration_s: float = 0.0
    keypoints: KeypointScore = KeypointScore()
    distance: DistanceScore = DistanceScore()
    staff_frames: int = 0
    staff_seen: int = 0
    seconds: int = 0
    seconds_right: int = 0
    too_short: int = 0

    @property
    def total(self) -> BehaviourScore:
        """All behaviours as one."""
        every = self.behaviours.values()
        return BehaviourScore(
            tp=sum(score.tp for score in every),
            fn=sum(score.fn for score in every),
            fp=sum(score.fp for score in every),
            near_miss_flags=sum(score.near_miss_flags for score in every),
        )

    @property
    def micro_f1(self) -> float | None:
        """F1 over all behaviours' counts."""
        return self.total.f1

    @property
    def false_flags_per_camera_hour(self) -> float | None:
        """False flags by the hours of video; None without video."""
        return self.total.fp * SECONDS_PER_HOUR / self.duration_s if self.duration_s else None

    @property
    def presence(self) -> tuple[float | None, Interval]:
        """The share of frames with a clerk in view in which somebody was seen on the staff's side."""
        return _share(self.staff_seen, self.staff_frames), wilson(self.staff_seen, self.staff_frames)

    def as_json(self) -> dict[str, Any]:
        """What `hallwatch evaluate --json` prints."""
        presence, interval = self.presence
        return {
            "behaviours": {code: score.as_json() for code, score in self.behaviours.items()},
            "micro_f1": _rounded(self.micro_f1),
            "false_flags_per_camera_hour": _rounded(self.false_flags_per_camera_hour, 3),
            "near_miss_flags": self.total.near_miss_flags,
            "keypoints": self.keypoints.as_json(),
            "distance_cm": self.distance.as_json(),
            "presence": {
                "seen": _rounded(presence),
                "seen_interval": interval.as_json(),
                "frames": self.staff_frames,
                "seconds_right": _rounded(_share(self.seconds_right, self.seconds)),
                "seconds": self.seconds,
            },
            "clips": self.clips,
            "duration_s": round(self.duration_s, 2),
            "too_short_episodes": self.too_short,
        }


def evaluate(scores: Sequence[ClipScore]) -> Evaluation:
    """Sum up the scores of clips."""
    named = {code for score in scores for code in _named(score)}
    return Evaluation(
        behaviours={code: _behaviour(code, scores) for code in CATALOGUE if code in named},
        clips=len(scores),
        duration_s=sum(score.truth.duration_s for score in scores),
        keypoints=_keypoints([score.sightings for score in scores], [p for s in scores for p in s.poses]),
        distance=_distance([score.sightings for score in scores]),
        staff_frames=sum(score.sightings.staff_frames for score in scores),
        staff_seen=sum(score.sightings.staff_seen for score in scores),
        seconds=sum(score.sightings.seconds for score in scores),
        seconds_right=sum(score.sightings.seconds_right for score in scores),
        too_short=sum(len(score.matched.too_short) for score in scores),
    )


def _named(score: ClipScore) -> set[str]:
    matched = score.matched
    dues = {due.episode.behaviour for due in (*matched.misses, *(hit.due for hit in matched.hits))}
    return dues | {flag.behaviour for flag in matched.false_flags}


def _behaviour(code: str, scores: Sequence[ClipScore]) -> BehaviourScore:
    delays = [hit.delay_s for score in scores for hit in score.matched.hits if hit.flag.behaviour == code]
    misses = [due for score in scores for due in score.matched.misses if due.episode.behaviour == code]
    false = [flag for score in scores for flag in score.matched.false_flags if flag.behaviour == code]
    fallen = [flag for score in scores for flag, _ in score.near_missed if flag.behaviour == code]
    delay_s = statistics.median(delays) if delays else None
    return BehaviourScore(len(delays), len(misses), len(false), delay_s, len(fallen))


def _keypoints(sightings: Sequence[Sightings], poses: Sequence[Picture]) -> KeypointScore:
    joints = [found for seen in sightings for found in seen.joints]
    in_view, found = sum(seen.in_view for seen in sightings), sum(seen.found for seen in sightings)
    if not joints:
        return KeypointScore(in_view=in_view, found=found, oks_map=pose_precision(poses).mean)
    errors = np.array([one.errors_px for one in joints])
    shares = np.array([one.errors_px / one.trunk_px for one in joints])
    return KeypointScore(
        persons=len(joints),
        in_view=in_view,
        found=found,
        median_px=float(np.nanmedian(errors)),
        p90_px=float(np.nanpercentile(errors, 90)),
        median_torso=float(np.nanmedian(shares)),
        oks=float(np.mean([one.oks for one in joints])),
        oks_map=pose_precision(poses).mean,
        by_joint={
            name: float(np.nanmedian(shares[:, index]))
            for index, name in enumerate(COCO_JOINTS)
            if np.isfinite(shares[:, index]).any()
        },
    )


def _distance(sightings: Sequence[Sightings]) -> DistanceScore:
    floor = [found for seen in sightings for found in seen.floor]
    if not floor:
        return DistanceScore()
    off_cm = [100 * one.off_m for one in floor]
    to_counter = [100 * one.to_counter_m for one in floor if one.to_counter_m is not None]
    return DistanceScore(
        positions=len(floor),
        median=float(np.median(off_cm)),
        p90=float(np.percentile(off_cm, 90)),
        to_counter_median=float(np.median(to_counter)) if to_counter else None,
        feet_seen=_placed([one for one in floor if one.feet_seen]),
        feet_hidden=_placed([one for one in floor if not one.feet_seen]),
    )


def _placed(floor: Sequence[FloorError]) -> PlacedScore:
    if not floor:
        return PlacedScore()
    off_cm = [100 * one.off_m for one in floor]
    held = [one.held for one in floor if one.held is not None]
    return PlacedScore(
        len(floor),
        float(np.median(off_cm)),
        float(np.percentile(off_cm, 95)),
        sum(held) / len(held) if held else None,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
