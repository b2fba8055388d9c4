"""A camera without a record of why it may watch is told of, and never opened (P1)."""

import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from hallwatch import camera_permission
from hallwatch.camera_permission import hall_day, wait_for_permission, why_not
from hallwatch.site import SiteError, load_site
from hallwatch.site_models import Site
from hallwatch.spool import Spool
from hallwatch.work_plan import WorkPlan

SITE = """
hall: {{id: h, name: 大厅, name_en: Hall, time_zone: Asia/Shanghai{more}}}
windows:
  - {{id: "1", name: 窗口, name_en: Window}}
cameras:
  - id: c
    name: 摄像机
    source: rtsp://camera.invalid/stream
    zones: {{"1": {{}}}}
{record}
"""
RECORD = """    record:
      purpose: 监督窗口服务规范
      legal_basis: 《个人信息保护法》第二十六条
      sign_since: 2026-03-02
      approved_by: 张主任
      review_by: 2027-03-02
"""
TODAY = date(2026, 3, 2)


def site(tmp_path: Path, record: str = RECORD, more: str = "") -> Site:
    path = tmp_path / "site.yaml"
    path.write_text(SITE.format(record=record, more=more), encoding="utf-8")
    return load_site(path)


def test_a_record_lets_it_watch_from_the_day_of_the_sign_on(tmp_path: Path) -> None:
    found = site(tmp_path)
    assert why_not(found, found.cameras[0], TODAY) is None
    assert "2026-03-02" in str(why_not(found, found.cameras[0], date(2026, 3, 1)))


def test_p1_without_a_record_it_may_not_unless_the_hall_is_a_trial(tmp_path: Path) -> None:
    found = site(tmp_path, record="")
    assert "record" in str(why_not(found, found.cameras[0], TODAY))
    trial = site(tmp_path, record="", more=", camera_records: optional")
    assert why_not(trial, trial.cameras[0], TODAY) is None


@pytest.mark.parametrize("missing", ["purpose", "legal_basis", "sign_since", "approved_by", "review_by"])
def test_half_a_record_is_an_error_that_names_what_is_missing(tmp_path: Path, missing: str) -> None:
    lines = [line for line in RECORD.splitlines() if missing not in line]
    with pytest.raises(SiteError, match=missing):
        site(tmp_path, record="\n".join(lines))


def test_a_review_before_the_sign_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="later"):
        site(tmp_path, record=RECORD.replace("2027-03-02", "2026-03-01"))


def test_the_day_is_the_halls(tmp_path: Path) -> None:
    assert hall_day(site(tmp_path), datetime(2026, 3, 1, 16, 30, tzinfo=UTC)) == TODAY
    assert hall_day(site(tmp_path), datetime(2026, 3, 1, 15, 30, tzinfo=UTC)) == date(2026, 3, 1)


def waiting(found: Site, tmp_path: Path, stop: threading.Event) -> list[str]:
    """Waits until allowed, or stopped; what is left in the spool of the camera's states."""
    plan = WorkPlan(found, found.cameras[0], tmp_path / "spool", "http://127.0.0.1:1", SecretStr("key"))
    wait_for_permission(plan, stop)
    with Spool(plan.spool_dir, now=datetime.now(UTC)) as spool:
        return [queued.payload["state"] for queued in spool.due("status", float("inf"), 10)]


def test_it_says_so_and_goes_on_saying_it_until_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    monkeypatch.setattr(camera_permission, "AGAIN_S", 0.01)
    threading.Timer(0.2, stop.set).start()
    assert waiting(site(tmp_path, record=""), tmp_path, stop) == ["not_enabled"]
    assert stop.is_set()


def test_it_begins_by_itself_on_the_day_of_the_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = iter([date(2026, 3, 1), date(2026, 3, 1), TODAY])
    monkeypatch.setattr(camera_permission, "AGAIN_S", 0.01)
    monkeypatch.setattr(camera_permission, "hall_day", lambda *_: next(days))
    stop = threading.Event()
    assert waiting(site(tmp_path), tmp_path, stop) == ["not_enabled"]
    assert not stop.is_set()
