"""The one place where libav is opened for reading and where its exceptions become sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import av
from av.container.input import InputContainer
from av.video.stream import VideoStream

from cameras.errors import CameraError, Corrupt, NoPicture, NotFound, NotVideo, Stalled, TooLarge, Unreachable
from cameras.source import OPEN_TIMEOUT_S, READ_TIMEOUT_S, Kind, Source

MAX_SIDE_PX = 8192
"""An 8K picture is 7680 wide; anything above is a mistake or an attack on memory."""

PICTURE_LIKE = {"ansi", "bintext", "xbin", "idf", "adf"}
"""Codecs under which libav draws plain text files as if they were video."""

INTRA_ONLY = {"mjpeg", "mjpegb", "png", "prores", "dnxhd", "rawvideo", "ffv1"}
"""Every packet is a whole picture, so those that are not needed need not be decoded."""


@dataclass(frozen=True, eq=False)
class OpenVideo:
    """An open source and its video stream."""

    source: Source
    container: InputContainer
    stream: VideoStream


@contextmanager
def translated(source: Source, *, opening: bool = False) -> Iterator[None]:
    """Turn whatever libav raises inside into a `CameraError` about `source`."""
    try:
        yield
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise _opening_error(source) if opening else _reading_error(source, error) from None


def _opening_error(source: Source) -> CameraError:
    if source.kind is Kind.FILE:
        return NotVideo(
            f"{source} is no video that can be read: give an MP4, MKV, AVI or GIF file that plays."
        )
    if source.kind is Kind.WEBCAM:
        return NotFound(f"There is no webcam {source}: plug it in, or try another number.")
    return Unreachable(f"{source} does not answer: check its address, user name and password, and the cable.")


def _reading_error(source: Source, error: Exception) -> CameraError:
    silent = isinstance(error, (av.error.ExitError, av.error.TimeoutError, TimeoutError))
    if source.is_live and silent:
        return Stalled(f"{source} has fallen silent: check the camera and the line to it.")
    if source.is_live:
        return Unreachable(f"{source} broke the connection: check the camera and the line to it.")
    return Corrupt(f"{source} is damaged: copy the file again from where it came.")


def check_file(path: Path) -> None:
    """Say early, and better than libav, what is wrong with `path`.

    Raises `NotFound` or `NotVideo`.
    """
    if path.is_dir():
        raise NotVideo(f"{path} is a folder, where one video file is needed: name a file in it.")
    if not path.is_file():
        raise NotFound(f"{path} does not exist: check the path.")
    with translated(Source(Kind.FILE, str(path)), opening=True):
        size = path.stat().st_size
    if size == 0:
        raise NoPicture(f"{path} is empty (0 bytes): copy the file again from where it came.")


def check_size(source: Source, width: int, height: int) -> None:
    """Raises `TooLarge` for pictures over the limit."""
    if max(width, height) > MAX_SIDE_PX:
        raise TooLarge(
            f"{source} has pictures of {width}×{height}: {MAX_SIDE_PX} is the limit; choose a smaller stream."
        )


def _file_name(source: Source) -> tuple[str, str | None]:
    """What libav opens, and the demuxer it is told to use."""
    if source.kind is Kind.WEBCAM:
        number = source.address.isdecimal()
        return f"/dev/video{source.address}" if number else source.address, "v4l2"
    if source.kind is Kind.FILE:
        return f"file:{source.path}", None
    return source.address, None


@contextmanager
def open_video(source: Source) -> Iterator[OpenVideo]:
    """Open `source` for the length of a `with` block.

    Raises a `CameraError` that says what is wrong with it.
    """
    if source.kind is Kind.FILE:
        check_file(source.path)
    name, demuxer = _file_name(source)
    limits = None if source.kind is Kind.FILE else (OPEN_TIMEOUT_S, READ_TIMEOUT_S)
    with translated(source, opening=True):
        container = av.open(
            name,
            "r",
            format=demuxer,
            options=source.options,
            timeout=limits,
            metadata_errors="replace",
        )
    try:
        yield OpenVideo(source, container, _video_stream(source, container))
    finally:
        container.close()


def _video_stream(source: Source, container: InputContainer) -> VideoStream:
    streams = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not streams:
        raise NoPicture(f"{source} has no picture in it (sound only?): choose a recording of a camera.")
    stream = streams[0]
    if cast(object, stream.codec_context) is None:
        raise NotVideo(f"{source} is in a format that cannot be decoded here: convert it to H.264.")
    if stream.codec_context.name in PICTURE_LIKE:
        raise NotVideo(f"{source} is text, no video: give an MP4, MKV, AVI or GIF file that plays.")
    check_size(source, stream.codec_context.width, stream.codec_context.height)
    # One core per camera: threads inside a decoder cost more than they give.
    stream.codec_context.thread_count = 1
    return stream


def _is_cover(stream: VideoStream) -> bool:
    """True for the album picture that music files carry as a 'video'."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
