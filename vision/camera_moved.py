"""Whether a camera still looks where it looked when its zones were drawn.

Landmarks of the still background (ORB: Rublee et al. 2011) are held against those of a reference: a turn, a
shift or a zoom moves them all alike (RANSAC: Fischler & Bolles 1981), people and chairs only some. Places
where people are known to be are left out, the brightness is evened out first, and only what lasts counts, so
crowds, lamps and a shaking ceiling are no moves. What is kept are landmarks, never a picture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.values import Box, Image

LOOK_EVERY_S = 5.0
WIDTH = 640
"""Pictures are looked at in this width (px): half a degree is some six pixels of a usual lens."""

LANDMARKS = 500
FEWEST = 40
"""With fewer landmarks a picture tells nothing: a bare wall, a crowd before it."""

MOVED_SHARE = 0.02
"""A corner that is off by more than this share of the width has left the zones' own accuracy."""

ALIKE_BITS = 60
"""Two descriptors of 256 bits that differ in more are not the same landmark."""

INLIER_PX = 3.0
CELLS = 4
HELD_CELLS = 0.4
"""So much of the reference's cells (4 by 4) must agree: the clock drawn into a picture never moves."""

FEWEST_MATCHED = 12
LARGEST_ZOOM = 2.0

MOVED_AFTER = 3
LOST_AFTER = 6
"""Looks in a row: shifted ones tell by how much, pictures that match nowhere may be a passing crowd."""

BACK_AFTER = 2
SETTLED_AFTER = 3
"""So many looks in a row must agree before the first of them is a reference: hands let go of a camera."""

Points = NDArray[np.float32]
Descriptors = NDArray[np.uint8]
Verdict = Literal["same", "shifted", "lost", "unknown"]


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """Corners of a picture: `points` (N, 2) in shares of its width, `descriptors` (N, 32) bytes."""

    points: Points
    descriptors: Descriptors
    aspect: float

    @property
    def enough(self) -> bool:
        """Whether they tell one place from another."""
        return len(self.points) >= FEWEST


@dataclass(frozen=True, slots=True)
class Shift:
    """How a picture lies to its reference: the farthest corner is off by `off_share` of the width."""

    off_share: float
    turned_deg: float
    zoom: float
    matched: int


def landmarks_of(image: Image, people: Sequence[Box] = ()) -> Landmarks:
    """The landmarks of a picture (H, W, 3) BGR, none within the boxes (px) of people."""
    height, width = image.shape[:2]
    scale = WIDTH / width
    small = cv2.resize(image, (WIDTH, max(1, round(height * scale))), interpolation=cv2.INTER_AREA)
    gray = cv2.createCLAHE(2.0, (8, 8)).apply(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))
    open_to = np.full(gray.shape, 255, dtype=np.uint8)
    for x1, y1, x2, y2 in people:
        room = 0.1 * (x2 - x1)
        corners = np.round(np.array([x1 - room, y1 - room, x2 + room, y2 + room]) * scale).astype(int)
        left, top, right, bottom = corners.clip(0).tolist()
        open_to[top:bottom, left:right] = 0
    found, descriptors = cv2.ORB_create(LANDMARKS, fastThreshold=12).detectAndCompute(gray, open_to)  # type: ignore[attr-defined]
    if descriptors is None:
        return Landmarks(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8), width / height)
    points = np.array([one.pt for one in found]) / WIDTH
    return Landmarks(points.astype(np.float32), np.asarray(descriptors, dtype=np.uint8), width / height)


def shift_between(reference: Landmarks, now: Landmarks) -> Shift | None:
    """How `now` lies to the reference; None where the two have no view in common."""
    if not len(reference.points) or not len(now.points):
        return None
    matches = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(reference.descriptors, now.descriptors)
    alike = [match for match in matches if match.distance <= ALIKE_BITS]
    if len(alike) < FEWEST_MATCHED:
        return None
    there = reference.points[[match.queryIdx for match in alike]]
    here = now.points[[match.trainIdx for match in alike]]
    found, inliers = cv2.estimateAffinePartial2D(
        there, here, method=cv2.RANSAC, ransacReprojThreshold=INLIER_PX / WIDTH, maxIters=1000
    )
    if not np.any(inliers) or np.count_nonzero(inliers) < FEWEST_MATCHED:
        return None
    matrix: NDArray[np.float64] = np.asarray(found, dtype=np.float64)
    zoom = math.hypot(matrix[0, 0], matrix[1, 0])
    if not 1 / LARGEST_ZOOM <= zoom <= LARGEST_ZOOM:
        return None
    held = there[inliers.ravel() > 0]
    if not _is_wide(reference, now, held, matrix):
        return None
    corners = np.array([[0, 0], [1, 0], [0, 1 / now.aspect], [1, 1 / now.aspect]])
    off = np.linalg.norm(corners @ matrix[:, :2].T + matrix[:, 2] - corners, axis=1)
    turned = math.degrees(math.atan2(matrix[1, 0], matrix[0, 0]))
    return Shift(float(off.max()), turned, zoom, len(held))


def _is_wide(reference: Landmarks, now: Landmarks, held: Points, matrix: NDArray[np.float64]) -> bool:
    """Whether the landmarks that agree lie all over the part of the reference that is still in view."""
    seen = reference.points @ matrix[:, :2].T + matrix[:, 2]
    inside = ((seen >= 0) & (seen <= [1, 1 / now.aspect])).all(axis=1)
    there = _cells(reference.points[inside], reference.aspect)
    return bool(there) and len(_cells(held, reference.aspect) & there) >= HELD_CELLS * len(there)


def _cells(points: Points, aspect: float) -> set[int]:
    """In which of the picture's cells there are landmarks."""
    columns = np.clip(points[:, 0] * CELLS, 0, CELLS - 1).astype(int)
    rows = np.clip(points[:, 1] * aspect * CELLS, 0, CELLS - 1).astype(int)
    return set((rows * CELLS + columns).tolist())


@dataclass(slots=True)
class MoveWatch:
    """Watches one camera for moves, look by look. Without a `reference` the first steady view becomes it.

    `moved` is how far the camera is off, None while it is where it was; `lost` says that it shows another
    place altogether.
    """

    reference: Landmarks | None = None
    moved: Shift | None = None
    lost: bool = False
    _candidate: Landmarks | None = None
    _row: int = 0
    _last: Verdict = "unknown"

    @property
    def is_moved(self) -> bool:
        """Whether the zones no longer lie where they were drawn."""
        return self.lost or self.moved is not None

    def forget(self) -> None:
        """Take the next steady view for the right one."""
        self.reference = self._candidate = self.moved = None
        self.lost, self._row, self._last = False, 0, "unknown"

    def look(self, image: Image, people: Sequence[Box] = ()) -> bool:
        """Take in a look at the camera's picture, some seconds after the last; whether it is moved by now."""
        now = landmarks_of(image, people)
        if self.reference is None:
            self._settle(now)
            return False
        shift = shift_between(self.reference, now)
        verdict = _verdict(now, shift)
        if verdict == "unknown":
            return self.is_moved
        self._row = self._row + 1 if verdict == self._last else 1
        self._last = verdict
        if verdict == "same" and self._row >= BACK_AFTER:
            self.moved, self.lost = None, False
        elif verdict == "shifted" and self._row >= MOVED_AFTER:
            self.moved, self.lost = shift, False
        elif verdict == "lost" and self._row >= LOST_AFTER:
            self.moved, self.lost = None, True
        return self.is_moved

    def _settle(self, now: Landmarks) -> None:
        """Count how long the view has been steady; a steady one becomes the reference."""
        if not now.enough:
            return
        shift = shift_between(self._candidate, now) if self._candidate else None
        if shift is None or shift.off_share > MOVED_SHARE / 2:
            self._candidate, self._row = now, 1
            return
        self._row += 1
        if self._row >= SETTLED_AFTER:
            self.reference, self._candidate = self._candidate, None
            self._row, self._last = 0, "unknown"


def _verdict(now: Landmarks, shift: Shift | None) -> Verdict:
    if shift is not None:
        return "shifted" if shift.off_share > MOVED_SHARE else "same"
    return "lost" if now.enough else "unknown"
