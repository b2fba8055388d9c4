"""What a source says of itself, and how often it sends a key frame."""

import contextlib
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import av

from cameras.libav import OpenVideo, open_video
from cameras.recording import duration_s, parts_of
from cameras.source import Source

LOOK_AT_S = 12.0
"""Longer than the groups of pictures that cameras send."""

LOOK_AT_PACKETS = 600

HIGHEST_RATE = 240
"""Streams that do not say their rate are told as 60,000 pictures a second; then it is measured."""


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
    """Open `source`, look at its first seconds, and close it. A folder is told by its first file.

    Raises a `CameraError` that says what is wrong with it.
    """
    parts = parts_of(source)
    whole_s = None if source.is_live else sum(duration_s(part) for part in parts) or None
    with open_video(parts[0]) as video:
        context, claimed = video.stream.codec_context, video.stream.average_rate
        looked = _looked_at(video)
        believed = claimed is not None and claimed <= HIGHEST_RATE
        return StreamInfo(
            context.width,
            context.height,
            float(claimed) if claimed and believed else looked.fps,
            whole_s,
            context.name,
            looked.keyframe_interval_s,
        )


@dataclass(frozen=True)
class _Looked:
    fps: float | None
    keyframe_interval_s: float | None


def _looked_at(video: OpenVideo) -> _Looked:
    """What its first packets say."""
    times: list[float] = []
    keyframes: list[float] = []
    with contextlib.suppress(av.FFmpegError, ValueError, OSError):
        for count, packet in enumerate(video.container.demux(video.stream)):
            told = packet.dts if packet.dts is not None else packet.pts
            if packet.size == 0 or count > LOOK_AT_PACKETS:
                break
            if told is None:
                continue
            times.append(float(told * packet.time_base))
            if packet.is_keyframe:
                keyframes.append(times[-1])
            if keyframes and times[-1] - keyframes[0] > LOOK_AT_S:
                break
    steps = [later - sooner for sooner, later in pairwise(sorted(times)) if later > sooner]
    interval = max((later - sooner for sooner, later in pairwise(keyframes)), default=None)
    return _Looked(round(1 / median(steps), 2) if steps else None, interval)
