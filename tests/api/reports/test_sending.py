"""Reports that are sent by themselves: once each, into a folder and by mail, and again where it failed."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from api.reports import sending
from api.reports.sending import plan_due, send_next
from api.reports.settings import MailServer, ReportSettings
from api.reports.tables import ReportDeliveryRow
from api.services import Services
from api.settings import ApiSettings
from tests.api.conftest import BOTH, Running, running
from tests.api.messages import decide, deliver, deliver_hall, deliver_hour, event
from tests.api.reports.test_files import NINE
from tests.conftest import need
from tests.fakes.mail_server import Mailbox, mail_server, own_certificate

SEVEN_THIRTY = NINE + timedelta(hours=22, minutes=30)
"""Tuesday, half past seven in Shanghai."""


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    with mail_server() as found:
        yield found


def mailing(box: Mailbox, *to: str, **fields: Any) -> ReportSettings:
    """Daily reports by mail."""
    server = MailServer("127.0.0.1", box.port, "none", "hall@example.org", patience_s=10)
    return ReportSettings(kinds=("daily",), mail_to=to, server=replace(server, **fields))


def parts_of(api: Running, reports: ReportSettings) -> Services:
    """The parts of a running API that sends these reports; the test says when."""
    services: Services = api.anybody.app.state.services  # type: ignore[attr-defined]
    settings = replace(services.settings, reports=reports)
    return replace(services, settings=settings)


def send_all(parts: Services) -> int:
    """One round of the chore; how many deliveries were tried."""
    plan_due(parts)
    number = 0
    while send_next(parts):
        number += 1
    return number


def a_monday(api: Running) -> None:
    """Figures of one day, seen on the next at half past seven."""
    deliver_hall(api.worker)
    deliver_hour(api.worker, NINE, 3600)
    deliver(api.worker, event(1, at=NINE, lasts_s=360))
    decide(api.signed_in(), 1)
    api.clock.now = SEVEN_THIRTY


def rows(parts: Services) -> dict[tuple[str, str, str], ReportDeliveryRow]:
    """All deliveries."""
    with parts.database.read() as session:
        found = session.scalars(select(ReportDeliveryRow)).all()
    return {(row.kind, row.first, row.target): row for row in found}


def counted(parts: Services, **labels: str) -> float:
    """How many tries the metrics tell."""
    return parts.metrics.registry.get_sample_value("hallwatch_reports_total", labels) or 0


@BOTH
def test_files_are_dropped_once_when_their_time_has_come(api: Running, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    parts = parts_of(api, ReportSettings(kinds=("daily",), folder=folder, formats=("xlsx", "pdf", "board")))
    a_monday(api)
    api.clock.now = SEVEN_THIRTY - timedelta(seconds=1)
    assert send_all(parts) == 0
    api.clock.now = SEVEN_THIRTY
    assert send_all(parts) == 1
    assert sorted(path.name for path in folder.iterdir()) == [
        "board-daily-2026-03-02.pdf",
        "report-daily-2026-03-02.pdf",
        "report-daily-2026-03-02.xlsx",
    ]
    for path in folder.iterdir():
        path.unlink()
    assert send_all(parts) == 0
    assert list(folder.iterdir()) == []
    assert counted(parts, kind="daily", way="folder", outcome="delivered") == 1


def test_a_mail_has_the_figures_in_words_and_the_files_with_it(api: Running, box: Mailbox) -> None:
    parts = parts_of(api, mailing(box, "head@example.org", "deputy@example.org"))
    a_monday(api)
    assert send_all(parts) == 2
    assert sorted(to for to, _ in box.taken) == ["deputy@example.org", "head@example.org"]
    for to, message in box.taken:
        assert message["To"] == to
        assert message["Subject"] == "大厅 日报 2026年3月2日 星期一"
        assert "90.0%" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
        assert set(files) == {"report-daily-2026-03-02.xlsx", "report-daily-2026-03-02.pdf"}
        assert files["report-daily-2026-03-02.pdf"].startswith(b"%PDF-")


@BOTH
def test_a_refused_mail_is_tried_again_with_growing_pauses_and_said(
    api: Running, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    parts = parts_of(api, mailing(box, "head@example.org", "deputy@example.org"))
    a_monday(api)
    box.refusal, box.refuses = "451 try later", {"head@example.org"}
    assert send_all(parts) == 2
    assert [to for to, _ in box.taken] == ["deputy@example.org"]
    assert "head@example.org: 451 try later; again in 1 min" in caplog.text.replace(" (try 1)", "")
    tried = []
    for minute in range(1, 16):
        api.clock.now = SEVEN_THIRTY + timedelta(minutes=minute)
        tried += [minute] * send_all(parts)
    assert tried == [1, 3, 7, 15]
    row = rows(parts)["daily", "2026-03-02", "head@example.org"]
    assert (row.state, row.attempts) == ("waiting", 5)
    assert "451" in (row.last_error or "")
    box.refusal = None
    api.clock.now += timedelta(minutes=16)
    assert send_all(parts) == 1
    assert [to for to, _ in box.taken] == ["deputy@example.org", "head@example.org"]
    assert counted(parts, kind="daily", way="mail", outcome="failed") == 5
    assert counted(parts, kind="daily", way="mail", outcome="delivered") == 2


def test_after_three_days_it_is_given_up_aloud(
    api: Running, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    parts = parts_of(api, mailing(box, "gone@example.org"))
    a_monday(api)
    box.refusal = "550 no such person"
    assert send_all(parts) == 1
    api.clock.now += timedelta(days=3)
    parts = parts_of(api, replace(parts.settings.reports, kinds=("weekly",)))
    assert send_all(parts) == 1
    assert rows(parts)["daily", "2026-03-02", "gone@example.org"].state == "given_up"
    assert "given up after 2 tries: gone@example.org: 550 no such person" in caplog.text
    api.clock.now += timedelta(days=1)
    assert send_all(parts) == 0


def test_a_server_that_is_away_or_a_folder_that_cannot_be_written_costs_a_try(
    api: Running, box: Mailbox, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    settings = mailing(box, "head@example.org", port=1)
    parts = parts_of(api, replace(settings, folder=in_the_way))
    a_monday(api)
    assert send_all(parts) == 2
    found = rows(parts)
    assert {row.state for row in found.values()} == {"waiting"}
    assert "127.0.0.1:1" in (found["daily", "2026-03-02", "head@example.org"].last_error or "")
    in_the_way.unlink()
    api.clock.now += timedelta(minutes=1)
    assert send_all(parts) == 2
    assert (in_the_way / "report-daily-2026-03-02.pdf").is_file()


def test_who_was_off_catches_up_with_the_last_of_each_kind(api: Running, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    parts = parts_of(
        api, ReportSettings(kinds=("daily", "weekly", "monthly"), folder=folder, formats=("xlsx",))
    )
    a_monday(api)
    assert send_all(parts) == 1
    api.clock.now = datetime.fromisoformat("2026-04-15T00:00:00+00:00")
    assert send_all(parts) == 3
    assert sorted(path.name for path in folder.iterdir()) == [
        "report-daily-2026-03-02.xlsx",
        "report-daily-2026-04-14.xlsx",
        "report-monthly-2026-03-01.xlsx",
        "report-weekly-2026-04-06.xlsx",
    ]


def test_nothing_is_sent_of_a_time_before_the_hall_was_watched(api: Running, tmp_path: Path) -> None:
    parts = parts_of(api, ReportSettings(kinds=("daily", "monthly"), folder=tmp_path / "reports"))
    deliver_hall(api.worker)
    api.clock.now = SEVEN_THIRTY
    assert send_all(parts) == 0
    deliver_hour(api.worker, NINE + timedelta(days=1), 0)
    assert send_all(parts) == 0
    assert rows(parts) == {}


@BOTH
def test_two_processes_send_it_once(api: Running, box: Mailbox) -> None:
    parts = parts_of(api, mailing(box, *(f"p{n}@example.org" for n in range(6))))
    a_monday(api)
    together = threading.Barrier(4)

    def process(_number: int) -> int:
        together.wait(10)
        return send_all(parts)

    with ThreadPoolExecutor(4) as pool:
        tried = list(pool.map(process, range(4)))
    assert sum(tried) == 6
    assert sorted(to for to, _ in box.taken) == [f"p{n}@example.org" for n in range(6)]


def test_a_try_that_died_is_taken_over_with_the_same_message_id(
    api: Running, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = parts_of(api, mailing(box, "head@example.org"))
    a_monday(api)

    def killed(*_arguments: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(sending.deliveries, "delivered", killed)
        with pytest.raises(SystemExit):
            send_all(parts)
    api.clock.now += timedelta(minutes=9)
    assert send_all(parts) == 0
    api.clock.now += timedelta(minutes=1)
    assert send_all(parts) == 1
    (_, first), (_, second) = box.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_the_running_api_sends_by_itself_and_once_over_a_restart(
    settings: ApiSettings, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    with running(settings) as api:
        a_monday(api)
        api.signed_in().get("/api/v1/figures/table")
    sends = replace(settings, reports=ReportSettings(kinds=("daily",), folder=folder, formats=("xlsx",)))
    path = folder / "report-daily-2026-03-02.xlsx"
    with running(sends):
        deadline = time.monotonic() + 20
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
    assert path.exists()
    path.unlink()
    with running(sends) as api:
        parts = parts_of(api, sends.reports)
        assert rows(parts)["daily", "2026-03-02", "folder"].state == "delivered"
        assert send_all(parts) == 0
    assert not path.exists()


def test_a_password_goes_over_tls_alone_to_a_server_that_is_trusted(
    api: Running, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = own_certificate(tmp_path)
    need(certificate is not None, "openssl")
    secret = SecretStr("a secret, quite long")
    a_monday(api)
    with mail_server(certificate) as box:
        unknown = mailing(box, "head@example.org", security="starttls", user="reports", password=secret)
        parts = parts_of(api, unknown)
        assert send_all(parts) == 1
        assert box.logins == []
        assert "CERTIFICATE_VERIFY_FAILED" in caplog.text
        assert unknown.server is not None
        wrong = replace(unknown.server, ca_file=tmp_path / "cert.pem", password=SecretStr("another one"))
        api.clock.now += timedelta(minutes=1)
        assert send_all(parts_of(api, replace(unknown, server=wrong))) == 1
        assert "535" in caplog.text
        api.clock.now += timedelta(minutes=2)
        assert send_all(parts_of(api, replace(unknown, server=replace(wrong, password=secret)))) == 1
        assert [to for to, _ in box.taken] == ["head@example.org"]
    assert "a secret" not in caplog.text
    assert "another one" not in caplog.text
    assert "a secret" not in repr(unknown)


def test_what_was_sent_and_what_was_not_can_be_read(
    settings: ApiSettings, box: Mailbox, tmp_path: Path
) -> None:
    reports = replace(mailing(box, "leader@example.org"), folder=tmp_path / "reports")
    with running(replace(settings, reports=reports)) as api:
        parts = parts_of(api, reports)
        a_monday(api)
        box.refusal = "451 try later"
        send_all(parts)
        told = api.signed_in().get("/api/v1/reports").json()
    assert (told["today"], told["kinds"], told["at"]) == ("2026-03-03", ["daily"], "07:30")
    assert told["targets"] == ["folder", "leader@example.org"]
    found = {one["target"]: one for one in told["deliveries"]}
    assert (found["folder"]["state"], found["folder"]["from"]) == ("delivered", "2026-03-02")
    assert found["leader@example.org"]["state"] == "waiting"
    assert found["leader@example.org"]["last_error"]
