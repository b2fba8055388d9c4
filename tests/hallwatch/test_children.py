"""Child processes: started again when they die, not when it is hopeless, and never left behind."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hallwatch.children import Child, Program, stop_all


def child(script: str, *arguments: str) -> tuple[Child, threading.Event]:
    ended = threading.Event()
    command = [sys.executable, "-c", script, *arguments]
    return Child(Program("child", command, dict(os.environ)), on_end=ended.set), ended


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    log = tmp_path / "starts"
    script = (
        "import sys, os; log = open(sys.argv[1], 'a+'); log.write('x'); log.flush(); log.seek(0);"
        "sys.exit(0) if len(log.read()) >= 3 else os.kill(os.getpid(), 9)"
    )
    running, ended = child(script, str(log))
    running.start()
    assert ended.wait(20)
    assert log.read_text() == "xxx"
    assert running.exit_code == 0


def test_a_child_that_said_what_is_wrong_is_not_started_again() -> None:
    running, ended = child("import sys; sys.exit(2)")
    running.start()
    assert ended.wait(10)
    assert running.exit_code == 2


READY_FILE = "import sys, time, signal, pathlib\n{first}\npathlib.Path(sys.argv[1]).touch()\ntime.sleep(60)"


@pytest.mark.parametrize(
    ("first", "code"),
    [("", -signal.SIGTERM), ("signal.signal(signal.SIGTERM, signal.SIG_IGN)", -signal.SIGKILL)],
    ids=["gentle", "stubborn"],
)
def test_a_child_is_asked_to_stop_and_then_made_to(tmp_path: Path, first: str, code: int) -> None:
    ready = tmp_path / "ready"
    running, ended = child(READY_FILE.format(first=first), str(ready))
    running.start()
    assert appears(ready)
    stop_all([running], 1.0)
    assert ended.wait(5)
    assert running.exit_code == code
    assert running.pid is None


def test_stopping_before_the_start_starts_nothing() -> None:
    running, ended = child("import time; time.sleep(60)")
    running.terminate()
    running.start()
    assert ended.wait(5)
    assert running.pid is None


def test_a_tied_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    script = (
        "import pathlib, sys, time; from hallwatch.signals import end_with_parent; end_with_parent();"
        "pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
    )
    tied = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "ready")], stdin=subprocess.PIPE)
    assert appears(tmp_path / "ready")
    assert tied.poll() is None
    assert tied.stdin is not None
    tied.stdin.close()
    assert tied.wait(10) == -signal.SIGTERM


def appears(path: Path) -> bool:
    pause = threading.Event()
    return any(path.exists() or pause.wait(0.05) for _ in range(400))
