"""Open pages hear at once what changed, and catch up after a lost connection."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
import uvicorn

from api.app import ApiSettings, create_app
from api.stream import REMEMBERED, Broadcaster
from tests.api.conftest import PASSWORD, WORKER_KEY
from tests.api.messages import deliver, deliver_hall, event, event_id

JPEG = b"\xff\xd8 a picture \xff\xd9"


@pytest.fixture
def ping_s() -> float:
    """How often a silent stream pings."""
    return 15.0


@pytest.fixture
def address(settings: ApiSettings, ping_s: float) -> Iterator[str]:
    """A real server on a free port; streams do not end, so they need one."""
    app = create_app(replace(settings, ping_s=ping_s))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_for(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it is so; ten seconds at most."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within ten seconds"
        time.sleep(0.01)


@pytest.fixture
def worker(address: str) -> Iterator[httpx.Client]:
    """A client with the worker's key."""
    headers = {"Authorization": f"Bearer {WORKER_KEY}"}
    with httpx.Client(base_url=address, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def person(address: str) -> Iterator[httpx.Client]:
    """A browser in which the supervisor signed in."""
    with httpx.Client(base_url=address, trust_env=False, timeout=10) as client:
        answer = client.post("/api/v1/session", json={"username": "supervisor", "password": PASSWORD})
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client


@contextmanager
def stream(person: httpx.Client, last: str | None = None) -> Iterator[Iterator[dict[str, str]]]:
    """The messages of the event stream, from the moment it is open; pings are `{"": …}`."""
    headers = {"Last-Event-ID": last} if last else {}
    with person.stream("GET", "/api/v1/stream", headers=headers) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield _messages(answer.iter_lines())


def _messages(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    message: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            message[name] = value.strip()
        else:
            yield message
            message = {}


def test_an_event_and_its_decision_are_heard_at_once(worker: httpx.Client, person: httpx.Client) -> None:
    with stream(person) as messages:
        assert next(messages) == {"": "ping"}
        deliver(worker, event())
        heard = next(messages)
        assert heard["event"] == "event"
        assert json.loads(heard["data"]) == {"id": event_id(1), "revision": 1, "state": "pending"}
        path = f"/api/v1/events/{event_id(1)}"
        etag = person.get(path).json()["etag"]
        person.post(f"{path}/decision", json={"verdict": "confirmed"}, headers={"If-Match": etag})
        heard = next(messages)
        assert (heard["event"], json.loads(heard["data"])) == (
            "decision",
            {"id": event_id(1), "state": "confirmed"},
        )
        assert next(messages)["event"] == "figures"


def test_a_repeated_delivery_is_not_heard(worker: httpx.Client, person: httpx.Client) -> None:
    deliver(worker, event())
    with stream(person) as messages:
        next(messages)
        deliver(worker, event())
        deliver(worker, event(2))
        assert json.loads(next(messages)["data"])["id"] == event_id(2)


def test_a_page_that_lost_its_connection_hears_what_it_missed(
    worker: httpx.Client, person: httpx.Client
) -> None:
    with stream(person) as messages:
        next(messages)
        deliver(worker, event(1))
        last = next(messages)["id"]
    deliver(worker, event(2))
    deliver(worker, event(3))
    with stream(person, last) as messages:
        heard = [message for message in (next(messages) for _ in range(3)) if "data" in message]
    assert [json.loads(message["data"])["id"] for message in heard] == [event_id(2), event_id(3)]


@pytest.mark.parametrize("last", ["ffffffff-3", "nonsense", "-", "1"])
def test_a_page_of_an_earlier_server_is_told_to_load_everything(person: httpx.Client, last: str) -> None:
    with stream(person, last) as messages:
        assert next(messages)["event"] == "reset"


def test_a_camera_that_changes_is_heard(worker: httpx.Client, person: httpx.Client) -> None:
    path = "/api/v1/ingest/cameras/cam1/status"
    with stream(person) as messages:
        next(messages)
        for state, since in (("live", "01:00"), ("live", "01:00"), ("dark", "02:00"), ("live", "01:30")):
            status = {"state": state, "since": f"2026-03-02T{since}:00Z"}
            assert worker.put(path, json=status).status_code == 204
        heard = [json.loads(next(messages)["data"])["state"] for _ in range(2)]
    assert heard == ["live", "dark"]
    deliver_hall(worker)
    assert person.get("/api/v1/cameras").json()[0]["state"] == "dark"


@pytest.mark.parametrize("ping_s", [0.05])
def test_a_stream_ends_with_its_session(person: httpx.Client) -> None:
    with stream(person) as messages:
        next(messages)
        token = {"X-CSRF-Token": person.headers["X-CSRF-Token"]}
        with httpx.Client(base_url=person.base_url, cookies=person.cookies, trust_env=False) as same_browser:
            same_browser.delete("/api/v1/session", headers=token)
        assert all("data" not in message for message in messages)


def test_live_pictures_come_while_somebody_watches(worker: httpx.Client, person: httpx.Client) -> None:
    path = "/api/v1/ingest/cameras/cam1/live"
    deliver_hall(worker)
    assert person.get("/api/v1/cameras/cam1/live.jpg").json()["code"] == "picture_missing"
    assert worker.put(path, content=JPEG).json() == {"watchers": 0, "still_wanted": False}
    assert person.get("/api/v1/cameras/cam1/live.jpg").content == JPEG
    assert person.get("/api/v1/cameras").json()[0]["has_picture"] is True
    with person.stream("GET", "/api/v1/cameras/cam1/live.mjpeg") as answer:
        assert answer.headers["Content-Type"].startswith("multipart/x-mixed-replace; boundary=")
        pieces = answer.iter_raw()
        assert JPEG in next(pieces)
        assert worker.put(path, content=JPEG + b"2").json() == {"watchers": 1, "still_wanted": False}
        assert JPEG + b"2" in next(pieces)
    wait_for(lambda: worker.put(path, content=JPEG).json() == {"watchers": 0, "still_wanted": False})


def test_a_still_is_asked_of_the_worker_only_while_somebody_waits(
    worker: httpx.Client, person: httpx.Client
) -> None:
    live, still = (f"/api/v1/ingest/cameras/cam1/{kind}" for kind in ("live", "still"))
    deliver_hall(worker)
    assert person.get("/api/v1/cameras/cam1/still.jpg").json()["code"] == "picture_missing"
    worker.put(live, content=JPEG + b"drawn")
    with ThreadPoolExecutor(1) as waiting:
        answer = waiting.submit(person.get, "/api/v1/cameras/cam1/still.jpg")
        wait_for(lambda: worker.put(live, content=JPEG + b"drawn").json()["still_wanted"])
        assert worker.put(still, content=b"<svg/>").status_code == 422
        assert worker.put(still, content=JPEG + b"clean").status_code == 204
        assert answer.result(10).content == JPEG + b"clean"
    assert worker.put(live, content=JPEG).json()["still_wanted"] is False


def test_what_is_no_picture_is_refused(worker: httpx.Client, person: httpx.Client) -> None:
    assert worker.put("/api/v1/ingest/cameras/cam1/live", content=b"<svg/>").status_code == 422
    assert person.get("/api/v1/cameras/nobody/live.mjpeg").json()["code"] == "camera_unknown"


def test_more_than_can_be_remembered_is_a_reset() -> None:
    broadcaster = Broadcaster()
    for _ in range(REMEMBERED + 1):
        broadcaster.publish("figures", {})
    assert broadcaster.since(0) is None
    assert broadcaster.since(broadcaster.last + 1) is None
    remembered = broadcaster.since(1)
    assert remembered is not None
    assert [change.number for change in remembered] == list(range(2, REMEMBERED + 2))
