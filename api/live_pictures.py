"""The last picture of each camera, in memory only, and how many people watch it."""

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from api.stream import Wakeup

FRESH = timedelta(seconds=60)
"""An older picture is not live; it is not shown as if it were."""

BOUNDARY = "hallwatch-picture"


@dataclass(frozen=True, slots=True)
class Picture:
    """One JPEG and when it arrived."""

    jpeg: bytes
    at: datetime


class LivePictures:
    """Holds one picture a camera and wakes those who watch."""

    def __init__(self) -> None:
        self._pictures: dict[str, Picture] = {}
        self._wakeups: defaultdict[str, Wakeup] = defaultdict(Wakeup)
        self._lock = Lock()

    def put(self, camera: str, picture: Picture) -> int:
        """Replace the camera's picture; how many watch it now."""
        with self._lock:
            self._pictures[camera] = picture
            wakeup = self._wakeups[camera]
        wakeup.notify()
        return wakeup.listeners

    def get(self, camera: str, now: datetime) -> Picture | None:
        """The camera's picture, unless it is too old to be called live."""
        picture = self._pictures.get(camera)
        return picture if picture and now - picture.at <= FRESH else None

    async def follow(self, camera: str) -> AsyncIterator[bytes]:
        """The parts of a multipart/x-mixed-replace body, one a picture, without end."""
        with self._lock:
            wakeup = self._wakeups[camera]
        with wakeup.listening() as woken:
            while True:
                picture = self._pictures.get(camera)
                if picture:
                    yield _part(picture.jpeg)
                await woken.wait()
                woken.clear()


def _part(jpeg: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
    return head.encode() + jpeg + b"\r\n"
