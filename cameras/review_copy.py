"""H.264 out of what browsers cannot play: GIF, Motion JPEG, MPEG-4 part 2, and many a browser H.265."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, cast

import av
from av.container.output import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from cameras.errors import ClipFailed
from cameras.reader import read
from cameras.ring import TICKS_PER_S, RingPacket, StreamParameters
from cameras.source import Source
from cameras.write_video import VideoWriter

REVIEW_RATE = 10.0
REVIEW_WIDTH = 1280


class Transcoder:
    """Takes packets of any codec and puts H.264 into `container`, packet by packet."""

    def __init__(self, container: OutputContainer, parameters: StreamParameters) -> None:
        self._container = container
        self._decoder = _decoder(parameters)
        self._stream = _h264_stream(container, parameters)
        self._last_pts = -1

    def take(self, packet: RingPacket, base: int) -> None:
        """Transcode one packet; `base` is the tick that becomes 0. What cannot be decoded is passed over."""
        coded = av.Packet(packet.data)
        coded.pts, coded.dts = packet.pts - base, packet.dts - base
        coded.time_base = Fraction(1, TICKS_PER_S)
        coded.is_keyframe = packet.is_keyframe
        self._encode(self._decoded(coded))

    def finish(self) -> None:
        """Write what decoder and encoder still hold back."""
        self._encode(self._decoded(None))
        self._container.mux(self._stream.encode(None))

    def _decoded(self, packet: av.Packet[Any] | None) -> list[av.VideoFrame]:
        try:
            return self._decoder.decode(packet)
        except (av.error.InvalidDataError, av.error.EOFError):
            return []

    def _encode(self, frames: list[av.VideoFrame]) -> None:
        for frame in frames:
            shown = max(frame.pts if frame.pts is not None else 0, self._last_pts + 1)
            self._last_pts = shown
            picture = frame.reformat(self._stream.width, self._stream.height, format="yuv420p")
            picture.pts, picture.time_base = shown, Fraction(1, TICKS_PER_S)
            self._container.mux(self._stream.encode(picture))


def _decoder(parameters: StreamParameters) -> VideoCodecContext:
    decoder = cast(VideoCodecContext, av.CodecContext.create(parameters.codec, "r"))
    decoder.extradata = parameters.extradata
    decoder.width, decoder.height = parameters.width, parameters.height
    decoder.thread_count = 1
    return decoder


def _h264_stream(container: OutputContainer, parameters: StreamParameters) -> VideoStream:
    rate = (parameters.rate or Fraction(25)).limit_denominator(1001)
    options = {"preset": "veryfast", "crf": "23"}
    stream = container.add_stream("libx264", rate=rate, options=options)
    stream.width = parameters.width + parameters.width % 2
    stream.height = parameters.height + parameters.height % 2
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
    stream.codec_context.thread_count = 1
    return stream


def transcode_for_browser(path: Path, out: Path) -> None:
    """Write a copy of the video at `path` that any browser plays: H.264, ≤ 1280 wide, 10 pictures a second.

    Raises a `CameraError` where `path` cannot be read, and `ClipFailed` where `out` cannot be written.
    """
    pictures = read(Source.parse(str(path)), rate=REVIEW_RATE, max_width=REVIEW_WIDTH)
    first = next(pictures, None)
    if first is None:
        raise ClipFailed(f"{path.name} holds no picture, so there is nothing to copy.", "unreadable")
    height, width = first.image.shape[:2]
    with VideoWriter(out, REVIEW_RATE, (width, height)) as writer:
        for picture in chain([first], pictures):
            writer.write(picture.image, picture.at_s)
