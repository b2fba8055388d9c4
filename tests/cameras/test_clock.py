"""What a camera says its clock is, and what it does not."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from cameras.clock import clock_ahead_s
from cameras.source import Source
from tests.cameras.films import NOON
from tests.fakes.mjpeg_camera import MjpegCamera


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that says this to whoever asks; its place."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            asking, _ = server.accept()
            with asking:
                asking.recv(4096)
                asking.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize("by_s", [0, 7, -3600, 86_400])
@pytest.mark.parametrize(("scheme", "protocol"), [("rtsp", "RTSP/1.0"), ("http", "HTTP/1.1")])
def test_its_clock_is_told_to_the_second(by_s: int, scheme: str, protocol: str) -> None:
    date = format_datetime(NOON + timedelta(seconds=by_s), usegmt=True)
    with answering(f"{protocol} 401 Unauthorized\r\nCSeq: 1\r\ndate: {date}\r\n\r\n".encode()) as place:
        source = Source.parse(f"{scheme}://user:secret@{place}/cam")
        assert clock_ahead_s(source, lambda: NOON) == pytest.approx(by_s, abs=0.5)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nDate: yesterday\r\n\r\n",
        b"\xff" * 20_000,
        b"RTSP/1.0 200 OK\r\nDate: Thu, 99 Mar 2026 99:99:99 GMT\r\n\r\n",
    ],
)
def test_a_camera_that_does_not_tell_is_not_guessed(answer: bytes) -> None:
    with answering(answer) as place:
        assert clock_ahead_s(Source.parse(f"rtsp://{place}/cam")) is None


def test_what_has_no_clock_or_does_not_answer_is_none() -> None:
    assert clock_ahead_s(Source.parse("film.mp4")) is None
    assert clock_ahead_s(Source.parse("0")) is None
    assert clock_ahead_s(Source.parse("rtsp://127.0.0.1:9/cam")) is None


def test_a_real_server_is_understood() -> None:
    with MjpegCamera() as camera:
        assert clock_ahead_s(Source.parse(camera.address), lambda: datetime.now(UTC)) == pytest.approx(
            0, abs=1.1
        )
