"""`hallwatch retention run`: says first what would go, then deletes it."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from fastapi.testclient import TestClient

from api.accounts import set_password
from api.settings import utc_now
from hallwatch.api_process import api_settings
from hallwatch.settings import Settings
from tests.api.conftest import PASSWORD, Clock, running
from tests.api.messages import decide, deliver, deliver_hall, event


def retention(folder: Path, *arguments: str) -> str:
    """What `hallwatch retention …` says."""
    command = [sys.executable, "-m", "hallwatch", "retention", *arguments, "--data", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def numbers(client: TestClient) -> int:
    """How many events there are."""
    return len(client.get("/api/v1/events").json()["items"])


def test_a_dry_run_deletes_nothing_and_a_real_one_what_it_said(tmp_path: Path) -> None:
    then = utc_now() - timedelta(days=10)
    settings = replace(api_settings(Settings(data_dir=tmp_path)), clock=Clock(then))
    set_password(settings, "supervisor", PASSWORD)
    with running(settings) as api:
        worker = api.client()
        worker.headers["Authorization"] = f"Bearer {settings.worker_key.get_secret_value()}"
        deliver_hall(worker)
        deliver(worker, event(1, at=then), event(2, at=then))
        decide(api.signed_in(), 1, "dismissed")
    assert "would be deleted" in retention(tmp_path, "run", "--dry-run")
    with running(settings) as api:
        assert numbers(api.signed_in()) == 2
    said = retention(tmp_path, "run")
    assert any("dismissed" in line and "1" in line for line in said.splitlines())
    with running(settings) as api:
        assert numbers(api.signed_in()) == 1
