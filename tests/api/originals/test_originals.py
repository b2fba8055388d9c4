"""Originals: nobody sees one alone, and what leaves the house says for whom (P9)."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient

from api.originals.expiry import end_what_is_over
from api.second_factor.rules import SecondFactorRules
from api.settings import ApiSettings
from tests.api.conftest import BOTH, Running, add_account, running
from tests.api.messages import FILM, deliver, deliver_clip, deliver_hall, event, event_id

ASK = f"/api/v1/events/{event_id(1)}/originals"
MARKED = b"marked " * 1000
REASON = "当事人申诉,需核对原始画面"


@pytest.fixture
def second(api: Running) -> TestClient:
    """A second supervisor."""
    add_account(api.settings, "second")
    return api.signed_in("second")


@pytest.fixture
def film(worker: TestClient) -> None:
    """An event with its clip."""
    deliver_hall(worker)
    deliver(worker, event())
    assert deliver_clip(worker) == 204


def asked(person: TestClient) -> dict[str, Any]:
    """A request, made."""
    answer = person.post(ASK, json={"reason": REASON})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def at(request: dict[str, Any], what: str) -> str:
    return f"/api/v1/originals/{request['id']}/{what}"


def mark(worker: TestClient, request: dict[str, Any], body: bytes = MARKED) -> int:
    """Deliver the marked film as its maker does; the status."""
    told = {"sha256": hashlib.sha256(body).hexdigest(), "source_sha256": hashlib.sha256(FILM).hexdigest()}
    path = f"/api/v1/ingest/originals/{request['id']}/film"
    return worker.put(path, params=told, content=body).status_code


def state(person: TestClient) -> str:
    return str(person.get("/api/v1/originals").json()[0]["state"])


@BOTH
@pytest.mark.usefixtures("film")
def test_p9_two_people_a_reason_and_a_mark_then_an_archive_with_its_manifest(
    api: Running, worker: TestClient, person: TestClient, second: TestClient
) -> None:
    request = asked(person)
    assert (request["state"], request["asked_by"], request["url"]) == ("waiting", "supervisor", None)
    assert worker.get("/api/v1/ingest/originals/wanted").json() == []
    assert second.get("/api/v1/originals").json()[0]["may_decide"] is True
    assert second.post(at(request, "release"), json={}).json()["state"] == "approved"
    (wanted,) = worker.get("/api/v1/ingest/originals/wanted").json()
    assert wanted == {
        "id": request["id"],
        "event_id": event_id(1),
        "sha256": hashlib.sha256(FILM).hexdigest(),
    }
    assert mark(worker, request) == 204
    ready = person.get("/api/v1/originals").json()[0]
    answer = person.get(ready["url"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert hashlib.sha256(answer.content).hexdigest() == ready["sha256"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read(manifest["film"]["name"]) == MARKED
    assert manifest["film"]["sha256"] == hashlib.sha256(MARKED).hexdigest()
    assert manifest["original"]["sha256"] == hashlib.sha256(FILM).hexdigest()
    assert (manifest["asked"]["by"], manifest["released"]["by"]) == ("supervisor", "second")
    assert manifest["reason"] == REASON
    assert manifest["watermark"].startswith("supervisor  2026-03-02 09:30")
    add_account(api.settings, "watcher", "auditor")
    rows = api.signed_in("watcher").get("/api/v1/audit", params={"subject": request["id"]}).json()["items"]
    told = [(row["actor"], row["action"]) for row in reversed(rows)]
    assert told == [
        ("supervisor", "original_asked"),
        ("second", "original_released"),
        ("hallwatch", "original_ready"),
        ("supervisor", "original_fetched"),
    ]


@pytest.mark.usefixtures("film")
def test_nobody_releases_or_refuses_what_they_asked_for(person: TestClient) -> None:
    request = asked(person)
    assert person.get("/api/v1/originals").json()[0]["may_decide"] is False
    for what, told in (("release", {}), ("refusal", {"reason": "不需要"})):
        assert person.post(at(request, what), json=told).json()["code"] == "own_request"
    assert state(person) == "waiting"


@pytest.mark.usefixtures("film")
def test_only_who_asked_fetches_it(worker: TestClient, person: TestClient, second: TestClient) -> None:
    request = asked(person)
    assert person.get(at(request, "archive")).json()["code"] == "original_over"
    second.post(at(request, "release"), json={})
    mark(worker, request)
    assert second.get("/api/v1/originals").json()[0]["url"] is None
    assert second.get(at(request, "archive")).json()["code"] == "not_permitted"
    assert person.get(at(request, "archive")).status_code == 200


@pytest.mark.usefixtures("film")
def test_a_refusal_ends_it_and_says_why(person: TestClient, second: TestClient, worker: TestClient) -> None:
    request = asked(person)
    assert second.post(at(request, "refusal"), json={"reason": "审核副本已足够"}).json()["state"] == "refused"
    assert person.get("/api/v1/originals").json()[0]["said"] == "审核副本已足够"
    assert second.post(at(request, "release"), json={}).json()["code"] == "original_over"
    assert mark(worker, request) == 404


@BOTH
@pytest.mark.usefixtures("film")
def test_requests_and_archives_end_by_themselves_and_leave_no_file(
    api: Running, worker: TestClient, person: TestClient, second: TestClient
) -> None:
    request = asked(person)
    second.post(at(request, "release"), json={})
    mark(worker, request)
    asked(person)
    parts = api.anybody.app.state.services  # type: ignore[attr-defined]
    assert [path.suffix for path in api.settings.data_dir.rglob("*.export.zip")] == [".zip"]
    api.clock.move(hours=24)
    person = api.signed_in()
    assert person.get(at(request, "archive")).json()["code"] == "original_over"
    end_what_is_over(parts)
    assert not list(api.settings.data_dir.rglob("*export*"))
    assert {one["state"] for one in person.get("/api/v1/originals").json()} == {"expired", "waiting"}
    api.clock.move(days=7)
    end_what_is_over(parts)
    assert {one["state"] for one in api.signed_in().get("/api/v1/originals").json()} == {"expired"}


@pytest.mark.usefixtures("film")
def test_deleting_the_original_takes_the_archive_too(
    api: Running, worker: TestClient, person: TestClient, second: TestClient
) -> None:
    request = asked(person)
    second.post(at(request, "release"), json={})
    mark(worker, request)
    api.anybody.app.state.services.clips.delete_original(event_id(1))  # type: ignore[attr-defined]
    assert person.get(at(request, "archive")).json()["code"] == "original_over"


@pytest.mark.usefixtures("film")
def test_a_film_that_is_not_what_it_says_or_of_another_original_is_not_kept(
    api: Running, worker: TestClient, person: TestClient, second: TestClient
) -> None:
    request = asked(person)
    second.post(at(request, "release"), json={})
    path = f"/api/v1/ingest/originals/{request['id']}/film"
    good = {"sha256": hashlib.sha256(MARKED).hexdigest(), "source_sha256": hashlib.sha256(FILM).hexdigest()}
    assert worker.put(path, params=good, content=b"other").json()["code"] == "clip_corrupt"
    other = good | {"source_sha256": "0" * 64}
    assert worker.put(path, params=other, content=MARKED).json()["code"] == "original_unknown"
    assert state(person) == "approved"
    assert not list(api.settings.data_dir.rglob("*film*"))


@pytest.mark.usefixtures("film")
def test_what_cannot_be_marked_is_said(worker: TestClient, person: TestClient, second: TestClient) -> None:
    request = asked(person)
    second.post(at(request, "release"), json={})
    told = {"reason": "holds no picture"}
    path = f"/api/v1/ingest/originals/{request['id']}/failure"
    assert worker.put(path, json=told).status_code == 204
    found = person.get("/api/v1/originals").json()[0]
    assert (found["state"], found["said"]) == ("failed", "holds no picture")


def test_without_a_clip_there_is_nothing_to_ask_for(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    assert person.post(ASK, json={"reason": REASON}).json()["code"] == "clip_missing"


@pytest.mark.usefixtures("film")
def test_an_unknown_request_is_404_and_other_roles_see_none(api: Running, person: TestClient) -> None:
    asked(person)
    missing = "/api/v1/originals/00000000-0000-4000-8000-000000000000/release"
    assert person.post(missing, json={}).json()["code"] == "original_unknown"
    for role in ("manager", "administrator", "auditor", "window_staff"):
        add_account(api.settings, role, role, ["w1"])
        assert api.signed_in(role).get("/api/v1/originals").status_code == 403


@pytest.mark.usefixtures("film")
def test_a_supervisor_of_other_windows_learns_of_no_request(api: Running, person: TestClient) -> None:
    request = asked(person)
    add_account(api.settings, "elsewhere", scope=["w2"])
    elsewhere = api.signed_in("elsewhere")
    assert elsewhere.get("/api/v1/originals").json() == []
    assert elsewhere.post(at(request, "release"), json={}).json()["code"] == "original_unknown"


@pytest.fixture
def strict(settings: ApiSettings) -> ApiSettings:
    """A hall that demands a second factor for originals."""
    return replace(settings, second_factor=SecondFactorRules(originals=True))


def test_a_hall_may_demand_a_code_of_both(strict: ApiSettings) -> None:
    with running(strict) as api:
        person = api.signed_in()
        deliver(api.worker, event())
        deliver_clip(api.worker)
        assert person.post(ASK, json={"reason": REASON}).json()["code"] == "second_factor_missing"
        secret = person.post("/api/v1/session/second-factor").json()["secret"]
        digits = pyotp.TOTP(secret)
        person.put("/api/v1/session/second-factor", json={"code": digits.at(api.clock.now)})
        api.clock.move(minutes=1)
        assert person.post(ASK, json={"reason": REASON}).json()["code"] == "second_factor_needed"
        told = {"reason": REASON, "code": digits.at(api.clock.now)}
        request = person.post(ASK, json=told).json()
        assert person.post(ASK, json=told).json()["code"] == "second_factor_wrong"
        add_account(strict, "second")
        second = api.signed_in("second")
        assert second.post(at(request, "release"), json={}).json()["code"] == "second_factor_missing"
