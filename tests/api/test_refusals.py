"""What is not on the wire is refused, and the answer says where it is wrong."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.messages import deliver, event, event_id, hall, shown


def test_one_bad_event_refuses_the_delivery_and_names_it(worker: TestClient, person: TestClient) -> None:
    answer = worker.post("/api/v1/ingest/events", json={"events": [event(1), event(2, peak_score=1.5)]})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/events/1/peak_score"]
    assert person.get("/api/v1/events").json()["items"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "../../etc/passwd"),
        ("started_at", "2026-03-02T09:00:00"),
        ("revision", 0),
        ("ending", "bored"),
        ("evidence", [[0, 0.5]] * 401),
        ("window", "w\x001"),
        ("behaviour", ""),
    ],
)
def test_what_is_not_on_the_wire_is_refused(worker: TestClient, field: str, value: object) -> None:
    answer = worker.post("/api/v1/ingest/events", json={"events": [event(**{field: value})]})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


def test_a_body_above_eight_mebibytes_is_refused(worker: TestClient) -> None:
    answer = worker.post("/api/v1/ingest/events", content=b" " * (8 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_that_never_says_its_length_is_cut_off_too(worker: TestClient) -> None:
    pieces = (b" " * 1024 * 1024 for _ in range(9))
    headers = {"Content-Type": "application/json"}
    answer = worker.post("/api/v1/ingest/events", content=pieces, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_hall_in_no_known_zone_is_refused(worker: TestClient) -> None:
    assert worker.put("/api/v1/ingest/hall", json=hall(time_zone="Mars/Olympus")).status_code == 422


@pytest.mark.parametrize(
    "said",
    [
        {"verdict": "maybe"},
        {"verdict": "confirmed", "reason": "occlusion"},
        {"verdict": "dismissed", "reason": "real_breach"},
        {"verdict": "dismissed", "note": "x" * 1001},
        {"verdict": "dismissed", "note": "a\x00b"},
        {"verdict": "dismissed", "colour": "red"},
        {},
    ],
)
def test_what_is_no_decision_is_refused(worker: TestClient, person: TestClient, said: dict[str, str]) -> None:
    deliver(worker, event())
    path = f"/api/v1/events/{event_id(1)}/decision"
    answer = person.post(path, json=said, headers={"If-Match": shown(person)["etag"]})
    assert answer.status_code == 422
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "nonsense"},
        {"cursor": "bm90IGpzb24"},
        {"limit": 0},
        {"limit": 201},
        {"state": "lost"},
        {"from": "yesterday"},
        {"from": "2026-03-02T09:00:00"},
        {"order": "upwards"},
    ],
)
def test_a_list_that_cannot_be_is_refused(person: TestClient, query: dict[str, Any]) -> None:
    assert person.get("/api/v1/events", params=query).status_code == 422
