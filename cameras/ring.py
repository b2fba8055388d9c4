"""The last minute of what a camera sent, as it sent it, so that evidence can begin before the deed."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import islice

import av
from av.container.output import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

RING_SECONDS = 75.0
"""10 s before the deed, and the longest group of pictures that cameras send, several times."""

RING_BYTES = 64 * 1024 * 1024

TICKS_PER_S = 90_000
"""The clock of RTP video; every stream's own is converted to it."""


class StreamParameters:
    """What a muxer or decoder must know of a stream; lives on after the stream's container is closed."""

    def __init__(self, stream: VideoStream) -> None:
        self.codec: str = stream.codec_context.name
        self.extradata: bytes | None = stream.codec_context.extradata
        self.width: int = stream.codec_context.width
        self.height: int = stream.codec_context.height
        self.rate: Fraction | None = stream.average_rate
        # libav copies parameters only between streams, so an output that is never begun holds the copy.
        self._holder: OutputContainer = av.open(_Nowhere(), "w", format="mov")
        self.template: VideoStream | None = _copied(self._holder, stream)


def _copied(holder: OutputContainer, stream: VideoStream) -> VideoStream | None:
    try:
        return holder.add_stream_from_template(stream, opaque=True)
    except ValueError:
        return None  # a codec that MP4 cannot carry: clips of it are transcoded


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)


@dataclass(frozen=True, slots=True)
class RingPacket:
    """One packet as the camera sent it; times in ticks of 1/90,000 s."""

    serial: int
    data: bytes
    pts: int
    dts: int
    duration: int
    is_keyframe: bool
    captured_at: datetime


class PacketRing:
    """Bounded in seconds and in bytes; always begins at a key frame, and drops whole groups of pictures.

    One thread may fill it while another cuts clips of it.
    """

    def __init__(self, seconds: float = RING_SECONDS, max_bytes: int = RING_BYTES) -> None:
        self._span = round(seconds * TICKS_PER_S)
        self._max_bytes = max_bytes
        self._groups: deque[list[RingPacket]] = deque()
        self._guard = threading.Lock()
        self._serial = 0
        self.bytes_held = 0
        self.generation = 0
        self.parameters: StreamParameters | None = None

    def begin(self, parameters: StreamParameters) -> None:
        """A new connection: what was held cannot be joined to what comes, and goes."""
        with self._guard:
            self._groups.clear()
            self.bytes_held = 0
            self.generation += 1
            self.parameters = parameters

    def append(self, packet: Packet[VideoStream], captured_at: datetime) -> None:
        """Keep a copy of `packet`, whose times the timestamp filter has put right."""
        if packet.pts is None or packet.dts is None:
            return
        scale = packet.time_base * TICKS_PER_S
        self._serial += 1
        kept = RingPacket(
            self._serial,
            bytes(packet),
            round(packet.pts * scale),
            round(packet.dts * scale),
            round((packet.duration or 0) * scale),
            packet.is_keyframe,
            captured_at,
        )
        with self._guard:
            self._keep(kept)

    def _keep(self, packet: RingPacket) -> None:
        if packet.is_keyframe:
            self._groups.append([packet])
        elif self._groups:
            self._groups[-1].append(packet)
        else:
            return  # nothing can be decoded before the first key frame
        self.bytes_held += len(packet.data)
        self._drop_old(packet.dts)

    def _drop_old(self, now: int) -> None:
        while len(self._groups) > 1 and (
            now - self._groups[1][0].dts >= self._span or self.bytes_held > self._max_bytes
        ):
            self._drop_first()
        if self.bytes_held > self._max_bytes:
            self._drop_first()  # one endless group: better no pre-roll than no memory

    def _drop_first(self) -> None:
        self.bytes_held -= sum(len(packet.data) for packet in self._groups.popleft())

    def __len__(self) -> int:
        return sum(len(group) for group in self._groups)

    def __iter__(self) -> Iterator[RingPacket]:
        for group in self._groups:
            yield from group

    @property
    def last_serial(self) -> int:
        """The serial number of the newest packet seen."""
        return self._serial

    def packets_from(self, captured_at: datetime) -> list[RingPacket]:
        """All packets from the key frame at or before `captured_at`; from the oldest where it has gone."""
        with self._guard:
            first = 0
            for index, group in enumerate(self._groups):
                if group[0].captured_at <= captured_at:
                    first = index
            return [packet for group in islice(self._groups, first, None) for packet in group]

    def packets_after(self, serial: int) -> list[RingPacket]:
        """What came after the packet numbered `serial`, oldest first."""
        found: list[RingPacket] = []
        with self._guard:
            for group in reversed(self._groups):
                found[:0] = [packet for packet in group if packet.serial > serial]
                if group[0].serial <= serial:
                    break
        return found

    def covers(self, begin: datetime, at: datetime, slack: timedelta) -> bool:
        """Whether it holds what was sent from `begin` on, and was still sent to within `slack` of `at`."""
        with self._guard:
            if not self._groups:
                return False
            return self._groups[0][0].captured_at <= begin and at - self._groups[-1][-1].captured_at <= slack
