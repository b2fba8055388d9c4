"""No face of the public is seen in a review copy, whatever was or was not recognised, and however it ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from cameras.blurred_copy import make_blurred_copy
from cameras.reader import read
from cameras.source import Kind, Source
from hallwatch.blur_plan import blur_plan
from hallwatch.site import load_site

CLIPS = Path(__file__).resolve().parents[2] / "datasets" / "clips"
QUEUE = CLIPS / "queue_line.mp4"
PICTURES = 80
HEAD_JOINTS = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
Image = NDArray[np.uint8]


def staff_side() -> list[list[tuple[float, float]]]:
    """The staff's side of the camera that watches the queue."""
    site = load_site(CLIPS / "site.yaml")
    camera = next(one for one in site.cameras if one.id == "queue-line")
    return [list(zone.staff) for zone in camera.zones.values()]


def true_frames() -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in (CLIPS / "queue_line.frames.jsonl").read_text().splitlines()]


def seen(frames: list[Mapping[str, Any]], *, public_seen: bool) -> dict[str, Any]:
    """The poses that go with the clip: of everybody, or of the clerk alone."""
    return {
        "format": 1,
        "size": [640, 360],
        "frames": [
            {
                "t_s": frame["t_s"],
                "persons": [
                    {"box": one["box_px"], "zone": one["side"], "keypoints": None}
                    for one in frame["persons"]
                    if one["side"] == "staff" or public_seen
                ],
            }
            for frame in frames
        ],
    }


def heads(frame: Mapping[str, Any], side: str) -> Iterator[tuple[int, int, int, int]]:
    """Boxes of the heads of that side's people, as far as they are in the picture."""
    for person in frame["persons"]:
        if person["side"] != side or not any(person["visible"][name] for name in HEAD_JOINTS):
            continue
        joints = np.array([person["joints_px"][name] for name in HEAD_JOINTS])
        shoulders = np.subtract(*(person["joints_px"][name] for name in ("left_shoulder", "right_shoulder")))
        reach = max(float(np.hypot(*shoulders)) * 0.4, 5.0)
        x, y = joints.mean(axis=0)
        box = (max(x - reach, 0), max(y - reach, 0), min(x + reach, 639), min(y + reach, 359))
        if box[2] - box[0] >= 6 and box[3] - box[1] >= 6:
            yield tuple(round(value) for value in box)  # type: ignore[misc]


def detail(image: Image, box: tuple[int, int, int, int]) -> float:
    """How much is seen in a box that is finer than a sixth of it: what faces are told by."""
    x1, y1, x2, y2 = box
    part = image[y1:y2, x1:x2].astype(np.float32)
    coarse = cv2.GaussianBlur(part, (0, 0), max((y2 - y1) / 6, 1.0))
    return float(np.sqrt(((part - coarse) ** 2).mean()))


def pictures(path: Path) -> list[Image]:
    return [one.image for one in islice(read(Source(Kind.FILE, str(path)), rate=10.0), PICTURES)]


def details(film: list[Image], frames: list[Mapping[str, Any]], side: str) -> NDArray[np.float64]:
    """The detail of each head of a side, picture by picture."""
    step = 2 if len(frames) > 1 and frames[1]["t_s"] < 0.09 else 1
    found = [
        detail(image, box)
        for image, frame in zip(film, frames[::step], strict=False)
        for box in heads(frame, side)
    ]
    assert len(found) > 50
    return np.array(found)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the queue."""
    from cameras.write_video import VideoWriter

    path = tmp_path_factory.mktemp("queue") / "short.mp4"
    with VideoWriter(path, 10.0, (640, 360), crf=16) as writer:
        for image in pictures(QUEUE):
            writer.write(image)
    return path


@pytest.mark.parametrize("public_seen", [True, False])
def test_no_face_of_the_public_is_told_by_the_pixels(short: Path, tmp_path: Path, public_seen: bool) -> None:
    frames = true_frames()
    plan = blur_plan(seen(frames, public_seen=public_seen), staff_side())
    copy = make_blurred_copy(short, tmp_path, plan, flagged_at_s=4, duration_s=8)
    before, after = pictures(short), pictures(copy.film)
    assert len(after) == len(before)
    public = details(after, frames, "public")
    assert public.max() < 0.5 * np.median(details(before, frames, "public"))
    clerk = np.median(details(after, frames, "staff")) / np.median(details(before, frames, "staff"))
    assert clerk > 0.7


def test_where_nothing_was_observed_nothing_is_shown(short: Path, tmp_path: Path) -> None:
    frames = [frame for frame in true_frames() if not 2.0 < frame["t_s"] < 6.0]
    copy = make_blurred_copy(
        short, tmp_path, blur_plan(seen(frames, public_seen=True), staff_side()), flagged_at_s=4, duration_s=8
    )
    clerk = [
        detail(image, box)
        for image, frame in zip(pictures(copy.film)[30:50], true_frames()[30:50], strict=True)
        for box in heads(frame, "staff")
    ]
    assert max(clerk) < 0.5 * np.median(details(pictures(short), true_frames(), "staff"))


@pytest.mark.parametrize("skeleton", [None, {"format": 1, "size": [0, 0], "frames": []}])
def test_p3_without_poses_or_zones_the_whole_picture_is_blurred(
    short: Path, tmp_path: Path, skeleton: dict[str, Any] | None
) -> None:
    copy = make_blurred_copy(short, tmp_path, blur_plan(skeleton, staff_side()), flagged_at_s=4, duration_s=8)
    clerk = details(pictures(copy.film), true_frames(), "staff")
    assert clerk.max() < 0.5 * np.median(details(pictures(short), true_frames(), "staff"))


def test_staff_are_blurred_by_setting(short: Path, tmp_path: Path) -> None:
    plan = blur_plan(seen(true_frames(), public_seen=True), staff_side(), blur_staff=True)
    copy = make_blurred_copy(short, tmp_path, plan, flagged_at_s=4, duration_s=8)
    clerk = details(pictures(copy.film), true_frames(), "staff")
    assert np.median(clerk) < 0.5 * np.median(details(pictures(short), true_frames(), "staff"))


BLUR = """
import sys
from pathlib import Path
from cameras.blurred_copy import make_blurred_copy
from cameras.blurring import BlurPlan, Sighting
plan = BlurPlan([[(0, 0), (0.3, 0), (0.3, 1), (0, 1)]], [Sighting(n / 5) for n in range(60)])
class Told:
    count = 0
    def __call__(self, image):
        self.count += 1
        print(self.count, flush=True)
        return []
make_blurred_copy(Path(sys.argv[1]), Path(sys.argv[2]), plan, flagged_at_s=4, duration_s=8, find_heads=Told())
"""


@pytest.mark.parametrize("after", [1, 40, 79])
def test_a_killed_blurrer_leaves_no_copy_and_no_unblurred_picture(
    short: Path, tmp_path: Path, after: int
) -> None:
    command = [sys.executable, "-c", BLUR, str(short), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as blurrer:
        assert blurrer.stdout is not None
        for line in blurrer.stdout:
            if int(line) == after:
                os.kill(blurrer.pid, signal.SIGKILL)
                break
    assert blurrer.returncode == -signal.SIGKILL
    assert not (tmp_path / "review.mp4").exists()
    assert {path.name for path in tmp_path.iterdir()} <= {"part.mp4", "poster.jpg", "filmstrip.jpg"}
