"""The worker's side of the wire against a real HTTP server that answers as badly as real ones do."""

import hashlib
import json
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from hallwatch.delivery import (
    BackOff,
    ClipParcel,
    Delivery,
    EventParcel,
    HallParcel,
    LedgerParcel,
    NotYetError,
    Parcel,
    RefusedError,
    SinkUnreachableError,
    SkeletonParcel,
    StatusParcel,
)
from hallwatch.http_sink import HttpSink
from hallwatch.onlookers import Onlookers
from hallwatch.spool import Changes, Spool
from tests.hallwatch.messages import NOW, clip, event, hour

Answer = tuple[int, dict[str, str], bytes] | None


class FlakyServer(ThreadingHTTPServer):
    """Keeps events and clips as the API does; `mood` says per request how well it serves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.revisions: dict[str, int] = {}
        self.clips: dict[str, tuple[dict[str, list[str]], bytes]] = {}
        self.stored = 0
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.mood: Callable[[], str] = lambda: "well"
        self.answer: Answer = None
        self.guard = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Broken lines are what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FlakyServer

    def do_PUT(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def _serve(self) -> None:
        mood = self.server.mood()
        if mood == "reset before":
            return self._reset()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((self.command, self.path, dict(self.headers)))
        if self.server.answer is not None:
            return self._reply(*self.server.answer)
        if mood == "fail":
            return self._reply(random.choice((500, 503, 429)), {"Retry-After": "0"}, b"")
        with self.server.guard:
            status = self._keep(body)
        if mood == "reset after":
            return self._reset()
        return self._reply(status, {"Content-Type": "application/json"}, b'{"watchers": 2}')

    def _keep(self, body: bytes) -> int:
        address = urlsplit(self.path)
        parts = address.path.removeprefix("/api/v1/ingest/").split("/")
        if parts == ["events"]:
            for told in json.loads(body)["events"]:
                known = self.server.revisions.get(told["id"], 0)
                self.server.stored += told["id"] not in self.server.revisions
                self.server.revisions[told["id"]] = max(known, told["revision"])
            return 200
        if parts[-1] == "clip":
            if parts[1] not in self.server.revisions:
                return 404
            self.server.clips[parts[1]] = (parse_qs(address.query), body)
            return 204
        return 200 if parts[-1] == "live" else 204

    def _reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


@pytest.fixture
def server() -> Iterator[FlakyServer]:
    with FlakyServer() as flaky:
        thread = threading.Thread(target=flaky.serve_forever, args=(0.02,))
        thread.start()
        yield flaky
        flaky.shutdown()
        thread.join()


@pytest.fixture
def sink(server: FlakyServer) -> Iterator[HttpSink]:
    made = HttpSink(server.address, SecretStr("key"))
    yield made
    made.close()


def test_every_event_and_clip_arrives_once_through_a_flaky_line(
    server: FlakyServer, sink: HttpSink, tmp_path: Path
) -> None:
    chance = random.Random(3)
    moods = ("well", "well", "fail", "reset before", "reset after")
    server.mood = lambda: chance.choice(moods)
    with Spool(tmp_path / "spool", now=NOW) as spool:
        running = Delivery(spool, sink, jitter=lambda: 0.0, not_yet=BackOff(0.01, 0.2))
        running.start()
        for number in range(40):
            clips = [clip(tmp_path, number)] if number % 8 == 0 else []
            spool.commit(Changes(events=[event(number)], clips=clips))
            if number % 3 == 0:
                spool.commit(Changes(events=[event(number, revision=2)]))
        assert empties(spool, within_s=20)
        running.stop()
    assert server.revisions == {event(n).event.id: 2 if n % 3 == 0 else 1 for n in range(40)}
    assert server.stored == 40
    assert set(server.clips) == {event(n).event.id for n in range(0, 40, 8)}
    assert all(query["sha256"] == [hashlib.sha256(body).hexdigest()] for query, body in server.clips.values())


def empties(spool: Spool, within_s: float) -> bool:
    pause = threading.Event()
    for _ in range(int(within_s / 0.05)):
        if spool.counts().waiting == 0:
            return True
        pause.wait(0.05)
    return False


PARCELS: list[tuple[Parcel, str, str]] = [
    (HallParcel({"id": "h"}), "PUT", "/api/v1/ingest/hall"),
    (EventParcel([event(1).as_json()]), "POST", "/api/v1/ingest/events"),
    (LedgerParcel([hour()]), "POST", "/api/v1/ingest/ledger"),
    (SkeletonParcel("a/b", {"format": 1}), "PUT", "/api/v1/ingest/events/a%2Fb/skeleton"),
    (StatusParcel("1", {"state": "live"}), "PUT", "/api/v1/ingest/cameras/1/status"),
]


@pytest.mark.parametrize(("parcel", "method", "path"), PARCELS, ids=[type(p[0]).__name__ for p in PARCELS])
def test_a_parcel_goes_to_its_route_with_the_workers_key(
    server: FlakyServer, sink: HttpSink, parcel: Parcel, method: str, path: str
) -> None:
    sink.send(parcel)
    sent_method, sent_path, headers = server.requests[0]
    assert (sent_method, sent_path) == (method, path)
    assert headers["Authorization"] == "Bearer key"


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (400, RefusedError),
        (401, SinkUnreachableError),
        (403, SinkUnreachableError),
        (404, SinkUnreachableError),
        (413, RefusedError),
        (422, RefusedError),
        (429, SinkUnreachableError),
        (500, NotYetError),
        (503, SinkUnreachableError),
        (302, SinkUnreachableError),
    ],
)
def test_an_answer_means_now_later_or_never(
    server: FlakyServer, sink: HttpSink, status: int, meaning: type[Exception]
) -> None:
    server.answer = (status, {"Location": "http://127.0.0.1:1/", "Retry-After": "7"}, b'{"detail": "why"}')
    with pytest.raises(meaning, match=f"HTTP {status} why") as caught:
        sink.send(EventParcel([event(1).as_json()]))
    if isinstance(caught.value, SinkUnreachableError) and status != 404:
        assert caught.value.retry_after_s == 7


def test_a_clip_of_an_unknown_event_is_for_later(server: FlakyServer, sink: HttpSink, tmp_path: Path) -> None:
    with pytest.raises(NotYetError):
        sink.send(ClipParcel(clip(tmp_path)))


def test_a_clip_whose_file_is_gone_is_told_as_failed(
    server: FlakyServer, sink: HttpSink, tmp_path: Path
) -> None:
    made = clip(tmp_path)
    assert made.path is not None
    made.path.unlink()
    server.revisions[made.event_id] = 1
    sink.send(ClipParcel(made))
    query, body = server.clips[made.event_id]
    assert (query["state"], body) == (["failed"], b"")


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        sink = HttpSink(f"http://127.0.0.1:{unused.getsockname()[1]}", SecretStr("key"))
        with pytest.raises(SinkUnreachableError):
            sink.send(HallParcel({"id": "h"}))
        assert sink.show("1", b"jpeg") == Onlookers()
        sink.close()


def test_a_live_picture_says_how_many_watch(sink: HttpSink) -> None:
    assert sink.show("1", b"jpeg") == Onlookers(watchers=2)
