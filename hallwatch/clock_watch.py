"""Looks at a camera's clock now and then, off the thread that reads its pictures."""

import threading

from cameras.clock import clock_ahead_s
from cameras.source import Source

EVERY_S = 600.0


class ClockWatch:
    """`ahead_s` is how far the camera's clock was ahead of ours when last looked at; None: not told."""

    def __init__(self, source: Source) -> None:
        self.ahead_s: float | None = None
        self._source = source
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera clock", daemon=True)

    def start(self) -> None:
        """Begin in the background; a source without a clock is never asked."""
        if self._source.is_live:
            self._thread.start()

    def stop(self) -> None:
        """End; one that waits for an answer is left to end with the process."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.ahead_s = clock_ahead_s(self._source)
            self._stop.wait(EVERY_S)
