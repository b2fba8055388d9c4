"""kill -9 in the middle of an event: it arrives once, with a clip that plays."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.accounts import set_password
from cameras.reader import read
from cameras.source import Source
from hallwatch.api_process import api_settings
from hallwatch.settings import Settings, environment_of, read_settings
from hallwatch.worker_key import worker_key
from models.storage import Store
from tests.conftest import need
from tests.hallwatch.test_up import free_port

PASSWORD = "a long enough password"


@dataclass
class Hall:
    """A running hallwatch that watches one clip, and a signed-in supervisor."""

    settings: Settings
    process: subprocess.Popen[bytes]
    client: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False))

    def child(self, command: str) -> int | None:
        """The process id of the child that runs this hallwatch command."""
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().decode().split("\0")
                parent = re.search(r"^PPid:\s+(\d+)", (entry / "status").read_text(), re.MULTILINE)
            except OSError:
                continue
            if command in words and parent and int(parent[1]) == self.process.pid:
                return int(entry.name)
        return None

    def kill(self, command: str) -> int:
        pid = self.child(command)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        return pid

    def sign_in(self) -> bool:
        body = {"username": "supervisor", "password": PASSWORD}
        return self._get("POST", "session", json=body) is not None

    def events(self) -> list[dict[str, Any]]:
        answer = self._get("GET", "events?behaviour=arms_crossed")
        return answer["items"] if answer else []

    def clip(self, event: dict[str, Any]) -> bytes:
        key = {"Authorization": f"Bearer {worker_key(self.settings).get_secret_value()}"}
        path = f"/api/v1/ingest/events/{event['id']}/clip"
        return self.client.get(f"{self.settings.address}{path}", headers=key).content

    def _get(self, method: str, path: str, **more: Any) -> dict[str, Any] | None:
        try:
            answer = self.client.request(method, f"{self.settings.address}/api/v1/{path}", **more)
        except httpx.HTTPError:
            return None
        return dict(answer.json()) if answer.is_success else None


@pytest.fixture
def hall(tmp_path: Path, shared: Path) -> Iterator[Hall]:
    need((Store.default().folder / "pose_landmark_full.tflite").is_file(), "the networks (make networks)")
    settings = read_settings(data_dir=tmp_path / "data", port=free_port())
    set_password(api_settings(settings), "supervisor", PASSWORD)
    source = str(shared / "clips" / "arms_crossed-man-cctv.mp4")
    command = [sys.executable, "-m", "hallwatch", "up", "--source", source]
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(command, env=environment_of(settings), stdout=output, stderr=output)
    running = Hall(settings, process)
    yield running
    process.terminate()
    process.wait(20)
    running.client.close()


def becomes_true(condition: Callable[[], object], within_s: float = 60) -> bool:
    pause = threading.Event()
    return any(condition() or pause.wait(0.1) for _ in range(int(within_s / 0.1)))


def test_an_event_survives_its_worker_and_the_api_being_killed(hall: Hall, tmp_path: Path) -> None:
    assert becomes_true(hall.sign_in)
    assert becomes_true(hall.events), "the clip shows crossed arms from its fifth second"
    assert hall.events()[0]["clip"] is None, "the clip still grows: this is the middle of the event"

    killed = hall.kill("work")
    hall.kill("serve")

    assert becomes_true(lambda: hall.child("work") not in (None, killed)), "the worker is started again"
    assert becomes_true(lambda: any(event["clip"] for event in hall.events()))
    assert becomes_true(lambda: hall.events()[0]["revision"] > 1), "the same event goes on and ends"
    (event,) = hall.events()
    assert event["clip"]["state"] in ("ready", "partial")

    film = tmp_path / "clip.mp4"
    film.write_bytes(hall.clip(event))
    pictures = list(read(Source.parse(str(film))))
    assert pictures[-1].at_s > 5, "the pre-roll and the crossed arms are in it"
