"""MakeHuman's files as they are: base mesh, targets, rig, weights, and what is fitted to the body.

Formats: http://www.makehumancommunity.org/wiki/Documentation:Basemesh and the comments in the files. Lengths
are decimetres with y up and z forward; nothing is scaled or turned here.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

PROXY_ROW = 9
"""Tokens of a fitted vertex: three body vertices, their three weights, an offset."""


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """`vertices` (N, 3), `uvs` (M, 2), and each triangle's corners' vertex and uv: (F, 3, 2)."""

    vertices: Points
    uvs: Points
    corners: NDArray[np.int64]


def _corner(token: str) -> tuple[int, int]:
    parts = token.split("/")
    return int(parts[0]) - 1, int(parts[1]) - 1 if len(parts) > 1 and parts[1] else 0


def _fan(corners: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    return [[corners[0], corners[i], corners[i + 1]] for i in range(1, len(corners) - 1)]


def read_obj(path: Path, groups: frozenset[str] | None = None) -> Mesh:
    """The mesh in a Wavefront file; only faces of the named `groups` where given."""
    vertices: list[list[float]] = []
    uvs: list[list[float]] = []
    triangles: list[list[tuple[int, int]]] = []
    group = ""
    for line in path.read_text("utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(number) for number in rest.split()[:3]])
        elif kind == "vt":
            uvs.append([float(number) for number in rest.split()[:2]])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f" and (groups is None or group in groups):
            triangles += _fan([_corner(token) for token in rest.split()])
    return Mesh(np.array(vertices), np.array(uvs or [[0.0, 0.0]]), np.array(triangles, dtype=np.int64))


def read_target(path: Path, count: int) -> Points:
    """The displacement of each of `count` vertices, (count, 3)."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    table = np.array(" ".join(lines).split(), dtype=np.float64).reshape(-1, 4)
    moved = np.zeros((count, 3))
    moved[table[:, 0].astype(np.int64)] = table[:, 1:]
    return moved


@dataclass(frozen=True, slots=True, eq=False)
class Fitting:
    """How a garment hangs on the body: `on` (N, 3) body vertices, `weights` (N, 3), `offsets` (N, 3).

    `scales` names for x, y, z two body vertices and their distance in the maker's body: offsets grow with it.
    `hidden` are the body vertices that the garment covers.
    """

    on: NDArray[np.int64]
    weights: Points
    offsets: Points
    scales: tuple[tuple[int, int, float] | None, ...]
    hidden: NDArray[np.int64]

    def place(self, body: Points) -> Points:
        """The garment's vertices (N, 3) on that body (the whole base mesh with its helpers)."""
        spot = np.einsum("nk,nkc->nc", self.weights, body[self.on])
        return np.asarray(spot + self.offsets * self._growth(body), dtype=np.float64)

    def _growth(self, body: Points) -> Points:
        grown = [1.0, 1.0, 1.0]
        for axis, scale in enumerate(self.scales):
            if scale is not None:
                first, second, distance = scale
                grown[axis] = abs(body[first, axis] - body[second, axis]) / distance
        return np.array(grown)


def _row(tokens: list[str]) -> tuple[list[int], list[float], list[float]]:
    if len(tokens) == 1:
        return [int(tokens[0])] * 3, [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    return [int(t) for t in tokens[:3]], [float(t) for t in tokens[3:6]], [float(t) for t in tokens[6:9]]


def _ranges(tokens: list[str]) -> list[int]:
    """The numbers of `1355 - 1398 1404 - 1459 1532`."""
    found: list[int] = []
    position = 0
    while position < len(tokens):
        first = last = int(tokens[position])
        position += 1
        if position < len(tokens) and tokens[position] == "-":
            last = int(tokens[position + 1])
            position += 2
        found += range(first, last + 1)
    return found


def read_fitting(path: Path) -> Fitting:
    """The .mhclo file of a garment, hair or pair of eyes."""
    rows: list[tuple[list[int], list[float], list[float]]] = []
    hidden: list[int] = []
    scales: list[tuple[int, int, float] | None] = [None, None, None]
    section = ""
    for line in path.read_text("utf-8").splitlines():
        tokens = line.split()
        if not tokens or tokens[0].startswith("#"):
            continue
        if tokens[0] in ("verts", "delete_verts"):
            section = tokens[0]
        elif tokens[0] in ("x_scale", "y_scale", "z_scale"):
            scales["xyz".index(tokens[0][0])] = int(tokens[1]), int(tokens[2]), float(tokens[3])
        elif section == "verts" and len(tokens) in (1, PROXY_ROW) and _is_number(tokens[0]):
            rows.append(_row(tokens))
        elif section == "delete_verts" and _is_number(tokens[0]):
            hidden += _ranges(tokens)
    on, weights, offsets = zip(*rows, strict=True)
    return Fitting(
        np.array(on), np.array(weights), np.array(offsets), tuple(scales), np.array(hidden, dtype=np.int64)
    )


def _is_number(token: str) -> bool:
    return token.lstrip("-").isdigit()


@dataclass(frozen=True, slots=True)
class Bone:
    """One bone of the rig: its parent, and the base mesh vertices whose middle is its head and its tail."""

    name: str
    parent: str | None
    head: tuple[int, ...]
    tail: tuple[int, ...]


def read_rig(path: Path) -> dict[str, Bone]:
    """The bones of a .mhskel file by name."""
    rig = json.loads(path.read_text("utf-8"))
    joints = rig["joints"]
    return {
        name: Bone(name, bone["parent"], tuple(joints[bone["head"]]), tuple(joints[bone["tail"]]))
        for name, bone in rig["bones"].items()
    }


def read_weights(path: Path) -> dict[str, tuple[NDArray[np.int64], Points]]:
    """For each bone the vertices that it moves and how strongly."""
    weights = json.loads(path.read_text("utf-8"))["weights"]
    return {
        bone: (np.array([pair[0] for pair in pairs], dtype=np.int64), np.array([pair[1] for pair in pairs]))
        for bone, pairs in weights.items()
    }
