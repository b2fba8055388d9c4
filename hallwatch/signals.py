"""How a process learns that it should end: a signal, or the end of the process that started it."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` on SIGINT and SIGTERM; the handler only passes it on."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)


def end_with_parent() -> None:
    """Send this process SIGTERM when its standard input ends: the parent that held the other end is gone."""
    threading.Thread(target=_await_parents_end, name="parent", daemon=True).start()


def _await_parents_end() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
