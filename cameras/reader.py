"""Reads pictures from a source at the rate they are analysed, and feeds every packet to a ring.

Only pictures that are wanted are converted; packets that no wanted picture depends on are not even decoded.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Literal

import av
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from cameras.errors import CameraError, NoPicture, Stalled
from cameras.libav import INTRA_ONLY, OpenVideo, check_size, open_video, translated
from cameras.load import Load
from cameras.recording import duration_s, parts_of
from cameras.ring import PacketRing, StreamParameters
from cameras.source import Source
from cameras.timestamps import MAX_GAP_S, Anchor, TimestampFilter, anchor_of_file

ANALYSIS_RATE = 5.0
"""Pictures a second: conduct lasts seconds, and a hand's way to an ear half of one."""

MAX_LAG_S = 1.0
"""A file played as if live that is this late gives pictures up instead of falling further behind."""

MAX_DEMUX_ERRORS = 100

AT_ONCE_S = 0.01
"""Packets that come faster one after the other were waiting: a camera's own are 30 ms apart and more."""

MOST_WAITING = 300

NO_PICTURE_S = 10.0
"""A camera that sends data so long, of which no picture can be decoded, is taken for stalled."""


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture to analyse: `image` is (H, W, 3) BGR uint8, not writeable; `at_s` is media seconds."""

    sequence: int
    captured_at: datetime
    at_s: float
    image: NDArray[np.uint8]


@dataclass
class Damage:
    """What a reading had to pass over."""

    packets: int = 0
    files: int = 0
    pictures_late: int = 0
    broken_off: bool = False


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Sampler:
    """Picks pictures by media time: the first in each slot of 1/`rate` seconds. The rate may change."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._slot: int | None = None

    def slot(self, at_s: float) -> int:
        """The number of the slot that `at_s` lies in; a hair early counts as on time."""
        return int(at_s * self._rate + 1e-6)

    def change(self, rate: float, at_s: float) -> None:
        """Go on at another rate after the picture at `at_s`."""
        if rate != self._rate:
            self._rate = rate
            self._slot = self.slot(at_s)

    def take(self, at_s: float) -> bool:
        """True for the first picture of a slot."""
        slot = self.slot(at_s)
        if self._slot is not None and slot <= self._slot:
            return False
        self._slot = slot
        return True

    def may_want(self, at_s: float, step_s: float) -> bool:
        """False only where a picture shortly before `at_s` lies in the same slot."""
        return step_s <= 0 or self.slot(at_s - 1.5 * step_s) != self.slot(at_s)


class Pacer:
    """Holds a file back to the speed of life."""

    def __init__(self, sleep: Callable[[float], object], monotonic: Callable[[], float]) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._zero: float | None = None

    def wait_for(self, at_s: float) -> None:
        """Sleep until media time `at_s` is due."""
        if self._zero is None:
            self._zero = self._monotonic() - at_s
        early_s = self._zero + at_s - self._monotonic()
        if early_s > 0:
            self._sleep(early_s)

    def lag_s(self, at_s: float) -> float:
        """By how much `at_s` is over-due."""
        return 0.0 if self._zero is None else self._monotonic() - self._zero - at_s


def read(
    source: Source,
    *,
    rate: float = ANALYSIS_RATE,
    ring: PacketRing | None = None,
    starts_at: datetime | None = None,
    pace: Literal["fast", "live"] = "fast",
    loop: bool = False,
    max_width: int | None = None,
    skip_to_s: float = 0.0,
    now: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], object] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    damage: Damage | None = None,
    load: Load | None = None,
) -> Iterator[Picture]:
    """The pictures of `source`, `rate` a second by media time, each with the instant it was captured.

    The files of a folder follow one another without a gap; one that cannot be read is counted in `damage`.
    A file's time begins at `starts_at`, else where its own metadata says, else at its opening; played with
    `pace="live"` and of a camera, at the wall clock (`now`) of the first packet. `loop` begins a file again
    at its end, time going on. `max_width` scales wider pictures down. `damage` counts what was passed over.
    With `load`, whoever takes pictures too slowly for `rate` is given fewer of them, evenly.
    The end of a file is the end of the iterator. Raises a `CameraError` where there is nothing to read, and
    where a camera falls silent.
    """
    reading = _Reading(source, rate, ring, max_width, damage or Damage())
    reading.load, reading.monotonic = load, monotonic
    reading.pacer = Pacer(sleep, monotonic) if pace == "live" and not source.is_live else None
    reading.anchoring = _Anchoring(starts_at, now, at_opening=pace == "live" or source.is_live)
    parts = parts_of(source)
    yield from reading.over(parts, skip_to_s)
    while loop and not source.is_live:
        yield from reading.over(parts, 0.0)


@dataclass(frozen=True)
class Kept:
    """A packet that was laid into a ring: its media seconds, and when it was captured."""

    at_s: float
    captured_at: datetime


def keep_packets(
    source: Source,
    ring: PacketRing,
    *,
    now: Callable[[], datetime] = utc_now,
    monotonic: Callable[[], float] = time.monotonic,
) -> Iterator[Kept]:
    """Lay what a camera sends into `ring`, with nothing decoded: for a stream that is only recorded.

    Raises a `CameraError` where there is nothing to read, and where the camera falls silent.
    """
    reading = _Reading(source, ANALYSIS_RATE, ring, None, Damage())
    reading.load, reading.monotonic, reading.pacer = None, monotonic, None
    reading.anchoring = _Anchoring(None, now, at_opening=True)
    yield from reading.kept()


@dataclass(frozen=True)
class _Anchoring:
    starts_at: datetime | None
    now: Callable[[], datetime]
    at_opening: bool

    def anchor(self, video: OpenVideo, behind_s: float) -> Anchor:
        """`behind_s` is how long ago a camera sent the first packet."""
        told = None if self.at_opening else video.container.metadata.get("creation_time")
        return anchor_of_file(self.starts_at, told, self.now() - timedelta(seconds=behind_s))


class _Reading:
    """What goes on over the rounds of a looping file: time, numbers, and what was counted."""

    pacer: Pacer | None
    anchoring: _Anchoring
    load: Load | None
    monotonic: Callable[[], float]

    def __init__(
        self, source: Source, rate: float, ring: PacketRing | None, max_width: int | None, damage: Damage
    ) -> None:
        self.source = source
        self.ring = ring
        self.max_width = max_width
        self.damage = damage
        self.sampler = Sampler(rate)
        self.sequence = 0
        self.pictures_decoded = 0
        self.times: TimestampFilter | None = None
        self.anchor: Anchor | None = None
        self.shown_until_s = -1.0
        self.last_dts: int | None = None
        self.step_s = 0.0
        self.shown_monotonic_s = 0.0
        self.behind_s = 0.0
        self.opened: Source | None = None

    def over(self, parts: tuple[Source, ...], skip_to_s: float) -> Iterator[Picture]:
        """All parts from `skip_to_s` on; one that fails costs only itself, unless all do."""
        if len(parts) == 1:
            yield from self.once(parts[0], skip_to_s)
            return
        failed: CameraError | None = None
        before = self.pictures_decoded
        for part in parts:
            try:
                if skip_to_s > 0 and (length_s := duration_s(part)) <= skip_to_s:
                    skip_to_s -= length_s
                    continue
                yield from self.once(part, skip_to_s)
            except CameraError as error:
                self.damage.files += 1
                failed = error
            skip_to_s = 0.0
        if failed is not None and self.pictures_decoded == before:
            raise failed

    def once(self, source: Source, skip_to_s: float) -> Iterator[Picture]:
        """One file or connection from `skip_to_s` to its end."""
        before = self.pictures_decoded
        with open_video(source) as video:
            self._begin(video, skip_to_s)
            for packet in self._packets(video):
                yield from self._decoded(video, packet)
            yield from self._decoded(video, None)
        if self.pictures_decoded == before and skip_to_s == 0.0:
            raise NoPicture(f"{source} holds no picture that can be decoded: copy the file again.")

    def kept(self) -> Iterator[Kept]:
        """The packets of one connection, as they are laid into the ring."""
        with open_video(self.source) as video:
            self._begin(video, 0.0)
            for packet in self._packets(video):
                self.shown_monotonic_s = self.monotonic()  # whether they can be decoded is not looked at
                if self.anchor is not None and packet.pts is not None:
                    at_s = float(packet.pts * packet.time_base)
                    yield Kept(at_s, self.anchor.captured_at(at_s))

    def _begin(self, video: OpenVideo, skip_to_s: float) -> None:
        base = video.stream.time_base or Fraction(1, 90_000)
        if skip_to_s > 0:
            self.shown_until_s = skip_to_s - 1e-3
            with translated(video.source):
                offset = round(skip_to_s / float(base)) + (video.stream.start_time or 0)
                video.container.seek(offset, stream=video.stream)
        if self.times is None:
            origin = None if self.source.is_live else video.stream.start_time
            self.times = TimestampFilter(base, origin)
        else:
            self.times.rebase(base)
            self.last_dts = None
        self.shown_monotonic_s = self.monotonic()
        if self.ring is not None and (self.anchor is None or self.opened != video.source):
            self.ring.begin(StreamParameters(video.stream))
        self.opened = video.source

    def _packets(self, video: OpenVideo) -> Iterator[Packet[VideoStream]]:
        """Packets with times put right, each held until it is due and laid into the ring."""
        demuxed = self._demuxed(video)
        waiting = self._waiting(demuxed) if video.source.is_live and self.anchor is None else []
        for packet in itertools.chain(waiting, demuxed):
            self._stamp(video, packet)
            self._require_pictures(video)
            yield packet

    def _waiting(self, demuxed: Iterator[Packet[VideoStream]]) -> list[Packet[VideoStream]]:
        """What came while the stream was being opened: the camera's time begins that much earlier."""
        waiting: list[Packet[VideoStream]] = []
        while len(waiting) < MOST_WAITING:
            asked_s = self.monotonic()
            packet = next(demuxed, None)
            if packet is None:
                break
            waiting.append(packet)
            if self.monotonic() - asked_s > AT_ONCE_S and len(waiting) > 1:
                break
        told = [packet.pts * packet.time_base for packet in waiting if packet.pts is not None]
        span_s = float(max(told) - told[0]) if told else 0.0
        self.behind_s = span_s if 0 <= span_s <= MAX_GAP_S else 0.0
        return waiting

    def _demuxed(self, video: OpenVideo) -> Iterator[Packet[VideoStream]]:
        """Packets as they come; what cannot be demuxed is counted and passed over."""
        demuxed = video.container.demux(video.stream)
        errors = 0
        while errors < MAX_DEMUX_ERRORS:
            try:
                packet = next(demuxed, None)
            except (av.FFmpegError, ValueError, OSError) as error:
                errors += 1
                self._lament(video, error)
                demuxed = video.container.demux(video.stream)
                continue
            if packet is None or packet.size == 0:
                return
            yield packet
        self.damage.broken_off = True

    def _require_pictures(self, video: OpenVideo) -> None:
        """A camera may send for ever what holds no picture; a file of it ends by itself."""
        if video.source.is_live and self.monotonic() - self.shown_monotonic_s > NO_PICTURE_S:
            raise Stalled(
                f"{video.source} sends data but no picture that can be decoded: choose H.264 in the camera."
            )

    def _lament(self, video: OpenVideo, error: Exception) -> None:
        if video.source.is_live:
            with translated(video.source):
                raise error
        self.damage.packets += 1

    def _stamp(self, video: OpenVideo, packet: Packet[VideoStream]) -> None:
        """Give `packet` its media time, hold it until it is due, and lay it into the ring."""
        assert self.times is not None
        if self.anchor is None:
            self.anchor = self.anchoring.anchor(video, self.behind_s)
        times = self.times.next(packet.pts, packet.dts, packet.duration)
        packet.pts, packet.dts = times.pts, times.dts
        if self.last_dts is not None:
            self.step_s = float((times.dts - self.last_dts) * packet.time_base)
        self.last_dts = times.dts
        if self.pacer is not None:
            self.pacer.wait_for(float(times.dts * packet.time_base))
        if self.ring is not None:
            self.ring.append(packet, self.anchor.captured_at(float(times.pts * packet.time_base)))

    def _decoded(self, video: OpenVideo, packet: Packet[VideoStream] | None) -> Iterator[Picture]:
        context = video.stream.codec_context
        if packet is not None and not self._is_wanted(packet):
            if context.name in INTRA_ONLY:
                return
            context.skip_frame = "NONREF"
        else:
            context.skip_frame = "DEFAULT"
        try:
            frames = context.decode(packet)
        except (av.FFmpegError, ValueError, OSError):
            self.damage.packets += 1
            return
        for frame in frames:
            # Counted apart from those that are given: a round may be all late, or shorter than a slot.
            self.pictures_decoded += 1
            self.shown_monotonic_s = self.monotonic()
            yield from self._picture(frame, frame.time_base or video.stream.time_base)

    def _is_wanted(self, packet: Packet[VideoStream]) -> bool:
        """Measured by the step between packets: the frame rate that a container claims may be a lie."""
        if packet.pts is None:
            return True
        return self.sampler.may_want(float(packet.pts * packet.time_base), self.step_s)

    def _picture(self, frame: av.VideoFrame, time_base: Fraction | None) -> Iterator[Picture]:
        """`time_base` is the stream's where a picture held back until the end has none of its own."""
        if frame.pts is None or time_base is None:
            return
        at_s = float(frame.pts * time_base)
        if at_s <= self.shown_until_s or not self.sampler.take(at_s):
            return
        if self.pacer is not None and self.pacer.lag_s(at_s) > MAX_LAG_S:
            self.damage.pictures_late += 1
            return
        assert self.anchor is not None
        self.shown_until_s = at_s
        image = self._converted(frame)
        given_s = self.monotonic()
        yield Picture(self.sequence, self.anchor.captured_at(at_s), at_s, image)
        if self.load is not None:
            self.load.took(self.monotonic() - given_s)
            self.sampler.change(self.load.rate, at_s)
        self.sequence += 1

    def _converted(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        check_size(self.source, frame.width, frame.height)
        width, height = frame.width, frame.height
        if self.max_width is not None and width > self.max_width:
            width, height = self.max_width, max(1, round(height * self.max_width / width))
        image = np.asarray(frame.to_ndarray(format="bgr24", width=width, height=height), dtype=np.uint8)
        image.setflags(write=False)
        return image
