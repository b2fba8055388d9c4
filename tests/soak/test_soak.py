"""A hall of live cameras for minutes on end: nothing grows, no camera is lost, every flag has its clip.

HALLWATCH_SOAK_MINUTES sets for how long it is measured (`make soak`: 30), HALLWATCH_SOAK_OUT where the
figures and their picture go.
"""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.accounts import set_password
from cameras.reader import read
from cameras.ring import RING_SECONDS
from cameras.source import Kind, Source
from cameras.write_video import VideoWriter
from hallwatch.api_process import api_settings
from hallwatch.settings import environment_of, read_settings
from hallwatch.site import load_site
from hallwatch.skeleton_trail import KEPT
from models.storage import Store
from tests.conftest import REPOSITORY, need
from tests.fakes.mjpeg_camera import MjpegCamera
from tests.fakes.rtsp_camera import RtspCamera
from tests.hallwatch.test_up import children, free_port
from tests.soak.measured import Sample, growth, look, write_csv
from tests.soak.picture import draw

MINUTES = float(os.environ.get("HALLWATCH_SOAK_MINUTES", "2"))
EVERY_S = max(1.0, MINUTES * 60 / 300)
SETTLED_S = max(RING_SECONDS, KEPT.total_seconds()) + 5
"""Until rings and trails are full, memory grows as it should; only what follows is measured."""

LASTS_S = SETTLED_S + MINUTES * 60
CLIPS = REPOSITORY / "datasets" / "clips"
PASSWORD = "a long enough password"
LOGIN = ("digest", "viewer", "a-camera-password")
SHOWN = {"h264": "absence", "h265": "arms-crossed", "webcam": "phone-call"}
"""Which camera of the demo hall each shows."""

LIVE_WITHIN_S = 60.0


def in_h265(clip: Path, path: Path) -> Path:
    """The clip as newer cameras send it."""
    with VideoWriter(path, 10.0, (640, 360), codec="hevc", preset="ultrafast") as writer:
        for picture in read(Source(Kind.FILE, str(clip)), rate=10.0):
            writer.write(picture.image)
    return path


def site_of(sources: dict[str, str]) -> str:
    """A hall that is always open, with a window for each camera, where the demo hall has its zones."""
    zones = {
        camera.id: next(iter(camera.zones.values())).staff
        for camera in load_site(CLIPS / "site.yaml").cameras
    }
    lines = [
        "hall: {id: soak, name: 长跑大厅, name_en: Soak hall, time_zone: Asia/Shanghai,",
        "  camera_records: optional}",
        "windows:",
        *(f'  - {{id: "{name}", name: 窗口{name}, name_en: "Window {name}"}}' for name in sources),
        "cameras:",
    ]
    for name, source in sources.items():
        lines += [
            f"  - id: {name}",
            f"    name: {name}",
            f'    source: "{source}"',
            f'    zones: {{"{name}": {{staff: {[list(corner) for corner in zones[SHOWN[name]]]}}}}}',
        ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Two RTSP cameras, H.264 with a password and H.265, and one that sends JPEG as webcams do."""
    jpegs = [one.image for one in read(Source(Kind.FILE, str(CLIPS / "phone_call.mp4")), rate=10.0)]
    with ExitStack() as cameras:
        h264 = cameras.enter_context(RtspCamera(CLIPS / "absence.mp4", LOGIN))
        h265 = cameras.enter_context(RtspCamera(in_h265(CLIPS / "arms_crossed.mp4", tmp_path / "h265.mp4")))
        mjpeg = cameras.enter_context(MjpegCamera(pictures=jpegs))
        secret = f"rtsp://{LOGIN[1]}:{LOGIN[2]}@"
        yield {
            "h264": h264.address.replace("rtsp://", secret),
            "h265": h265.address,
            "webcam": mjpeg.address,
        }


class Supervisor:
    """Somebody who looks at the running hall."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"{address}/api/v1", trust_env=False, timeout=10)

    def close(self) -> None:
        self._client.close()

    def signed_in(self) -> bool:
        try:
            body = {"username": "supervisor", "password": PASSWORD}
            return self._client.post("/session", json=body).is_success
        except httpx.HTTPError:
            return False

    def get(self, path: str) -> Any:
        try:
            answer = self._client.get(path)
        except httpx.HTTPError:
            return None
        return answer.json() if answer.is_success else None

    def states(self) -> dict[str, str]:
        return {camera["id"]: camera["state"] for camera in self.get("/cameras") or ()}


@pytest.mark.timeout(int(LASTS_S) + 300)
def test_a_hall_of_live_cameras_runs_on_and_nothing_grows(tmp_path: Path, sources: dict[str, str]) -> None:
    need((Store.default().folder / "pose_landmark_full.tflite").is_file(), "the networks (make networks)")
    site = tmp_path / "site.yaml"
    site.write_text(site_of(sources), encoding="utf-8")
    settings = read_settings(data_dir=tmp_path / "data", port=free_port())
    set_password(api_settings(settings), "supervisor", PASSWORD)
    command = [sys.executable, "-m", "hallwatch", "up", "--site", str(site)]
    output = tmp_path / "output"
    with output.open("wb") as said:
        process = subprocess.Popen(command, env=environment_of(settings), stdout=said, stderr=said)
    hall = Supervisor(settings.address)
    try:
        assert _becomes_true(hall.signed_in)
        assert _becomes_true(lambda: set(hall.states().values()) == {"live"}), hall.states()
        samples, lost = watched(hall, process.pid)
        events = hall.get("/events?limit=100")["items"]
    finally:
        hall.close()
        process.terminate()
        code = process.wait(30)
    told = report(samples)
    assert not lost, f"cameras that were not live at times: {lost}"
    assert code == 0
    grown = [str(one) for one in told if not one.is_flat]
    assert not grown, grown
    assert {event["camera"] for event in events} >= {"h264", "h265"}, "both RTSP cameras were judged"
    over = [e for e in events[len(sources) :] if (e["clip"] or {}).get("state") not in {"ready", "pending"}]
    assert not over, "every flag has its film"
    assert not re.search(rb"Traceback|\berror\b.*exc_info", output.read_bytes())
    assert LOGIN[2].encode() not in output.read_bytes()


def watched(hall: Supervisor, pid: int) -> tuple[list[Sample], dict[str, str]]:
    """Samples of all processes over the soak, and cameras that were ever seen in another state than live."""
    pause, samples, lost = threading.Event(), list[Sample](), dict[str, str]()
    began_s = time.monotonic()
    while (at_s := time.monotonic() - began_s) < LASTS_S:
        processes = {"up": pid}
        for name in ("serve", "work", "copies"):
            processes |= {f"{name} {n}": child for n, child in enumerate(children(pid, name), 1)}
        samples += look(at_s, processes)
        lost |= {camera: state for camera, state in hall.states().items() if state != "live"}
        if len(samples) % 60 < len(processes):
            sys.stdout.write(f"{at_s / 60:.1f} of {LASTS_S / 60:.1f} minutes; lost: {lost or 'none'}\n")
            sys.stdout.flush()
        pause.wait(EVERY_S)
    return samples, lost


def report(samples: list[Sample]) -> list[Any]:
    """The growth of each process, told; its table and picture where they are wanted."""
    told = growth(samples, SETTLED_S, LASTS_S)
    for one in told:
        sys.stdout.write(f"{one}\n")
    folder = os.environ.get("HALLWATCH_SOAK_OUT")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        write_csv(samples, Path(folder) / "soak.csv")
        draw(samples, Path(folder) / "soak.png")
    return told


def _becomes_true(condition: Any, within_s: float = LIVE_WITHIN_S) -> bool:
    pause = threading.Event()
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        pause.wait(0.2)
    return True
