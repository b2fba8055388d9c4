"""The live picture with what is seen drawn over it, sent as often as somebody looks."""

import threading
import time
from collections.abc import Callable, Sequence

import structlog

from cameras.errors import CameraError
from cameras.live_picture import live_jpeg
from hallwatch.delivery import DeliveryError
from hallwatch.onlookers import Onlookers
from hallwatch.overlay import drawn
from vision.values import Evidence, Image, Observation
from vision.zones import WindowZones

_log = structlog.get_logger(__name__)

WATCHED_EVERY_S = 0.2
UNWATCHED_EVERY_S = 3.0
WIDTH = 640
STILL_WIDTH = 1920
STILL_QUALITY = 90

Show = Callable[[bytes], Onlookers]
"""Sends one JPEG; answers who looks."""

ShowStill = Callable[[bytes], None]
"""Sends one JPEG with nothing drawn on it."""

Picture = tuple[Image, Observation, Sequence[Evidence]]


class LiveView:
    """Sends the newest picture in a thread of its own; pictures in between are simply not sent."""

    def __init__(
        self,
        show: Show,
        zones: Sequence[WindowZones],
        show_still: ShowStill | None = None,
        *,
        watched_s: float = WATCHED_EVERY_S,
        unwatched_s: float = UNWATCHED_EVERY_S,
    ) -> None:
        """`watched_s` and `unwatched_s` are the seconds between two pictures."""
        self._show = show
        self._zones = zones
        self._show_still = show_still
        self._watched_s = watched_s
        self._unwatched_s = unwatched_s
        self._newest: Picture | None = None
        self._arrived = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live view", daemon=True)

    def draw_zones(self, zones: Sequence[WindowZones]) -> None:
        """Draw these from the next picture on."""
        self._zones = zones

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End; the picture under way is still sent."""
        self._stopped.set()
        self._arrived.set()
        self._thread.join(2.0)

    def offer(self, image: Image, observation: Observation, evidence: Sequence[Evidence]) -> None:
        """The newest picture and what was seen in it; costs nothing until it is its turn."""
        self._newest = (image, observation, evidence)
        self._arrived.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._arrived.wait()
            self._arrived.clear()
            newest = self._newest
            if newest is None:
                continue
            began_s = time.monotonic()
            pause_s = self._watched_s if self._sent(newest) else self._unwatched_s
            self._stopped.wait(max(pause_s - (time.monotonic() - began_s), 0.0))

    def _sent(self, newest: Picture) -> int:
        """How many watch; none where the picture cannot be shown now. The next one is tried all the same."""
        try:
            onlookers = self._show(live_jpeg(drawn(*newest, zones=self._zones), max_width=WIDTH))
            if onlookers.still_wanted and self._show_still is not None:
                self._show_still(live_jpeg(newest[0], max_width=STILL_WIDTH, quality=STILL_QUALITY))
            return onlookers.watchers
        except (CameraError, DeliveryError, OSError) as error:
            _log.warning("the live picture cannot be shown; the next one is tried", reason=str(error))
            return 0
