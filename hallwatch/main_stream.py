"""A camera's main stream: recorded for evidence while its sub-stream is analysed."""

import threading
from datetime import datetime, timedelta

import structlog

from cameras.errors import CameraError
from cameras.health import CameraState, Health
from cameras.reconnect import record
from cameras.ring import PacketRing
from cameras.source import Source

_log = structlog.get_logger(__name__)

FRESH = timedelta(seconds=3)
"""A stream that sent nothing for longer is not relied on."""


class MainStream:
    """Fills a ring of packets from a thread of its own; nothing is decoded."""

    def __init__(self, camera: str, source: Source) -> None:
        self.ring = PacketRing()
        self._camera, self._source = camera, source
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"main stream {camera}", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def stop(self, grace_s: float = 1.0) -> None:
        """End; one that waits for a silent camera is left to end with the process."""
        self._stop.set()
        self._thread.join(grace_s)

    def holds(self, begin: datetime, at: datetime) -> bool:
        """Whether a clip from `begin` on, flagged at `at`, can be cut of it."""
        return self.ring.covers(begin, at, FRESH)

    def _run(self) -> None:
        try:
            for item in record(self._source, self.ring, sleep=self._stop.wait):
                if self._stop.is_set():
                    return
                if isinstance(item, Health):
                    self._tell(item)
        except CameraError as error:
            _log.error("the main stream cannot be read", camera=self._camera, reason=str(error))

    def _tell(self, health: Health) -> None:
        if health.state is CameraState.STALLED:
            _log.warning(
                "the main stream fell silent; clips come from the sub-stream",
                camera=self._camera,
                reason=health.last_error,
            )
        elif health.state is CameraState.LIVE:
            _log.info("the main stream is recorded", camera=self._camera)
