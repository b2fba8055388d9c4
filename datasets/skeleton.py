"""Bones that turn about each other, and limbs that reach where they should.

Rotations are kept in the axes of the rest pose: the identity everywhere is the figure as MakeHuman made it
(x to its left, y up, z forward; metres). A bone's turn is therefore read the same way whatever it hangs from.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
"""(3,)"""
Rotation = NDArray[np.float64]
"""(3, 3), a proper rotation."""


def unit(vector: Vector) -> Vector:
    """The vector at length one; the x axis where it has none."""
    length = float(np.linalg.norm(vector))
    return vector / length if length > 1e-9 else np.array([1.0, 0.0, 0.0])


def turn(axis: Vector, angle_rad: float) -> Rotation:
    """Rotation about an axis by the right-hand rule (Rodrigues)."""
    x, y, z = unit(axis)
    skew = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle_rad) * skew + (1 - np.cos(angle_rad)) * skew @ skew)


def euler(pitch_deg: float, yaw_deg: float, roll_deg: float) -> Rotation:
    """Bend forward (pitch), turn to one's own left (yaw), tip to one's own right (roll)."""
    pitch, yaw, roll = np.radians([pitch_deg, yaw_deg, roll_deg])
    x, y, z = np.eye(3)
    return turn(y, float(yaw)) @ turn(x, float(pitch)) @ turn(z, float(roll))


def frame(first: Vector, second: Vector) -> Rotation:
    """Right-handed axes as columns: along `first`, towards `second`, and across both."""
    a = unit(first)
    c = unit(np.cross(a, second))
    return np.stack([a, np.cross(c, a), c], axis=1)


def align(rest_first: Vector, rest_second: Vector, first: Vector, second: Vector) -> Rotation:
    """The rotation that carries one pair of directions onto another."""
    return np.asarray(frame(first, second) @ frame(rest_first, rest_second).T)


def twist_about(rotation: Rotation, axis: Vector) -> float:
    """The part of a rotation that goes round `axis`, radians (swing–twist decomposition)."""
    a = unit(axis)
    vector = np.array(
        [rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]]
    )
    real = 1.0 + float(np.trace(rotation))
    return 2.0 * float(np.arctan2(vector @ a, real))


def slerp(start: Rotation, end: Rotation, share: float) -> Rotation:
    """Between two rotations along the shortest way; 0 is the first."""
    step = start.T @ end
    cosine = float(np.clip((np.trace(step) - 1) / 2, -1, 1))
    angle = float(np.arccos(cosine))
    if angle < 1e-6:
        return end if share > 0.5 else start
    vector = np.array([step[2, 1] - step[1, 2], step[0, 2] - step[2, 0], step[1, 0] - step[0, 1]])
    if np.linalg.norm(vector) < 1e-6:
        values, vectors = np.linalg.eigh(step + step.T)
        vector = vectors[:, int(np.argmax(values))]
    return np.asarray(start @ turn(vector, angle * share))


def _square_to(along: Vector, towards: Vector) -> Vector:
    """The unit vector at a right angle to `along` nearest to `towards`; any, where that says nothing."""
    aside = towards - along * float(towards @ along)
    if float(np.linalg.norm(aside)) < 1e-6:
        axis = np.eye(3)[int(np.argmin(np.abs(along)))]
        aside = axis - along * float(axis @ along)
    return unit(aside)


def bend(root: Vector, target: Vector, pole: Vector, upper_m: float, lower_m: float) -> tuple[Vector, Vector]:
    """Where the middle joint and the end of a two-bone limb go (law of cosines).

    The limb lies in the plane of root, target and the direction `pole`, bent towards the pole. A target out
    of reach is approached as far as 99.5 % of the limb's length.
    """
    reach = target - root
    shortest, longest = abs(upper_m - lower_m) * 1.02 + 1e-6, (upper_m + lower_m) * 0.995
    distance = float(np.clip(np.linalg.norm(reach), shortest, longest))
    along = unit(reach)
    aside = _square_to(along, pole)
    cosine = (upper_m**2 + distance**2 - lower_m**2) / (2 * upper_m * distance)
    sine = float(np.sqrt(max(0.0, 1 - cosine**2)))
    middle = root + upper_m * (cosine * along + sine * aside)
    return middle, root + distance * along


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """Bones in an order where parents come first. `heads` and `tails` are (B, 3) at rest, metres."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    heads: NDArray[np.float64]
    tails: NDArray[np.float64]

    def index(self, name: str) -> int:
        """The place of a bone."""
        return self.names.index(name)

    def head(self, name: str) -> Vector:
        """Where a bone begins at rest."""
        return np.asarray(self.heads[self.index(name)])


@dataclass(slots=True, eq=False)
class Posture:
    """A skeleton being posed: turns are set from the root outwards, so that a limb can aim from where it is.

    `turns` (B, 3, 3) are the bones' whole rotations from rest, `places` (B, 3) where their heads are now.
    """

    skeleton: Skeleton
    turns: NDArray[np.float64]
    places: NDArray[np.float64]
    numbers: dict[str, int]

    @classmethod
    def at_rest(cls, skeleton: Skeleton) -> "Posture":
        """Nothing turned."""
        turns = np.repeat(np.eye(3)[None], len(skeleton.names), axis=0)
        numbers = {name: number for number, name in enumerate(skeleton.names)}
        return cls(skeleton, turns, skeleton.heads.copy(), numbers)

    def place_root(self, rotation: Rotation, position: Vector) -> None:
        """Set the root's rotation and its head's place."""
        self.turns[0], self.places[0] = rotation, position

    def attach(self, name: str) -> int:
        """Hang a bone from its parent where the parent is now, unturned against it; its number."""
        number = self.numbers[name]
        parent = self.skeleton.parents[number]
        if parent >= 0:
            self.turns[number] = self.turns[parent]
            self.places[number] = self.places[parent] + self.turns[parent] @ (
                self.skeleton.heads[number] - self.skeleton.heads[parent]
            )
        return number

    def turn_bone(self, name: str, rotation: Rotation) -> None:
        """Hang a bone and turn it against its parent by a rotation in rest axes."""
        number = self.attach(name)
        self.turns[number] = self.turns[number] @ rotation

    def aim_bone(self, name: str, rotation: Rotation, at: Vector | None = None) -> None:
        """Hang a bone (or set its head to `at`) and give it a whole rotation, whatever its parent's."""
        number = self.attach(name)
        self.turns[number] = rotation
        if at is not None:
            self.places[number] = at

    def place_of(self, name: str) -> Vector:
        """Where a bone's head is now."""
        return np.asarray(self.places[self.numbers[name]])

    def turn_of(self, name: str) -> Rotation:
        """A bone's whole rotation now."""
        return np.asarray(self.turns[self.numbers[name]])

    def carry(self, name: str, rest_point: Vector) -> Vector:
        """Where a point that moves with a bone is now, given where it is at rest."""
        number = self.numbers[name]
        moved = self.turns[number] @ (rest_point - self.skeleton.heads[number])
        return np.asarray(self.places[number] + moved)

    def matrices(self) -> NDArray[np.float32]:
        """(B, 3, 4) float32: what each bone does to a vertex at rest."""
        shift = self.places - np.einsum("bij,bj->bi", self.turns, self.skeleton.heads)
        return np.concatenate([self.turns, shift[:, :, None]], axis=2).astype(np.float32)
