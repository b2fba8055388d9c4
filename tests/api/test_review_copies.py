"""Reviewers and window staff are shown review copies, each only once it is whole."""

import hashlib
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import BOTH, Running, add_account
from tests.api.messages import FILM, decide, deliver, deliver_clip, deliver_hall, event, event_id, shown

COPY = b"blurred" * 500
JPEG = b"\xff\xd8 blurred picture"
PATH = f"/api/v1/events/{event_id(1)}/review-copy"
SOURCE = hashlib.sha256(FILM).hexdigest()


def deliver_copy(worker: TestClient, body: bytes = COPY, source: str = SOURCE, part: str = "") -> int:
    """Send a review copy, or one of its pictures; the status of the answer."""
    told = {"source_sha256": source, "sha256": hashlib.sha256(body).hexdigest()}
    path = f"/api/v1/ingest/events/{event_id(1)}/review-copy{part}"
    return worker.put(path, params=told, content=body).status_code


def wanted(worker: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = worker.get("/api/v1/ingest/review-copies/wanted").json()
    return found


@BOTH
def test_a_clip_is_wanted_as_a_review_copy_until_it_is_there(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver(worker, event())
    deliver_clip(worker)
    assert wanted(worker) == []
    api.clock.move(minutes=2)
    (one,) = wanted(worker)
    assert (one["event_id"], one["sha256"], one["has_skeleton"]) == (event_id(1), SOURCE, False)
    assert one["staff"] == []
    assert shown(person)["clip"]["review"]["state"] == "pending"
    assert person.get(PATH).json()["code"] == "review_copy_missing"
    assert deliver_copy(worker) == 204
    assert wanted(worker) == []
    assert person.get(PATH).content == COPY


def test_its_maker_fetches_the_original_and_people_never_by_that_way(
    worker: TestClient, person: TestClient
) -> None:
    deliver(worker, event())
    deliver_clip(worker)
    path = f"/api/v1/ingest/events/{event_id(1)}/clip"
    assert worker.get(path).content == FILM
    assert person.get(path).status_code == 401


def test_the_staffs_sides_come_with_what_is_wanted(api: Running, worker: TestClient) -> None:
    deliver_hall(worker)
    deliver(worker, event())
    side = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.9]]
    told = worker.get("/api/v1/ingest/review-copies/wanted")
    assert told.status_code == 200
    hall = {
        "id": "hall",
        "name": "大厅",
        "name_en": "Hall",
        "time_zone": "Asia/Shanghai",
        "windows": [{"id": "w1", "name": "1", "name_en": "1"}],
        "cameras": [
            {
                "id": "cam1",
                "name": "c",
                "windows": ["w1"],
                "calibration": {"floor": None, "zones": {"w1": {"staff": side, "public": None}}},
            }
        ],
    }
    assert worker.put("/api/v1/ingest/hall", json=hall).status_code == 204
    deliver_clip(worker)
    api.clock.move(minutes=2)
    assert wanted(worker)[0]["staff"] == [side]


def test_poster_and_filmstrip_show_with_the_film_not_before(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    deliver_clip(worker)
    poster = f"/api/v1/events/{event_id(1)}/poster.jpg"
    assert deliver_copy(worker, JPEG, part="/poster") == 204
    assert deliver_copy(worker, JPEG, part="/filmstrip") == 204
    assert person.get(poster).status_code == 404
    deliver_copy(worker)
    review = shown(person)["clip"]["review"]
    assert person.get(review["poster_url"]).content == JPEG
    assert person.get(review["filmstrip_url"]).content == JPEG


def test_a_copy_of_a_clip_that_was_replaced_is_refused_and_the_old_one_gone(
    worker: TestClient, person: TestClient, api: Running
) -> None:
    deliver(worker, event())
    part = FILM[:1000]
    deliver_clip(worker, film=part, state="partial", reason="cut short")
    assert deliver_copy(worker, source=hashlib.sha256(part).hexdigest()) == 204
    deliver_clip(worker)
    assert person.get(PATH).status_code == 404
    assert deliver_copy(worker, source=hashlib.sha256(part).hexdigest()) == 404
    assert [path.name for path in api.settings.data_dir.rglob("*.review.*")] == []
    assert deliver_copy(worker) == 204


def test_a_copy_that_broke_on_its_way_is_not_shown(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    deliver_clip(worker)
    told = {"source_sha256": SOURCE, "sha256": "0" * 64}
    path = f"/api/v1/ingest/events/{event_id(1)}/review-copy"
    assert worker.put(path, params=told, content=COPY).status_code == 422
    assert person.get(PATH).status_code == 404


def test_that_none_can_be_made_is_said_with_the_reason(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    deliver_clip(worker)
    told = {"source_sha256": SOURCE, "reason": "it holds no picture"}
    path = f"/api/v1/ingest/events/{event_id(1)}/review-copy-failure"
    assert worker.put(path, json=told).status_code == 204
    review = shown(person)["clip"]["review"]
    assert (review["state"], review["reason"], review["url"]) == ("failed", "it holds no picture", None)


def test_looking_at_a_copy_is_written_down(api: Running, worker: TestClient, person: TestClient) -> None:
    from api.tables import AuditRow

    deliver(worker, event())
    deliver_clip(worker)
    deliver_copy(worker)
    assert person.get(PATH, headers={"Range": "bytes=0-9"}).status_code == 206
    with api.anybody.app.state.services.database.read() as session:
        rows = session.query(AuditRow).filter(AuditRow.action == "clip_viewed").all()
    assert [(row.actor, row.subject) for row in rows] == [("supervisor", event_id(1))]


@pytest.fixture
def clerk(api: Running) -> TestClient:
    """Who works at window w1."""
    add_account(api.settings, "clerk", "window_staff", ["w1"])
    return api.signed_in("clerk")


def test_window_staff_see_the_copy_of_what_was_confirmed_at_their_window_only(
    api: Running, worker: TestClient, person: TestClient, clerk: TestClient
) -> None:
    deliver(worker, event())
    deliver_clip(worker)
    deliver_copy(worker)
    own = f"/api/v1/own-window/events/{event_id(1)}/review-copy"
    assert clerk.get(own).status_code == 403
    decide(person)
    assert clerk.get(own).content == COPY
    assert clerk.get("/api/v1/own-window/events").json()[0]["has_clip"] is True
    assert clerk.get("/api/v1/originals").status_code == 403
    assert clerk.get(PATH).status_code == 403
    add_account(api.settings, "other", "window_staff", ["w2"])
    assert api.signed_in("other").get(own).status_code == 403


def test_an_appeal_link_shows_the_copy_of_its_event(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver(worker, event())
    deliver_clip(worker)
    deliver_copy(worker)
    decide(person)
    made = person.post(f"/api/v1/events/{event_id(1)}/appeal-links", json={})
    link = made.json()["path"].partition("#")[2].rpartition("=")[2].rpartition("/")[2]
    answer = api.anybody.get("/api/v1/appeal-link/review-copy", headers={"X-Appeal-Link": link})
    assert answer.content == COPY
    assert api.anybody.get("/api/v1/appeal-link/review-copy").status_code in (401, 403, 404)
