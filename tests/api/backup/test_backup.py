"""A backup under load, restored on an empty folder: the same counts, the audit's chain, every film."""

import hashlib
import io
import shutil
import tarfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.audit.chain import first_fault, read_entries, read_head
from api.backup.archive import BackupError, Manifest, back_up, restore
from api.backup.rows import LEFT_OUT, tables
from api.clip_store import ClipStore
from api.compliance.settling import settle_all
from api.database import Database
from api.evidence.stored_files import expected_files
from api.tables import Table
from tests.api.conftest import BOTH, Running, running
from tests.api.messages import decide, deliver, deliver_clip, deliver_hall, event, event_id


def quiet(_doing: str) -> None:
    """Progress that nobody looks at."""


def counts(database: Database) -> dict[str, int]:
    """Rows of each table that is backed up."""
    with database.read() as session:
        return {one.name: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables()}


def fill(api: Running, worker: TestClient, number: int) -> None:
    """A hall with events, clips, decisions and figures."""
    deliver_hall(worker)
    deliver(worker, *(event(one) for one in range(1, number + 1)))
    person = api.signed_in()
    for one in range(1, number + 1):
        assert deliver_clip(worker, one) == 204
        if one % 2:
            decide(person, one, "confirmed")
    (api.settings.data_dir / "worker.key").write_text("the key\n", encoding="ascii")
    settle_all(api.anybody.app.state.services.database, api.settings.clock)


def same_films(database: Database, folder: Path) -> int:
    """How many films the rows name; each must be there, as its row says."""
    found = 0
    for film in expected_files(database, ClipStore(folder)):
        content = film.path.read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (film.size_bytes, film.sha256)
        found += 1
    return found


@BOTH
def test_what_was_backed_up_is_back_with_its_chain_and_its_films(
    api: Running, worker: TestClient, tmp_path: Path
) -> None:
    fill(api, worker, 6)
    database = Database(api.settings.database_url)
    before = counts(database)
    made = back_up(database, api.settings.data_dir, tmp_path / "backup.tar", quiet)
    assert made.rows == before
    assert made.missing == []
    other = Database(f"sqlite:///{tmp_path / 'restored' / 'hallwatch.db'}")
    (tmp_path / "restored").mkdir()
    restore(other, tmp_path / "restored", tmp_path / "backup.tar", quiet)
    assert counts(other) == before
    with other.read() as session:
        assert first_fault(read_entries(session), read_head(session)) is None
    assert same_films(other, tmp_path / "restored") == 6
    assert (tmp_path / "restored" / "worker.key").read_text(encoding="ascii") == "the key\n"
    assert (tmp_path / "backup.tar").stat().st_mode & 0o077 == 0
    for table in Table.metadata.sorted_tables:
        if table.name not in LEFT_OUT:
            with database.read() as one, other.read() as two:
                wanted = select(table).order_by(*table.primary_key.columns)
                assert [tuple(row) for row in one.execute(wanted)] == [tuple(r) for r in two.execute(wanted)]
    database.close()
    other.close()


def test_a_restored_hall_goes_on_on_postgresql(
    api: Running, worker: TestClient, tmp_path: Path, postgres_schema: str
) -> None:
    fill(api, worker, 4)
    database = Database(api.settings.database_url)
    back_up(database, api.settings.data_dir, tmp_path / "backup.tar", quiet)
    database.close()
    moved = Database(postgres_schema)
    restore(moved, tmp_path / "restored", tmp_path / "backup.tar", quiet)
    moved.close()
    settings = replace(api.settings, database_url=postgres_schema, data_dir=tmp_path / "restored")
    with running(settings) as other:
        person = other.signed_in()
        assert person.get("/api/v1/events").json()["counts"]["confirmed"] == 2
        decide(person, 2, "dismissed")
        assert other.worker.get(f"/api/v1/ingest/events/{event_id(1)}/clip").status_code == 200
        deliver(other.worker, event(9))


@BOTH
def test_a_backup_under_load_is_one_moment_of_it(api: Running, worker: TestClient, tmp_path: Path) -> None:
    fill(api, worker, 4)
    begun, stop = threading.Event(), threading.Event()

    def work() -> None:
        number = 100
        person = api.signed_in()
        while not stop.is_set():
            deliver(worker, event(number))
            deliver_clip(worker, number)
            decide(person, number, "confirmed")
            number += 1
            begun.set()

    thread = threading.Thread(target=work)
    thread.start()
    database = Database(api.settings.database_url)
    try:
        assert begun.wait(30)
        for number in range(3):
            made = back_up(database, api.settings.data_dir, tmp_path / f"{number}.tar", quiet)
    finally:
        stop.set()
        thread.join()
    other = Database(f"sqlite:///{tmp_path / 'hallwatch.db'}")
    restore(other, tmp_path / "restored", tmp_path / "2.tar", quiet)
    found = counts(other)
    assert found == made.rows
    assert found["event"] > 4
    # Decisions, their audit rows and the changes that tell of them are of one transaction each.
    assert found["decision"] == sum(1 for _ in _told(other, "event.confirmed"))
    assert same_films(other, tmp_path / "restored") == found["clip"]
    database.close()
    other.close()


def _told(database: Database, type_: str) -> list[int]:
    from api.changes.tables import ChangeRow

    with database.read() as session:
        return list(session.scalars(select(ChangeRow.number).where(ChangeRow.type == type_)))


def test_nothing_is_restored_over_what_is_there(api: Running, worker: TestClient, tmp_path: Path) -> None:
    fill(api, worker, 2)
    database = Database(api.settings.database_url)
    back_up(database, api.settings.data_dir, tmp_path / "backup.tar", quiet)
    with pytest.raises(BackupError, match="there already"):
        back_up(database, api.settings.data_dir, tmp_path / "backup.tar", quiet)
    with pytest.raises(BackupError, match=r"holds (clips|worker\.key) already"):
        restore(database, api.settings.data_dir, tmp_path / "backup.tar", quiet)
    with pytest.raises(BackupError, match="holds events already"):
        restore(database, tmp_path / "elsewhere", tmp_path / "backup.tar", quiet)
    database.close()


def rewritten(source: Path, target: Path, change: dict[str, bytes | None]) -> Path:
    """The archive with some entries changed, or left out where None."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for entry in old:
            content = old.extractfile(entry)
            assert content is not None
            found = change.get(entry.name, content.read())
            if found is not None:
                entry.size = len(found)

                new.addfile(entry, io.BytesIO(found))
    return target


def test_a_changed_cut_off_or_foreign_archive_is_refused_and_leaves_an_empty_database(
    api: Running, worker: TestClient, tmp_path: Path
) -> None:
    fill(api, worker, 2)
    database = Database(api.settings.database_url)
    whole = tmp_path / "backup.tar"
    made = back_up(database, api.settings.data_dir, whole, quiet)
    film = next(name for name in made.files if name.endswith(".mp4"))
    cut = tmp_path / "cut.tar"
    shutil.copy(whole, cut)
    with cut.open("r+b") as file:
        file.truncate(whole.stat().st_size // 2)
    with tarfile.open(whole) as tar:
        audit = tar.extractfile("tables/audit.ndjson")
        assert audit is not None
        shorter = audit.read()[1:]
    other_version = Manifest(**{name: getattr(made, name) for name in Manifest.__slots__})
    other_version.revision = "9999"
    for name, archive, said in (
        ("film", rewritten(whole, tmp_path / "a.tar", {film: b"another film"}), "was changed"),
        ("less", rewritten(whole, tmp_path / "b.tar", {film: None}), "lacks"),
        ("audit", rewritten(whole, tmp_path / "c.tar", {"tables/audit.ndjson": shorter}), "changed"),
        ("cut", cut, "no whole archive|no manifest|not whole"),
        ("none", rewritten(whole, tmp_path / "d.tar", {"manifest.json": None}), "no manifest"),
        ("text", rewritten(whole, tmp_path / "e.tar", {"manifest.json": b"{"}), "cannot be read"),
        (
            "version",
            rewritten(whole, tmp_path / "f.tar", {"manifest.json": other_version.text().encode()}),
            "revision 9999",
        ),
    ):
        empty = Database(f"sqlite:///{tmp_path / name}.db")
        with pytest.raises(BackupError, match=said):
            restore(empty, tmp_path / name, archive, quiet)
        if name not in ("cut", "none", "text"):
            assert counts(empty)["event"] == 0
        empty.close()
    database.close()


def test_a_path_out_of_the_folder_is_refused(api: Running, worker: TestClient, tmp_path: Path) -> None:
    fill(api, worker, 1)
    database = Database(api.settings.database_url)
    made = back_up(database, api.settings.data_dir, tmp_path / "backup.tar", quiet)
    made.files["clips/../../evil"] = (4, hashlib.sha256(b"evil").hexdigest())
    changed = {"manifest.json": made.text().encode()}
    archive = rewritten(tmp_path / "backup.tar", tmp_path / "evil.tar", changed)
    with tarfile.open(archive, "a") as tar:
        (tmp_path / "evil.txt").write_bytes(b"evil")
        tar.add(tmp_path / "evil.txt", "clips/../../evil")
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(BackupError, match="not of ours"):
        restore(other, tmp_path / "in" / "side", archive, quiet)
    assert not (tmp_path / "in" / "evil").exists()
    other.close()
    database.close()


def test_who_was_signed_in_signs_in_again(api: Running, worker: TestClient, tmp_path: Path) -> None:
    fill(api, worker, 1)
    database = Database(api.settings.database_url)
    made = back_up(database, api.settings.data_dir, tmp_path / "backup.tar", quiet)
    assert "session" not in made.rows
    database.close()
