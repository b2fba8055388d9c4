"""What each network costs on this machine: wall and CPU milliseconds a call, and the ratio to one pose.

    python benchmarks/networks.py [--detector FILE.onnx] [--picture FILE] [--seconds 2] [--json]

CPU above wall means that an engine keeps more than one core busy. Ratios carry over to other machines;
milliseconds do not.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from models.blazepose import BlazePose
from models.detections import Region
from models.detectors import find_detector, open_detector
from models.errors import ModelsError, NetworkMissing
from models.mediapipe_pose import MediapipePose
from models.registry import registry
from models.runtime import litert_interpreter
from models.storage import Store

YARDSTICK = "pose_landmark_full"
Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over the calls made."""

    name: str
    wall_ms: float
    cpu_ms: float
    calls: int


def measured(name: str, call: Call, seconds: float) -> Cost:
    """Call again and again for about `seconds`, the first call not counted."""
    call()
    wall: list[float] = []
    cpu: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(wall) < 3:
        wall_from, cpu_from = time.perf_counter(), time.process_time()
        call()
        wall.append(time.perf_counter() - wall_from)
        cpu.append(time.process_time() - cpu_from)
    return Cost(name, float(np.median(wall)) * 1e3, float(np.mean(cpu)) * 1e3, len(wall))


def picture_of(path: Path | None) -> NDArray[np.uint8]:
    """The photograph in `path`, else 1280×720 of noise, in which MediaPipe finds nobody."""
    if path is None:
        return np.random.default_rng(27).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    image = cv2.imread(str(path))
    if image is None:
        raise NetworkMissing(f"{path} is not a picture: give a photograph with a person in its middle.")
    return np.asarray(image, dtype=np.uint8)


def calls(store: Store, detector: str | None, picture: NDArray[np.uint8]) -> Iterator[tuple[str, Call]]:
    """Each network bare, then the engines around them on the picture."""
    height, width = picture.shape[:2]
    region = Region(width / 2, height / 2, min(width, height))
    for name in registry().networks:
        yield name, bare(store.path(name))
    blazepose = BlazePose(store.path("pose_detection"), store.path(YARDSTICK))
    yield "BlazePose.find", lambda: blazepose.find(picture)
    yield "BlazePose.estimate", lambda: blazepose.estimate(picture, region)
    path = find_detector(store, detector)
    if path:
        yolox = open_detector(path)
        yield f"{path.stem}, whole picture", lambda: yolox.detect(picture)
        yield f"{path.stem}, crop 200×200", lambda: yolox.detect(picture, (100, 100, 300, 300))
    try:
        mediapipe = MediapipePose(store.path("pose_landmarker_full"))
    except NetworkMissing:
        return
    yield "MediapipePose.estimate", lambda: mediapipe.estimate(picture, region)


def bare(path: Path) -> Call:
    """The network alone, its input set once."""
    interpreter = litert_interpreter(path)
    entry = interpreter.get_input_details()[0]
    tensor = np.random.default_rng(27).random(tuple(entry["shape"]), dtype=np.float32)
    interpreter.set_tensor(entry["index"], tensor)
    run: Call = interpreter.invoke
    return run


def table(costs: list[Cost]) -> Table:
    yardstick = next(cost.wall_ms for cost in costs if cost.name == YARDSTICK)
    shown = Table("network", "wall ms", "CPU ms", f"÷ {YARDSTICK}", "calls")
    for cost in costs:
        ratio = f"{cost.wall_ms / yardstick:.2f}"
        shown.add_row(cost.name, f"{cost.wall_ms:.2f}", f"{cost.cpu_ms:.2f}", ratio, str(cost.calls))
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--detector", help="an ONNX file or the name of an imported detector")
    parser.add_argument("--picture", type=Path, help="a photograph with a person in its middle")
    parser.add_argument("--seconds", type=float, default=2.0, help="to spend on each network")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of the table")
    chosen = parser.parse_args()
    try:
        named = calls(Store.default(), chosen.detector, picture_of(chosen.picture))
        costs = [measured(name, call, chosen.seconds) for name, call in named]
    except ModelsError as error:
        parser.exit(1, f"{error}\n")
    if chosen.json:
        for cost in costs:
            print(json.dumps(asdict(cost)))
    else:
        Console().print(table(costs))


if __name__ == "__main__":
    main()
