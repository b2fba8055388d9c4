"""Where pictures come from, out of the text that a site file or a command line holds."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cameras.errors import BadSource
from cameras.redaction import redact

OPEN_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 10.0
"""A camera that gives nothing for this long is taken for stalled."""

DEVICE = re.compile(r"^/dev/(video\d+|v4l/.+)$")
"""A webcam by its path: its number may change when it is plugged in again, its path by id does not."""

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+)://(.*)$", re.DOTALL)


class Transport(StrEnum):
    """How an RTSP camera sends its pictures: UDP only where a camera or line will not do TCP."""

    TCP = "tcp"
    UDP = "udp"


class Kind(StrEnum):
    """What is behind the text."""

    RTSP = "rtsp"
    HTTP = "http"
    FILE = "file"
    WEBCAM = "webcam"


_KIND_OF_SCHEME = {
    "rtsp": Kind.RTSP,
    "rtsps": Kind.RTSP,
    "http": Kind.HTTP,
    "https": Kind.HTTP,
    "file": Kind.FILE,
}

_OPTIONS = {
    Kind.RTSP: {"protocol_whitelist": "rtsp,rtp,tcp,udp,tls"},
    Kind.HTTP: {"protocol_whitelist": "http,https,tcp,tls"},
    # A play-list inside a file must not reach for other files or the network.
    Kind.FILE: {"protocol_whitelist": "file"},
    Kind.WEBCAM: {},
}


@dataclass(frozen=True)
class Source:
    """One camera, file, or folder of files that follow one another.

    `address` may hold a password: show `redacted` instead (`str` and `repr` do).
    """

    kind: Kind
    address: str = field(repr=False)
    transport: Transport = Transport.TCP

    @classmethod
    def parse(cls, text: str, transport: str = Transport.TCP) -> "Source":
        """The source that `text` names: rtsp(s)://…, http(s)://… (MJPEG), a path, or a webcam's number.

        A webcam may be named by its path below /dev also. `transport` (`tcp` or `udp`) is for RTSP cameras.

        Raises `BadSource` for an empty text or a scheme that is none of these.
        """
        text = text.strip()
        if not text or "\0" in text:
            raise BadSource(
                "No source given: name a video file, an rtsp:// address, or a webcam number such as 0."
            )
        if text.isdecimal() or DEVICE.match(text):
            return cls(Kind.WEBCAM, text)
        match = _SCHEME.match(text)
        if match is None:
            return cls(Kind.FILE, text)
        return _from_address(match[1].lower(), match[2], text, Transport(transport))

    @property
    def redacted(self) -> str:
        """The address without its password, for people and logs."""
        return redact(self.address)

    @property
    def is_live(self) -> bool:
        """True where time passes whether or not anybody reads."""
        return self.kind is not Kind.FILE

    @property
    def path(self) -> Path:
        """The file's path; only for files."""
        return Path(self.address)

    @property
    def options(self) -> dict[str, str]:
        """What libav is told on opening: the transport, and no protocol but the one that was asked for."""
        chosen = {"rtsp_transport": self.transport.value} if self.kind is Kind.RTSP else {}
        return _OPTIONS[self.kind] | chosen

    def __str__(self) -> str:
        return self.redacted

    def __repr__(self) -> str:
        return f"Source({self.kind.value!r}, {self.redacted!r})"


def _from_address(scheme: str, rest: str, text: str, transport: Transport) -> Source:
    kind = _KIND_OF_SCHEME.get(scheme)
    if kind is None:
        raise BadSource(f"{text} cannot be opened: use rtsp://, http:// or the path of a video file.")
    if not rest.strip("/"):
        raise BadSource(f"{text} names no camera: write the host after {scheme}://.")
    return Source(kind, rest if kind is Kind.FILE else text, transport)
