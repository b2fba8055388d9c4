"""From the spool into the real API, which is killed again and again while it listens."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.accounts import set_password
from hallwatch.api_process import api_settings
from hallwatch.delivery import BackOff, Delivery
from hallwatch.http_sink import HttpSink
from hallwatch.settings import Settings, environment_of, read_settings
from hallwatch.site import whole_frame_site
from hallwatch.spool import Changes, Spool
from hallwatch.wire import hall_json
from hallwatch.worker_key import worker_key
from tests.hallwatch.messages import NOW, clip, event, hour

PASSWORD = "a long enough password"
EVENTS = 60


@dataclass
class ApiProcess:
    """`hallwatch serve`, which a test kills and starts anew."""

    settings: Settings
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "hallwatch", "serve"]
        self.process = subprocess.Popen(command, env=environment_of(self.settings))

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.settings.address}/livez", trust_env=False).is_success
        except httpx.HTTPError:
            return False


def becomes_true(condition: Callable[[], bool], within_s: float = 30) -> bool:
    pause = threading.Event()
    return any(condition() or pause.wait(0.05) for _ in range(int(within_s / 0.05)))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("HALLWATCH_DATABASE_URL", raising=False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return read_settings(data_dir=tmp_path / "data", host="127.0.0.1", port=port)


def test_an_api_killed_during_delivery_has_every_event_once_with_its_clip(
    settings: Settings, tmp_path: Path
) -> None:
    set_password(api_settings(settings), "supervisor", PASSWORD)
    api = ApiProcess(settings)
    sink = HttpSink(settings.address, worker_key(settings))
    made = {}
    with Spool(tmp_path / "spool", now=NOW) as spool:
        delivery = Delivery(spool, sink, not_yet=BackOff(0.01, 0.2))
        spool.commit(Changes(hall=hall_json(whole_frame_site("0")), ledger=[hour(60)]))
        delivery.start()
        for number in range(EVENTS):
            if number % 20 == 0:
                api.start()
                assert becomes_true(api.answers)
            made[event(number).event.id] = clip(tmp_path, number)
            spool.commit(Changes(events=[event(number)], clips=[made[event(number).event.id]]))
            if number % 20 == 15:
                assert becomes_true(lambda: spool.counts().waiting < 10)
                spool.commit(Changes(events=[event(n, revision=2) for n in range(number)]))
                api.kill()
        api.start()
        assert becomes_true(lambda: spool.counts().waiting == 0)
        assert spool.counts().refused == 0
        delivery.stop()
    items = events_of(settings)
    api.kill()
    sink.close()
    assert sorted(item["id"] for item in items) == sorted(made)
    assert {item["clip"]["sha256"] for item in items} == {message.sha256 for message in made.values()}
    assert sum(item["revision"] == 2 for item in items) == EVENTS - 5


def events_of(settings: Settings) -> list[dict[str, Any]]:
    """What a supervisor sees, each clip read as the maker of its copy reads it."""
    with httpx.Client(base_url=f"{settings.address}/api/v1", trust_env=False) as browser:
        signed_in = browser.post("session", json={"username": "supervisor", "password": PASSWORD})
        assert signed_in.status_code == 200, signed_in.text
        items: list[dict[str, Any]] = browser.get("events", params={"limit": 200}).json()["items"]
        bearer = {"Authorization": f"Bearer {worker_key(settings).get_secret_value()}"}
        for item in items:
            played = browser.get(f"ingest/events/{item['id']}/clip", headers=bearer)
            assert played.status_code == 200
            assert hashlib.sha256(played.content).hexdigest() == item["clip"]["sha256"]
    return items
