"""Accounts from the command line: reviewers, and the staff of a window."""

import subprocess
import sys
from pathlib import Path

from api.database import Database
from api.tables import AccountRow

PASSWORD = "long enough to be kept"


def password(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`hallwatch password …` with the password on standard input."""
    command = [sys.executable, "-m", "hallwatch", "password", *arguments, "--stdin", "--data", str(folder)]
    return subprocess.run(
        command, input=f"{PASSWORD}\n", capture_output=True, text=True, timeout=60, check=False
    )


def accounts(folder: Path) -> dict[str, tuple[str, list[str] | None]]:
    """Role and windows of each account."""
    database = Database(f"sqlite:///{folder / 'hallwatch.db'}")
    with database.read() as session:
        found = {row.username: (row.role, row.windows) for row in session.query(AccountRow)}
    database.close()
    return found


def test_window_staff_are_bound_to_their_window_and_stay_so_when_the_password_changes(tmp_path: Path) -> None:
    assert password(tmp_path, "clerk", "--role", "window_staff", "--window", "w1").returncode == 0
    assert password(tmp_path, "lin").returncode == 0
    assert password(tmp_path, "clerk").returncode == 0
    assert accounts(tmp_path) == {"clerk": ("window_staff", ["w1"]), "lin": ("supervisor", None)}


def test_window_staff_without_a_window_are_refused_in_a_sentence(tmp_path: Path) -> None:
    refused = password(tmp_path, "clerk", "--role", "window_staff")
    assert refused.returncode != 0
    assert "need the window" in refused.stderr + refused.stdout
    assert accounts(tmp_path) == {}
