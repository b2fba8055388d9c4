"""A camera that sends JPEG after JPEG over HTTP, as cheap ones and the page's own live view do."""

import threading
from base64 import b64encode
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.cameras.films import square

EVERY_S = 0.05
SHOWN_EVERY_S = 0.1


def _jpeg_of(picture: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".jpg", picture)[1].tobytes()


class MjpegCamera:
    """Serves a moving square at `address` within a `with` block; `login` is (user, password).

    With `pictures` (BGR uint8) it shows those instead, ten a second, again and again.
    """

    def __init__(
        self, login: tuple[str, str] | None = None, pictures: Sequence[NDArray[np.uint8]] = ()
    ) -> None:
        stopped = self._stopped = threading.Event()
        jpegs = [_jpeg_of(picture) for picture in pictures]
        every_s = SHOWN_EVERY_S if jpegs else EVERY_S
        wanted = f"Basic {b64encode(':'.join(login).encode()).decode()}" if login else None

        class Handler(BaseHTTPRequestHandler):
            timeout = 5  # a viewer that stopped reading must not hold the end up

            def do_GET(self) -> None:
                if wanted is not None and self.headers.get("Authorization") != wanted:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="cam"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                number = 0
                while not stopped.wait(every_s):
                    jpeg = jpegs[number % len(jpegs)] if jpegs else _jpeg_of(square(number))
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                    try:
                        self.wfile.write(head.encode() + jpeg + b"\r\n")
                    except OSError:
                        return
                    number += 1

            def log_message(self, *_told: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # so that closing waits for them
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    @property
    def address(self) -> str:
        """Where it is, without a password."""
        return f"http://127.0.0.1:{self._server.server_port}/video.mjpg"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
