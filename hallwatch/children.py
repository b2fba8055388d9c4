"""Child processes that are kept running: started again with back-off, stopped gently, then firmly."""

import random
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from hallwatch.delivery import BackOff

_log = structlog.get_logger(__name__)

RESTART = BackOff(first_s=0.5, most_s=30.0)
SETTLED_S = 60.0
"""A child that ran so long starts with a clean slate when it dies."""
HOPELESS = 2
"""The exit code of a child that said what is wrong; starting it again would say the same."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: its name in the log, its arguments, its whole environment."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]


class Child:
    """Keeps one program running until it ends well, is hopeless, or `stop` is called.

    The child's standard input is a pipe from us: when we die, however, it reads the end and goes too.
    """

    def __init__(self, program: Program, *, on_end: Callable[[], None] = lambda: None) -> None:
        """`on_end` is called from another thread once the program will not be started again."""
        self.name = program.name
        self.exit_code: int | None = None
        self._program = program
        self._on_end = on_end
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name=f"keep {program.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether it will not be started again."""
        return self.exit_code is not None

    @property
    def pid(self) -> int | None:
        """The process as it runs now."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def terminate(self) -> None:
        """Ask it to end, and start it no more."""
        with self._guard:
            self._stopping.set()
            if self._process is not None:
                self._process.terminate()

    def join(self, timeout_s: float) -> None:
        """Wait for its end after `terminate`; kill it when it takes longer."""
        self._thread.join(timeout_s)
        if self._thread.is_alive() and self._process is not None:
            _log.warning("a process does not stop; it is killed", process=self.name)
            self._process.kill()
            self._thread.join(5.0)

    def _keep(self) -> None:
        failures = 0
        while (process := self._spawn()) is not None:
            began_s = time.monotonic()
            code = process.wait()
            if process.stdin is not None:
                process.stdin.close()
            if code in (0, HOPELESS) or self._stopping.is_set():
                self._end(code)
                return
            failures = 1 if time.monotonic() - began_s > SETTLED_S else failures + 1
            pause_s = RESTART.pause_s(failures, random.random())
            _log.error(
                "a process died and is started again", process=self.name, code=code, in_s=round(pause_s, 1)
            )
            self._stopping.wait(pause_s)
        self._end(0)

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        with self._guard:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(
                self._program.arguments,
                env=self._program.environment,
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
            return self._process

    def _end(self, code: int) -> None:
        self.exit_code = code
        self._on_end()


def stop_all(children: Sequence[Child], timeout_s: float) -> None:
    """Ask all to end at once, and wait for them together."""
    deadline_s = time.monotonic() + timeout_s
    for child in children:
        child.terminate()
    for child in children:
        child.join(max(deadline_s - time.monotonic(), 0.1))
