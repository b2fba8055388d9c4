"""What is truly in a rendered clip, written while it is drawn, as `hallwatch evaluate` reads it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.optics import Camera
from datasets.places import LINE_M
from datasets.render import Renderer
from datasets.stage import Actor, Body, Placed, Stage, window_x
from vision.values import COCO_JOINTS

Matrix = NDArray[np.float64]

FORMAT = 1
STAFF_HALF_M = 0.80
"""Half a window's width on the staff side."""
STAFF_DEEP_M = 1.0
"""From the seat back to where the post ends."""
PUBLIC_DEEP_M = 3.0
QUEUE_HALF_M = 1.2
SHORTEST_QUEUE_S = 4.0
"""Two people inside the line for less than this only cross it."""
GATHERED_M = 1.5

_BONES = {
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
}
_RAISED_M = {"shoulder": ("shoulder01", 0.028), "hip": ("root", 0.035)}
"""Annotators of COCO mark the shoulder's top and the hip's upper end, not the ball joints' middle."""
_FACE = {"nose": "nose", "left_eye": "eye.L", "right_eye": "eye.R", "left_ear": "ear.L", "right_ear": "ear.R"}
_DEEP_M = {"shoulder": 0.13, "hip": 0.17, "elbow": 0.09, "knee": 0.11, "wrist": 0.07, "ankle": 0.09}
"""How far below the skin (or a sleeve) a joint may lie and still count as seen; faces 5 cm."""


def joints_m(actor: Actor, body: Body) -> Matrix:
    """The 17 COCO joints in the world, (17, 3)."""
    posture = body.solved.posture
    points = []
    for name in COCO_JOINTS:
        if name in _FACE:
            bone, rest = actor.figure.landmarks[_FACE[name]]
            points.append(posture.carry(bone, rest))
        else:
            side, _, joint = name.partition("_")
            points.append(_joint(actor, body, joint, "L" if side == "left" else "R"))
    return body.placement.to_world(np.array(points))


def _joint(actor: Actor, body: Body, joint: str, side: str) -> Matrix:
    bone = f"{_BONES[joint]}.{side}"
    if joint not in _RAISED_M:
        return body.solved.posture.place_of(bone)
    carrier, up = _RAISED_M[joint]
    carrier = carrier if carrier == "root" else f"{carrier}.{side}"
    return body.solved.posture.carry(carrier, actor.figure.skeleton.head(bone) + np.array([0.0, up, 0.0]))


def floor_m(body: Body) -> tuple[float, float]:
    """Where somebody stands or sits: the point on the floor below the middle of the hips."""
    posture = body.solved.posture
    hips = (posture.place_of("upperleg01.L") + posture.place_of("upperleg01.R")) / 2
    x, y, _ = body.placement.to_world(hips[None])[0]
    return float(x), float(y)


@dataclass(slots=True, eq=False)
class Recorder:
    """Collects the truth of one clip, frame by frame."""

    stage: Stage
    camera: Camera
    frames: list[dict[str, Any]] = field(default_factory=list)
    _floor: list[dict[str, tuple[float, float]]] = field(default_factory=list)

    def add(
        self,
        at_s: float,
        bodies: Mapping[str, Body],
        vertices: Mapping[str, NDArray[np.float32]],
        things: Sequence[Placed],
        renderer: Renderer,
        depth_m: NDArray[np.float32],
    ) -> None:
        """One frame: bodies and things as they were drawn, and the depth that was seen."""
        persons = []
        for actor in self.stage.actors:
            body = bodies.get(actor.name)
            if body is not None:
                persons.append(self._person(actor, body, vertices[actor.name], renderer, depth_m))
        seen = [self._thing(thing, renderer, depth_m) for thing in things]
        self.frames.append(
            {
                "t_s": round(at_s, 3),
                "persons": [person for person in persons if person is not None],
                "things": [thing for thing in seen if thing is not None],
            }
        )
        self._floor.append({name: floor_m(body) for name, body in bodies.items()})

    def _person(
        self,
        actor: Actor,
        body: Body,
        vertices: NDArray[np.float32],
        renderer: Renderer,
        depth_m: NDArray[np.float32],
    ) -> dict[str, Any] | None:
        box, share = self._seen_box(vertices[::9], renderer, depth_m, 0.05)
        if box is None:
            return None
        joints = joints_m(actor, body)
        pixels = self.camera.project(joints)
        visible = self._visible(joints, pixels, renderer, depth_m)
        return {
            "id": actor.name,
            "side": actor.someone.side,
            "box_px": box,
            "seen": round(share, 3),
            "joints_px": {
                name: [round(float(x), 1), round(float(y), 1)]
                for name, (x, y) in zip(COCO_JOINTS, pixels, strict=True)
                if np.isfinite(x) and abs(x) < 1e4 and abs(y) < 1e4
            },
            "visible": dict(zip(COCO_JOINTS, visible, strict=True)),
            "joints_m": {name: _rounded(point) for name, point in zip(COCO_JOINTS, joints, strict=True)},
            "floor_m": _rounded(floor_m(body)),
        }

    def _visible(
        self, joints: Matrix, pixels: Matrix, renderer: Renderer, depth_m: NDArray[np.float32]
    ) -> list[bool]:
        local = self.camera.seen_from(joints)
        seen = renderer.seen_depth(local, depth_m)
        deep = np.array([_DEEP_M.get(name.partition("_")[2], 0.05) for name in COCO_JOINTS])
        inside = (pixels >= 0).all(axis=1) & (pixels < [self.camera.width, self.camera.height]).all(axis=1)
        return [bool(flag) for flag in inside & (seen >= local[:, 2] - deep)]

    def _seen_box(
        self, points: NDArray[np.float32], renderer: Renderer, depth_m: NDArray[np.float32], slack_m: float
    ) -> tuple[list[float] | None, float]:
        """The box about the points that are seen, and the share of points in the picture that are."""
        local = self.camera.seen_from(points)
        pixels = self.camera.project(points)
        size = np.array([self.camera.width, self.camera.height])
        inside = np.isfinite(pixels).all(axis=1) & (pixels >= 0).all(axis=1) & (pixels < size).all(axis=1)
        seen = inside & (renderer.seen_depth(local, depth_m) >= local[:, 2] - slack_m)
        # Most of a body's skin is turned away from the camera: half of it seen is all of it.
        if seen.sum() < 3:
            return None, 0.0
        low, high = pixels[seen].min(axis=0), pixels[seen].max(axis=0)
        share = float(seen.sum() / max(1, len(points)))
        return [round(float(value), 1) for value in (*low, *high)], share

    def _thing(
        self, thing: Placed, renderer: Renderer, depth_m: NDArray[np.float32]
    ) -> dict[str, Any] | None:
        spots = thing.prop.solid.vertices[:, :3] @ thing.model[:3, :3].T + thing.model[:3, 3]
        box, share = self._seen_box(np.asarray(spots, dtype=np.float32), renderer, depth_m, 0.03)
        if box is None or share < 0.08:
            return None
        found: dict[str, Any] = {"kind": thing.prop.kind, "box_px": box, "seen": round(share, 3)}
        if thing.hand is not None:
            found |= {"person": thing.owner, "hand": thing.hand}
        return found

    def truth(self) -> dict[str, Any]:
        """The clip's truth file."""
        script = self.stage.script
        end = len(self.frames) / script.fps
        return {
            "format": FORMAT,
            "clip": f"{script.name}.mp4",
            "frames": f"{script.name}.frames.jsonl",
            "origin": "rendered",
            "fps": script.fps,
            "width": script.width,
            "height": script.height,
            "duration_s": round(end, 3),
            "starts_at": script.starts_at,
            "hall": script.hall,
            "camera_kind": script.camera,
            "figures": sorted({actor.someone.figure for actor in self.stage.actors}),
            "windows": self._windows(),
            "episodes": sorted(
                [*self._acted(end), *self._absences(end), *self._queues()[0], *self._gatherings()], key=_when
            ),
            "near_misses": sorted([*self._near_misses(end), *self._queues()[1]], key=_when),
            "camera": {
                "K": _nested(self.camera.matrix, 4),
                "distortion": _nested(self.camera.distortion, 6),
                "R": _nested(self.camera.rotation, 8),
                "t": _nested(self.camera.translation, 6),
            },
            "floor": self._floor_truth(),
        }

    def _windows(self) -> dict[str, dict[str, list[list[float]]]]:
        numbers = sorted({actor.someone.window for actor in self.stage.actors} | {1})
        windows = {}
        for number in numbers:
            staff = self._zone(_staff_volume(self.stage, number))
            public = self._zone(_public_volume(number))
            zones = {"staff_zone": staff, "public_zone": public}
            windows[str(number)] = {name: zone for name, zone in zones.items() if zone}
        return windows

    def _zone(self, corners: Matrix) -> list[list[float]]:
        """The hull of what is in view of some corners, in shares of the picture; empty if hardly anything."""
        pixels = self.camera.project(corners)
        pixels = pixels[np.isfinite(pixels).all(axis=1)]
        size = np.array([self.camera.width, self.camera.height])
        if len(pixels) < 3:
            return []
        hull = cv2.convexHull(pixels.clip(-4 * size, 5 * size).astype(np.float32))
        frame = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], dtype=np.float32)
        area, cut = cv2.intersectConvexConvex(hull, frame)
        if area < 0.01 * size.prod() or cut is None:
            return []
        return list(_nested(cut.reshape(-1, 2) / size, 4))

    def _acted(self, end: float) -> Iterable[dict[str, Any]]:
        for actor in self.stage.actors:
            for label in actor.course.labels:
                if label.activity.behaviour and actor.someone.side == "staff" and label.start_s < end:
                    yield {
                        "behaviour": label.activity.behaviour,
                        "variant": label.activity.variant,
                        "window": str(actor.someone.window),
                        "start_s": round(max(0.0, label.start_s), 2),
                        "end_s": round(min(label.end_s, end), 2),
                    }

    def _near_misses(self, end: float) -> Iterable[dict[str, Any]]:
        for actor in self.stage.actors:
            for label in actor.course.labels:
                like = label.activity.like or (
                    label.activity.behaviour if actor.someone.side == "public" else None
                )
                if like and label.start_s < end:
                    yield {
                        "like": like,
                        "what": label.activity.name,
                        "window": str(actor.someone.window),
                        "start_s": round(max(0.0, label.start_s), 2),
                        "end_s": round(min(label.end_s, end), 2),
                    }

    def _absences(self, end: float) -> Iterable[dict[str, Any]]:
        for number in sorted({a.someone.window for a in self.stage.actors if a.someone.side == "staff"}):
            staff = [a.name for a in self.stage.actors if a.someone.side == "staff"]
            empty = [
                not any(_at_post(self.stage, number, spots[n]) for n in staff if n in spots)
                for spots in self._floor
            ]
            for start, stop in self._runs(empty):
                yield _episode("absence", number, start, stop)

    def _queues(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """More than one at the counter inside the line: lasting, and in passing."""
        queues, crossings = [], []
        public = {a.name for a in self.stage.actors if a.someone.side == "public"}
        for number in sorted({a.someone.window for a in self.stage.actors} | {1}):
            x0 = window_x(number)
            crowded = [
                sum(
                    n in public and 0.0 < y < LINE_M and abs(x - x0) < QUEUE_HALF_M
                    for n, (x, y) in spots.items()
                )
                > 1
                for spots in self._floor
            ]
            for start, stop in self._runs(crowded):
                if stop - start >= SHORTEST_QUEUE_S:
                    queues.append(_episode("queue_line", number, start, stop))
                else:
                    crossings.append(
                        {
                            "like": "queue_line",
                            "what": "crossing the line",
                            "window": str(number),
                            "start_s": start,
                            "end_s": stop,
                        }
                    )
        return queues, crossings

    def _gatherings(self) -> Iterable[dict[str, Any]]:
        staff = {a.name: a for a in self.stage.actors if a.someone.side == "staff"}
        if len(staff) < 3:
            return
        close = [_gathered([spot for name, spot in spots.items() if name in staff]) for spots in self._floor]
        for start, stop in self._runs(close):
            yield _episode("gathering", 1, start, stop)

    def _runs(self, flags: Sequence[bool]) -> list[tuple[float, float]]:
        """Stretches of at least a second in which a flag holds."""
        fps = self.stage.script.fps
        edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(flags, dtype=int), [0]])))
        pairs = edges.reshape(-1, 2) / fps
        return [(round(float(a), 2), round(float(b), 2)) for a, b in pairs if b - a >= 1.0]

    def _floor_truth(self) -> dict[str, Any]:
        grid = np.array(
            [[x, y, 0.0] for x in (-1.0, -0.5, 0.0, 0.5, 1.0) for y in (0.1, 0.5, 1.0, 1.5, 2.0, 2.75)]
        )
        pixels = self.camera.project(grid)
        size = np.array([self.camera.width, self.camera.height])
        inside = np.isfinite(pixels).all(axis=1) & (pixels >= 0).all(axis=1) & (pixels < size).all(axis=1)
        return {
            "points": [
                {"px": _rounded(px, 1), "m": _rounded(m[:2])}
                for px, m in zip(pixels[inside], grid[inside], strict=True)
            ],
            "counter_edge_m": [[-2.2, 0.0], [2.2, 0.0]],
            "line_m": [[-2.2, LINE_M], [2.2, LINE_M]],
        }


def _episode(behaviour: str, window: int, start: float, stop: float) -> dict[str, Any]:
    return {"behaviour": behaviour, "variant": None, "window": str(window), "start_s": start, "end_s": stop}


def _when(entry: Mapping[str, Any]) -> tuple[float, str]:
    return entry["start_s"], str(entry.get("behaviour", entry.get("like")))


def _at_post(stage: Stage, window: int, spot: tuple[float, float]) -> bool:
    deep = stage.hall.seat_y - STAFF_DEEP_M
    return abs(spot[0] - window_x(window)) <= STAFF_HALF_M and deep <= spot[1] <= 0.0


def _gathered(spots: Sequence[tuple[float, float]]) -> bool:
    places = np.array(spots).reshape(-1, 2)
    near = np.linalg.norm(places[:, None] - places[None], axis=2) <= GATHERED_M
    return bool((near.sum(axis=1) >= 3).any())


def _staff_volume(stage: Stage, window: int) -> Matrix:
    """Corners of where a clerk's trunk can be at a window, from seat to standing."""
    x0, seat = window_x(window), stage.hall.seat_y
    return np.array(
        [
            [x0 + dx, y, z]
            for dx in (-STAFF_HALF_M, STAFF_HALF_M)
            for y in (seat - 0.75, seat + 0.35)
            for z in (0.55, 1.30)
        ]
    )


def _public_volume(window: int) -> Matrix:
    x0 = window_x(window)
    return np.array(
        [
            [x0 + dx, y, 0.0]
            for dx in (-QUEUE_HALF_M, QUEUE_HALF_M)
            for y in np.linspace(0.02, PUBLIC_DEEP_M, 7)
        ]
    )


def _rounded(numbers: Iterable[float], digits: int = 3) -> list[float]:
    return [round(float(number), digits) for number in numbers]


def _nested(array: Matrix, digits: int) -> Any:
    return np.round(np.asarray(array, dtype=np.float64), digits).tolist()
