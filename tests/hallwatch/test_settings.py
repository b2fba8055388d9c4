"""Settings: options before the environment, secrets out of files, a sentence for what cannot be used."""

from pathlib import Path

import pytest

from hallwatch.api_process import api_settings
from hallwatch.settings import SettingsError, environment_of, read_settings
from hallwatch.worker_key import worker_key


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOST", "PORT", "WORKER_KEY", "WORKER_KEY_FILE", "DATABASE_URL", "LOG_LEVEL"):
        monkeypatch.delenv(f"HALLWATCH_{name}", raising=False)
    monkeypatch.setenv("HALLWATCH_DATA_DIR", str(tmp_path / "data"))


def test_an_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALLWATCH_PORT", "9000")
    assert read_settings().port == 9000
    assert read_settings(port=9001).port == 9001


def test_the_data_folder_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HALLWATCH_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert read_settings().data_dir == tmp_path / "hallwatch"


@pytest.mark.parametrize(("name", "value"), [("PORT", "0"), ("PORT", "http"), ("LOG_LEVEL", "loud")])
def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"HALLWATCH_{name}", value)
    with pytest.raises(SettingsError, match=f"HALLWATCH_{name}"):
        read_settings()


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("canary\n")
    monkeypatch.setenv("HALLWATCH_WORKER_KEY_FILE", str(tmp_path / "key"))
    settings = read_settings()
    assert settings.worker_key is not None
    assert settings.worker_key.get_secret_value() == "canary"
    assert "canary" not in repr(settings)


def test_a_secrets_file_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HALLWATCH_WORKER_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="HALLWATCH_WORKER_KEY_FILE"):
        read_settings()


def test_the_workers_key_is_made_once_for_its_owner_alone() -> None:
    settings = read_settings()
    key = worker_key(settings)
    assert worker_key(settings) == key
    assert len(key.get_secret_value()) >= 40
    assert settings.worker_key_file.stat().st_mode & 0o777 == 0o600


def test_a_child_gets_the_same_settings_and_no_secret_among_them() -> None:
    settings = read_settings(port=9002)
    worker_key(settings)
    told = environment_of(settings)
    assert told["HALLWATCH_PORT"] == "9002"
    assert worker_key(settings).get_secret_value() not in told.values()


def test_the_api_is_told_where_its_database_is() -> None:
    settings = read_settings()
    assert api_settings(settings).database_url == f"sqlite:///{settings.data_dir}/hallwatch.db"


def test_an_api_on_all_addresses_is_found_on_this_machine() -> None:
    assert read_settings(host="0.0.0.0", port=1).address == "http://127.0.0.1:1"
