"""The spool: nothing lost, nothing doubled, whatever kills the worker or spoils the file."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hallwatch.folder_lock import FolderInUse
from hallwatch.spool import Changes, Spool, SpoolFullError, clip_of
from tests.hallwatch.messages import NOW, clip, event, hour


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    with Spool(tmp_path / "spool", now=NOW) as opened:
        yield opened


def waiting(spool: Spool) -> list[tuple[str, int]]:
    return [(m.payload["id"][-1], m.revision) for m in spool.due("event", 1e12, 100)]


def test_what_is_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    with Spool(tmp_path, now=NOW) as spool:
        spool.commit(Changes(events=[event(1)], episodes={"1/absence": {"held_s": 3}}, ledger=[hour(60)]))
    with Spool(tmp_path, now=NOW) as spool:
        assert waiting(spool) == [("1", 1)]
        assert spool.episodes() == {"1/absence": {"held_s": 3}}
        assert spool.ledger_row("1", "1", NOW) == hour(60)


def test_a_newer_revision_takes_the_place_of_the_older(spool: Spool) -> None:
    spool.commit(Changes(events=[event(1, 1), event(2, 1)]))
    spool.commit(Changes(events=[event(1, 3), event(2, 0)]))
    assert waiting(spool) == [("1", 3), ("2", 1)]


def test_a_revision_queued_during_delivery_stays(spool: Spool) -> None:
    spool.commit(Changes(events=[event(1, 1)]))
    sent = spool.due("event", 0, 10)
    spool.commit(Changes(events=[event(1, 2)]))
    spool.settle(sent)
    assert waiting(spool) == [("1", 2)]


def test_an_episode_that_is_over_is_forgotten(spool: Spool) -> None:
    spool.commit(Changes(episodes={"a": {"x": 1}, "b": [1]}))
    spool.commit(Changes(episodes={"a": None}))
    assert spool.episodes() == {"b": [1]}


def test_a_clip_waits_for_its_event(spool: Spool, tmp_path: Path) -> None:
    made = clip(tmp_path)
    spool.commit(Changes(events=[event(1)], clips=[made]))
    assert spool.due("clip", 0, 10) == []
    spool.settle(spool.due("event", 0, 10))
    assert [clip_of(message) for message in spool.due("clip", 0, 10)] == [made]


def test_a_refused_events_clip_is_refused_with_it(spool: Spool, tmp_path: Path) -> None:
    spool.commit(Changes(events=[event(1), event(2)], clips=[clip(tmp_path)]))
    spool.refuse(spool.due("event", 0, 1)[0], "no such window")
    counts = spool.counts()
    assert (counts.waiting, counts.refused) == (1, 2)
    assert spool.due("clip", 0, 10) == []


def test_a_postponed_message_comes_back_in_time(spool: Spool) -> None:
    spool.commit(Changes(events=[event(1)]))
    spool.postpone(spool.due("event", 0, 10), until_s=50)
    assert spool.due("event", 49, 10) == []
    assert spool.due("event", 50, 10)[0].attempts == 1
    assert spool.next_try_s() == 50


def test_an_hour_is_told_again_only_when_it_grew(spool: Spool) -> None:
    spool.commit(Changes(ledger=[hour(60)]))
    sent = spool.due_ledger(10)
    spool.commit(Changes(ledger=[hour(61)]))
    spool.settle_ledger(sent)
    assert [row.observed_s for row, _ in spool.due_ledger(10)] == [61]
    spool.settle_ledger(spool.due_ledger(10))
    assert spool.due_ledger(10) == []


def test_delivered_hours_are_kept_for_two_days(tmp_path: Path) -> None:
    with Spool(tmp_path, now=NOW) as spool:
        spool.commit(Changes(ledger=[hour(60), hour(60, window="2")]))
        spool.settle_ledger(spool.due_ledger(1))
    with Spool(tmp_path, now=NOW + timedelta(hours=47)) as spool:
        assert spool.ledger_row("1", "1", NOW) is not None
    with Spool(tmp_path, now=NOW + timedelta(hours=49)) as spool:
        assert spool.ledger_row("1", "1", NOW) is None
        assert spool.ledger_row("2", "1", NOW) is not None


def test_a_change_is_written_whole_or_not_at_all(spool: Spool) -> None:
    with pytest.raises(TypeError):
        spool.commit(Changes(events=[event(1)], episodes={"a": object()}))
    assert waiting(spool) == []
    spool.commit(Changes(events=[event(2)]))
    assert waiting(spool) == [("2", 1)]


def test_two_workers_do_not_share_a_spool(tmp_path: Path) -> None:
    with Spool(tmp_path, now=NOW), pytest.raises(FolderInUse, match=f"process {os.getpid()}"):
        Spool(tmp_path, now=NOW)


@pytest.mark.parametrize("damage", ["header", "middle", "not a database"])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path: Path, damage: str) -> None:
    with Spool(tmp_path, now=NOW) as spool:
        spool.commit(Changes(events=[event(n) for n in range(200)]))
    file = tmp_path / "spool.db"
    raw = bytearray(file.read_bytes())
    start, end = {"header": (0, 100), "middle": (4096, len(raw)), "not a database": (0, len(raw))}[damage]
    raw[start:end] = random.Random(7).randbytes(end - start)
    file.write_bytes(raw)
    with Spool(tmp_path, now=NOW) as spool:
        assert spool.counts().waiting == 0
        spool.commit(Changes(events=[event(1)]))
        assert waiting(spool) == [("1", 1)]
    assert (tmp_path / "spool.damaged-20260302T010000Z.db").read_bytes()[start:end] == raw[start:end]


def test_a_full_disk_is_told_and_loses_nothing_already_kept(tmp_path: Path) -> None:
    with Spool(tmp_path, now=NOW) as spool:
        spool.commit(Changes(events=[event(1)]))
        limit_to_its_size(spool)
        with pytest.raises(SpoolFullError, match="the disk is full"):
            spool.commit(Changes(episodes={"a": "x" * 100_000}, events=[event(2)]))
        assert waiting(spool) == [("1", 1)]
        lift_the_limit(spool)
        spool.commit(Changes(events=[event(2)]))
        assert waiting(spool) == [("1", 1), ("2", 1)]


def limit_to_its_size(spool: Spool) -> None:
    connection: sqlite3.Connection = spool._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


def lift_the_limit(spool: Spool) -> None:
    spool._connection.execute("PRAGMA max_page_count = 1000000")


WRITER = """
import sys
from pathlib import Path
from hallwatch.spool import Changes, Spool
from tests.hallwatch.messages import NOW, event
with Spool(Path(sys.argv[1]), now=NOW) as spool:
    number = spool.episodes().get("counter", 0)
    while True:
        number += 1
        spool.commit(Changes(events=[event(number)], episodes={"counter": number}))
        print(number, flush=True)
"""


def test_a_worker_killed_anywhere_neither_loses_nor_doubles_an_event(tmp_path: Path) -> None:
    chance, told = random.Random(1), 0
    for _ in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(chance.randrange(1, 60)):
            told = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read().splitlines()
        told = int(rest[-1]) if rest and rest[-1].isdecimal() else told
        writer.stdout.close()
        writer.wait()
    with Spool(tmp_path, now=NOW) as spool:
        ids = [int(m.key[-12:]) for m in spool.due("event", 0, 100_000)]
        last = spool.episodes()["counter"]
    assert ids == list(range(1, last + 1))
    assert last >= told


def test_payloads_are_the_wires_json(spool: Spool) -> None:
    spool.commit(Changes(events=[event(1)]))
    payload = spool.due("event", 0, 1)[0].payload
    assert json.dumps(payload)
    assert payload["started_at"] == "2026-03-02T01:00:00+00:00"
    assert payload["evidence"] == [[0.0, 0.5], [1.0, None]]
