"""Average precision of poses by object keypoint similarity (OKS mAP), as COCO's keypoint challenge counts it.

Each picture's poses, surest first, each take the true person they are most like; a pose is right where that
likeness reaches a threshold. Precision over recall is read at 101 recalls and averaged over the thresholds
0.50, 0.55 … 0.95 (cocodataset.org, "Keypoint Evaluation").
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets.sightings import AREA_OF_BOX, JOINTS_IN_VIEW, SHOULDERS, SIGMAS, oks
from datasets.true_frames import TrueFrames, TruePerson
from datasets.truth import Truth
from vision.values import Observation, ViewQuality

Pixels = NDArray[np.float64]

THRESHOLDS = np.arange(0.50, 0.96, 0.05)
RECALLS = np.linspace(0, 1, 101)
MOST_POSES = 20
"""The surest poses of a picture that count."""


@dataclass(frozen=True, slots=True, eq=False)
class TruePose:
    """A person that is there: (17, 2) joints px, (17,) which are in view, box px, area px².

    Who is `ignored` is too little in view to be asked for: finding them is neither right nor wrong.
    """

    joints: Pixels
    in_view: NDArray[np.bool_]
    box: tuple[float, float, float, float]
    area_px: float
    ignored: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SeenPose:
    """A person as an engine saw them: (17, 2) joints px, and how sure it was."""

    joints: Pixels
    score: float


Picture = tuple[Sequence[TruePose], Sequence[SeenPose]]


@dataclass(frozen=True, slots=True)
class PosePrecision:
    """Over all pictures; None where nobody was there to be found.

    `mean` is the mAP over all thresholds, `at_50` and `at_75` that at one; `recall` the mean of the highest.
    """

    people: int = 0
    poses: int = 0
    mean: float | None = None
    at_50: float | None = None
    at_75: float | None = None
    recall: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    """One picture's poses, surest first: (T, D) right and left out by threshold, how many were asked for."""

    scores: Pixels
    right: NDArray[np.bool_]
    left_out: NDArray[np.bool_]
    asked: int


def pose_precision(looked: Iterable[Picture]) -> PosePrecision:
    """OKS mAP over pictures of who was there and who was seen."""
    judged = [_judged(there, seen) for there, seen in looked]
    people = sum(one.asked for one in judged)
    poses = sum(len(one.scores) for one in judged)
    if not people:
        return PosePrecision(people, poses)
    scores = np.concatenate([one.scores for one in judged])
    order = np.argsort(-scores, kind="mergesort")
    right = np.concatenate([one.right for one in judged], axis=1)[:, order]
    left_out = np.concatenate([one.left_out for one in judged], axis=1)[:, order]
    curves = [_at(right[row], left_out[row], people) for row in range(len(THRESHOLDS))]
    precisions, recalls = [one[0] for one in curves], [one[1] for one in curves]
    return PosePrecision(
        people,
        poses,
        mean=float(np.mean(precisions)),
        at_50=precisions[0],
        at_75=precisions[5],
        recall=float(np.mean(recalls)),
    )


def true_pose(truth: Truth, person: TruePerson) -> TruePose | None:
    """A person of a frame's truth; None where the maker knows neither box nor joints.

    Asked for is who is in view with a shoulder and four joints more.
    """
    if person.box_px is None or not np.isfinite(person.joints).any():
        return None
    x1, y1, x2, y2 = person.box_px
    visible = person.in_view(truth.width, truth.height)
    asked = bool(visible[list(SHOULDERS)].any() and visible.sum() >= JOINTS_IN_VIEW)
    area = max((x2 - x1) * (y2 - y1) * AREA_OF_BOX, 1.0)
    joints = np.where(visible[:, None], person.joints, 0.0)
    return TruePose(joints, visible, person.box_px, area, ignored=not asked)


def seen_poses(observation: Observation) -> tuple[SeenPose, ...]:
    """Everybody whose pose an observation has."""
    return tuple(
        SeenPose(person.pose.keypoints[:, :2].astype(np.float64), person.score)
        for person in observation.persons
        if person.pose is not None
    )


def pictures(truth: Truth, frames: TrueFrames, observations: Iterable[Observation]) -> Iterator[Picture]:
    """Who was there and who was seen in each observed frame whose view was sound."""
    for seen in observations:
        there = frames.at(truth.second_of(seen.captured_at), 0.6 / truth.fps)
        if there is not None and seen.view is ViewQuality.OK:
            people = (true_pose(truth, person) for person in there.persons)
            yield tuple(one for one in people if one is not None), seen_poses(seen)


def likeness(true: TruePose, seen: SeenPose) -> float:
    """OKS over the joints in view; where none is, how near they lie to the box, made wider by itself."""
    if true.in_view.any():
        errors = np.linalg.norm(true.joints - seen.joints, axis=1)[true.in_view]
        return oks(errors, true.area_px, SIGMAS[true.in_view])
    x1, y1, x2, y2 = true.box
    width, height = x2 - x1, y2 - y1
    grown = (x1 - width, y1 - height, x2 + width, y2 + height)
    x, y = seen.joints[:, 0], seen.joints[:, 1]
    dx = np.maximum(0, grown[0] - x) + np.maximum(0, x - grown[2])
    dy = np.maximum(0, grown[1] - y) + np.maximum(0, y - grown[3])
    return oks(np.hypot(dx, dy), true.area_px, SIGMAS)


def _judged(there: Sequence[TruePose], seen: Sequence[SeenPose]) -> _Picture:
    people = sorted(there, key=lambda person: person.ignored)
    poses = sorted(seen, key=lambda pose: -pose.score)[:MOST_POSES]
    alike = np.array([[likeness(person, pose) for person in people] for pose in poses])
    shape = (len(THRESHOLDS), len(poses))
    right, left_out = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    for row, threshold in enumerate(THRESHOLDS):
        free = list(range(len(people)))
        for column in range(len(poses)):
            taken = _most_alike(alike[column], people, free, float(threshold))
            if taken is None:
                continue
            free.remove(taken)
            right[row, column], left_out[row, column] = not people[taken].ignored, people[taken].ignored
    asked = sum(not person.ignored for person in people)
    return _Picture(np.array([pose.score for pose in poses]), right, left_out, asked)


def _most_alike(
    alike: Pixels, people: Sequence[TruePose], free: Sequence[int], threshold: float
) -> int | None:
    """Of those not taken yet who is most like the pose; who is ignored only where nobody else is."""
    for ignored in (False, True):
        near = [one for one in free if people[one].ignored is ignored and alike[one] >= threshold - 1e-10]
        if near:
            return max(near, key=lambda one: (alike[one], one))
    return None


def _at(right: NDArray[np.bool_], left_out: NDArray[np.bool_], people: int) -> tuple[float, float]:
    """Average precision and highest recall at one threshold, poses in order of score."""
    right = right[~left_out]
    if not right.size:
        return 0.0, 0.0
    hits = np.cumsum(right)
    precision = hits / np.arange(1, len(hits) + 1)
    recall = hits / people
    never_rising = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(recall, RECALLS, side="left")
    reached = np.append(never_rising, 0.0)[np.minimum(places, len(hits))]
    return float(reached.mean()), float(recall[-1])
