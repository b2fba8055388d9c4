"""How a camera is, as far as its worker tells; whose worker fell silent is not said to be live."""

from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from tests.api.conftest import MORNING, Running
from tests.api.messages import deliver_hall

PATH = "/api/v1/ingest/cameras/cam1"


def tell(worker: TestClient, state: str = "live", after_s: float = 0) -> None:
    since = (MORNING + timedelta(seconds=after_s)).isoformat()
    told = {"state": state, "since": since, "analysed_fps": 5}
    assert worker.put(f"{PATH}/status", json=told).status_code == 204


def camera(person: TestClient) -> dict[str, Any]:
    (found,) = person.get("/api/v1/cameras").json()
    return dict(found)


def test_a_camera_whose_worker_falls_silent_is_not_reporting(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    tell(worker)
    api.clock.move(seconds=80)
    assert camera(person)["state"] == "live"
    api.clock.move(seconds=20)
    found = camera(person)
    assert found["state"] == "not_reporting"
    assert found["since"] == found["heard_at"] == MORNING.isoformat().replace("+00:00", "Z")


def test_saying_the_same_again_keeps_the_camera_alive_and_its_since(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    for _ in range(5):
        tell(worker)
        api.clock.move(seconds=60)
    found = camera(person)
    assert (found["state"], found["since"]) == ("live", MORNING.isoformat().replace("+00:00", "Z"))


def test_a_worker_that_comes_back_is_told_to_open_pages(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    tell(worker)
    broadcaster = api.anybody.app.state.services.broadcaster  # type: ignore[attr-defined]
    last = broadcaster.last
    tell(worker)
    assert broadcaster.last == last
    api.clock.move(minutes=10)
    tell(worker)
    assert [change.kind for change in broadcaster.since(last)] == ["camera"]
    assert camera(person)["state"] == "live"


def test_a_live_picture_is_a_sign_of_life(api: Running, worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    tell(worker)
    api.clock.move(minutes=2)
    headers = {"Content-Type": "image/jpeg"}
    assert worker.put(f"{PATH}/live", content=b"\xff\xd8picture", headers=headers).status_code == 200
    assert camera(person)["state"] == "live"


def test_a_camera_that_was_never_on_or_has_ended_is_not_missed(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    assert camera(person)["state"] == "off"
    tell(worker, "ended")
    api.clock.move(hours=0.4)
    assert camera(person)["state"] == "ended"


def test_the_rate_that_a_worker_keeps_is_a_metric(api: Running, worker: TestClient) -> None:
    deliver_hall(worker)
    tell(worker)
    metrics = api.anybody.app.state.services.metrics  # type: ignore[attr-defined]
    assert 'hallwatch_camera_analysed_fps{camera="cam1"} 5.0' in metrics.text().decode()
