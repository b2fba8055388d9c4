"""How far a camera's clock is from ours, as its RTSP or HTTP server tells the time.

Both protocols carry the time of the answer in `Date` (RFC 2326 12.18, RFC 9110 6.6.1), to the second.
Pictures are dated by when they arrive; the camera's own clock only matters to who compares what it writes
into them.
"""

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from cameras.reader import utc_now
from cameras.source import Kind, Source

ANSWER_WITHIN_S = 4.0
LONGEST_ANSWER = 16 * 1024
_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}


def clock_ahead_s(source: Source, now: Callable[[], datetime] = utc_now) -> float | None:
    """Seconds that the camera's clock is ahead of ours, right to one; None where it does not tell."""
    if source.kind not in (Kind.RTSP, Kind.HTTP):
        return None
    try:
        before = now()
        answer = _asked(source.address)
        after = now()
        told = _date_of(answer)
    except (OSError, ValueError):
        return None
    if told is None:
        return None
    # It told the second that had begun: on average half of it was over.
    middle = before + (after - before) / 2
    return round((told + timedelta(seconds=0.5) - middle).total_seconds(), 1)


def _asked(address: str) -> bytes:
    """The head of the answer to a question that needs no password."""
    parts = urlsplit(address)
    host, scheme = parts.hostname or "", parts.scheme.lower()
    place = (host, parts.port or _PORTS[scheme])
    bare = f"[{host}]" if ":" in host else host
    if scheme.startswith("rtsp"):
        question = f"OPTIONS rtsp://{bare}:{place[1]}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: hallwatch\r\n\r\n"
    else:
        question = f"HEAD / HTTP/1.1\r\nHost: {bare}:{place[1]}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(place, ANSWER_WITHIN_S) as plain:
        asking = _wrapped(plain, host) if scheme in ("rtsps", "https") else plain
        asking.sendall(question.encode("ascii"))
        answer = b""
        while b"\r\n\r\n" not in answer and len(answer) < LONGEST_ANSWER:
            part = asking.recv(4096)
            if not part:
                break
            answer += part
    return answer


def _wrapped(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """Cameras sign their own certificates; nothing secret is asked."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=host)


def _date_of(answer: bytes) -> datetime | None:
    for line in answer.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.strip().lower() == "date":
            told = parsedate_to_datetime(value.strip())
            return told if told.tzinfo else told.replace(tzinfo=UTC)
    return None
