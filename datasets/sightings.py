"""What was seen in each frame against what was there: joints, presence, and places on the floor."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets.true_frames import TrueFrames, TruePerson
from datasets.truth import Spot, Truth
from vision.boxes import iou
from vision.values import JOINT, Observation, Person, Side, ViewQuality

SIGMAS = np.array(
    [.026, .025, .025, .035, .035, .079, .079, .072, .072, .062, .062, .107, .107, .087, .087, .089, .089]
)  # fmt: skip
"""How exactly people place each joint, in parts of the body's size (COCO's evaluation, cocodataset.org)."""

AREA_OF_BOX = 0.53
"""The share of its box that a body covers: stands in for COCO's segment area."""

JOINTS_IN_VIEW = 5
"""A person is in view with a shoulder and four joints more; a hand or a head alone is no pose."""

SAME_PERSON = 1.0
"""Shoulders farther apart than this many trunk lengths are another person's."""

SAME_BOX = 0.3
SHOULDERS = (JOINT["left_shoulder"], JOINT["right_shoulder"])
HIPS = (JOINT["left_hip"], JOINT["right_hip"])
FEET = (JOINT["left_ankle"], JOINT["right_ankle"])
ELLIPSE_95 = 5.991
"""The squared Mahalanobis distance that holds 95 % of a normal error in two dimensions (chi-square)."""

Pixels = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class JointErrors:
    """One person's joints in one frame: (17,) errors, NaN where out of view; the trunk's length; OKS 0..1."""

    errors_px: Pixels
    trunk_px: float
    oks: float


@dataclass(frozen=True, slots=True)
class FloorError:
    """How far off one person of the public was placed, and how far off from the counter; metres.

    `feet_seen` is whether a foot was truly in view; `held` whether the stated error (the ellipse that should
    hold 95 %) holds the true place, None where none was stated.
    """

    off_m: float
    to_counter_m: float | None
    feet_seen: bool = True
    held: bool | None = None


@dataclass(frozen=True, slots=True)
class Sightings:
    """What came of all frames of a clip.

    `staff_frames` counts each clerk once a frame while in view, `staff_seen` those that were on the staff
    side; `in_view` and `found` count everybody with joints in view, and those whose pose was found.
    `seconds` counts each window's seconds in which the camera saw and the post was truly manned or empty
    throughout, `seconds_right` those in which most frames said so.
    """

    joints: tuple[JointErrors, ...] = ()
    floor: tuple[FloorError, ...] = ()
    in_view: int = 0
    found: int = 0
    staff_frames: int = 0
    staff_seen: int = 0
    seconds: int = 0
    seconds_right: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """One frame, as it was and as it was seen."""

    seen: Observation
    pairs: tuple[tuple[TruePerson, Person | None], ...]


def compare(truth: Truth, frames: TrueFrames, observations: Iterable[Observation]) -> Sightings:
    """Hold a clip's observations against its frames' truth."""
    looked = list(_looked(truth, frames, observations))
    known = [(look, *pair) for look in looked for pair in look.pairs if _joints_in_view(truth, pair[0])]
    joints = [_joint_errors(truth, person, seen) for _, person, seen in known]
    floor = [_floor_error(truth, *pair) for look in looked for pair in look.pairs]
    staff = [(look, person) for look, person, _ in known if person.side is Side.STAFF]
    seconds = _seconds(truth, [look.seen for look in looked])
    return Sightings(
        tuple(found for found in joints if found is not None),
        tuple(place for place in floor if place is not None),
        in_view=len(known),
        found=sum(1 for _, _, seen in known if seen is not None and seen.pose is not None),
        staff_frames=len(staff),
        staff_seen=sum(1 for look, _ in staff if any(p.zone is Side.STAFF for p in look.seen.persons)),
        seconds=len(seconds),
        seconds_right=sum(seconds),
    )


def _seconds(truth: Truth, seen: Sequence[Observation]) -> list[bool]:
    """Of each second of each window: whether its post was rightly seen as manned or empty.

    The two seconds before and after somebody comes or goes are left out: who is on the way is neither.
    """
    by_second: dict[int, list[Observation]] = {}
    for one in seen:
        by_second.setdefault(int(truth.second_of(one.captured_at)), []).append(one)
    right = []
    for window, zones in truth.windows.items():
        if zones.staff_zone is None:
            continue
        empty = [e for e in truth.episodes if e.behaviour == "absence" and e.window == window]
        for second, frames in by_second.items():
            if any(abs(edge - second - 0.5) <= 1.5 for e in empty for edge in (e.start_s, e.end_s)):
                continue
            manned = not any(e.start_s <= second < e.end_s for e in empty)
            there = sum(any(p.zone is Side.STAFF and p.window == window for p in f.persons) for f in frames)
            right.append((2 * there > len(frames)) == manned)
    return right


def _looked(truth: Truth, frames: TrueFrames, observations: Iterable[Observation]) -> Iterator[_Looked]:
    for seen in observations:
        there = frames.at(truth.second_of(seen.captured_at), 0.6 / truth.fps)
        if there is not None and seen.view is ViewQuality.OK:
            yield _Looked(seen, _paired(there.persons, seen.persons))


def _paired(
    there: Sequence[TruePerson], seen: Sequence[Person]
) -> tuple[tuple[TruePerson, Person | None], ...]:
    """Each true person and the one who was seen in that place, one to one, the nearest first."""
    apart = sorted(
        (distance, t, s)
        for t, person in enumerate(there)
        for s, other in enumerate(seen)
        if (distance := _apart(person, other)) is not None
    )
    taken: dict[int, int] = {}
    for _, t, s in apart:
        if t not in taken and s not in taken.values():
            taken[t] = s
    return tuple((person, seen[taken[t]] if t in taken else None) for t, person in enumerate(there))


def _apart(person: TruePerson, other: Person) -> float | None:
    """How far apart a true and a seen person are, 0..1; None when they cannot be the same.

    Only shoulders decide, so that a pose with wild arms is still compared and its errors counted.
    """
    trunk = trunk_px(person.joints)
    if trunk is not None and other.pose is not None:
        between = person.joints[list(SHOULDERS)].mean(axis=0)
        seen = other.pose.keypoints[list(SHOULDERS), :2].mean(axis=0)
        distance = float(np.linalg.norm(between - seen)) / (SAME_PERSON * trunk)
        return distance if distance <= 1 else None
    box = person.box_px or _extent(person.joints)
    overlap = iou(box, other.box) if box else 0.0
    return 1 - overlap if overlap >= SAME_BOX else None


def trunk_px(joints: Pixels) -> float | None:
    """Shoulders' middle to hips' middle, at least the shoulders' breadth (from above a trunk shortens).

    None where these joints are not known.
    """
    shoulders, hips = joints[list(SHOULDERS)], joints[list(HIPS)]
    if not (np.isfinite(shoulders).all() and np.isfinite(hips).all()):
        return None
    length = float(np.linalg.norm(shoulders.mean(axis=0) - hips.mean(axis=0)))
    return max(length, float(np.linalg.norm(shoulders[0] - shoulders[1])), 1.0)


def oks(errors_px: Pixels, area_px: float, sigmas: Pixels) -> float:
    """Object keypoint similarity (COCO): mean over joints of exp(-d² / (2 · area · (2σ)²))."""
    return float(np.mean(np.exp(-(errors_px**2) / (2 * area_px * (2 * sigmas) ** 2))))


def _joints_in_view(truth: Truth, person: TruePerson) -> bool:
    visible = person.in_view(truth.width, truth.height)
    return bool(visible[list(SHOULDERS)].any() and visible.sum() >= JOINTS_IN_VIEW)


def _joint_errors(truth: Truth, person: TruePerson, seen: Person | None) -> JointErrors | None:
    trunk, box = trunk_px(person.joints), person.box_px or _extent(person.joints)
    if seen is None or seen.pose is None or trunk is None or box is None:
        return None
    visible = person.in_view(truth.width, truth.height)
    errors = np.linalg.norm(person.joints - seen.pose.keypoints[:, :2], axis=1)
    x1, y1, x2, y2 = box
    area = max((x2 - x1) * (y2 - y1) * AREA_OF_BOX, 1.0)
    likeness = oks(errors[visible], area, SIGMAS[visible])
    return JointErrors(np.where(visible, errors, np.nan), trunk, likeness)


def _extent(joints: Pixels) -> tuple[float, float, float, float] | None:
    """The box about all joints that are known."""
    known = joints[np.isfinite(joints).all(axis=1)]
    if len(known) < 2:
        return None
    (x1, y1), (x2, y2) = known.min(axis=0), known.max(axis=0)
    return float(x1), float(y1), float(x2), float(y2)


def _floor_error(truth: Truth, person: TruePerson, seen: Person | None) -> FloorError | None:
    if person.side is not Side.PUBLIC or person.floor_m is None or seen is None or seen.floor is None:
        return None
    edge = truth.floor.counter_edge_m if truth.floor else None
    off_counter = None
    if edge is not None:
        off_counter = abs(_from_edge(edge, seen.floor) - _from_edge(edge, person.floor_m))
    feet = person.in_view(truth.width, truth.height)[list(FEET)].any()
    off_m = math.dist(person.floor_m, seen.floor)
    return FloorError(off_m, off_counter, bool(feet), _held(person.floor_m, seen))


def _held(true: Spot, seen: Person) -> bool | None:
    if seen.floor is None or seen.floor_error is None:
        return None
    xx, xy, yy = seen.floor_error
    off = np.subtract(true, seen.floor)
    return bool(off @ np.linalg.solve([[xx, xy], [xy, yy]], off) <= ELLIPSE_95)


def _from_edge(edge: tuple[Spot, Spot], spot: Spot) -> float:
    """Signed metres from the counter's edge."""
    (x1, y1), (x2, y2) = edge
    return ((x2 - x1) * (spot[1] - y1) - (y2 - y1) * (spot[0] - x1)) / math.dist(*edge)
