"""What a source says of itself, and how often it sends a key frame."""

import contextlib
from dataclasses import dataclass
from itertools import pairwise

import av

from cameras.libav import OpenVideo, open_video
from cameras.source import Source

LOOK_AT_S = 12.0
"""Longer than the groups of pictures that cameras send."""

LOOK_AT_PACKETS = 600


@dataclass(frozen=True)
class StreamInfo:
    """`duration_s` is None for a camera; `keyframe_interval_s` is the longest seen, None where one was."""

    width: int
    height: int
    fps: float | None
    duration_s: float | None
    codec: str
    keyframe_interval_s: float | None


def probe(source: Source) -> StreamInfo:
    """Open `source`, look at its first seconds, and close it.

    Raises a `CameraError` that says what is wrong with it.
    """
    with open_video(source) as video:
        context, rate = video.stream.codec_context, video.stream.average_rate
        return StreamInfo(
            context.width,
            context.height,
            float(rate) if rate else None,
            _duration_s(video),
            context.name,
            _keyframe_interval_s(video),
        )


def _duration_s(video: OpenVideo) -> float | None:
    duration = video.container.duration
    return duration / 1_000_000 if duration and duration > 0 and not video.source.is_live else None


def _keyframe_interval_s(video: OpenVideo) -> float | None:
    seen: list[float] = []
    with contextlib.suppress(av.FFmpegError, ValueError, OSError):
        for count, packet in enumerate(video.container.demux(video.stream)):
            if packet.dts is None or count > LOOK_AT_PACKETS:
                break
            at_s = float(packet.dts * packet.time_base)
            if packet.is_keyframe:
                seen.append(at_s)
            if seen and at_s - seen[0] > LOOK_AT_S:
                break
    return max((later - sooner for sooner, later in pairwise(seen)), default=None)
