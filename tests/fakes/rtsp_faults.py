"""An RTSP camera that misbehaves on purpose: interleaved TCP, H.264 packetised by RFC 6184, RTCP reports.

Each connection gets the next `Fault` of a list; the last one holds for all that follow.
"""

import asyncio
import base64
import contextlib
import random
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fakes.access_units import AccessUnit, access_units

TICKS_PER_S = 90_000
MAX_PAYLOAD = 1400
SINCE_1900_S = 2_208_988_800
SSRC = b"hall"
REPORT_EVERY_S = 1.0


@dataclass(frozen=True)
class Fault:
    """What one connection does wrong; the default does everything right.

    `drop_in` and `silent_in` name the RTSP method on which it hangs up or says no more; `stall_after` and
    `cut_after` count pictures. `corrupt` is the share of the pictures' bytes that are changed. `jump_ticks`
    is added to every RTP time from the picture `jump_at` on. `clock_s` is how far its own clock is ahead.
    """

    drop_in: str | None = None
    silent_in: str | None = None
    stall_after: int | None = None
    cut_after: int | None = None
    corrupt: float = 0.0
    jump_at: int | None = None
    jump_ticks: int = 0
    clock_s: float | None = None
    header_bomb: bool = False
    ever_401: bool = False
    garbage: bool = False
    film: int = 0


class FaultyCamera:
    """Serves films at `address` on loopback within a `with` block, from a thread of its own.

    `speed` is how much faster than life the pictures are sent.
    """

    def __init__(self, *films: Path, faults: Sequence[Fault] = (Fault(),), speed: float = 1.0) -> None:
        self._films = [access_units(film) for film in films]
        self._speed = speed
        self.faults = list(faults)
        self.connections = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="faulty camera", daemon=True)

    @property
    def address(self) -> str:
        """Where it is, without a password."""
        return f"rtsp://127.0.0.1:{self.port}/cam"

    def cut(self) -> None:
        """Break every connection that is open now."""
        self._loop.call_soon_threadsafe(self._abort_all)

    def _abort_all(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    def __enter__(self) -> Self:
        self._thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=600)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _stop(self) -> None:
        self._server.close()
        self._abort_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self.faults.pop(0) if len(self.faults) > 1 else self.faults[0]
        self.connections += 1
        self._open.add(writer)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            units = self._films[fault.film % len(self._films)]
            await _Connection(fault, units, self._speed, reader, writer).run()
        except (asyncio.CancelledError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # the viewer has gone, or the server stops
        finally:
            self._tasks.discard(task)
            self._open.discard(writer)
            writer.transport.abort()


class _Connection:
    """One viewer, from its first request to its end."""

    def __init__(
        self,
        fault: Fault,
        units: list[AccessUnit],
        speed: float,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.fault = fault
        self.units = units
        self.speed = speed
        self.reader = reader
        self.writer = writer
        self.random = random.Random(7)
        self.sequence = 0
        self.sent = 0

    async def run(self) -> None:
        playing: asyncio.Task[None] | None = None
        try:
            while request := await self._request():
                method, number = request
                if self.fault.drop_in == method:
                    return
                if self.fault.silent_in == method:
                    await self.reader.read()
                    return
                await self._answer(method, number)
                if method == "PLAY" and playing is None:
                    playing = asyncio.create_task(self._play())
        finally:
            if playing is not None:
                playing.cancel()
                with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                    await playing

    async def _request(self) -> tuple[str, str] | None:
        """(method, CSeq) of the next request; what a viewer reports in between is passed over."""
        while True:
            first = await self.reader.read(1)
            if not first:
                return None
            if first == b"$":
                _channel, size = struct.unpack(">BH", await self.reader.readexactly(3))
                await self.reader.readexactly(size)
                continue
            head = first + await self.reader.readuntil(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
            return lines[0].split()[0], fields.get("cseq", "0")

    async def _answer(self, method: str, number: str) -> None:
        if self.fault.garbage:
            self.writer.write(self.random.randbytes(2000))
        elif self.fault.ever_401:
            self._reply(
                number,
                "401 Unauthorized",
                {"WWW-Authenticate": f'Digest realm="hall", nonce="{self.random.random()}"'},
            )
        elif self.fault.header_bomb and method == "DESCRIBE":
            self.writer.write(f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\n".encode())
            while True:
                self.writer.write(b"X-Padding: " + b"x" * 60_000 + b"\r\n")
                await self.writer.drain()
        elif method == "DESCRIBE":
            self._reply(number, "200 OK", {"Content-Type": "application/sdp"}, self._sdp())
        elif method == "SETUP":
            channels = "RTP/AVP/TCP;unicast;interleaved=0-1"
            self._reply(number, "200 OK", {"Transport": channels, "Session": "1;timeout=60"})
        else:
            self._reply(number, "200 OK", {"Session": "1", "Public": "DESCRIBE, SETUP, PLAY, TEARDOWN"})
        await self.writer.drain()

    def _reply(self, number: str, status: str, fields: dict[str, str], body: str = "") -> None:
        told = {"CSeq": number, **fields, "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        self.writer.write(f"RTSP/1.0 {status}\r\n{head}\r\n{body}".encode())

    def _sdp(self) -> str:
        kinds = {nal[0] & 31: nal for nal in self.units[0].nals}
        sets = ",".join(base64.b64encode(kinds[kind]).decode() for kind in (7, 8))
        return (
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=cam\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
            "a=rtpmap:96 H264/90000\r\na=framerate:25\r\n"
            f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}\r\na=control:track1\r\n"
        )

    async def _play(self) -> None:
        """The film again and again; each picture when it is due."""
        step_s = self.units[1].sent_s - self.units[0].sent_s
        length_s = max(unit.sent_s for unit in self.units) + step_s
        loop = asyncio.get_running_loop()
        began_s, turn_s, reported_s = loop.time(), 0.0, -REPORT_EVERY_S
        while True:
            for unit in self.units:
                at_s = turn_s + unit.sent_s
                await asyncio.sleep(began_s + at_s / self.speed - loop.time())
                if self.fault.cut_after is not None and self.sent >= self.fault.cut_after:
                    self.writer.transport.abort()
                    return
                if self.fault.stall_after is not None and self.sent >= self.fault.stall_after:
                    return
                if at_s - reported_s >= REPORT_EVERY_S and self.fault.clock_s is not None:
                    self._report(turn_s + unit.shown_s)
                    reported_s = at_s
                self._send(unit, turn_s + unit.shown_s)
                await self.writer.drain()
            turn_s += length_s

    def _ticks(self, shown_s: float) -> int:
        jumped = self.fault.jump_at is not None and self.sent >= self.fault.jump_at
        return (round(shown_s * TICKS_PER_S) + (self.fault.jump_ticks if jumped else 0)) & 0xFFFFFFFF

    def _send(self, unit: AccessUnit, shown_s: float) -> None:
        ticks = self._ticks(shown_s)
        payloads = [payload for nal in unit.nals for payload in _packetised(self._hurt(nal))]
        for index, payload in enumerate(payloads):
            mark = 0x80 if index == len(payloads) - 1 else 0
            head = struct.pack(">BBHI", 0x80, mark | 96, self.sequence & 0xFFFF, ticks) + SSRC
            self._interleave(0, head + payload)
            self.sequence += 1
        self.sent += 1

    def _report(self, shown_s: float) -> None:
        """An RTCP sender report: which instant of the camera's clock an RTP time is."""
        now_s = datetime.now(UTC).timestamp() + SINCE_1900_S + (self.fault.clock_s or 0.0)
        whole = int(now_s)
        body = SSRC + struct.pack(
            ">IIIII", whole & 0xFFFFFFFF, int((now_s - whole) * 2**32), self._ticks(shown_s), self.sent, 0
        )
        self._interleave(1, struct.pack(">BBH", 0x80, 200, len(body) // 4) + body)

    def _interleave(self, channel: int, packet: bytes) -> None:
        self.writer.write(struct.pack(">cBH", b"$", channel, len(packet)) + packet)

    def _hurt(self, nal: bytes) -> bytes:
        """With some bytes changed; parameter sets are left, or there would be no picture at all."""
        if not self.fault.corrupt or nal[0] & 31 in (7, 8):
            return nal
        hurt = bytearray(nal)
        for _ in range(max(1, round(len(nal) * self.fault.corrupt))):
            hurt[self.random.randrange(1, len(nal))] = self.random.randrange(256)
        return bytes(hurt)


def _packetised(nal: bytes) -> list[bytes]:
    """A NAL unit as RTP payloads: whole, or in fragments (FU-A)."""
    if len(nal) <= MAX_PAYLOAD:
        return [nal]
    pieces = [nal[at : at + MAX_PAYLOAD] for at in range(1, len(nal), MAX_PAYLOAD)]
    payloads = []
    for index, piece in enumerate(pieces):
        edge = 0x80 if index == 0 else 0x40 if index == len(pieces) - 1 else 0
        payloads.append(bytes([nal[0] & 0xE0 | 28, edge | nal[0] & 31]) + piece)
    return payloads
