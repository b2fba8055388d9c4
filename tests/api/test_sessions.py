"""Signing in, staying signed in, and being locked out."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from api.accounts import PasswordUnfitError, ensure_first_accounts, set_password
from api.tables import AccountRow, SessionRow
from tests.api.conftest import BOTH, PASSWORD, Running, running
from tests.api.messages import deliver, event, event_id, shown

SESSION = "/api/v1/session"


def sign_in(client: TestClient, password: str = PASSWORD, username: str = "supervisor") -> str:
    """Try to sign in; the problem's code, or nothing."""
    answer = client.post(SESSION, json={"username": username, "password": password})
    code: str = answer.json().get("code", "")
    return code


def test_the_session_is_a_cookie_that_scripts_and_other_sites_cannot_use(api: Running) -> None:
    answer = api.anybody.post(SESSION, json={"username": "supervisor", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert answer.json()["must_change_password"] is False
    for part in ("hallwatch_session=", "HttpOnly", "SameSite=strict", "Path=/"):
        assert part in cookie


def test_reading_the_session_gives_the_same_token_again(api: Running, person: TestClient) -> None:
    found = person.get(SESSION).json()
    assert found["username"] == "supervisor"
    assert found["csrf_token"] == person.headers["X-CSRF-Token"]
    assert api.anybody.get(SESSION).json()["code"] == "not_signed_in"


def test_a_wrong_password_and_an_unknown_name_look_the_same(api: Running) -> None:
    assert sign_in(api.anybody, "wrong") == "wrong_credentials"
    assert sign_in(api.anybody, username="nobody") == "wrong_credentials"


@BOTH
def test_p11_after_five_failures_even_the_right_password_waits_fifteen_minutes(api: Running) -> None:
    assert [sign_in(api.anybody, "wrong") for _ in range(5)] == ["wrong_credentials"] * 5
    locked = api.anybody.post(SESSION, json={"username": "supervisor", "password": PASSWORD})
    assert (locked.status_code, locked.json()["code"]) == (429, "too_many_attempts")
    assert 890 <= int(locked.headers["Retry-After"]) <= 901
    api.clock.move(minutes=14)
    assert sign_in(api.anybody) == "too_many_attempts"
    api.clock.move(minutes=2)
    assert sign_in(api.anybody) == ""


def test_four_failures_do_not_lock_and_success_forgets_them(api: Running) -> None:
    for _ in range(2):
        assert [sign_in(api.anybody, "wrong") for _ in range(4)] == ["wrong_credentials"] * 4
        assert sign_in(api.anybody) == ""


def test_a_name_without_account_is_locked_too(api: Running) -> None:
    for _ in range(5):
        sign_in(api.anybody, username="nobody")
    assert sign_in(api.anybody, username="nobody") == "too_many_attempts"
    assert sign_in(api.anybody) == ""


def test_half_an_hour_without_use_ends_the_session(api: Running, person: TestClient) -> None:
    api.clock.move(minutes=29)
    assert person.get(SESSION).status_code == 200
    api.clock.move(minutes=29)
    assert person.get(SESSION).status_code == 200
    api.clock.move(minutes=31)
    assert person.get(SESSION).json()["code"] == "not_signed_in"


def test_twelve_hours_end_the_session_however_busy(api: Running, person: TestClient) -> None:
    for _ in range(36):
        api.clock.move(minutes=20)
        last = person.get(SESSION)
    assert last.status_code == 200
    api.clock.move(minutes=1)
    assert person.get(SESSION).status_code == 401


def test_signing_out_ends_the_session_on_the_server(person: TestClient) -> None:
    cookie = person.cookies["hallwatch_session"]
    assert person.delete(SESSION).status_code == 204
    person.cookies.set("hallwatch_session", cookie)
    assert person.get(SESSION).status_code == 401


def test_signing_in_again_gives_a_new_session_and_ends_the_old_one(api: Running, person: TestClient) -> None:
    old = person.cookies["hallwatch_session"]
    assert sign_in(person) == ""
    assert person.cookies["hallwatch_session"] != old
    other = api.client()
    other.cookies.set("hallwatch_session", old)
    assert other.get(SESSION).status_code == 401


def test_a_session_id_of_somebody_s_choice_is_never_taken_over(api: Running) -> None:
    victim = api.client()
    victim.cookies.set("hallwatch_session", "chosen-by-an-attacker")
    assert sign_in(victim) == ""
    attacker = api.client()
    attacker.cookies.set("hallwatch_session", "chosen-by-an-attacker")
    assert attacker.get(SESSION).status_code == 401


@pytest.mark.parametrize("token", [None, "", "guess"])
def test_a_change_without_the_csrf_token_is_refused(
    worker: TestClient, person: TestClient, token: str | None
) -> None:
    deliver(worker, event())
    headers = {"If-Match": shown(person)["etag"]}
    del person.headers["X-CSRF-Token"]
    if token is not None:
        headers["X-CSRF-Token"] = token
    path = f"/api/v1/events/{event_id(1)}/decision"
    answer = person.post(path, json={"verdict": "confirmed"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert shown(person)["state"] == "pending"


def test_the_csrf_token_of_another_session_does_not_fit(api: Running, person: TestClient) -> None:
    person.headers["X-CSRF-Token"] = api.signed_in().headers["X-CSRF-Token"]
    assert person.delete(SESSION).json()["code"] == "csrf"


@BOTH
def test_the_first_supervisor_may_only_change_the_one_time_password(api: Running) -> None:
    set_password(api.settings, "supervisor", "another password")
    assert [one.username for one in ensure_first_accounts(api.settings, demo=True)] == ["administrator"]
    assert ensure_first_accounts(api.settings, demo=True) == []
    with api.anybody.app.state.services.database.write() as session:
        session.execute(delete(SessionRow))
        session.execute(delete(AccountRow))
    administrator, supervisor = ensure_first_accounts(api.settings, demo=True)
    assert api.signed_in("administrator", administrator.password).get(SESSION).status_code == 200
    password = supervisor.password
    first = api.signed_in(password=password)
    assert first.get(SESSION).json()["must_change_password"] is True
    assert first.get("/api/v1/events").json()["code"] == "password_change_required"
    change = {"current": password, "new": "a password of my own"}
    assert first.post(f"{SESSION}/password", json=change).status_code == 204
    assert first.get("/api/v1/events").status_code == 200
    assert sign_in(api.client(), password) == "wrong_credentials"
    assert sign_in(api.client(), "a password of my own") == ""


def test_outside_the_demo_one_administrator_begins_and_makes_the_others(api: Running) -> None:
    with api.anybody.app.state.services.database.write() as session:
        session.execute(delete(AccountRow))
    (first,) = ensure_first_accounts(api.settings, demo=False)
    assert first.username == "administrator"
    admin = api.signed_in("administrator", first.password)
    told = admin.get(SESSION).json()
    assert (told["role"], told["must_change_password"]) == ("administrator", True)


@BOTH
def test_a_new_password_ends_the_other_sessions(api: Running, person: TestClient) -> None:
    other = api.signed_in()
    change = {"current": PASSWORD, "new": "a password of my own"}
    assert person.post(f"{SESSION}/password", json=change).status_code == 204
    assert other.get(SESSION).status_code == 401
    assert person.get(SESSION).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "code"),
    [
        (PASSWORD, "too short", "invalid"),
        (PASSWORD, PASSWORD, "invalid"),
        ("not the password", "a password of my own", "wrong_credentials"),
    ],
)
def test_a_password_that_may_not_be_set_is_not(person: TestClient, current: str, new: str, code: str) -> None:
    answer = person.post(f"{SESSION}/password", json={"current": current, "new": new})
    assert answer.json()["code"] == code
    assert person.get(SESSION).status_code == 200


def test_a_password_for_a_script_must_be_long_enough_too(api: Running) -> None:
    with pytest.raises(PasswordUnfitError):
        set_password(api.settings, "somebody", "short")


def test_the_cookie_says_secure_where_people_come_by_https(api: Running) -> None:
    with running(replace(api.settings, cookie_secure=True)) as secure:
        answer = secure.anybody.post(SESSION, json={"username": "supervisor", "password": PASSWORD})
        assert "Secure" in answer.headers["set-cookie"]
