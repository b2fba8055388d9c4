"""The service itself, over real sockets: to one that listens, one with a bad certificate, a slow one."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from api.outbound import Place
from api.settings import ApiSettings
from api.webhooks import sending
from tests.api.certificates import self_signed
from tests.api.conftest import Running, add_account, running
from tests.api.messages import deliver_hall

WITHIN_S = 10.0


class Receiver(ThreadingHTTPServer):
    """Keeps what came; drips its answer where it is slow."""

    daemon_threads = True

    def __init__(self, drip: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.drip = drip
        self.stopping = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.came.append((dict(self.headers.items()), self.rfile.read(length)))
        if self.server.drip:
            while not self.server.stopping.wait(0.05):
                self.wfile.write(b"H")
            return
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Not on the console."""


@contextmanager
def listening(server: Receiver, certificate: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Its address while it listens."""
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}/hook"
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that only its own authority, itself, vouches for."""
    return self_signed(tmp_path)


@pytest.fixture
def settings(settings: ApiSettings, monkeypatch: pytest.MonkeyPatch) -> ApiSettings:
    """This machine may be sent to; the service looks twenty times a second and is impatient."""
    monkeypatch.setattr(sending, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(sending, "TIMEOUT", httpx.Timeout(0.5))
    return replace(settings, outbound=(Place.parse("http://127.0.0.0/8"),))


def pinged(api: Running, address: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make a webhook, send it a test, and wait for how that went."""
    deliver_hall(api.worker)
    add_account(api.settings, "boss", "administrator")
    boss = api.signed_in("boss")
    made = boss.post("/api/v1/webhooks", json={"name": "x", "address": address}).json()
    path = f"/api/v1/webhooks/{made['details']['id']}"
    assert boss.post(f"{path}/ping").status_code == 202
    shown: dict[str, Any] = {}

    def over() -> bool:
        nonlocal shown
        (shown,) = boss.get(f"{path}/deliveries").json()["items"]
        return bool(shown["state"] != "waiting")

    wait_for(over)
    return made, shown


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "never came true"
        time.sleep(0.02)


def test_the_service_sends_by_itself(settings: ApiSettings) -> None:
    server = Receiver()
    settings = replace(settings, clock=type(settings.clock)(datetime.now(UTC)))  # type: ignore[call-arg]
    with listening(server) as address, running(settings) as api:
        made, shown = pinged(api, address)
    assert (shown["state"], shown["status"], shown["error"]) == ("delivered", 204, None)
    ((headers, body),) = server.came
    assert Webhook(made["secret"]).verify(body, headers)["type"] == "hallwatch.ping"


def test_a_certificate_that_nobody_vouches_for_is_refused(
    settings: ApiSettings, certificate: tuple[Path, Path]
) -> None:
    server = Receiver()
    with listening(server, certificate) as address, running(settings) as api:
        _, shown = pinged(api, address)
    assert (shown["state"], shown["status"]) == ("given_up", None)
    assert "certificate" in shown["error"].lower()
    assert server.came == []


def test_an_authority_of_ones_own_may_vouch(settings: ApiSettings, certificate: tuple[Path, Path]) -> None:
    server = Receiver()
    trusting = replace(settings, outbound_ca=certificate[0])
    with listening(server, certificate) as address, running(trusting) as api:
        _, shown = pinged(api, address)
    assert shown["state"] == "delivered"


def test_an_answer_that_comes_drop_by_drop_is_no_answer(settings: ApiSettings) -> None:
    server = Receiver(drip=True)
    with listening(server) as address, running(settings) as api:
        began = time.monotonic()
        _, shown = pinged(api, address)
        assert time.monotonic() - began < WITHIN_S
    assert (shown["state"], shown["error"]) == ("given_up", "no answer in time")
