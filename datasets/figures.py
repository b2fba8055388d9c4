"""Human figures from MakeHuman's CC0 assets: a body by its looks, dressed, rigged and ready to be posed."""

import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets import makehuman
from datasets.makehuman import Bone, Fitting, Mesh, Points
from datasets.skeleton import Skeleton, Vector
from datasets.wardrobe import Colour, Looks

METRES = 0.1
"""A MakeHuman unit is a decimetre."""
TEXTURE_PX = 512
HAIR_HANGS_M = 0.16
"""How far below the chin hair no longer follows the head."""

SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
NECK = ("neck01", "neck02", "neck03")
ARM = ("clavicle", "shoulder01", "upperarm01", "upperarm02", "lowerarm01", "lowerarm02", "wrist")
LEG = ("upperleg01", "upperleg02", "lowerleg01", "lowerleg02", "foot")
FINGERS = tuple(f"finger{finger}-{part}" for finger in range(1, 6) for part in range(1, 4))
KEPT = (
    *("root", *SPINE, *NECK, "head"),
    *(f"{bone}.{side}" for side in "LR" for bone in (*ARM, *FINGERS, *LEG)),
)


class FiguresMissingError(Exception):
    """The folder of figures is not there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"No figures in {folder}: clone the CC0 assets of MakeHuman (makehumancommunity/makehuman and "
            "makehumancommunity/makehuman-assets on GitHub; files and commits in the MANIFEST.csv that comes "
            "with a set of figures) and name the folder with --figures or HALLWATCH_FIGURES."
        )


@lru_cache(maxsize=2)
def open_library(folder: Path) -> "Library":
    """The library in a folder; its files are read once in a process."""
    return Library(folder)


def find_figures(folder: Path | None = None) -> Path:
    """The folder of figures: the one given, or HALLWATCH_FIGURES, or ../shared/figures beside the checkout.

    Raises FiguresMissingError, which says where the figures come from.
    """
    beside = Path(__file__).resolve().parent.parent.parent / "shared" / "figures"
    chosen = folder or Path(os.environ.get("HALLWATCH_FIGURES", beside))
    if not (chosen / "makehuman/makehuman/data/3dobjs/base.obj").is_file():
        raise FiguresMissingError(chosen)
    return chosen


@dataclass(frozen=True)
class Library:
    """MakeHuman's files in one folder, read once."""

    folder: Path

    @property
    def core(self) -> Path:
        """Base mesh, rig, targets, eyes."""
        return self.folder / "makehuman/makehuman/data"

    @property
    def assets(self) -> Path:
        """Clothes, shoes, hair, brows."""
        return self.folder / "makehuman-assets/base"

    @property
    def textures(self) -> Path:
        """Pictures for all of them."""
        return self.folder / "makehuman-textures/makehuman/data"

    @cached_property
    def body(self) -> Mesh:
        """The base mesh, whose faces are those of the skin alone."""
        return makehuman.read_obj(self.core / "3dobjs/base.obj", frozenset({"body"}))

    @cached_property
    def bones(self) -> dict[str, Bone]:
        """The whole rig."""
        return makehuman.read_rig(self.core / "rigs/default.mhskel")

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """(vertices, kept bones), each row adds up to one; a bone not kept moves with its kept parent."""
        table = np.zeros((len(self.body.vertices), len(KEPT)), dtype=np.float64)
        for name, (vertices, weights) in makehuman.read_weights(
            self.core / "rigs/default_weights.mhw"
        ).items():
            np.add.at(table[:, KEPT.index(self._keeper(name))], vertices, weights)
        return np.asarray(table / table.sum(axis=1, keepdims=True), dtype=np.float32)

    def _keeper(self, name: str) -> str:
        while name not in KEPT:
            name = self.bones[name].parent or "root"
        return name

    @lru_cache(maxsize=64)  # noqa: B019 - one library lives as long as its process
    def target(self, name: str) -> Points:
        """The displacements of one shape target."""
        path = self.core / "targets/macrodetails" / f"{name}.target"
        return makehuman.read_target(path, len(self.body.vertices))

    def skeleton(self, vertices: Points) -> Skeleton:
        """The kept bones in a body of that shape (metres)."""
        parents = [self.bones[name].parent for name in KEPT]
        numbers = tuple(-1 if parent is None else KEPT.index(self._keeper(parent)) for parent in parents)
        heads = np.stack([vertices[list(self.bones[name].head)].mean(axis=0) for name in KEPT])
        tails = np.stack([vertices[list(self.bones[name].tail)].mean(axis=0) for name in KEPT])
        return Skeleton(KEPT, numbers, heads, tails)


def shape(library: Library, looks: Looks) -> Points:
    """The base mesh's vertices (with helpers) for these looks, metres, feet not yet on the floor."""
    moved = library.body.vertices.copy()
    for age, share in (("young", 1 - looks.age), ("old", looks.age)):
        moved += share * library.target(f"asian-{looks.sex}-{age}")
        for muscle, firm in _blend(looks.muscle, "muscle"):
            for weight, heavy in _blend(looks.weight, "weight"):
                moved += (
                    share * firm * heavy * library.target(f"universal-{looks.sex}-{age}-{muscle}-{weight}")
                )
    skin = moved[library.body.corners[:, :, 0].ravel(), 1]
    return np.asarray(moved * looks.stature_m / (skin.max() - skin.min()))


def _blend(amount: float, quality: str) -> tuple[tuple[str, float], ...]:
    extreme = "max" if amount > 0 else "min"
    return (f"average{quality}", 1 - abs(amount)), (f"{extreme}{quality}", abs(amount))


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A dressed body at rest. All lengths in metres, x to its left, y up, z forward, soles at y = 0.

    `vertices`, `normals` (N, 3), `uvs` (N, 2), `layers` (N,) which texture, `weights` (N, B), `triangles`
    (T, 3), `textures` (L, 512, 512, 4) RGBA. `landmarks` are points on the skin, by name, with the bone that
    carries them.
    """

    looks: Looks
    skeleton: Skeleton
    vertices: NDArray[np.float32]
    normals: NDArray[np.float32]
    uvs: NDArray[np.float32]
    layers: NDArray[np.float32]
    weights: NDArray[np.float32]
    triangles: NDArray[np.int32]
    textures: NDArray[np.uint8]
    landmarks: dict[str, tuple[str, Vector]]

    def skin(self, matrices: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Posed vertices and normals, (N, 3) each (linear blend skinning)."""
        blended = (self.weights @ matrices.reshape(len(matrices), 12)).reshape(-1, 3, 4)
        points = np.einsum("nij,nj->ni", blended[:, :, :3], self.vertices) + blended[:, :, 3]
        return points, np.einsum("nij,nj->ni", blended[:, :, :3], self.normals)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    vertices: Points
    mesh: Mesh
    weights: NDArray[np.float32]
    texture: NDArray[np.uint8]


@lru_cache(maxsize=12)
def build(library: Library, looks: Looks) -> Figure:
    """Make the figure with these looks; the last dozen are kept."""
    body = shape(library, looks)
    body[:, 1] -= body[library.body.corners[:, :, 0].ravel(), 1].min() - 0.012
    fittings = [_fitted(library, body, *choice) for choice in _worn(library, looks)]
    hidden = np.concatenate([fitting.hidden for fitting, _ in fittings])
    parts = [_body_part(library, looks, body, hidden), *(part for _, part in fittings)]
    joined = [_unique(part, layer) for layer, part in enumerate(parts)]
    counts = np.cumsum([0] + [len(piece[0]) for piece in joined])
    skeleton = library.skeleton(body)
    return Figure(
        looks=looks,
        skeleton=skeleton,
        vertices=np.concatenate([piece[0] for piece in joined]).astype(np.float32),
        normals=np.concatenate([piece[1] for piece in joined]).astype(np.float32),
        uvs=np.concatenate([piece[2] for piece in joined]).astype(np.float32),
        layers=np.repeat(np.arange(len(parts), dtype=np.float32), [len(piece[0]) for piece in joined]),
        weights=np.concatenate([piece[3] for piece in joined]).astype(np.float32),
        triangles=np.concatenate(
            [piece[4] + start for piece, start in zip(joined, counts[:-1], strict=True)]
        ).astype(np.int32),
        textures=np.stack([part.texture for part in parts]),
        landmarks=_landmarks(library, body, skeleton),
    )


def _worn(library: Library, looks: Looks) -> list[tuple[Path, Path, Colour]]:
    """Each worn thing: its .mhclo file, its picture, its tint."""
    assets, textures = library.assets, library.textures
    clothes = looks.clothes
    return [
        (
            library.core / "eyes/low-poly/low-poly.mhclo",
            library.core / "eyes/materials/brown_eye.png",
            (1, 1, 1),
        ),
        (
            assets / "eyebrows/eyebrow001/eyebrow001.mhclo",
            textures / "eyebrows/eyebrow001/eyebrow001.png",
            (0.5, 0.45, 0.45),
        ),
        (
            assets / f"hair/{looks.hair}/{looks.hair}.mhclo",
            textures / f"hair/{looks.hair}/{looks.hair}_diffuse.png",
            looks.hair_tint,
        ),
        (
            assets / f"clothes/{clothes.name}/{clothes.name}.mhclo",
            textures / f"clothes/{clothes.name}/{clothes.name}_{clothes.texture}.png",
            looks.clothes_tint,
        ),
        (
            assets / f"clothes/{looks.shoes}/{looks.shoes}.mhclo",
            textures / f"clothes/{looks.shoes}/{looks.shoes}_diffuse.png",
            (1, 1, 1),
        ),
    ]


def _fitted(library: Library, body: Points, path: Path, picture: Path, tint: Colour) -> tuple[Fitting, _Part]:
    fitting = makehuman.read_fitting(path)
    mesh = makehuman.read_obj(path.with_suffix(".obj"))
    vertices = fitting.place(body / METRES) * METRES
    blend = np.einsum("nk,nkb->nb", fitting.weights, library.weights[fitting.on]).clip(0)
    if "hair" in path.parts:
        blend = _hair_weights(vertices, float(body[list(library.bones["neck03"].head), 1].mean()))
    weights = blend / blend.sum(axis=1, keepdims=True)
    return fitting, _Part(vertices, mesh, weights.astype(np.float32), _picture(picture, tint))


def _hair_weights(vertices: Points, chin_y: float) -> NDArray[np.float64]:
    """Hair moves with the head; what hangs below the chin lies more and more on the back."""
    hangs = np.clip((chin_y - vertices[:, 1]) / HAIR_HANGS_M, 0.0, 1.0)
    weights = np.zeros((len(vertices), len(KEPT)))
    weights[:, KEPT.index("head")] = 1 - hangs
    weights[:, KEPT.index("spine01")] = hangs
    return weights


def _picture(path: Path, tint: Colour) -> NDArray[np.uint8]:
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise FiguresMissingError(path)
    if image.shape[2] == 3:
        image = cv2.cvtColor(image, cv2.COLOR_BGR2BGRA)
    image = cv2.resize(image, (TEXTURE_PX, TEXTURE_PX), interpolation=cv2.INTER_AREA)
    rgba = cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA).astype(np.float32)
    rgba[:, :, :3] *= np.asarray(tint, dtype=np.float32)
    return np.ascontiguousarray(rgba.clip(0, 255).astype(np.uint8)[::-1])


def _body_part(library: Library, looks: Looks, body: Points, hidden: NDArray[np.int64]) -> _Part:
    corners = library.body.corners
    covered = np.isin(corners[:, :, 0], hidden).all(axis=1)
    mesh = Mesh(library.body.vertices, library.body.uvs, corners[~covered])
    picture = library.textures / f"skins/textures/{looks.skin}.png"
    return _Part(body, mesh, library.weights, _picture(picture, looks.skin_tint))


def _unique(part: _Part, layer: int) -> tuple[Points, Points, Points, NDArray[np.float32], NDArray[np.int64]]:
    """One vertex for each pair of vertex and uv: positions, normals, uvs, weights, triangles."""
    pairs, inverse = np.unique(part.mesh.corners.reshape(-1, 2), axis=0, return_inverse=True)
    normals = _normals(part.vertices, part.mesh.corners[:, :, 0])
    spot, uv = pairs[:, 0], pairs[:, 1]
    triangles = inverse.reshape(-1, 3)
    return part.vertices[spot], normals[spot], part.mesh.uvs[uv], part.weights[spot], triangles


def _normals(vertices: Points, faces: NDArray[np.int64]) -> Points:
    a, b, c = (vertices[faces[:, corner]] for corner in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(total, faces[:, corner], across)
    return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True).clip(1e-9))


def _landmarks(library: Library, body: Points, skeleton: Skeleton) -> dict[str, tuple[str, Vector]]:
    """Named points on the skin, found by where they stick out."""
    skin = np.unique(library.body.corners[:, :, 0])
    head = skin[library.weights[skin, KEPT.index("head")] > 0.5]
    face = body[head]
    eyes = {side: body[list(library.bones[f"eye.{side}"].head)].mean(axis=0) for side in "LR"}
    eye_y = float(eyes["L"][1])
    middle = face[(np.abs(face[:, 0]) < 0.02) & (face[:, 1] < eye_y) & (face[:, 1] > eye_y - 0.06)]
    mouth = body[[*library.bones["oris01"].tail, *library.bones["oris05"].tail]].mean(axis=0)
    marks = {"nose": middle[np.argmax(middle[:, 2])], "mouth": mouth}
    marks |= {"crown": face[np.argmax(face[:, 1])]}
    marks["chin"] = body[list(library.bones["jaw"].tail)].mean(axis=0)
    for side, sign in (("L", 1.0), ("R", -1.0)):
        beside = face[np.abs(face[:, 1] - eye_y + 0.028) < 0.02]
        ear = beside[np.argmax(sign * beside[:, 0])]
        # The ear sticks out at its rim; its opening lies further in and ahead.
        marks[f"ear.{side}"] = np.array([ear[0] - 0.012 * sign, eye_y - 0.028, ear[2] + 0.010])
        marks[f"eye.{side}"] = eyes[side] + np.array([0.0, 0.0, 0.012])
    found = {name: ("head", np.asarray(point)) for name, point in marks.items()}
    return found | _torso_landmarks(body[skin], library.weights[skin], skeleton)


def _torso_landmarks(
    skin: Points, weights: NDArray[np.float32], skeleton: Skeleton
) -> dict[str, tuple[str, Vector]]:
    """Front of the chest at the arms' height, front of the belly, and the waist's sides."""
    trunk = skin[weights[:, [KEPT.index(name) for name in ("root", *SPINE)]].sum(axis=1) > 0.6]
    shoulder = float(skeleton.head("upperarm01.L")[1])
    hip = float(skeleton.head("upperleg01.L")[1])
    torso = shoulder - hip
    marks: dict[str, tuple[str, Vector]] = {}
    for name, bone, share in (
        ("chest", "spine01", 0.62),
        ("belly", "spine03", 0.40),
        ("waist", "spine04", 0.30),
    ):
        height = hip + share * torso
        band = trunk[np.abs(trunk[:, 1] - height) < 0.03]
        marks[name] = (bone, np.array([0.0, height, float(band[:, 2].max())]))
        marks[f"{name}.side"] = (bone, np.array([float(band[:, 0].max()), height, float(band[:, 2].mean())]))
    return marks
