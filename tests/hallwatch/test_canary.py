"""A password in a camera's address is found nowhere outside the site file that holds it."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import httpx
import pytest

from api.accounts import set_password
from cameras.source import Source
from hallwatch.api_process import api_settings
from hallwatch.settings import environment_of, read_settings
from models.storage import Store
from tests.cameras.films import film
from tests.conftest import need
from tests.fakes.rtsp_faults import Fault, FaultyCamera
from tests.hallwatch.test_killed import PASSWORD, becomes_true
from tests.hallwatch.test_up import free_port

CANARY = "kän4ry/p@ss:w0rd?%#1&x"
SPELLINGS = {
    CANARY,
    quote(CANARY, safe=""),
    quote(CANARY),
    quote_plus(CANARY),
    quote(CANARY, safe="").lower(),
    # A part that only the password has, in case somebody cuts it in two.
    "4ry/p@ss",
    "4ry%2Fp%40ss",
    "4ry%2fp%40ss",
    "p@ss:w0rd",
    "p%40ss%3Aw0rd",
}

SITE = """
hall: {{id: hall, name: 大厅, name_en: Hall, time_zone: Asia/Shanghai, camera_records: optional}}
windows:
  - {{id: "1", name: 1号窗口, name_en: Window 1}}
cameras:
  - id: good
    name: good
    source: "{good}"
    zones: {{"1": {{staff: [[0, 0], [1, 0], [1, 1], [0, 1]]}}}}
  - id: refusing
    name: refusing
    source: "{refusing}"
    zones: {{"1": {{staff: [[0, 0], [1, 0], [1, 1], [0, 1]]}}}}
  - id: absent
    name: absent
    source: "{absent}"
    zones: {{"1": {{staff: [[0, 0], [1, 0], [1, 1], [0, 1]]}}}}
  - id: web
    name: web
    source: "{web}"
    zones: {{"1": {{staff: [[0, 0], [1, 0], [1, 1], [0, 1]]}}}}
"""


@pytest.fixture
def cameras(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Addresses with the canary: as it should be written, and as people write it."""
    login = f"admin:{quote(CANARY, safe='')}"
    cuts = [Fault(), Fault(cut_after=60), Fault(stall_after=30), Fault(garbage=True), Fault()]
    with (
        FaultyCamera(film(tmp_path / "a.mp4"), faults=cuts) as good,
        FaultyCamera(film(tmp_path / "b.mp4"), faults=[Fault(ever_401=True)]) as refusing,
    ):
        yield {
            "good": good.address.replace("rtsp://", f"rtsp://{login}@"),
            "refusing": refusing.address.replace("rtsp://", f"rtsp://admin:{CANARY}@"),
            "absent": f"rtsp://{login}@127.0.0.1:9/none",
            "web": f"http://127.0.0.1:9/video.mjpg?user=admin&password={quote(CANARY, safe='')}",
        }


def arguments_of_all() -> str:
    """What `ps` shows anybody of every process."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(found)


def answers(client: httpx.Client, base: str) -> Iterator[tuple[str, str]]:
    """Every answer that needs no parameter, and each camera's own."""
    described = client.get(f"{base}/api/openapi.json").json()
    for path, verbs in described["paths"].items():
        if "get" not in verbs or path.endswith(("stream", ".mjpeg")):
            continue
        for camera in ("good", "absent") if "{camera_id}" in path else ("",):
            place = path.replace("{camera_id}", camera)
            if "{" not in place:
                yield place, client.get(base + place).text
    for path in ("/metrics", "/", "/cameras", "/livez", "/readyz"):
        yield path, client.get(base + path).text


def rows_of(database: Path) -> Iterator[tuple[str, str]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            yield table, repr(connection.execute(f'SELECT * FROM "{table}"').fetchall())
    connection.close()


def leaks(named: Iterator[tuple[str, str]]) -> list[str]:
    return [name for name, text in named if any(spelling in text for spelling in SPELLINGS)]


def test_the_canary_is_found_nowhere(tmp_path: Path, cameras: dict[str, str]) -> None:
    need((Store.default().folder / "pose_landmark_full.tflite").is_file(), "the networks (make networks)")
    site = tmp_path / "site.yaml"
    site.write_text(SITE.format(**cameras), encoding="utf-8")
    settings = read_settings(data_dir=tmp_path / "data", port=free_port(), log_level="DEBUG")
    set_password(api_settings(settings), "supervisor", PASSWORD)
    base, output = settings.address, tmp_path / "output"
    command = [sys.executable, "-m", "hallwatch", "up", "--site", str(site)]
    with output.open("wb") as stream:
        process = subprocess.Popen(command, env=environment_of(settings), stdout=stream, stderr=stream)
    try:
        with httpx.Client(trust_env=False, timeout=20) as client:
            signing_in = {"username": "supervisor", "password": PASSWORD}

            def signed_in() -> bool:
                try:
                    return client.post(f"{base}/api/v1/session", json=signing_in).is_success
                except httpx.HTTPError:
                    return False

            def states() -> dict[str, str]:
                return {c["id"]: c["state"] for c in client.get(f"{base}/api/v1/cameras").json()}

            def told() -> bool:
                now = states()
                return now.get("good") == "live" and all(
                    now.get(name) in ("stalled", "connecting") for name in ("refusing", "absent", "web")
                )

            assert becomes_true(signed_in)
            assert becomes_true(told), states()
            details = [c["detail"] for c in client.get(f"{base}/api/v1/cameras").json() if c["detail"]]
            assert any("***" in detail for detail in details), "the address is told, its password is not"
            assert leaks(answers(client, base)) == []
            picture = client.get(f"{base}/api/v1/cameras/good/live.jpg")
            assert picture.headers["content-type"] == "image/jpeg"
        assert leaks(iter([("ps", arguments_of_all())])) == []
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert leaks(iter([("logs", output.read_text(encoding="utf-8", errors="replace"))])) == []
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file():
            content = path.read_bytes().decode("utf-8", errors="replace")
            assert leaks(iter([(str(path), content)])) == [], path
    for database in (tmp_path / "data").rglob("*.db"):
        assert leaks(rows_of(database)) == []


@pytest.mark.parametrize("command", [["analyze"], ["cameras", "probe"]])
def test_a_command_that_fails_does_not_repeat_the_canary(command: list[str]) -> None:
    address = f"rtsp://admin:{quote(CANARY, safe='')}@127.0.0.1:9/none"
    ended = subprocess.run(
        [sys.executable, "-m", "hallwatch", *command, address],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "HALLWATCH_LOG_LEVEL": "DEBUG"},
    )
    assert ended.returncode != 0
    assert leaks(iter([("said", ended.stdout + ended.stderr)])) == []


def test_the_source_itself_shows_no_canary_however_it_is_written() -> None:
    for secret in (CANARY, quote(CANARY, safe="")):
        for address in (f"rtsp://admin:{secret}@cam:554/h264/ch1", f"http://cam/v?pwd={secret}&ch=1"):
            if "pwd" in address and secret == CANARY:
                continue  # an & inside a parameter ends it: not an address
            source = Source.parse(address)
            assert leaks(iter([("str", str(source)), ("repr", repr(source))])) == []
            assert re.search(r"cam(:554)?/", str(source))
