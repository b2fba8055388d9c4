"""Renders a script into a clip with its truth beside it."""

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cameras.write_video import VideoWriter
from datasets.furniture import build_chair, build_chair_back, build_hall
from datasets.labels import Recorder
from datasets.optics import Camera
from datasets.places import camera
from datasets.props import puff_of_smoke
from datasets.render import Renderer, Shape, Shown
from datasets.script import Script
from datasets.solids import Solid
from datasets.stage import CHAIR_BACK_M, Actor, Body, Placed, Stage, raise_curtain

Matrix = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Told the frames done and the frames in all."""

PUFF_LIFE_S = 2.4
EXHALED = 14
"""Puffs that come out of a mouth after a draw."""


@dataclass(frozen=True, slots=True, eq=False)
class _Puff:
    born_s: float
    place: Matrix
    way: Matrix
    size_m: float
    seed: int


@dataclass(slots=True, eq=False)
class _Smoke:
    """Smoke that rises from embers and comes out of mouths."""

    solids: list[Solid] = field(default_factory=lambda: [puff_of_smoke(level / 8) for level in range(1, 9)])
    puffs: deque[_Puff] = field(default_factory=lambda: deque(maxlen=160))
    drawing: dict[str, bool] = field(default_factory=dict)

    def breathe(
        self, at_s: float, actors: Mapping[str, Actor], bodies: Mapping[str, Body], things: list[Placed]
    ) -> None:
        """Let out what comes out in this frame."""
        number = round(at_s * 1000)
        for thing in things:
            if thing.prop.kind == "cigarette" and thing.hand is not None:
                ember = thing.model[:3, :3] @ np.array([0, 0, 0.083]) + thing.model[:3, 3]
                self.puffs.append(_Puff(at_s, ember, np.array([0.0, 0.0, 0.24]), 0.007, number))
        for name, body in bodies.items():
            if self.drawing.get(name) and not body.puffing:
                self._exhale(at_s, actors[name], body)
            self.drawing[name] = body.puffing

    def _exhale(self, at_s: float, actor: Actor, body: Body) -> None:
        posture = body.solved.posture
        mouth = body.placement.to_world(posture.carry(*actor.figure.landmarks["mouth"])[None])[0]
        way = body.placement.rotation() @ posture.turn_of("head") @ np.array([0.0, -0.25, 1.0])
        for number in range(EXHALED):
            speed = 0.25 + 0.5 * number / EXHALED
            self.puffs.append(_Puff(at_s + number * 0.06, mouth, way * speed, 0.016, number))

    def shown(self, at_s: float, seen_by: Camera) -> list[Shown]:
        """The puffs in the air, facing the camera."""
        shown = []
        right, down, _ = seen_by.rotation
        for puff in self.puffs:
            age = at_s - puff.born_s
            if not 0 <= age < PUFF_LIFE_S:
                continue
            share = age / PUFF_LIFE_S
            slowed = (1 - np.exp(-2.2 * age)) / 2.2
            wander = 0.02 * share * np.sin(np.array([3.1, 2.3, 0.0]) * age * 2 + puff.seed)
            size = puff.size_m + 0.055 * share
            model = np.eye(4)
            model[:3, 0], model[:3, 1], model[:3, 2] = right * size, np.cross(right, -down), -down * size
            model[:3, 3] = puff.place + puff.way * slowed + wander + np.array([0.0, 0.0, 0.05 * age])
            shown.append(Shown(self.solids[int((1 - share) ** 1.5 * 7.99)], model))
        return shown


def _chairs(stage: Stage, chair: Solid, back: Solid, bodies: Mapping[str, Body]) -> list[Shown]:
    """Each clerk's chair, rolled back when they are up, its back giving way when they lean."""
    shown = []
    for actor in stage.actors:
        if actor.someone.side != "staff":
            continue
        body = bodies.get(actor.name)
        seated = 0.0 if body is None else body.seated
        recline = 0.0 if body is None else body.recline_deg
        place = np.array([actor.seat.x, actor.seat.y - CHAIR_BACK_M * (1 - seated), 0.0])
        base = np.eye(4)
        base[:3, 3] = place
        angle = np.radians(recline)
        hinge = np.eye(4)
        hinge[1:3, 1:3] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        hinge[:3, 3] = place + np.array([0.0, -0.26, stage.hall.seat_m])
        shown += [Shown(chair, base), Shown(back, hinge)]
    return shown


@dataclass(slots=True, eq=False)
class Filming:
    """One clip being drawn, frame by frame."""

    stage: Stage
    camera: Camera
    renderer: Renderer
    recorder: Recorder
    chair: Solid
    back: Solid
    smoke: _Smoke = field(default_factory=_Smoke)

    def frame(self, number: int) -> NDArray[np.uint8]:
        """Draw the next frame and note its truth."""
        at_s = number / self.stage.script.fps
        bodies = self.stage.at(at_s)
        actors = {actor.name: actor for actor in self.stage.actors}
        shapes = {name: _shape(actors[name], body) for name, body in bodies.items()}
        things = self.stage.things(bodies)
        self.smoke.breathe(at_s, actors, bodies, things)
        solids = _chairs(self.stage, self.chair, self.back, bodies)
        solids += [Shown(thing.prop.solid, thing.model) for thing in things]
        picture = self.renderer.draw(shapes, solids, self.smoke.shown(at_s, self.camera))
        vertices = {name: shape.vertices for name, shape in shapes.items()}
        self.recorder.add(at_s, bodies, vertices, things, self.renderer, picture.depth_m)
        return self.stage.hall.sensor.expose(picture.image, number)


def _shape(actor: Actor, body: Body) -> Shape:
    points, normals = actor.figure.skin(body.solved.posture.matrices())
    turned = body.placement.rotation().astype(np.float32).T
    shift = np.array([body.placement.x, body.placement.y, 0.0], dtype=np.float32)
    return Shape(actor.figure, points @ turned + shift, normals @ turned)


def set_up(script: Script, figures: Path) -> Filming:
    """Hall, camera, people: ready to draw."""
    stage = raise_curtain(script, figures)
    hall = stage.hall
    lens = camera(hall, script.camera, script.width, script.height, script.seed)
    renderer = Renderer(lens, build_hall(hall, clutter_seed=script.seed), hall.lights, hall.tile_m)
    return Filming(stage, lens, renderer, Recorder(stage, lens), build_chair(hall), build_chair_back(hall))


def is_done(script: Script, folder: Path) -> bool:
    """Whether the clip is there with its truth, which is written last."""
    return (folder / f"{script.name}.mp4").is_file() and (folder / f"{script.name}.truth.json").is_file()


def shoot(script: Script, figures: Path, folder: Path, progress: Progress | None = None) -> Path:
    """Render one script; the truth file's path. What was there under that name is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    film = set_up(script, figures)
    total = round(script.duration_s * script.fps)
    video = folder / f"{script.name}.mp4"
    with (
        film.renderer,
        VideoWriter(
            video, script.fps, (script.width, script.height), crf=script.crf, preset="medium"
        ) as writer,
    ):
        for number in range(total):
            writer.write(film.frame(number))
            if progress is not None:
                progress(number + 1, total)
    return write_truth(film.recorder, folder)


def write_truth(recorder: Recorder, folder: Path) -> Path:
    """Write the two files of truth beside a clip; the main one's path."""
    name = recorder.stage.script.name
    lines = (json.dumps(frame, separators=(",", ":")) for frame in recorder.frames)
    (folder / f"{name}.frames.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    path = folder / f"{name}.truth.json"
    path.write_text(dumped(recorder.truth()), "utf-8")
    return path


def dumped(truth: dict[str, Any]) -> str:
    """A truth file's text: one line an entry, to be read by people too."""
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in truth.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
