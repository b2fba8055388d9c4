"""Marks the originals that a second person released; keeps nothing, and begins anew where it was killed."""

import hashlib
import tempfile
from pathlib import Path

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from cameras.errors import CameraError, ClipFailed
from cameras.marked_copy import make_marked_copy
from hallwatch.copy_maker import INGEST, TRANSIENT

_log = structlog.get_logger(__name__)


class Released(BaseModel):
    """An original that waits for its mark; `sha256` is its own."""

    id: str
    event_id: str
    sha256: str


class OriginalMaker:
    """Marks originals for one API; `client` speaks to it with the worker's key."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def step(self) -> int:
        """Mark what waits now; how many were marked or given up."""
        return sum(self._one(released) for released in self._waiting())

    def _waiting(self) -> list[Released]:
        try:
            answer = self._client.get(f"{INGEST}/originals/wanted")
            answer.raise_for_status()
            return [Released.model_validate(one) for one in answer.json()]
        except (httpx.HTTPError, ValueError, ValidationError):
            return []  # The API is not there now; whoever runs both hears of that from others.

    def _one(self, released: Released) -> bool:
        with tempfile.TemporaryDirectory(prefix="hallwatch-original-") as folder:
            try:
                self._marked(released, Path(folder))
            except ClipFailed as error:
                if error.reason in TRANSIENT:
                    _log.warning("an original waits for its mark", request=released.id, reason=str(error))
                    return False
                self._tell_failure(released, str(error).replace(f"{folder}/", ""))
            except CameraError as error:
                self._tell_failure(released, str(error).replace(f"{folder}/", ""))
            except (httpx.HTTPError, OSError) as error:
                _log.warning("an original waits for its mark", request=released.id, reason=str(error))
                return False
        return True

    def _marked(self, released: Released, folder: Path) -> None:
        original, copy = folder / "original.mp4", folder / "marked.mp4"
        with (
            self._client.stream("GET", f"{INGEST}/events/{released.event_id}/clip") as answer,
            original.open("wb") as file,
        ):
            if answer.status_code == httpx.codes.NOT_FOUND:
                raise ClipFailed("The original is gone: it was deleted by age.", "unreadable")
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                file.write(piece)
        source = hashlib.sha256(original.read_bytes()).hexdigest()
        if source != released.sha256:
            raise ClipFailed("The original is not what it was: its SHA-256 is another.", "unreadable")
        make_marked_copy(original, copy, lambda width, height: self._mark(released, width, height))
        body = copy.read_bytes()
        told = {"sha256": hashlib.sha256(body).hexdigest(), "source_sha256": source}
        self._client.put(self._path(released, "film"), params=told, content=body).raise_for_status()

    def _mark(self, released: Released, width: int, height: int) -> bytes:
        answer = self._client.get(
            self._path(released, "watermark.png"), params={"width": width, "height": height}
        )
        answer.raise_for_status()
        return answer.content

    def _tell_failure(self, released: Released, reason: str) -> None:
        _log.error("an original cannot be marked", request=released.id, reason=reason)
        try:
            self._client.put(self._path(released, "failure"), json={"reason": reason}).raise_for_status()
        except httpx.HTTPError as error:
            _log.warning("the API does not take the failure", request=released.id, reason=str(error))

    def _path(self, released: Released, what: str) -> str:
        return f"{INGEST}/originals/{released.id}/{what}"
