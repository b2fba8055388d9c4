"""`hallwatch report`, and the settings of those that are sent by themselves."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.accounts import set_password
from api.app import ApiSettings
from hallwatch.report_settings import report_settings
from hallwatch.settings import Settings, SettingsError, read_settings
from tests.api.conftest import PASSWORD, WORKER_KEY, Clock, running
from tests.api.messages import deliver_hall, deliver_hour


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """The data folder of a hall that was open two days ago, in UTC."""
    settings = ApiSettings(
        database_url=f"sqlite:///{tmp_path / 'data' / 'hallwatch.db'}",
        data_dir=tmp_path / "data",
        worker_key=SecretStr(WORKER_KEY),
        clock=Clock(datetime.now(UTC)),
    )
    settings.data_dir.mkdir()
    set_password(settings, "supervisor", PASSWORD)
    with running(settings) as api:
        deliver_hall(api.worker, time_zone="UTC")
        noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)
        deliver_hour(api.worker, noon, 3600)
    return settings.data_dir


def report(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`hallwatch report …`."""
    command = [sys.executable, "-m", "hallwatch", "report", *arguments, "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_files_are_made_of_the_day_asked_for(hall: Path, tmp_path: Path) -> None:
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    out = tmp_path / "out"
    asked = ("daily", "--date", day, "--format", "xlsx,pdf,board", "--language", "en", "--out", str(out))
    done = report(hall, *asked)
    assert done.returncode == 0, done.stderr
    names = [f"board-daily-{day}-en.pdf", f"report-daily-{day}-en.pdf", f"report-daily-{day}-en.xlsx"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert sorted(Path(line).name for line in done.stdout.splitlines()) == names


def test_without_a_day_it_is_the_last_month_that_is_over(hall: Path, tmp_path: Path) -> None:
    done = report(hall, "monthly", "--format", "xlsx", "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "out").iterdir()
    before = (datetime.now(UTC) - timedelta(minutes=10)).replace(day=1) - timedelta(days=1)
    assert path.name == f"report-monthly-{before.replace(day=1).date()}.xlsx"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("daily", "--date", "2199-01-01"), "is to come"),
        (("daily", "--format", "docx"), "'docx' is none of xlsx, pdf, board"),
    ],
)
def test_what_cannot_be_made_is_said_in_a_sentence(
    hall: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = report(hall, *arguments, "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_hall_that_nobody_described_yet_has_no_report(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    done = report(tmp_path / "data", "daily", "--out", str(tmp_path / "out"))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


MAIL = {
    "HALLWATCH_REPORTS": "daily, monthly",
    "HALLWATCH_REPORTS_MAIL_TO": "head@example.org, deputy@example.org",
    "HALLWATCH_REPORTS_MAIL_FROM": "hall@example.org",
    "HALLWATCH_REPORTS_SMTP_HOST": "mail.example.org",
    "HALLWATCH_REPORTS_SMTP_USER": "hall",
}


def settings_of(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> Settings:
    """Settings with these variables set."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def test_the_settings_of_mail_are_understood_and_the_password_comes_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("open sesame\n")
    variables = MAIL | {
        "HALLWATCH_REPORTS_SMTP_PASSWORD_FILE": str(secret),
        "HALLWATCH_REPORTS_AT": "06:45",
        "HALLWATCH_REPORTS_FOLDER": str(tmp_path / "drop"),
    }
    settings = settings_of(monkeypatch, variables)
    reports = report_settings(settings)
    assert (reports.kinds, reports.at.isoformat("minutes")) == (("daily", "monthly"), "06:45")
    assert reports.mail_to == ("head@example.org", "deputy@example.org")
    assert reports.folder == tmp_path / "drop"
    assert reports.server is not None
    assert (reports.server.port, reports.server.security) == (587, "starttls")
    assert reports.server.password is not None
    assert reports.server.password.get_secret_value() == "open sesame"
    assert "open sesame" not in repr(settings) + repr(reports)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"HALLWATCH_REPORTS": "hourly"}, "'hourly' is none of daily, weekly, monthly"),
        ({"HALLWATCH_REPORTS_MAIL_TO": "head"}, "'head' is no mail address"),
        ({"HALLWATCH_REPORTS_MAIL_TO": ""}, "nobody gets them"),
        ({"HALLWATCH_REPORTS_SMTP_HOST": ""}, "needs HALLWATCH_REPORTS_SMTP_HOST"),
        ({"HALLWATCH_REPORTS_MAIL_FROM": ""}, "needs HALLWATCH_REPORTS_MAIL_FROM"),
        ({"HALLWATCH_REPORTS_SMTP_USER": ""}, "go together"),
        ({"HALLWATCH_REPORTS_SMTP_SECURITY": "none"}, "only sent over starttls or tls"),
        ({"HALLWATCH_REPORTS_FORMATS": "pdf,csv"}, "'csv' is none of xlsx, pdf, board"),
    ],
)
def test_what_does_not_fit_together_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], said: str
) -> None:
    variables = MAIL | {"HALLWATCH_REPORTS_SMTP_PASSWORD": "open sesame"} | changed
    settings = settings_of(monkeypatch, variables)
    with pytest.raises(SettingsError, match=said) as error:
        report_settings(settings)
    assert "sesame" not in str(error.value)
