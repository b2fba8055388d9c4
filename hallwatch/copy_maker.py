"""Makes the review copies that the API waits for, one after the other.

It keeps nothing: killed at any moment it begins the copy anew, and the API shows a copy only once it has all
of it.
"""

import hashlib
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from cameras.blurred_copy import BlurredCopy, make_blurred_copy
from cameras.errors import CameraError, ClipFailed
from hallwatch.blur_plan import blur_plan, head_finder
from models.engines import PoseEngine

_log = structlog.get_logger(__name__)

INGEST = "/api/v1/ingest"
ASK_EVERY_S = 2.0
REST_S = 60.0
"""How long a clip rests whose copy did not work out for a reason that may pass."""

TRANSIENT = {"disk_full", "not_writable"}


class Wanted(BaseModel):
    """A clip that waits for its review copy; `staff` are polygons in shares of the picture."""

    event_id: str
    sha256: str
    duration_s: float
    flagged_at_s: float
    has_skeleton: bool
    staff: Sequence[Sequence[tuple[float, float]]]


class CopyMaker:
    """Makes review copies for one API."""

    def __init__(self, client: httpx.Client, pose: PoseEngine | None, *, blur_staff: bool = False) -> None:
        """`client` speaks to the API with the worker's key; `pose` looks for heads nobody saw."""
        self._client = client
        self._pose = pose
        self._blur_staff = blur_staff
        self._resting: dict[str, int] = {}

    def step(self, stop: threading.Event) -> int:
        """Make the copies that are wanted now; how many were made."""
        made = 0
        for wanted in self._wanted():
            if stop.is_set():
                break
            if self._resting.get(wanted.sha256, 0) > 0:
                self._resting[wanted.sha256] -= 1
                continue
            made += self._one(wanted)
        return made

    def _wanted(self) -> list[Wanted]:
        try:
            answer = self._client.get(f"{INGEST}/review-copies/wanted", params={"limit": 20})
            answer.raise_for_status()
            return [Wanted.model_validate(one) for one in answer.json()]
        except (httpx.HTTPError, ValueError, ValidationError):
            return []  # The API is not there now; whoever runs both hears of that from others.

    def _one(self, wanted: Wanted) -> bool:
        with tempfile.TemporaryDirectory(prefix="hallwatch-copy-") as folder:
            try:
                return self._made(wanted, Path(folder))
            except (httpx.HTTPError, OSError, ClipFailed) as error:
                _log.warning("a review copy waits", clip=wanted.event_id, reason=str(error))
                self._resting[wanted.sha256] = round(REST_S / ASK_EVERY_S)
                return False

    def _made(self, wanted: Wanted, folder: Path) -> bool:
        try:
            copy = self._make(wanted, folder)
        except CameraError as error:
            if isinstance(error, ClipFailed) and error.reason in TRANSIENT:
                raise
            self._tell_failure(wanted, str(error).replace(f"{folder}/", ""))
        else:
            self._deliver(wanted, copy)
        self._resting.pop(wanted.sha256, None)
        return True

    def _make(self, wanted: Wanted, folder: Path) -> BlurredCopy:
        original = folder / "original.mp4"
        with (
            self._client.stream("GET", f"{INGEST}/events/{wanted.event_id}/clip") as answer,
            original.open("wb") as file,
        ):
            if answer.status_code == httpx.codes.NOT_FOUND:
                raise ClipFailed("The original is gone: it was deleted before a copy was made.", "unreadable")
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                file.write(piece)
        plan = blur_plan(self._skeleton(wanted), wanted.staff, blur_staff=self._blur_staff)
        finder = head_finder(self._pose, wanted.staff) if self._pose and wanted.staff else None
        return make_blurred_copy(
            original,
            folder,
            plan,
            flagged_at_s=wanted.flagged_at_s,
            duration_s=wanted.duration_s,
            find_heads=finder,
        )

    def _skeleton(self, wanted: Wanted) -> dict[str, Any] | None:
        if not wanted.has_skeleton:
            return None
        answer = self._client.get(f"{INGEST}/events/{wanted.event_id}/skeleton")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def _deliver(self, wanted: Wanted, copy: BlurredCopy) -> None:
        # The film last: with it the API begins to show the copy.
        root = f"{INGEST}/events/{wanted.event_id}/review-copy"
        for path, file in (
            (f"{root}/poster", copy.poster),
            (f"{root}/filmstrip", copy.filmstrip),
            (root, copy.film),
        ):
            body = file.read_bytes()
            told = {"source_sha256": wanted.sha256, "sha256": hashlib.sha256(body).hexdigest()}
            self._client.put(path, params=told, content=body).raise_for_status()

    def _tell_failure(self, wanted: Wanted, reason: str) -> None:
        _log.error("no review copy can be made of a clip", clip=wanted.event_id, reason=reason)
        told = {"source_sha256": wanted.sha256, "reason": reason}
        path = f"{INGEST}/events/{wanted.event_id}/review-copy-failure"
        self._client.put(path, json=told).raise_for_status()
