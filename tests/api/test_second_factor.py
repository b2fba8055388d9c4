"""A second factor: begun, confirmed, asked for at signing in, lost and found."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from cryptography.fernet import Fernet
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.accounts import set_password
from api.database import Database
from api.sealing import KEY_FILE, Seal, SealError
from api.second_factor.rules import SecondFactorRules
from api.second_factor.tables import SecondFactorRow
from api.settings import ApiSettings
from tests.api.conftest import BOTH, PASSWORD, Running, add_account, running

SESSION = "/api/v1/session"
FACTOR = f"{SESSION}/second-factor"


def digits(api: Running, secret: str) -> str:
    """What an authenticator shows now."""
    return pyotp.TOTP(secret).at(api.clock.now)


def with_factor(api: Running, client: TestClient) -> tuple[str, list[str]]:
    """Give the client's person a second factor: its secret, and the recovery codes."""
    secret = str(client.post(FACTOR).json()["secret"])
    answer = client.put(FACTOR, json={"code": digits(api, secret)})
    assert answer.status_code == 200, answer.text
    api.clock.move(seconds=30)
    return secret, answer.json()["recovery_codes"]


def sign_in(api: Running, code: str | None = None, password: str = PASSWORD) -> str:
    """The problem's code, or nothing where somebody is signed in."""
    told = {"username": "supervisor", "password": password} | ({"code": code} if code else {})
    return str(api.client().post(SESSION, json=told).json().get("code", ""))


@BOTH
def test_signing_in_asks_for_a_code_once_one_was_confirmed(api: Running, person: TestClient) -> None:
    begun = person.post(FACTOR).json()
    assert begun["address"].startswith("otpauth://totp/hallwatch:supervisor?secret=")
    assert begun["picture"].startswith("data:image/svg+xml")
    assert sign_in(api) == ""
    assert person.put(FACTOR, json={"code": "000000"}).json()["code"] == "second_factor_wrong"
    assert person.put(FACTOR, json={"code": digits(api, begun["secret"])}).status_code == 200
    api.clock.move(seconds=30)
    assert sign_in(api) == "second_factor_needed"
    assert sign_in(api, "000000") == "second_factor_wrong"
    assert sign_in(api, digits(api, begun["secret"])) == ""
    assert person.get(SESSION).json()["has_second_factor"]
    assert person.post(FACTOR).json()["code"] == "second_factor_there"


def test_a_code_counts_once_and_half_a_minute_early_or_late(api: Running, person: TestClient) -> None:
    secret, _ = with_factor(api, person)
    code = digits(api, secret)
    assert sign_in(api, code) == ""
    assert sign_in(api, code) == "second_factor_wrong"
    api.clock.move(seconds=90)
    late = pyotp.TOTP(secret).at(api.clock.now - timedelta(seconds=30))
    assert sign_in(api, late) == ""
    api.clock.move(minutes=5)
    assert sign_in(api, pyotp.TOTP(secret).at(api.clock.now - timedelta(seconds=60))) == "second_factor_wrong"


def test_a_recovery_code_opens_once(api: Running, person: TestClient) -> None:
    _, recovery = with_factor(api, person)
    assert len(set(recovery)) == 10
    assert sign_in(api, recovery[0].upper()) == ""
    assert sign_in(api, recovery[0]) == "second_factor_wrong"
    assert sign_in(api, recovery[1]) == ""


def test_guessing_codes_locks_like_guessing_passwords(api: Running, person: TestClient) -> None:
    secret, _ = with_factor(api, person)
    assert [sign_in(api, "000000") for _ in range(5)] == ["second_factor_wrong"] * 5
    assert sign_in(api, digits(api, secret)) == "too_many_attempts"


def test_the_right_password_alone_does_not_start_the_count_anew(api: Running, person: TestClient) -> None:
    with_factor(api, person)
    codes = [sign_in(api, None if number % 2 else "000000") for number in range(6)]
    assert codes[-1] == "too_many_attempts"


def test_with_a_wrong_password_nobody_learns_that_there_is_a_second_factor(
    api: Running, person: TestClient
) -> None:
    with_factor(api, person)
    assert sign_in(api, password="wrong") == "wrong_credentials"


def test_removing_takes_a_code(api: Running, person: TestClient) -> None:
    secret, _ = with_factor(api, person)
    assert person.post(f"{FACTOR}/removal", json={"code": "000000"}).json()["code"] == "second_factor_wrong"
    assert person.post(f"{FACTOR}/removal", json={"code": digits(api, secret)}).status_code == 204
    assert sign_in(api) == ""


@pytest.fixture
def strict(settings: ApiSettings) -> ApiSettings:
    """A hall that demands a second factor of administrators."""
    return replace(settings, second_factor=SecondFactorRules(roles=frozenset({"administrator"})))


def test_a_role_of_which_one_is_demanded_does_nothing_before(strict: ApiSettings) -> None:
    add_account(strict, "boss", "administrator")
    with running(strict) as api:
        boss = api.signed_in("boss")
        assert boss.get(SESSION).json()["must_add_second_factor"]
        assert boss.get("/api/v1/accounts").json()["code"] == "second_factor_required"
        with_factor(api, boss)
        assert boss.get("/api/v1/accounts").status_code == 200
        assert api.signed_in().get("/api/v1/behaviours").status_code == 200


def test_an_administrator_lets_somebody_in_who_lost_it(api: Running, person: TestClient) -> None:
    with_factor(api, person)
    add_account(api.settings, "boss", "administrator")
    boss = api.signed_in("boss")
    assert boss.delete("/api/v1/accounts/supervisor/second-factor").status_code == 204
    assert sign_in(api) == ""


def test_the_console_lets_the_last_administrator_in(api: Running, person: TestClient) -> None:
    with_factor(api, person)
    set_password(api.settings, "supervisor", PASSWORD, without_second_factor=True)
    assert sign_in(api) == ""


def test_every_step_is_audited_and_no_secret_is(api: Running, person: TestClient) -> None:
    secret, recovery = with_factor(api, person)
    sign_in(api, "000000")
    person.post(f"{FACTOR}/removal", json={"code": digits(api, secret)})
    add_account(api.settings, "watcher", "auditor")
    told = api.signed_in("watcher").get("/api/v1/audit").text
    for action in ("second_factor_added", "sign_in_failed", "second_factor_removed"):
        assert action in told
    assert not any(one in told for one in (secret, *recovery))


def test_the_database_alone_holds_no_secret(api: Running, person: TestClient) -> None:
    secret, recovery = with_factor(api, person)
    database = Database(api.settings.database_url)
    with database.read() as session:
        row = session.get_one(SecondFactorRow, "supervisor")
    database.close()
    stored = f"{row.sealed_secret} {row.recovery_sha256s}"
    assert not any(one in stored for one in (secret, *recovery))
    assert Seal(api.settings.data_dir).open_up(row.sealed_secret) == secret
    assert (api.settings.data_dir / KEY_FILE).stat().st_mode & 0o077 == 0


def test_another_key_file_opens_nothing_and_says_what_to_do(api: Running, person: TestClient) -> None:
    secret, _ = with_factor(api, person)
    (api.settings.data_dir / KEY_FILE).unlink()
    with running(api.settings) as again:
        answer = again.client().post(
            SESSION, json={"username": "supervisor", "password": PASSWORD, "code": digits(api, secret)}
        )
        assert answer.json()["code"] == "sealed"
        assert "secrets.key" in answer.text


def test_a_new_key_in_front_still_opens_what_the_old_one_sealed(tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    sealed = Seal(tmp_path).close_up("secret")
    path.write_text(Fernet.generate_key().decode() + "\n" + path.read_text())
    assert Seal(tmp_path).open_up(sealed) == "secret"
    path.write_text(path.read_text().splitlines()[0])
    with pytest.raises(SealError):
        Seal(tmp_path).open_up(sealed)


def test_what_is_no_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(SealError, match="32 bytes"):
        Seal(tmp_path, SecretStr("short")).close_up("secret")
