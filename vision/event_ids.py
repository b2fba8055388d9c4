"""Ids of events: UUID version 7 (RFC 9562, section 5.7), so that they sort by time everywhere."""

import uuid
from collections.abc import Callable
from datetime import datetime

NewId = Callable[[datetime], str]
"""Gives an event born at that time an id nobody else has."""


def uuid7(at: datetime, random: bytes) -> str:
    """The UUIDv7 of a moment (aware) and ten random bytes."""
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    raw = bytearray(milliseconds.to_bytes(6, "big") + random[:10])
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))
