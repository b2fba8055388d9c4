"""Evidence: what the camera sent around a deed, cut without transcoding and safe against a kill.

While a clip grows it is NAME.mp4.part, a fragmented MP4 of which all but the last second survives a kill -9.
At its end it is rewritten as a plain MP4 with its index in front, synced, and renamed to NAME.mp4; so a file
called NAME.mp4 is always whole. `sweep` makes clips of the parts that a killed process left.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
from av.container.input import InputContainer
from av.container.output import OutputContainer
from av.video.stream import VideoStream

from cameras.errors import CameraError, ClipFailed, NoPicture
from cameras.live_picture import live_jpeg
from cameras.reader import read
from cameras.review_copy import Transcoder
from cameras.ring import TICKS_PER_S, PacketRing, RingPacket, StreamParameters
from cameras.source import Kind, Source
from cameras.write_video import writing_failed

PLAYS_AS_IT_IS = {"h264", "hevc"}
"""Codecs that MP4 carries and browsers play; all others are transcoded."""

PART = ".part"
WHOLE = ".whole"
"""A finished copy on its way to its name; of no use after a kill, since the part is still there."""

FRAGMENTED = {
    "movflags": "frag_keyframe+empty_moov+default_base_moof",
    "frag_duration": "1000000",  # µs: what a kill can cost, where key frames are ten seconds apart
    "flush_packets": "1",
}


class ClipState(StrEnum):
    """Whether a clip holds all that was asked for."""

    READY = "ready"
    PARTIAL = "partial"


@dataclass(frozen=True)
class Clip:
    """A finished clip; `starts_at` is the instant of its first picture."""

    path: Path
    starts_at: datetime
    duration_s: float
    state: ClipState
    sha256: str
    size: int


class PartFile(Protocol):
    """Where the fragments of a growing clip go."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data`, or raise OSError."""

    def close(self) -> None:
        """No more will come."""


class UnbufferedFile:
    """Hands every write straight to the system, so that a killed process loses nothing it has written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)

    def write(self, data: bytes, /) -> int:
        """Write all of `data`: the system may take less than it is given."""
        written = 0
        while written < len(data):
            written += self._file.write(data[written:]) or 0
        return written

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Remuxer:
    """Puts packets into `container` as they are."""

    def __init__(self, container: OutputContainer, template: VideoStream) -> None:
        self._container = container
        self._stream = container.add_stream_from_template(template, opaque=True)
        self._stream.time_base = Fraction(1, TICKS_PER_S)

    def take(self, packet: RingPacket, base: int) -> None:
        copy = av.Packet(packet.data)
        copy.pts, copy.dts, copy.duration = packet.pts - base, packet.dts - base, packet.duration
        copy.time_base = Fraction(1, TICKS_PER_S)
        copy.is_keyframe = packet.is_keyframe
        copy.stream = self._stream
        self._container.mux_one(copy)

    def finish(self) -> None:
        """Nothing is held back."""


class ClipWriter:
    """Writes the clip `path` of what `ring` holds from `begin` on and still receives until `end`.

    The pre-roll is on disk when the constructor returns; call `advance` after each picture. A full disk or a
    folder that is gone raises `ClipFailed` and leaves no file; the reader is not touched by it.
    """

    def __init__(
        self,
        ring: PacketRing,
        path: Path,
        *,
        begin: datetime,
        end: datetime,
        part_file: Callable[[Path], PartFile] = UnbufferedFile,
    ) -> None:
        packets = ring.packets_from(begin)
        if not packets or ring.parameters is None:
            raise ClipFailed(f"The camera sent nothing for {path.name}: check its connection.", "no_packets")
        self.path = path
        self._ring, self._end = ring, end
        self._generation = ring.generation
        self._serial, self._base = packets[0].serial - 1, packets[0].dts
        self._starts_at, self._first_pts = packets[0].captured_at, packets[0].pts
        self._part = path.with_name(path.name + PART)
        with self._guarded():
            self._open(part_file, ring.parameters)
            self._take(packets)

    def _open(self, part_file: Callable[[Path], PartFile], parameters: StreamParameters) -> None:
        self._file = part_file(self._part)
        self._container = av.open(self._file, "w", format="mp4", options=FRAGMENTED)
        self._container.metadata["comment"] = self._starts_at.astimezone(UTC).isoformat()
        self._track = _track(self._container, parameters)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except ClipFailed:
            self.abandon()
            raise
        except OSError as error:
            self.abandon()
            raise writing_failed(self.path, error) from None
        except (av.FFmpegError, ValueError) as error:
            self.abandon()
            raise ClipFailed(
                f"{self.path.name} cannot be made of this stream: {error}.", "unreadable"
            ) from None

    def advance(self) -> Clip | None:
        """Take what has come since; the finished clip once `end` is passed or the connection was replaced."""
        if self._ring.generation != self._generation:
            return self.finish(ClipState.PARTIAL)
        with self._guarded():
            done = self._take(self._ring.packets_after(self._serial))
        return self.finish() if done else None

    def _take(self, packets: list[RingPacket]) -> bool:
        """Write `packets`; True when one lies beyond the end."""
        for packet in packets:
            if packet.captured_at > self._end:
                return True
            # Pictures shown before the first key frame but sent after it (open groups, common in H.265) lean
            # on a group that the clip does not hold.
            if packet.pts >= self._first_pts:
                self._track.take(packet, self._base)
            self._serial = packet.serial
        return False

    def finish(self, state: ClipState = ClipState.READY) -> Clip:
        """Close the clip with what it has: at its end, or early when the source has ended."""
        with self._guarded():
            self._track.finish()
            self._container.close()
            self._file.close()
            return _made_whole(self._part, self.path, self._starts_at, state)

    def abandon(self) -> None:
        """Give the clip up; no file stays."""
        with contextlib.suppress(OSError, av.FFmpegError, AttributeError):
            self._container.close()
        with contextlib.suppress(OSError, AttributeError):
            self._file.close()
        for path in (self._part, self.path.with_name(self.path.name + WHOLE)):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _track(container: OutputContainer, parameters: StreamParameters) -> _Remuxer | Transcoder:
    if parameters.codec in PLAYS_AS_IT_IS and parameters.template is not None:
        return _Remuxer(container, parameters.template)
    return Transcoder(container, parameters)


def _made_whole(part: Path, path: Path, starts_at: datetime, state: ClipState) -> Clip:
    """Rewrite `part` with its index in front, and give it its name when it is safe on disk."""
    whole = path.with_name(path.name + WHOLE)
    duration_s = _rewrite(part, whole)
    digest = _synced_sha256(whole)
    size = whole.stat().st_size
    whole.replace(path)
    _sync(path.parent)
    part.unlink(missing_ok=True)
    return Clip(path, starts_at, duration_s, state, digest, size)


def _rewrite(part: Path, whole: Path) -> float:
    """Copy the packets of `part` into a plain MP4; its duration in seconds. A torn end is left behind."""
    options = {"movflags": "+faststart"}
    with (
        av.open(str(part), "r", metadata_errors="replace") as read_from,
        av.open(str(whole), "w", format="mp4", options=options) as write_to,
    ):
        source = read_from.streams.video[0]
        target = write_to.add_stream_from_template(source, opaque=True)
        write_to.metadata.update(read_from.metadata)
        shown: list[int] = []
        for packet in _readable(read_from, source):
            shown += [packet.pts or 0, (packet.pts or 0) + (packet.duration or 0)]
            packet.stream = target
            write_to.mux_one(packet)
        return float((max(shown) - min(shown)) * (source.time_base or 0))


def _readable(container: InputContainer, stream: VideoStream) -> Iterator["av.Packet[VideoStream]"]:
    """The packets up to the end or the first damage."""
    with contextlib.suppress(av.error.InvalidDataError, av.error.EOFError):
        for packet in container.demux(stream):
            if packet.size:
                yield packet


def _synced_sha256(path: Path) -> str:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> list[Clip]:
    """Make clips, state `partial`, of the parts that a killed process left in `folder`.

    A part without a decodable picture is removed; one that a full disk keeps from being finished stays, and
    is tried again by the next call. To be called before any `ClipWriter` of this folder.
    """
    for half in folder.glob(f"*.mp4{WHOLE}"):
        half.unlink(missing_ok=True)
    return [clip for part in sorted(folder.glob(f"*.mp4{PART}")) if (clip := _rescued(part))]


def finished(folder: Path) -> list[Clip]:
    """The whole clips in `folder`, as they say of themselves; what cannot be read is left out."""
    clips = []
    for path in sorted(folder.glob("*.mp4")):
        with contextlib.suppress(CameraError, av.FFmpegError, ValueError, IndexError, OSError):
            clips.append(_reread(path))
    return clips


def _reread(path: Path) -> Clip:
    with av.open(str(path), "r", metadata_errors="replace") as container:
        stream = container.streams.video[0]
        duration_s = float((stream.duration or 0) * (stream.time_base or 0))
    digest = _synced_sha256(path)
    return Clip(path, _starts_at(path), duration_s, ClipState.READY, digest, path.stat().st_size)


def _rescued(part: Path) -> Clip | None:
    path = part.with_name(part.name.removesuffix(PART))
    if path.exists():  # killed between the rename and the removal of the part: the clip is whole
        part.unlink()
        return None
    try:
        started_at = _starts_at(part)
        next(read(Source(Kind.FILE, str(part))))
    except (CameraError, av.FFmpegError, ValueError, IndexError, StopIteration):
        part.unlink(missing_ok=True)
        return None
    try:
        return _made_whole(part, path, started_at, ClipState.PARTIAL)
    except (OSError, av.FFmpegError):
        # It can be seen, so it is evidence: what fails here is the disk, and the next start tries again.
        with contextlib.suppress(OSError):
            path.with_name(path.name + WHOLE).unlink(missing_ok=True)
        return None


def _starts_at(part: Path) -> datetime:
    with av.open(str(part), "r", metadata_errors="replace") as container:
        return datetime.fromisoformat(container.metadata.get("comment", ""))


def poster(clip: Clip) -> bytes:
    """The first picture of `clip` as JPEG.

    Raises a `CameraError` where the file has gone or is damaged.
    """
    first = next(read(Source(Kind.FILE, str(clip.path))), None)
    if first is None:
        raise NoPicture(f"{clip.path} holds no picture: make the poster of another clip.")
    return live_jpeg(first.image)
