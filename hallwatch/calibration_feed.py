"""Asks the API for a camera's calibration and keeps it, so that a worker without an API has the last one.

In a thread of its own: a slow answer or a hard fit holds up no picture. Whoever judges takes the newest
between two pictures.
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog
from pydantic import ValidationError

from calibration.errors import CalibrationError
from hallwatch.delivery import DeliveryError
from hallwatch.saved_calibration import (
    SITE_FILE,
    SavedCalibration,
    keep_calibration,
    read_calibration,
)
from hallwatch.site_models import Camera

_log = structlog.get_logger(__name__)

ASK_EVERY_S = 2.0

Fetch = Callable[[str], Mapping[str, Any] | None]
"""Asks for what is newer than a tag: `tag`, `revision` and `content`; None where nothing is.

Raises `DeliveryError` when nobody answers.
"""


class CalibrationFeed:
    """Follows what is saved for one camera."""

    def __init__(self, camera: Camera, path: Path, fetch: Fetch, *, every_s: float = ASK_EVERY_S) -> None:
        """`camera` is the site file's, `path` the file that is kept, `every_s` the seconds between asking."""
        self._camera = camera
        self._path = path
        self._fetch = fetch
        self._every_s = every_s
        self._tag = SITE_FILE.tag
        self._newest: SavedCalibration | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="calibration", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End; an answer under way is not waited for."""
        self._stopped.set()
        self._thread.join(1.0)

    def kept(self) -> SavedCalibration:
        """What to begin with: what was kept the last time, else the site file."""
        saved = read_calibration(self._path)
        if saved is None:
            if self._path.exists():
                _log.warning("the kept calibration cannot be read; asking for it anew", file=str(self._path))
            return SITE_FILE
        if not self._fits(saved):
            return SITE_FILE
        self._tag = saved.tag
        return saved

    def newest(self) -> SavedCalibration | None:
        """What was saved since this was last asked; None where nothing was."""
        newest, self._newest = self._newest, None
        return newest

    def ask(self) -> None:
        """Ask once. Raises `DeliveryError` when nobody answers."""
        told = self._fetch(self._tag)
        if told is None:
            return
        self._tag = str(told["tag"])
        try:
            saved = SavedCalibration.model_validate(told)
        except ValidationError as error:
            reason = f"{error.error_count()} of its values are unknown here"
            _log.error("a saved calibration cannot be used; the one before stays", reason=reason)
            return
        if self._fits(saved):
            self._keep(saved)
            self._newest = saved

    def _fits(self, saved: SavedCalibration) -> bool:
        try:
            saved.on(self._camera)
        except CalibrationError as error:
            reason = f"revision {saved.revision}: {error}"
            _log.error("a saved calibration cannot be used; the one before stays", reason=reason)
            return False
        return True

    def _keep(self, saved: SavedCalibration) -> None:
        try:
            keep_calibration(self._path, saved)
        except OSError as error:
            _log.error("the calibration is used, but cannot be kept", reason=str(error))

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.ask()
            except DeliveryError as error:
                _log.debug("the API tells no calibration now", reason=str(error))
            self._stopped.wait(self._every_s)
