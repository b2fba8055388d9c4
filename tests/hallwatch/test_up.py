"""`hallwatch up` as a person runs it: one command that goes on, and leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest


@dataclass
class Up:
    """A running `hallwatch up`, its output in a file."""

    process: subprocess.Popen[bytes]
    data: Path
    port: int
    output: Path

    def says(self, pattern: str, within_s: float = 30) -> re.Match[str]:
        pause = threading.Event()
        for _ in range(int(within_s / 0.05)):
            if match := re.search(pattern, self.output.read_text(encoding="utf-8")):
                return match
            pause.wait(0.05)
        raise AssertionError(f"never said {pattern!r}:\n{self.output.read_text(encoding='utf-8')}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, port: int, output: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "hallwatch", "up", "--source", "rtsp://127.0.0.1:9/none"]
    command += ["--data", str(data), "--port", str(port)]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("HALLWATCH_")}
    with output.open("wb") as stream:
        return subprocess.Popen(command, stdout=stream, stderr=stream, env=surroundings)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    port, output = free_port(), tmp_path / "output"
    running = Up(start(tmp_path / "data", port, output), tmp_path / "data", port, output)
    yield running
    running.process.kill()
    running.process.wait(30)


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/livez", trust_env=False, timeout=2).is_success
    except httpx.HTTPError:
        return False


def becomes(port: int, answering: bool, within_s: float = 20) -> bool:
    pause = threading.Event()
    return any(answers(port) is answering or pause.wait(0.1) for _ in range(int(within_s / 0.1)))


def children(pid: int, word: str) -> list[int]:
    """Children of a process whose command line has the word."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if parent == pid and word.encode() in words:
            found.append(int(entry.name))
    return found


def test_it_greets_goes_on_and_stops_within_ten_seconds(up: Up) -> None:
    up.says(rf"http://127\.0\.0\.1:{up.port}")
    up.says(r"administrator[^\n]*\n[^\n]*one-time password +\S{12,}")
    assert answers(up.port)
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(30) == 0
    assert not answers(up.port)
    assert "Traceback" not in up.output.read_text(encoding="utf-8")


def test_the_password_is_shown_only_once(up: Up, tmp_path: Path) -> None:
    up.says("one-time password")
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(30) == 0
    again = Up(start(up.data, up.port, tmp_path / "again"), up.data, up.port, tmp_path / "again")
    try:
        again.says("http://")
        again.process.send_signal(signal.SIGTERM)
        assert again.process.wait(30) == 0
    finally:
        again.process.kill()
        again.process.wait(30)
    assert "one-time password" not in again.output.read_text(encoding="utf-8")


def test_a_second_one_is_refused_the_folder_and_the_port(up: Up, tmp_path: Path) -> None:
    up.says("http://")
    second = start(up.data, free_port(), tmp_path / "second")
    third = start(tmp_path / "other", up.port, tmp_path / "third")
    assert second.wait(20) == 2
    assert f"in use by another hallwatch (process {up.process.pid})" in (tmp_path / "second").read_text()
    assert third.wait(20) == 2
    assert "choose another with --port" in (tmp_path / "third").read_text()


def test_a_killed_api_comes_back(up: Up) -> None:
    up.says("http://")
    (api,) = children(up.process.pid, "serve")
    os.kill(api, signal.SIGKILL)
    up.says("a process died and is started again")
    assert becomes(up.port, answering=True)
    assert children(up.process.pid, "serve") != [api]


def test_when_it_is_killed_its_children_end_too(up: Up) -> None:
    up.says("http://")
    up.process.kill()
    up.process.wait(30)
    assert becomes(up.port, answering=False)
