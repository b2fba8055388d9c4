"""The table of engines: how right each sees people in clips with truth, and what it costs; as Markdown.

    python benchmarks/engines.py TRUTH_DIR [--detector FILE]… [--pose FILE]… [--clips N]

Every pose engine that is installed runs as the service runs it (following people at the site's rate, the
first detector beside it); every detector by itself on one picture a second. OKS mAP is COCO's. Milliseconds
belong to this machine, the ratios to the first row carry over.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from cameras.reader import read
from cameras.source import Source
from datasets.keypoint_precision import pose_precision, true_pose
from datasets.true_frames import read_frames
from datasets.truth import Truth, TruthError, find_truths, load_truth
from hallwatch.evaluate import measure
from hallwatch.logs import configure_logs
from hallwatch.networks import Networks
from models.blazepose import BlazePose
from models.detector_cards import imported_detectors, imported_poses
from models.detectors import find_detector, find_pose, open_detector, open_pose
from models.engines import Detector, PoseEngine
from models.errors import ModelsError, NetworkMissing
from models.mediapipe_pose import MediapipePose
from models.storage import Store
from vision.boxes import coverage, iou

SAME = 0.5
"""A found box that overlaps a true one (IoU) at least so much is that person."""

SCORES = 0.3
LOOKS_PER_S = 1.0


@dataclass
class Timed:
    """Passes calls on to an engine and adds up what they take."""

    engine: Any
    wall_s: float = 0.0
    calls: int = 0

    def __getattr__(self, verb: str) -> Any:
        def call(*arguments: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return getattr(self.engine, verb)(*arguments, **more)
            finally:
                self.wall_s += time.perf_counter() - began
                self.calls += 1

        return call


class MediapipeFollowed:
    """MediaPipe's runner has no finder for several people: BlazePose's finds them for it."""

    def __init__(self, finder: BlazePose, runner: MediapipePose) -> None:
        self.find, self.estimate = finder.find, runner.estimate


@dataclass(frozen=True, slots=True)
class PoseRow:
    name: str
    beside: str
    oks_map: float | None
    at_50: float | None
    clerk_seen: float | None
    pose_ms: float
    cpu_ms: float


@dataclass
class DetectorRow:
    name: str
    there: int = 0
    found: int = 0
    false: int = 0
    wall: list[float] = field(default_factory=list)
    cpu_s: float = 0.0


def pose_engines(store: Store, files: Sequence[str], detector: Detector | None) -> Iterator[tuple[str, Any]]:
    blazepose = BlazePose(store.path("pose_detection"), store.path("pose_landmark_full"))
    yield "BlazePose full (LiteRT)", blazepose
    with suppress(NetworkMissing):
        runner = MediapipePose(store.path("pose_landmarker_full"))
        yield "BlazePose full (MediaPipe's runner)", MediapipeFollowed(blazepose, runner)
    for name in files or imported_poses(store):
        yield Path(name).stem, open_pose(find_pose(store, name), detector)


def measured_pose(
    name: str, engine: PoseEngine, beside: str, detector: Detector | None, truths: Sequence[Truth]
) -> PoseRow:
    timed = Timed(engine)
    began, frames, poses, seen, asked = time.process_time(), 0, [], 0, 0
    for truth in truths:
        clip = measure(truth, Networks(timed, detector))  # type: ignore[arg-type]
        frames += len(clip.observations)
        poses += clip.score.poses
        seen, asked = seen + clip.score.sightings.staff_seen, asked + clip.score.sightings.staff_frames
    cpu_s = time.process_time() - began
    right = pose_precision(poses)
    share = seen / asked if asked else None
    return PoseRow(
        name, beside, right.mean, right.at_50, share, timed.wall_s / frames * 1e3, cpu_s / frames * 1e3
    )


def measured_detector(name: str, detector: Detector, truths: Sequence[Truth]) -> DetectorRow:
    row = DetectorRow(name)
    for truth in truths:
        if truth.frames_path is None:
            continue
        frames = read_frames(truth.frames_path)
        for frame in read(Source.parse(str(truth.clip_path)), rate=LOOKS_PER_S, starts_at=truth.starts_at):
            there = frames.at(truth.second_of(frame.captured_at), 0.6 / truth.fps)
            if there is None:
                continue
            began, cpu_began = time.perf_counter(), time.process_time()
            things = detector.detect(frame.image, min_score=SCORES)
            row.wall.append(time.perf_counter() - began)
            row.cpu_s += time.process_time() - cpu_began
            people = [pose for one in there.persons if (pose := true_pose(truth, one)) is not None]
            counted(row, people, [thing.box for thing in things if thing.label == "person"])
    return row


def counted(row: DetectorRow, people: Sequence[Any], boxes: list[tuple[float, float, float, float]]) -> None:
    """Each true person takes the box most like it; a box on somebody hardly in view is neither."""
    left = list(boxes)
    for person in (one for one in people if not one.ignored):
        row.there += 1
        best = max(left, key=lambda box: iou(person.box, box), default=None)
        if best is not None and iou(person.box, best) >= SAME:
            left.remove(best)
            row.found += 1
    hardly = [one.box for one in people if one.ignored]
    row.false += sum(all(coverage(box, other) < SAME for other in hardly) for box in left)


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.1f} %"


def pose_table(rows: Sequence[PoseRow]) -> str:
    lines = [
        "| pose engine | beside | OKS mAP | at 0.50 | clerk seen | pose ms | whole, CPU ms | ÷ first |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        right = f"{percent(row.oks_map)} | {percent(row.at_50)} | {percent(row.clerk_seen)}"
        ratio = f"{row.cpu_ms / rows[0].cpu_ms:.2f}"
        lines.append(
            f"| {row.name} | {row.beside} | {right} | {row.pose_ms:.1f} | {row.cpu_ms:.1f} | {ratio} |"
        )
    return "\n".join(lines)


def detector_table(rows: Sequence[DetectorRow]) -> str:
    lines = [
        "| detector | people | recall | precision | ms/frame | CPU ms/frame |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        recall = row.found / row.there if row.there else None
        precision = row.found / (row.found + row.false) if row.found + row.false else None
        ms, cpu_ms = float(np.median(row.wall)) * 1e3, row.cpu_s / len(row.wall) * 1e3
        shares = f"{percent(recall)} | {percent(precision)}"
        lines.append(f"| {row.name} | {row.there} | {shares} | {ms:.1f} | {cpu_ms:.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("truth", type=Path, help="a folder of clips with their truth")
    parser.add_argument("--detector", action="append", default=[], help="a file or an imported name")
    parser.add_argument("--pose", action="append", default=[], help="a file or an imported name")
    parser.add_argument("--clips", type=int, help="only the first so many")
    chosen = parser.parse_args()
    configure_logs("ERROR")
    cv2.setNumThreads(1)
    try:
        print(both_tables(Store.default(), chosen))
    except (ModelsError, TruthError) as error:
        parser.exit(1, f"{error}\n")


def both_tables(store: Store, chosen: argparse.Namespace) -> str:
    truths = [load_truth(path) for path in find_truths(chosen.truth)][: chosen.clips]
    detectors = {
        Path(name).stem: open_detector(find_detector(store, name) or Path(name))
        for name in chosen.detector or imported_detectors(store)
    }
    beside, detector = next(iter(detectors.items()), ("nothing", None))
    rows = [
        measured_pose(name, one, beside, detector, truths)
        for name, one in pose_engines(store, chosen.pose, detector)
    ]
    if detector is not None:
        blazepose = next(iter(pose_engines(store, [], None)))
        rows.append(measured_pose(blazepose[0], blazepose[1], "nothing", None, truths))
    seen = f"{len(truths)} clips, {sum(truth.duration_s for truth in truths):.0f} s."
    things = detector_table([measured_detector(name, one, truths) for name, one in detectors.items()])
    return "\n\n".join([seen, pose_table(rows), things])


if __name__ == "__main__":
    main()
