"""The worker's side of the wire: parcels as HTTP requests to the API."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO
from urllib.parse import quote

import httpx
from pydantic import SecretStr

from hallwatch.delivery import (
    ClipParcel,
    EventParcel,
    HallParcel,
    LedgerParcel,
    NotYetError,
    Parcel,
    RefusedError,
    SinkUnreachableError,
    SkeletonParcel,
    StatusParcel,
)
from hallwatch.onlookers import Onlookers
from hallwatch.wire import ClipMessage, ClipState

# Answers about the service or the way to it, not about the message: wait, everything waits.
_EVERYBODY_WAITS = frozenset((401, 403, 408, 425, 429, 502, 503, 504))
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class HttpSink:
    """Sends parcels to an API; one connection, used by one thread."""

    def __init__(self, address: str, key: SecretStr) -> None:
        """`address` is the API's root, such as http://127.0.0.1:8765; `key` the worker's."""
        # Proxies of the environment are for the way out of the house; this call stays in it.
        self._client = httpx.Client(
            base_url=f"{address.rstrip('/')}/api/v1/ingest/",
            headers={"Authorization": f"Bearer {key.get_secret_value()}"},
            timeout=_TIMEOUT,
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def send(self, parcel: Parcel) -> None:
        """See `EventSink.send`."""
        match parcel:
            case HallParcel(hall):
                self._call("PUT", "hall", json=hall)
            case EventParcel(events):
                self._call("POST", "events", json={"events": list(events)})
            case LedgerParcel(rows):
                self._call("POST", "ledger", json={"rows": [row.as_json() for row in rows]})
            case SkeletonParcel(event_id, skeleton):
                self._call("PUT", f"events/{quote(event_id, safe='')}/skeleton", json=skeleton, may_come=True)
            case StatusParcel(camera, status):
                self._call("PUT", f"cameras/{quote(camera, safe='')}/status", json=status, may_come=True)
            case ClipParcel(clip):
                self._clip(clip)

    def show(self, camera: str, jpeg: bytes) -> Onlookers:
        """Send a camera's newest picture; who looks. Nobody also when it did not arrive."""
        try:
            answer = self._picture(camera, "live", jpeg)
            if not answer.is_success:
                return Onlookers()
            told = answer.json()
            return Onlookers(int(told["watchers"]), bool(told.get("still_wanted")))
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return Onlookers()

    def show_still(self, camera: str, jpeg: bytes) -> None:
        """Send a picture with nothing drawn on it; who waits for it asks again where it did not arrive."""
        with suppress(httpx.HTTPError):
            self._picture(camera, "still", jpeg)

    def _picture(self, camera: str, kind: str, jpeg: bytes) -> httpx.Response:
        path = f"cameras/{quote(camera, safe='')}/{kind}"
        return self._client.put(path, content=jpeg, headers={"Content-Type": "image/jpeg"}, timeout=5.0)

    def calibration(self, camera: str, tag: str) -> Mapping[str, Any] | None:
        """What was saved for a camera since `tag`, with its own tag; None where nothing was.

        Raises `DeliveryError` when nobody answers, or nothing that makes sense.
        """
        path = f"cameras/{quote(camera, safe='')}/calibration"
        try:
            answer = self._client.get(path, headers={"If-None-Match": tag}, timeout=5.0)
            if answer.status_code == httpx.codes.NOT_MODIFIED:
                return None
            if answer.is_success:
                told = answer.json()
                return {
                    "tag": answer.headers["ETag"],
                    "revision": told["revision"],
                    "content": told["content"],
                }
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise SinkUnreachableError(f"{type(error).__name__}: {error}") from error
        raise _failure(answer, may_come=True)

    def _clip(self, clip: ClipMessage) -> None:
        with _opened(clip) as (known, stream):
            self._call(
                "PUT",
                f"events/{quote(clip.event_id, safe='')}/clip",
                params=known.as_query(),
                content=stream if stream is not None else b"",
                headers={"Content-Type": "video/mp4"},
                may_come=True,
            )

    def _call(self, method: str, path: str, *, may_come: bool = False, **request: Any) -> None:
        try:
            answer = self._client.request(method, path, **request)
        except httpx.HTTPError as error:
            said = f"{type(error).__name__}: {error}"
            # A large body that breaks the line again and again holds only itself, not what waits behind it.
            alone = may_come and not isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
            raise (NotYetError if alone else SinkUnreachableError)(said) from error
        if not answer.is_success:
            raise _failure(answer, may_come=may_come)


@contextmanager
def _opened(clip: ClipMessage) -> Iterator[tuple[ClipMessage, BinaryIO | None]]:
    """The clip with its file open; when the file is gone, a message that says so."""
    if clip.path is None:
        yield clip, None
        return
    try:
        stream = clip.path.open("rb")
    except OSError as error:
        reason = f"the clip's file is gone ({error.strerror})"
        yield ClipMessage(clip.event_id, ClipState.FAILED, reason=reason), None
        return
    with stream:
        yield clip, stream


def _failure(answer: httpx.Response, *, may_come: bool) -> Exception:
    """What an answer that is no success means for the message. `may_come`: a 404 passes with time."""
    status = answer.status_code
    said = f"HTTP {status} {_detail(answer)}".strip()
    if status == 404:
        return NotYetError(said) if may_come else SinkUnreachableError(f"no hallwatch API there: {said}")
    if status in _EVERYBODY_WAITS or status < 400:
        return SinkUnreachableError(said, _retry_after_s(answer))
    return NotYetError(said) if status >= 500 else RefusedError(said)


def _retry_after_s(answer: httpx.Response) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else None


def _detail(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return ""
    detail = problem.get("detail") or problem.get("title") if isinstance(problem, dict) else None
    return str(detail or "")[:300]
