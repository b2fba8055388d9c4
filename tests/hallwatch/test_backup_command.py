"""`hallwatch backup` and `restore`, as an operator runs them."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from api.accounts import set_password
from hallwatch.api_process import api_settings
from hallwatch.settings import Settings
from tests.api.conftest import PASSWORD, running
from tests.api.conftest import Clock as StandingClock
from tests.api.messages import deliver, deliver_clip, deliver_hall, event


def hallwatch(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it."""
    command = [sys.executable, "-m", "hallwatch", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_backup_is_restored_into_an_empty_folder_and_nowhere_else(tmp_path: Path) -> None:
    old, new, archive = tmp_path / "old", tmp_path / "new", tmp_path / "backup.tar"
    settings = replace(api_settings(Settings(data_dir=old)), clock=StandingClock())
    set_password(settings, "supervisor", PASSWORD)
    with running(settings) as api:
        worker = api.client()
        worker.headers["Authorization"] = f"Bearer {settings.worker_key.get_secret_value()}"
        deliver_hall(worker)
        deliver(worker, event(1))
        assert deliver_clip(worker, 1) == 204
        made = hallwatch("backup", str(archive), "--data", str(old))
        assert made.returncode == 0, made.stderr
    again = hallwatch("backup", str(archive), "--data", str(old))
    assert again.returncode == 2
    assert "is there already" in again.stderr
    restored = hallwatch("restore", str(archive), "--data", str(new))
    assert restored.returncode == 0, restored.stderr
    assert "chain holds" in restored.stdout
    assert hallwatch("audit", "verify", "--data", str(new)).returncode == 0
    assert hallwatch("clips", "verify", "--quick", "--data", str(new)).returncode == 0
    twice = hallwatch("restore", str(archive), "--data", str(new))
    assert twice.returncode == 2
    assert "empty folder" in twice.stderr
