"""BlazePose on LiteRT: find people in a crop, follow each by a region of its own, 10 ms a person and frame.

One copy of the two networks serves every camera of a process. MediaPipe's own task runner keeps a copy and
four threads an object and finds far fewer people in a whole frame than in crops around each, so the region
tracking is done here. It follows the published design: the detector names the hips' middle and a circle
around the body, the landmark network names both again for the next frame (Bazarevsky et al., "BlazePose:
On-device Real-time Body Pose tracking", 2020), and 2D landmarks are refined from the heat map.
"""

import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.bad_answers import count_bad_answer
from models.blazepose_topology import COCO_FROM_BLAZEPOSE
from models.detections import FoundBody as FoundBody
from models.detections import PoseEstimate, Region
from models.runtime import litert_interpreter

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]

DETECTOR_SIDE = 224
LANDMARK_SIDE = 256
HEATMAP_SIDE = 64
COCO_ROWS = np.array(COCO_FROM_BLAZEPOSE)

BODY_MARGIN = 1.25
"""The region is the body's circle and a quarter more, as the networks were trained."""

UPPER_BODY = 1.7
SEATED_CIRCLE = 2.2

HIPS_MIDDLE, BODY_CIRCLE = 33, 34
"""The two auxiliary landmarks from which the next region follows."""

REFINE_KERNEL = 7
REFINE_MIN_CONFIDENCE = 0.5
_steps = np.arange(REFINE_KERNEL) - REFINE_KERNEL // 2
REFINE_GRID = (_steps[None, None, :], _steps[None, :, None])
"""Steps along columns and rows around a landmark's cell."""


def _anchors() -> Floats:
    """Centres of the detector's 2254 anchors, (N, 2) in 0..1: two a cell at stride 8 and 16, six at 32."""
    layers = []
    for stride, repeat in ((8, 2), (16, 2), (32, 6)):
        cells = DETECTOR_SIDE // stride
        ys, xs = np.mgrid[0:cells, 0:cells]
        centres = (np.stack([xs, ys], axis=-1).reshape(-1, 2) + 0.5) / cells
        layers.append(np.repeat(centres, repeat, axis=0))
    return np.concatenate(layers).astype(np.float32)


ANCHORS = _anchors()


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -50.0, 50.0))), dtype=np.float32)


def region_from_circle(centre: tuple[float, float], rim: tuple[float, float]) -> Region:
    """The turned square around a body whose hips' middle is `centre` and whose circle passes `rim` (px)."""
    dx, dy = rim[0] - centre[0], rim[1] - centre[1]
    angle = math.pi / 2 - math.atan2(-dy, dx)
    turned = (angle + math.pi) % (2 * math.pi) - math.pi
    return Region(centre[0], centre[1], 2 * math.hypot(dx, dy) * BODY_MARGIN, turned)


def region_by_shape(box: Box) -> Region:
    """Where to look for the joints of a person whose box (px) another detector gave.

    A box less than 1.7 times as high as wide shows an upper body: its hips are at the lower edge, and the
    body's circle, legs included, is 2.2 times as wide as the box is high.
    """
    x1, y1, x2, y2 = box
    width, height = x2 - x1, y2 - y1
    if height < UPPER_BODY * width:
        return Region((x1 + x2) / 2, y2, height * SEATED_CIRCLE)
    return Region((x1 + x2) / 2, (y1 + y2) / 2, height * BODY_MARGIN)


def region_to_square(region: Region, side: int) -> NDArray[np.float64]:
    """The 2×3 affine that lays the region upright on a square of `side` pixels."""
    scale = side / max(region.side, 1e-6)
    cos, sin = math.cos(region.angle_rad) * scale, math.sin(region.angle_rad) * scale
    tx = side / 2 - cos * region.cx - sin * region.cy
    ty = side / 2 + sin * region.cx - cos * region.cy
    return np.array([[cos, sin, tx], [-sin, cos, ty]])


def _square_to_picture(points: Floats, region: Region) -> Floats:
    """Points (N, 2) of the unit square back in the picture's pixels."""
    centred = (points - 0.5) * region.side
    cos, sin = math.cos(region.angle_rad), math.sin(region.angle_rad)
    x = centred[:, 0] * cos - centred[:, 1] * sin + region.cx
    y = centred[:, 0] * sin + centred[:, 1] * cos + region.cy
    return np.stack([x, y], axis=1).astype(np.float32)


def _refined(points: Floats, heatmap: Floats) -> Floats:
    """Landmarks (N, 2) of the unit square, each moved to the weighted middle of its heat within 7×7 cells.

    A landmark whose heat nowhere reaches 0.5 stays where the regression put it.
    """
    cells = np.floor(points * HEATMAP_SIDE).astype(int)
    inside = ((cells >= 0) & (cells < HEATMAP_SIDE)).all(axis=1)
    columns, rows = (cells[:, axis, None, None] + grid for axis, grid in enumerate(REFINE_GRID))
    within = (columns >= 0) & (columns < HEATMAP_SIDE) & (rows >= 0) & (rows < HEATMAP_SIDE)
    last = HEATMAP_SIDE - 1
    landmark = np.arange(len(points))[:, None, None]
    heat = _sigmoid(heatmap[np.clip(rows, 0, last), np.clip(columns, 0, last), landmark]) * within
    clear = inside & (heat.max(axis=(1, 2)) >= REFINE_MIN_CONFIDENCE)
    total = np.maximum(heat.sum(axis=(1, 2)), 1e-6)
    middle = np.stack([(heat * columns).sum(axis=(1, 2)), (heat * rows).sum(axis=(1, 2))], axis=1)
    refined = middle / total[:, None] / HEATMAP_SIDE
    return np.asarray(np.where(clear[:, None], refined, points), dtype=np.float32)


def _iou(one: Floats, others: Floats) -> Floats:
    top_left = np.maximum(one[:2], others[:, :2])
    bottom_right = np.minimum(one[2:4], others[:, 2:4])
    overlap = np.prod(np.clip(bottom_right - top_left, 0, None), axis=1)
    area = np.prod(one[2:4] - one[:2]) + np.prod(others[:, 2:4] - others[:, :2], axis=1)
    return np.asarray(overlap / np.maximum(area - overlap, 1e-9), dtype=np.float32)


class _Network:
    """One LiteRT network with one input; answers with its outputs by the number of their elements."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._interpreter: Any = litert_interpreter(path)
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = {
            int(np.prod(detail["shape"])): detail["index"]
            for detail in self._interpreter.get_output_details()
        }

    def run(self, tensor: Floats) -> dict[int, Floats]:
        self._interpreter.set_tensor(self._input, tensor[None])
        self._interpreter.invoke()
        return {size: self._interpreter.get_tensor(index)[0] for size, index in self._outputs.items()}


class BlazePose:
    """The pose engine: `find` people in part of a picture, `estimate` the joints within a region.

    Raises `NetworkRefused` when a file is missing or is not the network that is expected.
    """

    def __init__(self, detector: Path, landmarks: Path) -> None:
        self._detector = _Network(detector)
        self._landmarks = _Network(landmarks)

    def find(self, image: Image, crop: Box | None = None, min_score: float = 0.5) -> tuple[FoundBody, ...]:
        """People within `crop` (x1, y1, x2, y2 px; the whole picture by default), surest first."""
        height, width = image.shape[:2]
        x1, y1, x2, y2 = crop or (0.0, 0.0, float(width), float(height))
        square = Region((x1 + x2) / 2, (y1 + y2) / 2, max(x2 - x1, y2 - y1, 1.0))
        tensor = self._patch(image, square, DETECTOR_SIDE) * 2.0 - 1.0
        outputs = self._detector.run(tensor)
        if not all(np.isfinite(value).all() for value in outputs.values()):
            count_bad_answer(self._detector.name)
            return ()
        scores = _sigmoid(outputs[len(ANCHORS)].reshape(-1))
        raw = outputs[len(ANCHORS) * 12].reshape(-1, 12)
        return tuple(_bodies(scores, raw, square, min_score))

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        """The joints of the person in `region`; None when a number the network gave is not finite."""
        outputs = self._landmarks.run(self._patch(image, region, LANDMARK_SIDE))
        landmarks = outputs[39 * 5].reshape(39, 5)
        world = outputs[39 * 3].reshape(39, 3)
        presence = float(outputs[1].reshape(-1)[0])
        if not (np.isfinite(landmarks).all() and np.isfinite(world).all() and math.isfinite(presence)):
            count_bad_answer(self._landmarks.name)
            return None
        heatmap = outputs[HEATMAP_SIDE * HEATMAP_SIDE * 39].reshape(HEATMAP_SIDE, HEATMAP_SIDE, 39)
        points = _square_to_picture(_refined(landmarks[:, :2] / np.float32(LANDMARK_SIDE), heatmap), region)
        confidence = _sigmoid(landmarks[:, 3])
        keypoints = np.column_stack([points, confidence])[COCO_ROWS].astype(np.float32)
        return PoseEstimate(
            keypoints=_frozen(keypoints),
            presence=presence,
            region=region_from_circle(_xy(points[HIPS_MIDDLE]), _xy(points[BODY_CIRCLE])),
            world=_frozen(_world_upright(world, region)[COCO_ROWS]),
        )

    def _patch(self, image: Image, region: Region, side: int) -> Floats:
        """The region as an upright RGB square (side, side, 3) in 0..1; black beyond the picture."""
        affine = region_to_square(region, side)
        patch = cv2.warpAffine(image, affine, (side, side), flags=cv2.INTER_LINEAR)
        rgb = cv2.cvtColor(patch, cv2.COLOR_BGR2RGB)
        return np.asarray(rgb, dtype=np.float32) * np.float32(1 / 255)


def _bodies(scores: Floats, raw: Floats, square: Region, min_score: float) -> list[FoundBody]:
    order = [index for index in np.argsort(-scores) if scores[index] >= min_score]
    decoded = raw[order] / DETECTOR_SIDE
    centres = decoded[:, :2] + ANCHORS[order]
    boxes = np.concatenate([centres - decoded[:, 2:4] / 2, centres + decoded[:, 2:4] / 2], axis=1)
    found: list[FoundBody] = []
    alive = np.ones(len(order), dtype=bool)
    for rank, index in enumerate(order):
        if not alive[rank]:
            continue
        alive &= _iou(boxes[rank], boxes) < 0.3
        rim_points = decoded[rank, 4:8].reshape(2, 2) + ANCHORS[index]
        hips, rim = _square_to_picture(rim_points, square)
        found.append(FoundBody(float(scores[index]), region_from_circle(_xy(hips), _xy(rim))))
    return found


def _world_upright(world: Floats, region: Region) -> Floats:
    """World landmarks turned back by the region's angle, so that y points down in the picture."""
    cos, sin = math.cos(region.angle_rad), math.sin(region.angle_rad)
    out = world.astype(np.float32).copy()
    out[:, 0] = world[:, 0] * cos - world[:, 1] * sin
    out[:, 1] = world[:, 0] * sin + world[:, 1] * cos
    return out


def _xy(point: Floats) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def _frozen(array: Floats) -> Floats:
    array.setflags(write=False)
    return array
