"""Single pictures with nothing drawn on them, sent by a camera's worker only when somebody waits for one."""

import asyncio
from collections import defaultdict
from threading import Lock

from api.stream import Wakeup


class Stills:
    """Hands a camera's next clean picture to whoever waits for it; keeps none."""

    def __init__(self) -> None:
        self._newest: dict[str, bytes] = {}
        self._wakeups: defaultdict[str, Wakeup] = defaultdict(Wakeup)
        self._lock = Lock()

    def wanted(self, camera: str) -> bool:
        """Whether somebody waits for a still of the camera now."""
        return self._of(camera).listeners > 0

    def put(self, camera: str, jpeg: bytes) -> None:
        """Hand a still to those who wait."""
        wakeup = self._of(camera)
        if wakeup.listeners:
            self._newest[camera] = jpeg
            wakeup.notify()

    async def next(self, camera: str, within_s: float) -> bytes | None:
        """The camera's next still; None where none comes within so many seconds."""
        wakeup = self._of(camera)
        with wakeup.listening() as woken:
            try:
                await asyncio.wait_for(woken.wait(), within_s)
                return self._newest.get(camera)
            except TimeoutError:
                return None
            finally:
                if wakeup.listeners <= 1:
                    self._newest.pop(camera, None)

    def _of(self, camera: str) -> Wakeup:
        with self._lock:
            return self._wakeups[camera]
