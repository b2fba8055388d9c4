"""`hallwatch clips verify` finds each thing that can be wrong with kept films, and nothing else."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.clip_store import ClipStore
from api.database import Database
from api.evidence.wanted_copies import ask_for_copy
from api.tables import ClipRow, EventRow
from hallwatch.clips_commands import app
from tests.api.conftest import MORNING
from tests.api.messages import event, event_id
from tests.cameras.films import film


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one event and its clip."""
    database = Database(f"sqlite:///{tmp_path / 'hallwatch.db'}")
    database.migrate()
    content = film(tmp_path / "made.mp4").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    told = event()
    columns = EventRow.__table__.columns.keys()
    times = dict.fromkeys(("started_at", "flagged_at", "known_until", "received_at"), MORNING)
    fields = {name: value for name, value in told.items() if name in columns} | times
    fields |= {"window_id": "w1", "camera_id": "cam1", "state": "pending", "version": 1, "ended_at": None}
    with database.write() as session:
        session.add(EventRow(**fields))
        session.flush()
        clip = ClipRow(event_id=event_id(1), state="ready", sha256=digest, size_bytes=len(content))
        clip.starts_at, clip.duration_s, clip.stored_at = MORNING, 3.0, MORNING
        session.add(clip)
        ask_for_copy(session, event_id(1), digest, MORNING)
    database.close()
    path = ClipStore(tmp_path).clip_path(event_id(1), digest)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return tmp_path


def clip_of(data: Path) -> Path:
    return next(data.glob("clips/*/*.mp4"))


def said(data: Path, *options: str) -> tuple[int, str]:
    """The exit code and the words of `clips verify`."""
    answer = CliRunner().invoke(app, ["verify", "--data", str(data), *options])
    return answer.exit_code, answer.output


def test_what_is_as_it_was_is_clean(data: Path) -> None:
    code, words = said(data)
    assert (code, "1 films, 0 faults" in words) == (0, True), words


def _shorter(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _one_bit_off(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "word"), [(Path.unlink, "missing"), (_shorter, "size"), (_one_bit_off, "hash")]
)
def test_a_film_that_changed_is_named_with_its_event(
    data: Path, harm: Callable[[Path], None], word: str
) -> None:
    harm(clip_of(data))
    code, words = said(data, "--quick")
    assert code == 1
    assert f"{word}: " in words
    assert event_id(1) in words


@pytest.mark.parametrize(("name", "word"), [("x.mp4.0a.part", "half-written"), ("x-0b.mp4", "nobody's")])
def test_what_no_row_names_is_told_once_it_is_old(data: Path, name: str, word: str) -> None:
    left = clip_of(data).with_name(name)
    left.write_bytes(b"film")
    assert said(data)[0] == 0
    os.utime(left, (time.time() - 7200, time.time() - 7200))
    code, words = said(data)
    assert (code, f"{word}: " in words) == (1, True)


def test_a_film_that_never_could_be_played_is_told(data: Path) -> None:
    content = b"no film" * 100
    database = Database(f"sqlite:///{data / 'hallwatch.db'}")
    with database.write() as session:
        row = session.get_one(ClipRow, event_id(1))
        row.sha256, row.size_bytes = hashlib.sha256(content).hexdigest(), len(content)
        path = ClipStore(data).clip_path(event_id(1), row.sha256)
    database.close()
    clip_of(data).unlink()
    path.write_bytes(content)
    assert "unplayable: " in said(data)[1]
    assert said(data, "--quick")[0] == 0
