"""Simple bodies that a room is built of: boxes, tubes, with colour and kind of surface at each vertex."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Colour = tuple[float, float, float]


class Surface(IntEnum):
    """How a surface is drawn; the shader knows the numbers."""

    PLAIN = 0
    TILES = 1
    WOOD = 2
    GLOWING = 3
    WALL = 4
    TEXT = 5
    GLOWING_TEXT = 6
    SMOKE = 7


FLOATS = 12
"""Numbers a vertex: place 3, normal 3, colour 3, uv 2, surface 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """`vertices` (N, 12) float32 as `FLOATS` says, three to a triangle."""

    vertices: NDArray[np.float32]

    def moved(self, rotation: NDArray[np.float64], place: NDArray[np.float64]) -> "Solid":
        """Turned about the origin, then shifted."""
        moved = self.vertices.copy()
        moved[:, :3] = moved[:, :3] @ rotation.T + place
        moved[:, 3:6] = moved[:, 3:6] @ rotation.T
        return Solid(moved)

    def bounds(self) -> NDArray[np.float64]:
        """The eight corners of the box around it, (8, 3)."""
        low, high = self.vertices[:, :3].min(axis=0), self.vertices[:, :3].max(axis=0)
        spans = np.stack([low, high])
        return np.array(
            [[spans[i, 0], spans[j, 1], spans[k, 2]] for i in (0, 1) for j in (0, 1) for k in (0, 1)]
        )


def join(solids: Iterable[Solid]) -> Solid:
    """Many as one."""
    return Solid(np.concatenate([solid.vertices for solid in solids]))


def quad(corners: NDArray[np.float64], colour: Colour, surface: Surface = Surface.PLAIN) -> Solid:
    """Four corners (4, 3), counter-clockwise seen from the front; uv runs from the first to the third."""
    normal = np.cross(corners[1] - corners[0], corners[3] - corners[0])
    normal = normal / np.linalg.norm(normal)
    uvs = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    rows = [
        np.concatenate([corners[i], normal, colour, uvs[i], [float(surface)]]) for i in (0, 1, 2, 0, 2, 3)
    ]
    return Solid(np.array(rows, dtype=np.float32))


FACES = (
    ((0, 0, 0), (0, 0, 1), (0, 1, 1), (0, 1, 0)),
    ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)),
    ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)),
    ((0, 1, 0), (0, 1, 1), (1, 1, 1), (1, 1, 0)),
    ((0, 0, 0), (0, 1, 0), (1, 1, 0), (1, 0, 0)),
    ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
)


def box(
    low: tuple[float, float, float],
    high: tuple[float, float, float],
    colour: Colour,
    surface: Surface = Surface.PLAIN,
    top: tuple[Colour, Surface] | None = None,
) -> Solid:
    """An upright box between two corners; `top` gives its upper face another look."""
    spans = np.array([low, high], dtype=np.float64)
    sides = []
    for number, face in enumerate(FACES):
        corners = np.array([[spans[i, 0], spans[j, 1], spans[k, 2]] for i, j, k in face])
        look = top if top is not None and number == 5 else (colour, surface)
        sides.append(quad(corners, *look))
    return join(sides)


def tube(
    radius_low: float, radius_high: float, height: float, colour: Colour, sides: int = 12, closed: bool = True
) -> Solid:
    """An upright cylinder or cone from the origin."""
    angles = np.linspace(0, 2 * np.pi, sides + 1)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    walls = []
    for a, b in pairwise(ring):
        corners = np.array(
            [
                [*(a * radius_low), 0],
                [*(b * radius_low), 0],
                [*(b * radius_high), height],
                [*(a * radius_high), height],
            ]
        )
        walls.append(_smooth(quad(corners, colour), a, b))
        if closed and radius_high > 0:
            cap = np.array(
                [[*(a * radius_high), height], [*(b * radius_high), height], [0, 0, height], [0, 0, height]]
            )
            walls.append(quad(cap, colour))
    return join(walls)


def _smooth(wall: Solid, a: NDArray[np.float64], b: NDArray[np.float64]) -> Solid:
    vertices = wall.vertices.copy()
    for row, direction in zip(range(6), (a, b, b, a, b, a), strict=True):
        vertices[row, 3:5], vertices[row, 5] = direction, 0.0
    return Solid(vertices)


def cushion(
    low: tuple[float, float, float], high: tuple[float, float, float], colour: Colour, swell: float = 0.03
) -> Solid:
    """A padded box: a grid on each face, drawn in at the edges, with soft normals."""
    spans = np.array([low, high], dtype=np.float64)
    middle, half = spans.mean(axis=0), (spans[1] - spans[0]) / 2
    grid = np.linspace(-1, 1, 6)
    quads = []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            quads += _padded_face(axis, sign, grid, middle, half, swell, colour)
    return join(quads)


def _padded_face(
    axis: int,
    sign: float,
    grid: NDArray[np.float64],
    middle: NDArray[np.float64],
    half: NDArray[np.float64],
    swell: float,
    colour: Colour,
) -> list[Solid]:
    others = [(axis + 1) % 3, (axis + 2) % 3]
    patches = []
    for i in range(len(grid) - 1):
        for j in range(len(grid) - 1):
            steps = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
            if sign < 0:
                steps.reverse()
            cube = np.zeros((4, 3))
            for row, (a, b) in enumerate(steps):
                cube[row, axis], cube[row, others[0]], cube[row, others[1]] = sign, grid[a], grid[b]
            patches.append(_rounded(cube, middle, half, swell, colour))
    return patches


def _rounded(
    cube: NDArray[np.float64],
    middle: NDArray[np.float64],
    half: NDArray[np.float64],
    swell: float,
    colour: Colour,
) -> Solid:
    """A superellipsoid patch: corners of the cube drawn towards a rounded box."""
    power = 5.0
    reach = (np.abs(cube) ** power).sum(axis=1, keepdims=True) ** (1 / power)
    places = middle + cube / reach * (half + swell * (half > 0.05))
    patch = quad(places, colour).vertices.copy()
    normals = np.sign(cube) * np.abs(cube / reach) ** (power - 1) / half
    normals /= np.linalg.norm(normals, axis=1, keepdims=True).clip(1e-9)
    patch[:, 3:6] = normals[[0, 1, 2, 0, 2, 3]]
    return Solid(patch)
