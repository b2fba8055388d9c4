"""Where on the floor somebody stands in one picture, and how certain that is.

Feet tell best. A counter hides them, and engines place hidden ankles half a metre off with full confidence,
so feet are believed only where an adult of some stature could have them under these shoulders. Else hips and
shoulders tell: they are at 0.53 and 0.818 of the stature (Drillis & Contini 1966), whose mean is 1.66 m for
an adult in China (men 169.7 and women 158.0 cm, National Health Commission 2020, and 2 cm of shoe).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from calibration.camera_pose import CameraPose, camera_pose
from calibration.floor import Floor
from vision.body import Body
from vision.values import Person, Point

Matrix = NDArray[np.float64]
Told = Literal["feet", "box", "body", "head"]

STATURE_M = 1.66
STATURE_SD_M = 0.075
"""Men and women together; of one sex alone it is 6 cm."""

SHOULDER_SHARE = 0.818
HIP_SHARE = 0.53
ANKLE_M = 0.08
"""An ankle's height over the floor: 0.039 of the stature and the shoe."""

SHARES: Mapping[str, float] = MappingProxyType({"shoulders": SHOULDER_SHARE, "hips": HIP_SHARE})
STATURES_M = (1.40, 1.95)
FEET_CONFIDENCE = 0.6
"""Above the engine's usual 0.5: a guessed foot is worse than none, since hips and shoulders stand in."""

SURE_FEET = 0.85
"""Feet surer than this need no other witness (rendered customers: 90 % of them within 12 cm)."""

GUESSED_FOOT_M = 0.4
"""How much farther off a foot is of which the engine is not sure at all (one standard deviation)."""

FEET_ASIDE_M = 0.35
"""Feet farther from under every adult's shoulders than this were guessed behind a desk."""

JOINT_SHARE = 0.012
"""How far off a seen joint is (one standard deviation), as a share of the box's height."""

HIDDEN_JOINT_SHARE = 0.03
STANCE_M = 0.05
"""The feet's middle is so far from under the body of somebody who stands (one standard deviation)."""

ONE_FOOT_M = 0.12
LEAN_M = 0.08
"""Shoulders and hips lean so far out over the feet (one standard deviation)."""

CONTRADICTION = 9.0
"""Beyond three standard deviations (squared) hips and shoulders are not one standing body's."""

LEAST_SHOULDERS_M = 0.2
"""Adults' shoulder joints are 0.36 m apart, and 0.2 to 0.45 as the engine answers for rendered customers."""

HEAD_TOP_M = 0.12
"""How far off the top of a box is as the top of a head, metres of height."""

EDGE_PX = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """A place on the floor (m), its error's covariance (2, 2), m², and what told it."""

    at: Point
    covariance: Matrix
    told: Told


@dataclass(frozen=True, slots=True)
class Stature:
    """How tall somebody is taken to be, metres, and how uncertain that is."""

    height_m: float = STATURE_M
    sd_m: float = STATURE_SD_M


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A calibrated floor seen in a picture of `size` (width, height)."""

    floor: Floor
    camera: CameraPose | None
    size: tuple[int, int]

    @classmethod
    def under(cls, floor: Floor, size: tuple[int, int]) -> "Ground":
        """The ground in a picture of `size` (width, height) px."""
        return cls(floor, camera_pose(floor.homography, size, floor.lens), size)

    def stand_of(self, person: Person, stature: Stature | None = None) -> Stand | None:
        """Where somebody stands: by the feet, else the box's lower edge, else hips and shoulders, else head.

        `stature` is what is known of this person's height. None when the feet are hidden and the camera's own
        place cannot be told from its floor.
        """
        height = stature or Stature()
        feet = self.feet_of(person)
        if feet is not None and feet.told == "feet":
            return feet
        if feet is not None:
            body_too = self._by_body(person, height)
            return _joined([feet, *([body_too] if body_too else [])])
        if person.pose is None:
            return self._by_box(person, height)
        return self._by_body(person, height) or self._by_head(person, height)

    def feet_of(self, person: Person) -> Stand | None:
        """Where the feet stand that are seen and can be this person's; None where none are."""
        if person.pose is None:
            return None
        body = Body(person.pose, FEET_CONFIDENCE)
        seen = [name for name in ("left_ankle", "right_ankle") if self._is_foot(body, name)]
        if not seen:
            return None
        x, y = np.mean([body.joint(name) for name in seen], axis=0)
        pixel_sd = max(1.0, JOINT_SHARE * _tall(person))
        sure = min(body.confidence(name) for name in seen)
        spread = (STANCE_M if len(seen) == 2 else ONE_FOOT_M) + GUESSED_FOOT_M * (1 - sure)
        told: Told = "feet" if len(seen) == 2 and sure >= SURE_FEET else "body"
        stand = self._stand((float(x), float(y)), ANKLE_M, 0.02, pixel_sd, spread, told)
        return stand if stand is not None and self._under(person, body, stand.at) else None

    def stature_of(self, person: Person, feet: Stand) -> Stature | None:
        """How tall somebody is whose feet are seen: of which stature the shoulders are over these feet."""
        if self.camera is None or person.pose is None:
            return None
        body = Body(person.pose)
        if not body.seen("left_shoulder", "right_shoulder"):
            return None
        low, high = (self._over(body.shoulders, height * SHOULDER_SHARE) for height in STATURES_M)
        if low is None or high is None:
            return None
        way = np.subtract(high, low)
        length = float(way @ way)
        if length < 1e-4:
            return None
        share = float(np.subtract(feet.at, low) @ way) / length
        if not 0 <= share <= 1:
            return None
        span = STATURES_M[1] - STATURES_M[0]
        # A stance or lean of some centimetres reads as stature by how far the shoulders move with it.
        sd = span * math.hypot(STANCE_M, LEAN_M) / math.sqrt(length)
        return Stature(STATURES_M[0] + share * span, sd)

    def _is_foot(self, body: Body, name: str) -> bool:
        x, y = body.joint(name)
        width, height = self.size
        return body.seen(name) and EDGE_PX <= x <= width - EDGE_PX and EDGE_PX <= y <= height - EDGE_PX

    def _under(self, person: Person, body: Body, feet: Point) -> bool:
        """Whether some adult's shoulders would be over these feet where they are seen."""
        assert person.pose is not None
        seen = Body(person.pose).seen("left_shoulder", "right_shoulder")
        if self.camera is None or not seen:
            return True
        low, high = (self._over(body.shoulders, height * SHOULDER_SHARE) for height in STATURES_M)
        return low is not None and high is not None and _apart(feet, low, high) <= FEET_ASIDE_M

    def _by_box(self, person: Person, stature: Stature) -> Stand | None:
        """By a box's lower edge where an adult fits between it and the upper edge, else by the head."""
        x1, y1, x2, y2 = person.box
        if y2 < self.size[1] - EDGE_PX:
            sd = max(2.0, HIDDEN_JOINT_SHARE * (y2 - y1))
            below = self._stand(((x1 + x2) / 2, y2), 0.0, 0.03, sd, ONE_FOOT_M, "box")
            low, high = (self._over(((x1 + x2) / 2, y1), height) for height in STATURES_M)
            if below and (low is None or high is None or _apart(below.at, low, high) <= FEET_ASIDE_M):
                return below
        return self._by_head(person, stature)

    def _by_body(self, person: Person, stature: Stature) -> Stand | None:
        """By hips and shoulders together, each as certain as it is."""
        assert person.pose is not None
        body = Body(person.pose)
        if self._is_too_small(body, stature):
            return None
        pixel_sd = max(1.5, HIDDEN_JOINT_SHARE * _tall(person))
        told = [
            stand
            for name, share in SHARES.items()
            if body.seen(f"left_{name[:-1]}", f"right_{name[:-1]}")
            and (
                stand := self._stand(
                    body.middle(f"left_{name[:-1]}", f"right_{name[:-1]}"),
                    stature.height_m * share,
                    stature.sd_m * share,
                    pixel_sd,
                    LEAN_M,
                    "body",
                )
            )
        ]
        if len(told) == 2 and _contradict(*told):
            return None
        return _joined(told)

    def _is_too_small(self, body: Body, stature: Stature) -> bool:
        """Whether no adult's shoulders are so small there: a whole pose drawn into a head that is cut off."""
        x, y = body.shoulders
        height = stature.height_m * SHOULDER_SHARE
        here, beside = self._over((x, y), height), self._over((x + body.unit, y), height)
        return here is not None and beside is not None and math.dist(here, beside) < LEAST_SHOULDERS_M

    def _by_head(self, person: Person, stature: Stature) -> Stand | None:
        """By the top of a box; None where the picture cuts the head or a side of the body off."""
        x1, y1, x2, y2 = person.box
        if x1 <= EDGE_PX or y1 <= EDGE_PX or x2 >= self.size[0] - EDGE_PX:
            return None
        sd = math.hypot(stature.sd_m, HEAD_TOP_M)
        return self._stand(
            ((x1 + x2) / 2, y1), stature.height_m, sd, max(2.0, 0.03 * (y2 - y1)), LEAN_M, "head"
        )

    def _stand(
        self, pixel: Point, height_m: float, height_sd_m: float, pixel_sd: float, spread_m: float, told: Told
    ) -> Stand | None:
        """Under what is seen at `pixel`, `height_m` over the floor."""
        at = self._over(pixel, height_m)
        if at is None:
            # A camera that looks straight down sees everything about over where it stands.
            at = self.floor.to_metres(pixel) if height_m <= ANKLE_M else None
        if at is None or not all(math.isfinite(value) for value in at):
            return None
        covariance = self.floor.covariance_m(self.floor.to_pixels(at), pixel_sd) + spread_m**2 * np.eye(2)
        higher = self._over(pixel, height_m + 0.01)
        if higher is not None:
            per_metre = np.subtract(higher, at) / 0.01
            covariance = covariance + height_sd_m**2 * np.outer(per_metre, per_metre)
        return Stand(at, covariance, told)

    def _over(self, pixel: Point, height_m: float) -> Point | None:
        if self.camera is None or height_m >= self.camera.height_m - 0.05:
            return None
        x, y = self.floor.straight(np.array([pixel], dtype=np.float64))[0]
        return self.camera.to_metres((float(x), float(y)), height_m)


def _tall(person: Person) -> float:
    return person.box[3] - person.box[1]


def _apart(point: Point, start: Point, end: Point) -> float:
    """The distance of a point from a segment."""
    way = np.subtract(end, start)
    length = float(way @ way)
    share = min(1.0, max(0.0, float(np.subtract(point, start) @ way) / length)) if length else 0.0
    return math.dist(point, np.add(start, share * way))


def _contradict(one: Stand, other: Stand) -> bool:
    """Whether two places of one body cannot both be: a pose drawn into a head that the picture cuts off."""
    apart = np.subtract(one.at, other.at)
    return float(apart @ np.linalg.solve(one.covariance + other.covariance, apart)) > CONTRADICTION


def _joined(told: list[Stand]) -> Stand | None:
    """One place from several, by their certainty.

    The heights of hips and shoulders are wrong together, so the result is no more certain than the best.
    """
    if not told:
        return None
    weights = [np.linalg.inv(stand.covariance) for stand in told]
    total = np.linalg.inv(np.sum(weights, axis=0))
    at = total @ np.sum(
        [weight @ np.array(stand.at) for weight, stand in zip(weights, told, strict=True)], axis=0
    )
    best = min(told, key=lambda stand: float(np.trace(stand.covariance)))
    return Stand((float(at[0]), float(at[1])), best.covariance, "body")
