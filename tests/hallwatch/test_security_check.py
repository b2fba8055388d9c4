"""`hallwatch doctor --security` names what is open, and what to do."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from api.accounts import ensure_first_accounts, set_password
from api.database import Database
from api.retention.tables import RetentionRunRow
from api.rights.tables import ApiKeyRow
from hallwatch.api_process import api_settings
from hallwatch.doctor import Finding
from hallwatch.security_check import examine_security
from hallwatch.settings import Settings

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
OWN = 1000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A folder in which hallwatch was started once."""
    tmp_path.chmod(0o700)
    found = Settings(data_dir=tmp_path)
    ensure_first_accounts(api_settings(found), demo=False)
    return found


def findings(settings: Settings, now: datetime = NOW, uid: int = OWN) -> dict[str, Finding]:
    """By name."""
    return {one.name: one for one in examine_security(settings, now, uid)}


def database(settings: Settings) -> Database:
    """Its database."""
    return Database(settings.database.get_secret_value())


def test_a_fresh_installation_is_closed(settings: Settings) -> None:
    found = findings(settings)
    assert [one.name for one in found.values() if not one.ok] == []
    assert "the chain holds" in found["audit"].seen
    assert found["administrators"].seen == "administrator"


@pytest.mark.parametrize(
    ("changed", "name", "advice"),
    [
        ({"host": "0.0.0.0"}, "address", "HALLWATCH_COOKIE_SECURE"),
        ({"allowed_hosts": "hall.local, *"}, "host names", "HALLWATCH_ALLOWED_HOSTS"),
    ],
)
def test_an_open_door_is_named(settings: Settings, changed: dict[str, str], name: str, advice: str) -> None:
    found = findings(settings.model_copy(update=changed))
    assert advice in str(found[name].advice)


def test_https_and_named_hosts_are_closed(settings: Settings) -> None:
    closed = {"host": "10.0.0.5", "cookie_secure": True, "allowed_hosts": "hall.local"}
    found = findings(settings.model_copy(update=closed))
    assert found["address"].ok
    assert found["host names"].seen == "hall.local"


def test_root_and_files_that_others_read_are_named(settings: Settings) -> None:
    assert "user of its own" in str(findings(settings, uid=0)["user"].advice)
    settings.data_dir.chmod(0o755)
    (settings.data_dir / "hallwatch.db").chmod(0o644)
    assert "chmod 700" in str(findings(settings)["files"].advice)


def test_a_database_elsewhere_must_be_encrypted(settings: Settings) -> None:
    url = "postgresql+psycopg://user:secret@203.0.113.9:1/hall?connect_timeout=1"
    for more, ok in (("", False), ("&sslmode=require", True)):
        found = list(
            examine_security(settings.model_copy(update={"database_url": SecretStr(url + more)}), NOW, OWN)
        )
        (line,) = [one for one in found if one.name == "database" and "encrypted" in one.seen]
        assert line.ok == ok
        assert "secret" not in str(found)


def test_old_one_time_passwords_unused_keys_and_missed_nights_are_named(settings: Settings) -> None:
    later = datetime.now(UTC) + timedelta(days=100)
    opened = database(settings)
    with opened.write() as session:
        session.add(RetentionRunRow(id=1, day="2026-03-01"))
        session.add(
            ApiKeyRow(
                id="hw_aaaaaaaa",
                name="platform",
                sha256="0" * 64,
                rights=["events"],
                made_by="administrator",
                made_at=NOW,
            )
        )
    opened.close()
    found = findings(settings, later)
    assert "administrator" in found["one-time passwords"].seen
    assert "hw_aaaaaaaa (platform)" in found["API keys"].seen
    assert "retention run" in str(found["deletion by age"].advice)
    set_password(api_settings(settings), "administrator", "a password of my own")
    assert findings(settings, later)["one-time passwords"].ok


def test_a_changed_audit_is_named(settings: Settings) -> None:
    opened = database(settings)
    with opened.write() as session:
        session.execute(text("DROP TRIGGER audit_never_changed"))
        session.execute(text("UPDATE audit SET actor = 'nobody'"))
    opened.close()
    assert "broken at row 1" in findings(settings)["audit"].seen


def test_the_command_says_it_as_json_and_fails_where_something_is_open(settings: Settings) -> None:
    command = [sys.executable, "-m", "hallwatch", "doctor", "--security", "--json"]
    command += ["--data", str(settings.data_dir)]
    settings.data_dir.chmod(0o755)
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert {one["name"] for one in json.loads(done.stdout)} >= {"files", "audit", "API keys"}
