"""A film cut into the pieces that a camera sends: one picture each, in Annex B form."""

from dataclasses import dataclass
from pathlib import Path

import av
from av.bitstream import BitStreamFilterContext

_FILTERS = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}


@dataclass(frozen=True)
class AccessUnit:
    """One coded picture: its bytes, and when it is sent and shown (seconds from the film's beginning)."""

    data: bytes
    sent_s: float
    shown_s: float
    is_keyframe: bool

    @property
    def nals(self) -> list[bytes]:
        """Its parts without start codes."""
        return [
            part.rstrip(b"\0") for part in self.data.replace(b"\0\0\1", b"\0\0\0\1").split(b"\0\0\0\1")[1:]
        ]


def codec_of(film: Path) -> str:
    """`h264` or `hevc`."""
    with av.open(str(film)) as container:
        return container.streams.video[0].codec_context.name


def access_units(film: Path) -> list[AccessUnit]:
    """The pictures of an H.264 or H.265 film, in the order in which they are sent."""
    units: list[AccessUnit] = []
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        filtered = BitStreamFilterContext(_FILTERS[stream.codec_context.name], stream)
        packets = [p for packet in container.demux(stream) if packet.size for p in filtered.filter(packet)]
        first = packets[0].dts or 0
        base = float(stream.time_base)
        for packet in packets:
            sent_s, shown_s = ((packet.dts or 0) - first) * base, ((packet.pts or 0) - first) * base
            units.append(AccessUnit(bytes(packet), sent_s, shown_s, packet.is_keyframe))
    return units


def write_units(units: list[AccessUnit], path: Path) -> None:
    """One file of them for a process without a video library: each after a line of times and its size."""
    with path.open("wb") as stream:
        for unit in units:
            stream.write(f"{unit.sent_s:.6f} {unit.shown_s:.6f} {len(unit.data)}\n".encode())
            stream.write(unit.data)
