"""Tracks: what was seen of everybody, kept without a picture, so that behaviours can be judged again later.

A file is a header and blocks of up to a minute. Each block stands for itself: a file that was cut short keeps
what came before. Positions are kept to half a pixel, world joints and the floor to a centimetre, certainties
to a thirtieth; deltas from frame to frame are compressed, so that a minute of one clerk at five frames a
second takes some 20 kB.

Layout, little endian: `HWTK`, version (u8), header length (u32), header (JSON). A block: length (u32), CRC-32
(u32), zlib of: length (u32) and JSON of the block's small things (times in milliseconds, views, windows,
things), then the columns of all persons, sorted by track and time, each as wrapping 16-bit differences, low
bytes before high bytes. A block of length 0 ends the file. Readers refuse versions they do not know.
"""

import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from vision.values import Observation, Person, Pose, Side, Thing, ThingKind, ViewQuality

MAGIC = b"HWTK"
VERSION = 1
BLOCK_S = 60.0
LARGEST_BLOCK = 64 * 1024 * 1024

PX = 2.0
"""Steps a pixel."""

CM = 100.0
SURE = 31.0
COVARIANCE = 1e4
"""Steps a square metre: a standard deviation of a centimetre is the least that is told."""

Columns = NDArray[np.int16]
ENTRIES = 4 + 34 + 17 + 51 + 2 + 3 + 1
"""Box, joints, certainties, world joints, floor, its error, score."""


class TracksError(Exception):
    """A file that holds no tracks that can be read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Header:
    """Whose tracks they are. `context` is what the writer wants to remember, such as the rules in force."""

    camera: str
    size: tuple[int, int]
    started_at: datetime
    context: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


class TracksWriter:
    """Writes observations in order of time; close it, or the last minute is lost. Raises OSError."""

    def __init__(self, path: Path, context: Mapping[str, Any] | None = None) -> None:
        self._path, self._context = path, dict(context or {})
        self._stream: BinaryIO | None = None
        self._pending: list[Observation] = []
        self._started_at: datetime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, observation: Observation) -> None:
        """Take in the next observation."""
        if self._started_at is None:
            self._begin(observation)
        if self._pending and _seconds(self._pending[0], observation) >= BLOCK_S:
            self._flush()
        self._pending.append(observation)

    def close(self) -> None:
        """Write what is pending and the end."""
        if self._stream is None:
            return
        self._flush()
        self._stream.write(struct.pack("<I", 0))
        self._stream.close()
        self._stream = None

    def _begin(self, first: Observation) -> None:
        self._started_at = first.captured_at
        header = {
            "camera": first.camera,
            "size": list(first.size),
            "started_at": first.captured_at.isoformat(),
            "context": self._context,
        }
        text = json.dumps(header, ensure_ascii=False).encode()
        self._stream = self._path.open("wb")
        self._stream.write(MAGIC + struct.pack("<BI", VERSION, len(text)) + text)

    def _flush(self) -> None:
        if not self._pending or self._stream is None or self._started_at is None:
            return
        packed = zlib.compress(_block(self._pending, self._started_at), 9)
        self._stream.write(struct.pack("<II", len(packed), zlib.crc32(packed)) + packed)
        self._stream.flush()
        self._pending.clear()


class TracksReader:
    """Reads a file of tracks. `complete` is false, once read, where the file had been cut short."""

    def __init__(self, path: Path) -> None:
        """Open the file and read its header. Raises `TracksError`, OSError."""
        self._path = path
        self.complete = False
        with path.open("rb") as stream:
            self.header = self._read_header(stream)
            self._blocks_at = stream.tell()

    def observations(self) -> Iterator[Observation]:
        """What was seen, in order of time."""
        with self._path.open("rb") as stream:
            stream.seek(self._blocks_at)
            while (block := self._next_block(stream)) is not None:
                yield from _observations(block, self.header)

    def _read_header(self, stream: BinaryIO) -> Header:
        start = stream.read(len(MAGIC) + 5)
        if start[: len(MAGIC)] != MAGIC or len(start) < len(MAGIC) + 5:
            raise TracksError(f"{self._path} holds no tracks; `hallwatch analyze --tracks` writes such files")
        version, length = struct.unpack("<BI", start[len(MAGIC) :])
        if version != VERSION:
            raise TracksError(f"{self._path} has tracks of version {version}; this hallwatch reads {VERSION}")
        try:
            found = json.loads(stream.read(min(length, LARGEST_BLOCK)))
            started_at = datetime.fromisoformat(found["started_at"])
            width, height = found["size"]
            return Header(found["camera"], (int(width), int(height)), started_at, found["context"])
        except (ValueError, KeyError, TypeError):
            raise TracksError(f"{self._path} has a damaged header; write it anew") from None

    def _next_block(self, stream: BinaryIO) -> bytes | None:
        """The next whole block; None at the end, and where the file is cut or damaged."""
        length = stream.read(4)
        if len(length) < 4:
            return None
        (size,) = struct.unpack("<I", length)
        if size == 0:
            self.complete = True
            return None
        crc, packed = stream.read(4), stream.read(min(size, LARGEST_BLOCK))
        if len(packed) < size or len(crc) < 4 or zlib.crc32(packed) != struct.unpack("<I", crc)[0]:
            return None
        inflate = zlib.decompressobj()
        block = inflate.decompress(packed, LARGEST_BLOCK)
        return block if inflate.eof else None


def read_tracks(path: Path) -> Iterator[Observation]:
    """The observations of a file of tracks. Raises `TracksError`, OSError."""
    return TracksReader(path).observations()


def _seconds(first: Observation, last: Observation) -> float:
    return (last.captured_at - first.captured_at).total_seconds()


def _block(observations: list[Observation], started_at: datetime) -> bytes:
    windows: dict[str | None, int] = {None: 0}
    rows = [(person.track, index, person) for index, one in enumerate(observations) for person in one.persons]
    rows.sort(key=lambda row: row[:2])
    small = {
        "t_ms": [round((one.captured_at - started_at).total_seconds() * 1000) for one in observations],
        "view": [one.view.value for one in observations],
        "things": [[_thing(thing) for thing in one.things] for one in observations],
        "who": [
            [index, track, windows.setdefault(person.window, len(windows)), _told(person)]
            for track, index, person in rows
        ],
        "windows": [],
    }
    small["windows"] = list(windows)
    text = json.dumps(small, separators=(",", ":")).encode()
    values = np.array([_entries(person) for _, _, person in rows], dtype=np.int64).reshape(-1, ENTRIES)
    return struct.pack("<I", len(text)) + text + _packed(values)


def _packed(values: NDArray[np.int64]) -> bytes:
    clipped = np.clip(values, -32768, 32767)
    steps = np.diff(clipped, axis=0, prepend=0).astype(np.int64)
    wrapped = (steps & 0xFFFF).astype("<u2").T
    return (wrapped & 0xFF).astype(np.uint8).tobytes() + (wrapped >> 8).astype(np.uint8).tobytes()


def _unpacked(data: bytes, count: int) -> Columns:
    size = count * ENTRIES
    low = np.frombuffer(data, np.uint8, size).astype(np.uint16)
    high = np.frombuffer(data, np.uint8, size, size).astype(np.uint16)
    steps = (low | (high << 8)).reshape(ENTRIES, count).T
    return np.cumsum(steps, axis=0, dtype=np.uint16).view(np.int16)


POSE, WORLD, FLOOR, FLOOR_ERROR, STAFF, PUBLIC = (1 << bit for bit in range(6))


def _told(person: Person) -> int:
    """Which parts of a person are known, as bits."""
    pose = person.pose
    known = (
        (POSE, pose is not None),
        (WORLD, _keeps_world(person)),
        (FLOOR, person.floor is not None),
        (FLOOR_ERROR, person.floor_error is not None),
        (STAFF, person.zone is Side.STAFF),
        (PUBLIC, person.zone is Side.PUBLIC),
    )
    return sum(bit for bit, told in known if told)


def _keeps_world(person: Person) -> bool:
    """Only postures ask for depth, and the public's are never judged."""
    return person.zone is not Side.PUBLIC and person.pose is not None and person.pose.world is not None


def _entries(person: Person) -> NDArray[np.int64]:
    row = np.zeros(ENTRIES)
    row[0:4] = np.array(person.box) * PX
    if person.pose is not None:
        row[4:38] = person.pose.keypoints[:, :2].ravel() * PX
        row[38:55] = person.pose.keypoints[:, 2] * SURE
        if person.pose.world is not None and _keeps_world(person):
            row[55:106] = person.pose.world.ravel() * CM
    if person.floor is not None:
        row[106:108] = np.array(person.floor) * CM
    if person.floor_error is not None:
        row[108:111] = np.array(person.floor_error) * COVARIANCE
    row[111] = person.score * SURE
    return np.rint(np.nan_to_num(row)).astype(np.int64)


def _thing(thing: Thing) -> list[Any]:
    box = [round(value * PX) for value in thing.box]
    return [thing.kind.value, box, round(thing.score, 3), thing.track, thing.hand]


def _observations(block: bytes, header: Header) -> Iterator[Observation]:
    (length,) = struct.unpack("<I", block[:4])
    small = json.loads(block[4 : 4 + length])
    columns = _unpacked(block[4 + length :], len(small["who"]))
    persons: dict[int, list[Person]] = {}
    for (index, track, window, told), row in zip(small["who"], columns, strict=True):
        persons.setdefault(index, []).append(_person(row, track, small["windows"][window], told))
    for index, t_ms in enumerate(small["t_ms"]):
        yield Observation(
            camera=header.camera,
            captured_at=header.started_at + timedelta(milliseconds=t_ms),
            size=header.size,
            persons=tuple(persons.get(index, ())),
            things=tuple(_read_thing(thing) for thing in small["things"][index]),
            view=ViewQuality(small["view"][index]),
        )


def _person(row: Columns, track: int, window: str | None, told: int) -> Person:
    x1, y1, x2, y2 = (float(value) / PX for value in row[0:4])
    pose = None
    if told & POSE:
        joints = row[4:38].reshape(17, 2).astype(np.float32) / np.float32(PX)
        sure = row[38:55].astype(np.float32)[:, None] / np.float32(SURE)
        world = row[55:106].reshape(17, 3).astype(np.float32) / np.float32(CM) if told & WORLD else None
        pose = Pose(np.hstack([joints, sure]), world)
    floor = (float(row[106]) / CM, float(row[107]) / CM) if told & FLOOR else None
    xx, xy, yy = (float(value) / COVARIANCE for value in row[108:111])
    error = (xx, xy, yy) if told & FLOOR_ERROR else None
    zone = Side.STAFF if told & STAFF else Side.PUBLIC if told & PUBLIC else None
    return Person(track, (x1, y1, x2, y2), float(row[111]) / SURE, pose, window, zone, floor, error)


def _read_thing(saved: Iterable[Any]) -> Thing:
    kind, box, score, track, hand = saved
    x1, y1, x2, y2 = (float(value) / PX for value in box)
    return Thing(ThingKind(kind), (x1, y1, x2, y2), float(score), track, hand)
