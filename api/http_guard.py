"""What every request passes before any route: allowed host, limited body; what every answer carries."""

import time
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.clip_store import MAXIMUM_CLIP_BYTES
from api.metrics import Metrics
from api.problems import Problem, answer, preferred_language

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
MAXIMUM_BODY_BYTES = 8 * 1024 * 1024


def content_policy(style_nonce: str = "") -> str:
    """The Content-Security-Policy; style sheets made by the page itself need the nonce that came with it.

    Scripts come from here alone. Styles of single elements (`style-src-attr`) are left free: charts set them.
    """
    styles = f"'self' 'nonce-{style_nonce}'" if style_nonce else "'self'"
    return (
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob: data:; "
        f"style-src {styles}; style-src-attr 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


SECURITY_HEADERS = {
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class HttpGuard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, allowed_hosts: Iterable[str], metrics: Metrics) -> None:
        self._app = app
        self._hosts = LOOPBACK | {host.lower() for host in allowed_hosts}
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sender = _Sender(scope, send, self._metrics)
        headers = Headers(scope=scope)
        language = preferred_language(headers.get("accept-language", ""))
        if not self._is_allowed(headers.get("host", "")):
            await answer(language, "bad_host")(scope, receive, sender)
            return
        limit = _limit(scope)
        if _declared_length(headers) > limit:
            await answer(language, "too_large", headers={"Connection": "close"})(scope, receive, sender)
            return
        await self._app(scope, _limited(receive, limit), sender)

    def _is_allowed(self, host: str) -> bool:
        name = host.lower()
        if not name.endswith("]"):
            name = name.rpartition(":")[0] or name
        return "*" in self._hosts or name in self._hosts


def _limit(scope: Scope) -> int:
    path = str(scope["path"])
    is_film = path.startswith("/api/v1/ingest/events/") and path.endswith("/clip")
    is_film |= path.startswith("/api/v1/ingest/originals/") and path.endswith("/film")
    return MAXIMUM_CLIP_BYTES if is_film else MAXIMUM_BODY_BYTES


def _declared_length(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 19 else 0


def _limited(receive: Receive, limit: int) -> Receive:
    """`receive`, but a body without declared length ends with a problem once it is too long."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise Problem("too_large", headers={"Connection": "close"})
        return message

    return limited


class _Sender:
    """Adds the headers that every answer carries, and measures the time to the first byte."""

    def __init__(self, scope: Scope, send: Send, metrics: Metrics) -> None:
        self._scope = scope
        self._send = send
        self._metrics = metrics
        self._began = time.perf_counter()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if str(self._scope["path"]).startswith("/api/"):
                headers.setdefault("Cache-Control", "no-store")
            seconds = time.perf_counter() - self._began
            labels = self._metrics.requests.labels(self._scope["method"], str(message["status"]))
            labels.observe(seconds)
        await self._send(message)
