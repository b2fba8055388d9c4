"""The proxy of docs/deployment, word for word but for its port and certificate, before a real service."""

import os
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.accounts import set_password
from hallwatch.api_process import api_settings
from hallwatch.settings import environment_of, read_settings
from tests.conftest import need
from tests.hallwatch.test_killed import PASSWORD, becomes_true
from tests.hallwatch.test_up import free_port

CONFIGURATION = Path(__file__).resolve().parents[2] / "docs" / "deployment" / "nginx.conf"
NAME = "hallwatch.example"

WHOLE = """
daemon off; pid {folder}/nginx.pid; error_log stderr; {user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {server}
}}
"""


def certificate(folder: Path) -> None:
    """A certificate that vouches for itself."""
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        f"/CN={NAME}",
    ]
    command += ["-addext", f"subjectAltName=DNS:{NAME}"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[httpx.Client]:
    """A browser before the proxy before the service."""
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    need(nginx is not None, "nginx")
    assert nginx is not None
    settings = read_settings(data_dir=tmp_path / "data", port=free_port())
    set_password(api_settings(settings), "supervisor", PASSWORD)
    certificate(tmp_path)
    port = free_port()
    server = CONFIGURATION.read_text(encoding="utf-8")
    for written, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/hallwatch", str(tmp_path)),
        ("127.0.0.1:8765", f"127.0.0.1:{settings.port}"),
    ):
        assert written in server
        server = server.replace(written, here)
    user = "user root;" if os.getuid() == 0 else ""
    whole = tmp_path / "nginx.conf"
    whole.write_text(WHOLE.format(folder=tmp_path, server=server, user=user), encoding="utf-8")
    told = {"HALLWATCH_ALLOWED_HOSTS": NAME, "HALLWATCH_COOKIE_SECURE": "true"}
    command = [sys.executable, "-m", "hallwatch", "serve"]
    service = subprocess.Popen(command, env=environment_of(settings) | told)
    proxy = subprocess.Popen([nginx, "-p", str(tmp_path), "-c", str(whole)])
    trusted = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    address = f"https://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=address, verify=trusted, trust_env=False, timeout=10) as client:
            client.headers["Host"] = NAME
            client.event_hooks = {"request": [_named]}

            def answers() -> bool:
                try:
                    return client.get("/livez").is_success
                except httpx.HTTPError:
                    return False

            assert becomes_true(answers)
            yield client
    finally:
        for process in (proxy, service):
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _named(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = NAME


def test_people_sign_in_over_https_and_follow_what_happens(proxied: httpx.Client) -> None:
    answer = proxied.post("/api/v1/session", json={"username": "supervisor", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    listed = proxied.get("/api/v1/session/all").json()
    assert [one["address"] for one in listed] == ["127.0.0.1"]
    with proxied.stream("GET", "/api/v1/stream") as stream:
        # The first bytes come at once: a proxy that gathers them would hold them back.
        assert next(stream.iter_bytes()).startswith(b": ping")


def test_what_a_client_claims_to_be_changes_nothing(proxied: httpx.Client) -> None:
    claimed = {"X-Forwarded-For": "203.0.113.7"}
    for number in range(10):
        told = {"username": f"name{number}", "password": "wrong"}
        assert proxied.post("/api/v1/session", json=told, headers=claimed).status_code == 401
    other = {"username": "another", "password": "wrong"}
    assert proxied.post("/api/v1/session", json=other, headers={"X-Forwarded-For": "::9"}).status_code == 429
    assert proxied.get("/metrics").status_code == 403
    assert proxied.get("/livez", headers={"Host": "evil.example"}).status_code == 400
