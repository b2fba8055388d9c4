"""Nothing is open without signing in but what must be."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from api.app import refuse_undeclared
from tests.api.conftest import WORKER_KEY, Running
from tests.api.messages import deliver_hall, event_id

OPEN = {("GET", "/livez"), ("GET", "/readyz"), ("POST", "/api/v1/session")}
FOR_WORKERS = "/api/v1/ingest/"
BY_LINK = "/api/v1/appeal-link/"


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and address of every described route, its parameters filled in."""
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            filled = {"event_id": event_id(1), "permit_id": event_id(1), "appeal_id": event_id(1)}
            filled |= {"kind": "daily", "day": "2026-03-02", "username": "supervisor"}
            filled |= {"original_id": event_id(1), "webhook_id": event_id(1), "delivery_id": "1"}
            filled |= {"key_id": "hw_aaaaaaaa", "session_id": "0123456789abcdef"}
            yield method.upper(), path.format(**filled, camera_id="cam1", view_name="mine", picture="poster")


def test_every_route_but_three_refuses_who_is_not_signed_in(api: Running) -> None:
    found = list(routes(api.anybody.app))
    assert len(found) > 20
    for method, path in found:
        if (method, path) not in OPEN:
            answer = api.anybody.request(method, path)
            assert answer.status_code in (401, 403), f"{method} {path}: {answer.status_code}"
            assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_worker_s_key_opens_no_route_of_people_and_a_session_none_of_workers(
    api: Running, person: TestClient
) -> None:
    for method, path in routes(api.anybody.app):
        if path.startswith(FOR_WORKERS):
            assert person.request(method, path).json()["code"] == "wrong_worker_key", path
        elif path.startswith(BY_LINK):
            assert api.worker.request(method, path).json()["code"] == "link_invalid", path
        elif path.startswith("/api/") and (method, path) not in OPEN:
            assert api.worker.request(method, path).json()["code"] == "not_signed_in", path


def test_a_route_that_does_not_say_who_may_use_it_stops_the_program() -> None:
    router = APIRouter()
    router.add_api_route("/api/v1/forgotten", lambda: None)
    with pytest.raises(RuntimeError, match="/api/v1/forgotten does not say who may use it"):
        refuse_undeclared(router)


def test_health_is_open_and_says_nothing_else(api: Running) -> None:
    assert api.anybody.get("/livez").json() == {"status": "ok"}
    assert api.anybody.get("/readyz").json() == {"status": "ok"}


def test_metrics_are_for_this_machine_or_the_worker(api: Running) -> None:
    address = {"base_url": "http://127.0.0.1"}
    here = TestClient(api.anybody.app, client=("127.0.0.1", 5), **address)
    there = TestClient(api.anybody.app, client=("10.1.2.3", 5), **address)
    assert "hallwatch_events_ingested" in here.get("/metrics").text
    assert there.get("/metrics").json()["code"] == "not_from_here"
    assert here.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 403
    with_key = {"Authorization": f"Bearer {WORKER_KEY}"}
    assert there.get("/metrics", headers=with_key).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:80"])
def test_a_foreign_host_name_is_refused(api: Running, host: str) -> None:
    answer = api.anybody.get("/livez", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_host")


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080", "[::1]", "LOCALHOST"])
def test_this_machine_s_own_names_are_allowed(api: Running, host: str) -> None:
    assert api.anybody.get("/livez", headers={"Host": host}).status_code == 200


def test_an_unknown_address_below_api_is_a_problem(api: Running, person: TestClient) -> None:
    for path in ("/api", "/api/v1/nothing", "/api/v2/events"):
        answer = person.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        assert api.anybody.get(path).status_code == 404


def test_the_description_is_openapi_31_with_a_name_and_words_for_every_operation(
    api: Running, person: TestClient
) -> None:
    assert api.anybody.get("/api/openapi.json").status_code == 401
    description = person.get("/api/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    operations = [one for methods in description["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and len(name) < 30 for name in names)
    assert [one["operationId"] for one in operations if not one.get("description")] == []


def test_every_answer_carries_the_headers_that_keep_browsers_strict(api: Running, worker: TestClient) -> None:
    deliver_hall(worker)
    for path in ("/", "/api/v1/session", "/livez"):
        headers = api.anybody.get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert api.anybody.get("/api/v1/session").headers["Cache-Control"] == "no-store"
