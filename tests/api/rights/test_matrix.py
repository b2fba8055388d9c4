"""P10: every route × every role, key and scope, generated from the routes that there are."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.app import OPEN_TO_ALL, create_app
from api.fields import Role
from api.rights import guard
from api.rights.table import KEY_RIGHTS, RIGHTS_OF, ROUTES, Reach, Right
from tests.api.conftest import Running, add_account
from tests.api.messages import deliver, deliver_hall, event, event_id
from tests.api.rights.asking import Asker, key_client, routes_of

ROLES = get_args(Role)
WITHOUT_RIGHT = {"not_permitted", "out_of_scope"}
OWN_GUARD = re.compile(r"^(/api/v1/(ingest|session|appeal-link)|/livez|/readyz|/metrics)")

WITH_WINDOW = {"event_id", "appeal_id", "original_id", "permit_id", "camera_id"}

STREAMS = {"streamChanges", "watchLivePictures"}
"""Answers without an end, asked only by who is refused or with a camera that is not there."""


def test_every_route_stands_in_the_table_or_has_a_guard_of_its_own(api: Running) -> None:
    found = {route.operation_id: route for route in routes_of(api.anybody.app)}
    undeclared = {
        name for name, route in found.items() if name not in ROUTES and not OWN_GUARD.match(route.path)
    }
    assert undeclared == set()
    assert set(ROUTES) - set(found) == set()
    assert len(found) > 70


def test_a_route_that_names_an_event_or_camera_is_kept_to_the_scope_by_the_guard(api: Running) -> None:
    for route in routes_of(api.anybody.app):
        access = ROUTES.get(route.operation_id or "")
        if access is None or access.right == Right.OWN_WINDOW:
            continue
        named = set(re.findall(r"{(\w+)}", route.path)) & WITH_WINDOW
        assert (access.reach == Reach.BY_PATH) == bool(named), route.path


def requests(api: Running) -> Iterator[tuple[str, str, str]]:
    """Operation, method and address of every route in the table, its parameters filled in."""
    for route in routes_of(api.anybody.app):
        if route.operation_id in ROUTES:
            path = route.path.format(
                event_id=event_id(1),
                permit_id=event_id(1),
                appeal_id=event_id(1),
                original_id=event_id(1),
                webhook_id=event_id(1),
                delivery_id=1,
                camera_id="cam9" if route.operation_id in STREAMS else "cam1",
                view_name="mine",
                picture="poster",
                kind="daily",
                day="2026-03-02",
                username="nobody",
                key_id="hw_aaaaaaaa",
            )
            yield str(route.operation_id), next(iter(route.methods)), path


@pytest.mark.parametrize("role", ROLES)
def test_p10_each_role_may_use_just_what_the_table_says(api: Running, worker: TestClient, role: Role) -> None:
    deliver_hall(worker)
    deliver(worker, event())
    add_account(api.settings, "somebody", role, ["w1"])
    person = api.signed_in("somebody")
    for operation, method, path in requests(api):
        allowed = ROUTES[operation].right in RIGHTS_OF[role]
        if operation in STREAMS and allowed:
            continue
        refused = code_of(person, method, path) in WITHOUT_RIGHT
        assert refused != allowed or (operation == "readOwnReviewCopy" and allowed), (role, operation)


@pytest.mark.parametrize("right", sorted(Right))
def test_a_key_with_one_right_opens_just_the_routes_of_that_right(
    api: Running, worker: TestClient, right: Right
) -> None:
    deliver_hall(worker)
    add_account(api.settings, "admin", "administrator")
    admin = api.signed_in("admin")
    made = admin.post("/api/v1/keys", json={"name": "platform", "rights": [right]})
    if right not in KEY_RIGHTS:
        assert made.status_code == 422
        return
    client = key_client(api, made.json()["key"])
    for operation, method, path in requests(api):
        allowed = ROUTES[operation].right == right
        if operation in STREAMS and allowed:
            continue
        assert (code_of(client, method, path) in WITHOUT_RIGHT) != allowed, operation


@pytest.mark.parametrize("role", ROLES)
def test_who_answers_for_other_windows_reads_nothing_of_this_one(
    api: Running, worker: TestClient, role: Role
) -> None:
    deliver_hall(worker)
    deliver(worker, event(1, window="w1"))
    add_account(api.settings, "somebody", role, ["w2"], scope=["w2"])
    person = api.signed_in("somebody")
    for operation, method, path in requests(api):
        access = ROUTES[operation]
        if access.right not in RIGHTS_OF[role] or operation in STREAMS or access.right == Right.OWN_WINDOW:
            continue
        answer = person.request(method, path)
        if access.reach == Reach.WHOLE_HALL:
            assert answer.json()["code"] == "out_of_scope", operation
        elif access.reach == Reach.BY_PATH and "/events/" in path:
            assert (answer.status_code, answer.json()["code"]) == (404, "event_unknown"), operation
        elif method == "GET" and answer.status_code == 200 and operation != "readHall":
            assert event_id(1) not in answer.text, operation


def test_a_route_that_nobody_declared_answers_403(api: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    person = api.signed_in()
    assert person.get("/api/v1/behaviours").status_code == 200
    declared = {name: access for name, access in ROUTES.items() if name != "listBehaviours"}
    monkeypatch.setattr(guard, "ROUTES", declared)
    assert person.get("/api/v1/behaviours").json()["code"] == "not_permitted"


def test_only_three_operations_are_open_to_all() -> None:
    assert {"signIn", "livez", "readyz"} == OPEN_TO_ALL


def code_of(client: TestClient, method: str, path: str) -> str:
    """The problem's code; nothing where the answer is none."""
    answer = client.request(method, path)
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return ""
    code: str = answer.json()["code"]
    return code


def test_scopes_are_units_of_the_tree(api: Running, worker: TestClient) -> None:
    unit = {"name": "一区", "name_en": "First"}
    deliver_hall(worker, sub_district={"id": "street", **unit}, district={"id": "quarter", **unit})
    deliver(worker, event(1, window="w1"), event(2, window="w2"))
    for name, scope, found in (
        ("one", ["w1"], [1]),
        ("both", ["w1", "w2"], [2, 1]),
        ("hall", ["hall"], [2, 1]),
        ("street", ["street"], [2, 1]),
        ("quarter", ["quarter"], [2, 1]),
        ("gone", ["w7"], []),
    ):
        add_account(api.settings, name, "supervisor", scope=scope)
        client = Asker(api.signed_in(name))
        assert sorted(client.events()) == sorted(event_id(number) for number in found), name
        assert client.queue() == len(found)
        assert client.whole_hall() == (name in ("hall", "street", "quarter"))


def test_figures_lists_and_permits_are_narrowed_to_the_scope(api: Running, worker: TestClient) -> None:
    deliver_hall(
        worker,
        cameras=[
            {"id": "cam1", "name": "东", "windows": ["w1"]},
            {"id": "cam2", "name": "西", "windows": ["w2"]},
        ],
    )
    deliver(worker, event(1, window="w1"), event(2, window="w2"))
    permit = {
        "kind": "leave",
        "starts_at": "2026-03-02T02:00Z",
        "ends_at": "2026-03-02T03:00Z",
        "reason": "-",
    }
    everybody = api.signed_in()
    for window in ("w1", "w2"):
        made = everybody.post("/api/v1/permits", json={**permit, "window": window})
        assert made.status_code == 201, made.text
    other = made.json()["permit"]["id"]
    add_account(api.settings, "somebody", "supervisor", scope=["w1"])
    person = api.signed_in("somebody")
    assert [one["id"] for one in person.get("/api/v1/cameras").json()] == ["cam1"]
    assert {one["window"] for one in person.get("/api/v1/permits").json()["items"]} == {"w1"}
    assert person.get(f"/api/v1/permits/{other}").status_code == 404
    assert person.get(f"/api/v1/permits/{other.upper()}").status_code == 404
    assert person.post("/api/v1/permits", json={**permit, "window": "w2"}).json()["code"] == "out_of_scope"
    table = person.get("/api/v1/figures/table", params={"from": "2026-03-02", "to": "2026-03-02"}).json()
    assert [unit["id"] for unit in table["units"]] == ["w1"]
    assert table["total"]["pending"] == 1
    for query in ({"level": "hall"}, {"unit": "w2"}):
        refused = person.get("/api/v1/figures/table", params=query)
        assert (refused.status_code, refused.json()["code"]) == (403, "out_of_scope")
    hourly = person.get("/api/v1/statistics/hourly", params={"date": "2026-03-02"}).json()
    assert {window["window"] for hour in hourly["hours"] for window in hour["windows"]} == {"w1"}
    day = person.get("/api/v1/statistics/timeline", params={"date": "2026-03-02"}).json()
    assert [window["window"] for window in day["windows"]] == ["w1"]
    month = person.get("/api/v1/statistics/calendar", params={"month": "2026-03"}).json()
    assert month["days"][0]["counts"]["pending"] == 1


def test_the_stream_tells_nobody_more_than_they_may_read() -> None:
    from api.live_changes import what_is_told
    from api.rights.scope import Scope
    from api.sessions import SignedIn
    from api.stream import Change

    change = Change(1, "event", {"id": event_id(1)})
    everything = SignedIn("a", rights=RIGHTS_OF["supervisor"])
    assert what_is_told(everything, change) == change
    some = replace(everything, scope=Scope(frozenset({"w2"})))
    assert what_is_told(some, change) == replace(change, data={})
    assert what_is_told(some, Change(1, "claim", {"id": event_id(1)})) is None
    for role in ("manager", "auditor", "administrator", "window_staff"):
        assert what_is_told(SignedIn("a", rights=RIGHTS_OF[role]), change) is None
    camera = Change(1, "camera", {"id": "cam1"})
    assert what_is_told(SignedIn("a", rights=RIGHTS_OF["manager"]), camera) == camera
    assert what_is_told(everything, Change(1, "new_kind", {})) is None


def test_the_app_itself_does_not_start_with_a_route_without_guard(api: Running) -> None:
    assert all(isinstance(route, APIRoute) for route in routes_of(create_app(api.settings)))
