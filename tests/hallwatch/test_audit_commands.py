"""`hallwatch audit`: what somebody changed behind the program's back is named with its row."""

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api import audit
from api.database import Database
from hallwatch.audit_commands import app
from tests.api.conftest import MORNING


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with five rows of audit."""
    database = Database(f"sqlite:///{tmp_path / 'hallwatch.db'}")
    database.migrate()
    for number in range(5):
        with database.write() as session:
            audit.record(session, MORNING, "李", "decided", f"e{number}", verdict="confirmed")
    database.close()
    return tmp_path


def command(*words: str | Path) -> tuple[int, str]:
    """Exit status and output."""
    answer = CliRunner().invoke(app, [str(word) for word in words])
    return answer.exit_code, answer.output


def tamper(data: Path, *statements: str) -> None:
    """Change the file as somebody would who knows SQLite."""
    connection = sqlite3.connect(data / "hallwatch.db")
    connection.executescript("DROP TRIGGER audit_never_changed; DROP TRIGGER audit_never_removed;")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_an_untouched_audit_holds_and_is_exported_whole(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.ndjson"
    assert command("export", copy, "--data", data)[0] == 0
    lines = [json.loads(line) for line in copy.read_text(encoding="utf-8").splitlines()]
    assert [(one["id"], one["actor"], one["subject"]) for one in lines] == [
        (number + 1, "李", f"e{number}") for number in range(5)
    ]
    code, said = command("verify", "--data", data, "--against", copy)
    assert (code, "5 rows hold" in said, lines[-1]["sha256"] in said) == (0, True, True)


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE audit SET actor = '王' WHERE id = 3", "row 3"),
        ('UPDATE audit SET detail = \'{"verdict": "dismissed"}\' WHERE id = 2', "row 2"),
        ("DELETE FROM audit WHERE id = 4", "row 5"),
        ("DELETE FROM audit WHERE id = 5", "the end is missing"),
    ],
)
def test_what_was_changed_or_removed_is_named(data: Path, statement: str, row: str) -> None:
    tamper(data, statement)
    code, said = command("verify", "--data", data)
    assert (code, row in said) == (1, True), said


def test_a_chain_that_was_computed_anew_is_not_what_the_copy_says(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.ndjson"
    command("export", copy, "--data", data)
    tamper(data, "DELETE FROM audit", "DELETE FROM audit_head")
    database = Database(f"sqlite:///{data / 'hallwatch.db'}")
    for number in range(5):
        with database.write() as session:
            audit.record(session, MORNING, "李", "decided", f"e{number}", verdict="dismissed")
    database.close()
    assert command("verify", "--data", data)[0] == 0
    code, said = command("verify", "--data", data, "--against", copy)
    assert (code, "row 1 is not what copy.ndjson says" in said) == (1, True), said
