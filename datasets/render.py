"""Draws the hall with its people in software, through a lens, and says how far away each pixel is.

Needs the extra `synthetic` (moderngl) and EGL with Mesa's software rasteriser (Debian: libegl1,
libgl1-mesa-dri). One `Renderer` serves one clip: one hall, one camera.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets import shaders
from datasets.figures import Figure
from datasets.optics import Camera, sheet
from datasets.solids import Solid

NEAR_M, FAR_M = 0.15, 40.0
SHADOW_PX = 1024
SHADOW_M = 4.2
"""Half the width of the square that shadows fall in, about the counter."""

Matrix = NDArray[np.float64]


class NoRendererError(Exception):
    """This machine cannot render."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"Nothing to render with ({cause}): install the extra with pip install 'hallwatch[synthetic]' "
            "and the system packages libegl1 and libgl1-mesa-dri (Debian's names)."
        )


@dataclass(frozen=True, slots=True)
class Lights:
    """Where light comes from. Directions point towards the light; colours are linear and may exceed one."""

    key_way: tuple[float, float, float]
    key_colour: tuple[float, float, float]
    fill_way: tuple[float, float, float]
    fill_colour: tuple[float, float, float]
    sky: tuple[float, float, float]
    ground: tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One thing to draw besides the hall: a solid and where it is, (4, 4)."""

    solid: Solid
    model: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One posed figure: `vertices` and `normals` (N, 3) float32 in the world."""

    figure: Figure
    vertices: NDArray[np.float32]
    normals: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """`image` (H, W, 3) BGR uint8 through the lens; `depth_m` (h, w) float32 along the axis, flat sheet."""

    image: NDArray[np.uint8]
    depth_m: NDArray[np.float32]


def _context() -> Any:
    try:
        import moderngl
    except ImportError as missing:
        raise NoRendererError(str(missing)) from missing
    try:
        return moderngl.create_context(standalone=True, require=330, backend="egl")  # type: ignore[arg-type]
    except Exception as broken:  # glcontext raises bare Exception without EGL
        raise NoRendererError(str(broken)) from broken


class Renderer:
    """Draws frames of one hall from one camera; close it or use it in a `with` block.

    The hall stands still, so its light is computed once; each frame lays people's shadows on it and
    draws what moves. `finer` is how many times finer than the camera's picture things are drawn, against
    jagged edges.
    """

    def __init__(
        self, camera: Camera, hall: tuple[Solid, Solid], lights: Lights, tile_m: float, finer: float = 1.3
    ) -> None:
        self._gl = _context()
        self._camera = camera
        self._sheet = sheet(camera, finer)
        size = self._sheet.width, self._sheet.height
        self._static = self._gl.program(shaders.STATIC_VERTEX, shaders.STATIC_FRAGMENT)
        self._people = self._gl.program(shaders.FIGURE_VERTEX, shaders.FIGURE_FRAGMENT)
        self._compose = self._gl.program(shaders.COMPOSE_VERTEX, shaders.COMPOSE_FRAGMENT)
        self._static_depth = self._gl.program(shaders.STATIC_VERTEX, shaders.DEPTH_FRAGMENT)
        self._people_depth = self._gl.program(shaders.FIGURE_VERTEX, shaders.DEPTH_FRAGMENT)
        self._far = self._gl.depth_texture(size)
        self._far.filter = self._gl.NEAREST, self._gl.NEAREST
        self._far.compare_func = ""
        self._target = self._gl.framebuffer(self._gl.renderbuffer(size, 4), self._far)
        self._shadows = {name: self._shadow_map() for name in ("still", "moving")}
        self._view = _projection(camera, self._sheet) @ _extrinsics(camera)
        self._set_lights(lights, tile_m)
        self._solids: dict[int, tuple[Solid, Any, Any]] = {}
        self._figures: dict[str, _OnCard] = {}
        self._light_hall(hall)
        self._whole_sheet = self._gl.vertex_array(self._compose, [])

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the graphics memory back."""
        self._gl.release()

    def draw(
        self, shapes: Mapping[str, Shape], things: Sequence[Shown], smoke: Sequence[Shown] = ()
    ) -> Picture:
        """One frame. Smoke is drawn last and let shine through."""
        for name, shape in shapes.items():
            self._upload(name, shape)
        self._shade(self._shadows["moving"], shapes, things)
        self._draw_colour(shapes, things, smoke)
        return Picture(self._sheet.bend(self._read()), self._read_depth())

    def _shadow_map(self) -> tuple[Any, Any]:
        texture = self._gl.depth_texture((SHADOW_PX, SHADOW_PX))
        texture.compare_func = "<="
        return texture, self._gl.framebuffer(depth_attachment=texture)

    def _light_hall(self, hall: tuple[Solid, Solid]) -> None:
        """Keep, for each pixel of the empty hall: light from around, direct light, and how far it is."""
        size = self._sheet.width, self._sheet.height
        furniture = hall[1]
        arrays = [self._solid_arrays(solid) for solid in hall]
        self._gl.enable_only(self._gl.DEPTH_TEST)
        self._shade(self._shadows["still"], {}, (Shown(furniture, np.eye(4)),))
        smooth = self._gl.framebuffer(
            self._gl.renderbuffer(size, 4, samples=4, dtype="f2"),
            self._gl.depth_renderbuffer(size, samples=4),
        )
        self._shadows["still"][0].use(1)
        self._shadows["moving"][0].use(2)
        self._static["model"].write(_packed(np.eye(4)))
        kept = []
        for part in (1, 2):
            texture = self._gl.texture(size, 4, dtype="f2")
            smooth.use()
            smooth.clear(0.3, 0.3, 0.3, 1.0, depth=1.0)
            self._static["part"].value = part
            for bright, _ in arrays:
                bright.render()
            self._gl.copy_framebuffer(self._gl.framebuffer(texture), smooth)
            kept.append(texture)
        self._static["part"].value = 0
        self._around, self._keyed = kept
        self._hall_far = self._gl.depth_texture(size)
        self._hall_far.filter = self._gl.NEAREST, self._gl.NEAREST
        self._hall_far.compare_func = ""
        target = self._gl.framebuffer(depth_attachment=self._hall_far)
        target.use()
        target.clear(depth=1.0)
        self._static_depth["view"].write(_packed(self._view))
        self._static_depth["model"].write(_packed(np.eye(4)))
        for _, dark in arrays:
            dark.render()

    def seen_depth(self, camera_points: Matrix, depth_m: NDArray[np.float32]) -> NDArray[np.float64]:
        """The depth shown where each point (N, 3, camera axes) falls; NaN outside of the sheet."""
        ahead = camera_points[:, 2].clip(1e-6)
        columns = camera_points[:, 0] / ahead * self._sheet.focal + self._sheet.centre[0]
        rows = camera_points[:, 1] / ahead * self._sheet.focal + self._sheet.centre[1]
        x = np.floor(columns * depth_m.shape[1] / self._sheet.width).astype(np.int64)
        y = np.floor(rows * depth_m.shape[0] / self._sheet.height).astype(np.int64)
        inside = (x >= 0) & (y >= 0) & (x < depth_m.shape[1]) & (y < depth_m.shape[0])
        inside &= camera_points[:, 2] > NEAR_M
        seen = np.full(len(camera_points), np.nan)
        seen[inside] = depth_m[y[inside], x[inside]]
        return seen

    def _set_lights(self, lights: Lights, tile_m: float) -> None:
        way = np.asarray(lights.key_way) / np.linalg.norm(lights.key_way)
        self._shadow_matrix = _shadow_view(way)
        values = {
            "key_way": way,
            "key_colour": lights.key_colour,
            "fill_way": np.asarray(lights.fill_way) / np.linalg.norm(lights.fill_way),
            "fill_colour": lights.fill_colour,
            "sky": lights.sky,
            "ground": lights.ground,
            "eye": self._camera.centre,
            "still_shadow": 1,
            "moving_shadow": 2,
            "around": 3,
            "keyed": 4,
            "far": 5,
            "grain": 6,
            "pictures": 0,
            "tile_m": tile_m,
            "size": (self._sheet.width, self._sheet.height),
        }
        for program in (self._static, self._people, self._compose):
            for name, value in values.items():
                _set(program, name, value)
            _set_matrix(program, "shadow_matrix", self._shadow_matrix)
            _set_matrix(program, "view", self._view)
        _set_matrix(self._compose, "unview", np.linalg.inv(self._view))
        self._grain = self._gl.texture((256, 256), 1, _cloudy().tobytes())
        self._grain.build_mipmaps()
        self._grain.use(6)

    def _solid_arrays(self, solid: Solid) -> tuple[Any, Any]:
        key = id(solid)
        if key not in self._solids:
            buffer = self._gl.buffer(solid.vertices.tobytes())
            names = ("in_place", "in_normal", "in_colour", "in_uv", "in_surface")
            bright = self._gl.vertex_array(self._static, [(buffer, "3f 3f 3f 2f 1f", *names)])
            dark = self._gl.vertex_array(self._static_depth, [(buffer, "3f 36x", "in_place")])
            self._solids[key] = solid, bright, dark
        _, bright, dark = self._solids[key]
        return bright, dark

    def _upload(self, name: str, shape: Shape) -> None:
        if name not in self._figures:
            self._figures[name] = _OnCard.make(self._gl, shape.figure, self._people, self._people_depth)
        card = self._figures[name]
        card.moving.write(np.hstack([shape.vertices, shape.normals]).astype(np.float32).tobytes())

    def _shade(self, shadow: tuple[Any, Any], shapes: Mapping[str, Shape], things: Sequence[Shown]) -> None:
        """Draw into a shadow map what the light meets first."""
        target = shadow[1]
        target.use()
        target.clear(depth=1.0)
        self._gl.enable_only(self._gl.DEPTH_TEST)
        _set_matrix(self._static_depth, "view", self._shadow_matrix)
        _set_matrix(self._people_depth, "view", self._shadow_matrix)
        for thing in things:
            _set_matrix(self._static_depth, "model", thing.model)
            self._solid_arrays(thing.solid)[1].render()
        for name in shapes:
            self._figures[name].dark.render()

    def _draw_colour(
        self, shapes: Mapping[str, Shape], things: Sequence[Shown], smoke: Sequence[Shown]
    ) -> None:
        self._target.use()
        self._gl.enable_only(self._gl.DEPTH_TEST)
        for unit, texture in enumerate(
            (
                self._shadows["still"][0],
                self._shadows["moving"][0],
                self._around,
                self._keyed,
                self._hall_far,
                self._grain,
            ),
            1,
        ):
            texture.use(unit)
        self._target.depth_mask = True
        self._gl.depth_func = "1"
        self._whole_sheet.render(self._gl.TRIANGLES, vertices=3)
        self._gl.depth_func = "<="
        for thing in things:
            _set_matrix(self._static, "model", thing.model)
            self._solid_arrays(thing.solid)[0].render()
        for name in shapes:
            card = self._figures[name]
            card.pictures.use(0)
            card.bright.render()
        if smoke:
            self._draw_smoke(smoke)

    def _draw_smoke(self, smoke: Sequence[Shown]) -> None:
        self._gl.enable(self._gl.BLEND)
        self._gl.blend_func = self._gl.SRC_ALPHA, self._gl.ONE_MINUS_SRC_ALPHA
        self._target.depth_mask = False
        for puff in smoke:
            _set_matrix(self._static, "model", puff.model)
            self._solid_arrays(puff.solid)[0].render()
        self._target.depth_mask = True

    def _read(self) -> NDArray[np.uint8]:
        raw = np.frombuffer(self._target.read(components=3, alignment=1), dtype=np.uint8)
        return np.ascontiguousarray(raw.reshape(self._sheet.height, self._sheet.width, 3)[::-1, :, ::-1])

    def _read_depth(self) -> NDArray[np.float32]:
        width, height = self._far.size
        raw = np.frombuffer(self._far.read(alignment=1), dtype=np.float32).reshape(height, width)[::-1]
        return np.asarray(NEAR_M * FAR_M / (FAR_M - raw * (FAR_M - NEAR_M)), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _OnCard:
    """A figure's buffers: what moves each frame, and what stays."""

    moving: Any
    pictures: Any
    bright: Any
    dark: Any

    @classmethod
    def make(cls, gl: Any, figure: Figure, people: Any, depth: Any) -> "_OnCard":
        moving = gl.buffer(reserve=len(figure.vertices) * 24, dynamic=True)
        still = gl.buffer(np.hstack([figure.uvs, figure.layers[:, None]]).astype(np.float32).tobytes())
        order = gl.buffer(figure.triangles.tobytes())
        layers = figure.textures
        pictures = gl.texture_array((layers.shape[2], layers.shape[1], layers.shape[0]), 4, layers.tobytes())
        pictures.build_mipmaps()
        bright = gl.vertex_array(
            people, [(moving, "3f 3f", "in_place", "in_normal"), (still, "2f 1f", "in_uv", "in_layer")], order
        )
        dark = gl.vertex_array(depth, [(moving, "3f 12x", "in_place")], order)
        return cls(moving, pictures, bright, dark)


def _set(program: Any, name: str, value: Any) -> None:
    """Set a uniform that the program may not have (what it does not use is gone)."""
    if name in program:
        plain = np.atleast_1d(np.asarray(value, dtype=np.float64))
        if len(plain) > 1:
            program[name].value = tuple(float(number) for number in plain)
        else:
            program[name].value = value


def _set_matrix(program: Any, name: str, matrix: NDArray[Any]) -> None:
    if name in program:
        program[name].write(_packed(matrix))


def _cloudy() -> NDArray[np.uint8]:
    """Repeating noise of several sizes, (256, 256)."""
    random = np.random.default_rng(3)
    total = np.zeros((256, 256), dtype=np.float32)
    for cells, weight in ((64, 0.6), (128, 0.3), (256, 0.2)):
        coarse = random.random((cells, cells), dtype=np.float32)
        wide = cv2.resize(np.pad(coarse, 1, mode="wrap"), None, fx=256 / cells, fy=256 / cells)
        edge = (wide.shape[0] - 256) // 2
        total += weight * wide[edge : edge + 256, edge : edge + 256]
    return np.asarray((total - total.min()) / np.ptp(total) * 255, dtype=np.uint8)


def _packed(matrix: NDArray[Any]) -> bytes:
    return np.asarray(matrix.T, dtype=np.float32).tobytes()


def _extrinsics(camera: Camera) -> Matrix:
    whole = np.eye(4)
    whole[:3, :3], whole[:3, 3] = camera.rotation, camera.translation
    return whole


def _projection(camera: Camera, flat: Any) -> Matrix:
    """OpenGL's clip space from OpenCV's camera axes, for the flat sheet."""
    focal, (cx, cy) = flat.focal, flat.centre
    matrix = np.zeros((4, 4))
    matrix[0, 0], matrix[0, 2] = 2 * focal / flat.width, 2 * (cx + 0.5) / flat.width - 1
    matrix[1, 1], matrix[1, 2] = -2 * focal / flat.height, 1 - 2 * (cy + 0.5) / flat.height
    matrix[2, 2] = (FAR_M + NEAR_M) / (FAR_M - NEAR_M)
    matrix[2, 3] = -2 * FAR_M * NEAR_M / (FAR_M - NEAR_M)
    matrix[3, 2] = 1.0
    return matrix


def _shadow_view(way: Matrix) -> Matrix:
    """An orthographic view from the light onto the counter's surroundings."""
    right = np.cross([0.3, 1.0, 0.0], way)
    right /= np.linalg.norm(right)
    up = np.cross(way, right)
    rotation = np.stack([right, up, way])
    whole = np.eye(4)
    whole[:3, :3] = rotation / np.array([[SHADOW_M], [SHADOW_M], [-9.0]])
    middle = np.array([0.0, -0.2, 0.8])
    whole[:3, 3] = -whole[:3, :3] @ middle
    return whole


def still(image: NDArray[np.uint8], path: str) -> None:
    """Write one picture (by the name's ending)."""
    cv2.imwrite(path, image)
