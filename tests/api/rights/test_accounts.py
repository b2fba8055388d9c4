"""Accounts and keys: made, changed, ended, and written down."""

from threading import Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.rights.table import KEY_RIGHTS
from api.sign_in_limits import wait_of_address
from tests.api.conftest import BOTH, PASSWORD, Running, add_account
from tests.api.messages import deliver_hall
from tests.api.rights.asking import key_client

ACCOUNTS, KEYS, SESSION = "/api/v1/accounts", "/api/v1/keys", "/api/v1/session"


@pytest.fixture
def admin(api: Running, worker: TestClient) -> TestClient:
    """A browser in which an administrator signed in; the hall is known."""
    deliver_hall(worker)
    add_account(api.settings, "admin", "administrator")
    return api.signed_in("admin")


def made(admin: TestClient, **fields: Any) -> dict[str, Any]:
    """A new account, and its one-time password."""
    answer = admin.post(ACCOUNTS, json={"username": "li", "role": "supervisor"} | fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def actions(api: Running) -> list[tuple[str, str]]:
    """What the audit says that the administrator did, and to whom, in order."""
    add_account(api.settings, "reader", "auditor")
    rows = api.signed_in("reader").get("/api/v1/audit", params={"actor": "admin"}).json()["items"]
    return [(row["action"], row["subject"]) for row in reversed(rows) if row["action"] != "signed_in"]


@BOTH
def test_a_new_account_signs_in_with_its_one_time_password_and_must_change_it(
    api: Running, admin: TestClient
) -> None:
    password = made(admin, scope=["w1"])["one_time_password"]
    person = api.signed_in("li", password)
    assert person.get("/api/v1/events").json()["code"] == "password_change_required"
    changed = person.post(f"{SESSION}/password", json={"current": password, "new": PASSWORD})
    assert changed.status_code == 204
    assert person.get("/api/v1/events").status_code == 200
    told = person.get(SESSION).json()
    assert (told["role"], told["scope"]) == ("supervisor", ["w1"])
    assert "review" in told["rights"]
    assert "accounts" not in told["rights"]
    assert actions(api) == [("account_made", "li")]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"username": "li ming"}, "/username"),
        ({"username": "key:x"}, "/username"),
        ({"role": "king"}, "/role"),
        ({"role": "window_staff"}, "/windows"),
        ({"windows": ["w9"]}, "/windows"),
        ({"scope": ["w9"]}, "/scope"),
        ({"scope": []}, "/scope"),
        ({"password": PASSWORD}, "/password"),
    ],
)
def test_an_account_that_cannot_be_names_what_is_wrong(
    admin: TestClient, fields: dict[str, Any], pointer: str
) -> None:
    answer = admin.post(ACCOUNTS, json={"username": "li", "role": "supervisor"} | fields)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert len(admin.get(ACCOUNTS).json()) == 2


def test_a_name_is_given_once(admin: TestClient) -> None:
    made(admin)
    for name in ("li", "console", "Hallwatch"):
        again = admin.post(ACCOUNTS, json={"username": name, "role": "auditor"})
        assert (again.status_code, again.json()["code"]) == (409, "account_exists")


def test_a_change_holds_from_the_next_request_on(api: Running, admin: TestClient) -> None:
    person = api.signed_in()
    assert person.get("/api/v1/review/queue").status_code == 200
    changed = admin.patch(f"{ACCOUNTS}/supervisor", json={"role": "manager"})
    assert changed.json()["role"] == "manager"
    assert person.get("/api/v1/review/queue").json()["code"] == "not_permitted"
    admin.patch(f"{ACCOUNTS}/supervisor", json={"scope": ["w1"]})
    assert admin.patch(f"{ACCOUNTS}/supervisor", json={}).json()["scope"] == ["w1"]
    assert admin.patch(f"{ACCOUNTS}/supervisor", json={"scope": None}).json()["scope"] is None
    assert actions(api) == [("account_changed", "supervisor")] * 3


def test_who_is_disabled_is_signed_out_and_stays_out(api: Running, admin: TestClient) -> None:
    person = api.signed_in()
    admin.patch(f"{ACCOUNTS}/supervisor", json={"disabled": True})
    assert person.get("/api/v1/events").json()["code"] == "not_signed_in"
    answer = api.client().post(SESSION, json={"username": "supervisor", "password": PASSWORD})
    assert answer.json()["code"] == "wrong_credentials"
    admin.patch(f"{ACCOUNTS}/supervisor", json={"disabled": False})
    assert person.get("/api/v1/events").json()["code"] == "not_signed_in"
    assert api.signed_in().get("/api/v1/events").status_code == 200


def test_one_administrator_always_stays(api: Running, admin: TestClient) -> None:
    for change in ({"disabled": True}, {"role": "auditor"}):
        answer = admin.patch(f"{ACCOUNTS}/admin", json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
    made(admin, role="administrator")
    assert admin.patch(f"{ACCOUNTS}/admin", json={"role": "auditor"}).status_code == 200
    assert admin.get(ACCOUNTS).json()["code"] == "not_permitted"


@BOTH
def test_two_administrators_who_disable_each_other_at_once_leave_one(api: Running, admin: TestClient) -> None:
    add_account(api.settings, "other", "administrator")
    both = {"other": admin, "admin": api.signed_in("other")}
    threads = [
        Thread(target=client.patch, args=(f"{ACCOUNTS}/{name}",), kwargs={"json": {"disabled": True}})
        for name, client in both.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [name for name in both if both[name].get(SESSION).status_code == 200]
    assert len(left) >= 1


def test_a_forgotten_password_is_replaced_and_old_sessions_end(api: Running, admin: TestClient) -> None:
    person = api.signed_in()
    answer = admin.post(f"{ACCOUNTS}/supervisor/one-time-password").json()
    assert person.get("/api/v1/events").json()["code"] == "not_signed_in"
    fresh = api.signed_in("supervisor", answer["one_time_password"])
    assert fresh.get(SESSION).json()["must_change_password"] is True
    assert admin.post(f"{ACCOUNTS}/nobody/one-time-password").json()["code"] == "account_unknown"


def test_no_answer_ever_holds_a_password_or_its_hash(api: Running, admin: TestClient) -> None:
    password = made(admin)["one_time_password"]
    text = admin.get(ACCOUNTS).text
    assert password not in text
    assert "argon2" not in text


def test_a_key_is_shown_once_counts_its_use_and_ends(api: Running, admin: TestClient) -> None:
    answer = admin.post(KEYS, json={"name": "platform", "rights": ["figures", "catalogue"]}).json()
    key, shown = answer["key"], answer["details"]["id"]
    assert key.startswith(shown + "_")
    assert key not in admin.get(KEYS).text
    client = key_client(api, key)
    assert client.get("/api/v1/hall").status_code == 200
    assert client.get("/api/v1/events").json()["code"] == "not_permitted"
    assert admin.get(KEYS).json()[0]["used_at"] is not None
    revoked = admin.post(f"{KEYS}/{shown}/revocation").json()
    assert revoked["revoked_by"] == "admin"
    assert admin.post(f"{KEYS}/{shown}/revocation").json() == revoked
    refused = client.get("/api/v1/hall")
    assert (refused.status_code, refused.json()["code"]) == (401, "wrong_key")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert actions(api) == [("key_made", shown), ("key_revoked", shown)]


def test_a_key_expires_and_a_wrong_one_never_works(api: Running, admin: TestClient) -> None:
    expires = "2026-03-02T02:00:00Z"
    key = admin.post(KEYS, json={"name": "x", "rights": ["catalogue"], "expires_at": expires}).json()["key"]
    assert key_client(api, key).get("/api/v1/hall").status_code == 200
    for wrong in (key[:-1], key + "a", "hw_", "hw_aaaaaaaa_x"):
        assert key_client(api, wrong).get("/api/v1/hall").json()["code"] == "wrong_key"
    api.clock.move(hours=1)
    assert key_client(api, key).get("/api/v1/hall").json()["code"] == "wrong_key"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"rights": ["review"]}, "/rights/0"),
        ({"rights": ["figures", "pictures"]}, "/rights/1"),
        ({"rights": []}, "/rights"),
        ({"scope": ["w9"]}, "/scope"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
    ],
)
def test_a_key_that_cannot_be_names_what_is_wrong(
    admin: TestClient, fields: dict[str, Any], pointer: str
) -> None:
    answer = admin.post(KEYS, json={"name": "x", "rights": ["figures"]} | fields)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_a_program_registers_leave_in_its_own_name_and_needs_no_csrf_token(
    api: Running, admin: TestClient
) -> None:
    answer = admin.post(KEYS, json={"name": "x", "rights": sorted(KEY_RIGHTS), "scope": ["w1"]}).json()
    client = key_client(api, answer["key"])
    leave = {"kind": "leave", "starts_at": "2026-03-02T02:00Z", "ends_at": "2026-03-02T02:20Z"}
    sent = client.post("/api/v1/permits", json={**leave, "window": "w1", "reason": "会议"})
    assert sent.status_code == 201, sent.text
    assert sent.json()["permit"]["registered_by"] == f"key:{answer['details']['id']}"
    other = client.post("/api/v1/permits", json={**leave, "window": "w2", "reason": "会议"})
    assert other.json()["code"] == "out_of_scope"


def test_own_sessions_are_listed_and_ended(api: Running) -> None:
    here, there = api.signed_in(), api.signed_in()
    listed = here.get(f"{SESSION}/all").json()
    assert sorted(one["current"] for one in listed) == [False, True]
    assert {one["agent"] for one in listed} == {"testclient"}
    other = next(one["id"] for one in listed if not one["current"])
    assert here.delete(f"{SESSION}/all/{other}").status_code == 204
    assert there.get(SESSION).json()["code"] == "not_signed_in"
    assert here.get(SESSION).status_code == 200
    add_account(api.settings, "li")
    mine = here.get(f"{SESSION}/all").json()[0]["id"]
    assert api.signed_in("li").delete(f"{SESSION}/all/{mine}").status_code == 204
    assert here.get(SESSION).status_code == 200


@BOTH
def test_an_address_that_tries_many_names_has_to_wait_longer_and_longer(api: Running) -> None:
    def attempt(name: str) -> tuple[int, int]:
        answer = api.anybody.post(SESSION, json={"username": name, "password": "wrong"})
        return answer.status_code, int(answer.headers.get("Retry-After", 0))

    assert [attempt(f"name{n}")[0] for n in range(10)] == [401] * 10
    assert attempt("name10") == (429, 2)
    api.clock.move(seconds=2)
    assert attempt("name11")[0] == 401
    assert attempt("name12") == (429, 3)
    api.clock.move(minutes=16)
    assert [attempt(f"other{n}")[0] for n in range(10)] == [401] * 10


def test_the_wait_of_an_address_doubles_up_to_fifteen_minutes() -> None:
    assert [wait_of_address(n).total_seconds() for n in (0, 9, 10, 11, 12, 30)] == [0, 0, 1, 2, 4, 900]
