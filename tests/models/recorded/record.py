"""Makes the recordings beside it: our own random answers of networks, and what upstream makes of them.

    python tests/models/recorded/record.py

It needs packages that hallwatch does not: rtmlib, transformers, ultralytics and torch, in an environment of
their own. Tests read the recordings only.
"""

import ast
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

HERE = Path(__file__).parent
SIDE = 64
CELLS = 84
CLASSES = 3
QUERIES = 20
JOINTS = 17
SCORE = 0.3


def people(rng: np.random.Generator, number: int) -> np.ndarray:
    """Boxes (number, 4) cx, cy, w, h in the square's pixels: a few places, each seen several times."""
    places = np.column_stack([rng.uniform(12, 52, (6, 2)), rng.uniform(10, 30, (6, 2))])
    return places[rng.integers(0, len(places), number)] + rng.normal(0, 1.5, (number, 4))


def corners(boxes: np.ndarray) -> np.ndarray:
    return np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], axis=1)


def joints(rng: np.random.Generator, number: int) -> np.ndarray:
    """(number, 17 · 3) x, y, confidence."""
    return np.concatenate([rng.uniform(0, SIDE, (number, JOINTS, 2)), rng.random((number, JOINTS, 1))], 2)


def save(name: str, answers: dict[str, np.ndarray], expected: dict[str, Any]) -> None:
    floats = {f"answer_{key}": np.asarray(value, np.float32) for key, value in answers.items()}
    hopes = {f"expected_{key}": np.asarray(value, np.float32) for key, value in expected.items()}
    np.savez_compressed(HERE / f"{name}.npz", **floats, **hopes)


def yolo(rng: np.random.Generator) -> None:
    import torch
    from ultralytics.utils.nms import non_max_suppression

    def kept(raw: np.ndarray, classes: int, end2end: bool) -> np.ndarray:
        tensor = torch.from_numpy(raw.astype(np.float32).copy())
        options = {"conf_thres": SCORE, "iou_thres": 0.7, "nc": classes, "end2end": end2end}
        return non_max_suppression(tensor, **options)[0].numpy()

    scores = rng.random((CELLS, CLASSES)) ** 3
    raw = np.concatenate([people(rng, CELLS), scores], axis=1).T[None]
    rows = kept(raw, CLASSES, end2end=False)
    save("yolo", {"output0": raw}, {"boxes": rows[:, :4], "scores": rows[:, 4], "classes": rows[:, 5]})
    bodies = np.concatenate(
        [people(rng, CELLS), scores[:, :1], joints(rng, CELLS).reshape(CELLS, -1)], axis=1
    )
    rows = kept(bodies.T[None], 1, end2end=False)
    save("yolo_pose", {"output0": bodies.T[None]}, {"scores": rows[:, 4], "joints": rows[:, 6:]})
    found = np.concatenate(
        [corners(people(rng, QUERIES)), np.sort(rng.random((QUERIES, 1)), 0)[::-1]], axis=1
    )
    raw = np.concatenate([found, rng.integers(0, CLASSES, (QUERIES, 1))], axis=1)[None]
    rows = kept(raw, CLASSES, end2end=True)
    expected = {"boxes": rows[:, :4], "scores": rows[:, 4], "classes": rows[:, 5]}
    save("yolo_end_to_end", {"output0": raw}, expected)
    bodies = np.concatenate([found, np.zeros((QUERIES, 1)), joints(rng, QUERIES).reshape(QUERIES, -1)], 1)
    rows = kept(bodies[None], 1, end2end=True)
    save("yolo_pose_end_to_end", {"output0": bodies[None]}, {"scores": rows[:, 4], "joints": rows[:, 6:]})


def rtm(rng: np.random.Generator) -> None:
    from rtmlib import RTMO, YOLOX, RTMDet, RTMPose

    def tool(kind: type, **fields: Any) -> Any:
        made = object.__new__(kind)
        vars(made).update(fields)
        return made

    dets = np.concatenate([corners(people(rng, QUERIES)), rng.random((QUERIES, 1))], axis=1)[None]
    bodies = joints(rng, QUERIES)[None]
    points, sure = tool(RTMO).postprocess([dets.copy(), bodies.copy()], 1.0, 0.45, SCORE)
    expected = np.concatenate([points, sure[..., None]], axis=-1)
    save("rtmo", {"dets": dets, "keypoints": bodies}, {"joints": expected.reshape(len(expected), -1)})

    detector = {"model_input_size": (SIDE, SIDE), "nms_thr": 0.45, "score_thr": SCORE}
    boxes = tool(RTMDet, det_mode="human", **detector).postprocess(dets.copy(), 1.0)
    save("rtmdet", {"dets": dets}, {"boxes": boxes})

    # One class a cell: where several reach the score, rtmlib tells a box for each and YOLOX's demo the best.
    classes = np.eye(CLASSES)[rng.integers(0, CLASSES, CELLS)] * rng.uniform(0.5, 1, (CELLS, CLASSES)) ** 0.7
    logs, objectness = np.log(rng.uniform(1, 3, (CELLS, 2))), rng.random((CELLS, 1))
    raw = np.concatenate([rng.random((CELLS, 2)), logs, objectness, classes], axis=1)[None]
    boxes, classes = tool(YOLOX, det_mode="multiclass", mode="multiclass", **detector).postprocess(
        raw.copy(), 1.0
    )
    save("yolox", {"output": raw}, {"boxes": boxes, "classes": classes})

    simcc = {"simcc_x": rng.random((1, JOINTS, 96)), "simcc_y": rng.random((1, JOINTS, 128))}
    engine = tool(RTMPose, model_input_size=(48, 64), mean=None, std=None)
    box = np.array([200.0, 80.0, 290.0, 300.0])
    _, centre, scale = engine.preprocess(np.zeros((360, 640, 3), np.uint8), box)
    points, sure = engine.postprocess(list(simcc.values()), centre, scale)
    save("rtmpose", simcc, {"box": box, "joints": np.concatenate([points[0], sure[0][:, None]], axis=1)})


def detr(rng: np.random.Generator) -> None:
    import torch
    from transformers.image_transforms import center_to_corners_format

    process = upstreams_own(
        "transformers.models.rt_detr.image_processing_rt_detr", "post_process_object_detection"
    )
    process.__globals__.update(torch=torch, center_to_corners_format=center_to_corners_format)
    logits, boxes = rng.normal(-2, 2, (1, QUERIES, CLASSES)), people(rng, QUERIES)[None] / SIDE
    outputs = SimpleNamespace(
        logits=torch.tensor(logits, dtype=torch.float32), pred_boxes=torch.tensor(boxes, dtype=torch.float32)
    )
    (found,) = process(None, outputs, SCORE, torch.tensor([[SIDE, SIDE]]))
    expected = {"boxes": found["boxes"], "scores": found["scores"], "classes": found["labels"]}
    save("detr", {"logits": logits, "pred_boxes": boxes}, expected)


def upstreams_own(module: str, name: str) -> Callable[..., Any]:
    """A method out of a module that cannot be imported without torchvision, as a function."""
    spec = find_spec(module)
    source = Path(str(spec and spec.origin)).read_text(encoding="utf-8")
    tree = ast.parse(source)
    method = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name)
    method.decorator_list = []
    for argument in method.args.args:
        argument.annotation = None
    scope: dict[str, Any] = {}
    exec(compile(ast.Module([method], []), str(module), "exec"), scope)
    made: Callable[..., Any] = scope[name]
    return made


if __name__ == "__main__":
    for seed, part in enumerate((yolo, rtm, detr)):
        part(np.random.default_rng(27 + seed))
