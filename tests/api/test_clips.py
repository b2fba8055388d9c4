"""Clips arrive whole or not at all, and are played by range."""

import asyncio
import errno
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.clip_store import ClipStore, DiskFullError
from api.ranges import UnsatisfiableError, parse_range
from api.tables import AuditRow
from tests.api.conftest import Running
from tests.api.messages import FILM, deliver, deliver_clip, event, event_id, shown

PATH = f"/api/v1/events/{event_id(1)}/review-copy"
ORIGINAL = f"/api/v1/ingest/events/{event_id(1)}/clip"


def files(api: Running) -> list[str]:
    """Names of all files in the data folder."""
    return sorted(path.name for path in api.settings.data_dir.rglob("*") if path.is_file())


def deliver_shown(worker: TestClient) -> None:
    """An event, its clip, and a review copy of the same bytes."""
    deliver(worker, event())
    assert deliver_clip(worker) == 204
    sha256 = hashlib.sha256(FILM).hexdigest()
    path = f"/api/v1/ingest/events/{event_id(1)}/review-copy"
    told = {"source_sha256": sha256, "sha256": sha256}
    assert worker.put(path, params=told, content=FILM).status_code == 204


def test_a_clip_is_given_to_its_maker_as_it_came_and_to_people_as_a_copy(
    worker: TestClient, person: TestClient
) -> None:
    deliver_shown(worker)
    assert worker.get(ORIGINAL).content == FILM
    assert person.get(ORIGINAL).status_code == 401
    assert person.get(f"/api/v1/events/{event_id(1)}/clip").status_code == 404
    answer = person.get(PATH)
    assert (answer.status_code, answer.content) == (200, FILM)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(FILM).hexdigest()}"'
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_clip_before_its_event_is_to_be_sent_again_later(worker: TestClient, api: Running) -> None:
    assert deliver_clip(worker) == 404
    assert files(api) == []
    deliver(worker, event())
    assert deliver_clip(worker) == 204


def test_the_same_clip_twice_changes_nothing(worker: TestClient, person: TestClient, api: Running) -> None:
    deliver(worker, event())
    deliver_clip(worker)
    before = shown(person)
    assert deliver_clip(worker) == 204
    assert shown(person) == before
    assert len(files(api)) == 1


def test_a_clip_that_does_not_match_its_checksum_is_not_kept(
    worker: TestClient, person: TestClient, api: Running
) -> None:
    deliver(worker, event())
    assert deliver_clip(worker, sha256="0" * 64) == 422
    assert shown(person)["clip"] is None
    assert files(api) == []


@pytest.mark.parametrize("missing", ["starts_at", "duration_s", "sha256"])
def test_a_clip_without_its_data_is_refused(worker: TestClient, missing: str) -> None:
    deliver(worker, event())
    query = {"state": "ready", "starts_at": "2026-03-02T01:30:00Z", "duration_s": "3", "sha256": "0" * 64}
    del query[missing]
    answer = worker.put(f"/api/v1/ingest/events/{event_id(1)}/clip", params=query, content=FILM)
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/query/{missing}"]


def test_a_whole_clip_replaces_a_partial_one_and_is_not_replaced_by_it(
    worker: TestClient, person: TestClient, api: Running
) -> None:
    deliver(worker, event())
    deliver_clip(worker, film=FILM[:1000], state="partial", reason="cut short")
    assert shown(person)["clip"]["state"] == "partial"
    deliver_clip(worker)
    for _ in range(2):
        assert shown(person)["clip"]["state"] == "ready"
        assert worker.get(ORIGINAL).content == FILM
        assert len(files(api)) == 1
        assert deliver_clip(worker, film=FILM[:1000], state="partial") == 204


def test_a_failed_clip_says_why(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    path = f"/api/v1/ingest/events/{event_id(1)}/clip"
    assert worker.put(path, params={"state": "failed", "reason": "断线"}).status_code == 204
    clip = shown(person)["clip"]
    assert (clip["state"], clip["reason"], clip["review"]) == ("failed", "断线", None)
    assert worker.get(ORIGINAL).json()["code"] == "clip_missing"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=100-", 100, len(FILM) - 1),
        ("bytes=-7", len(FILM) - 7, len(FILM) - 1),
        ("bytes=0-99999999", 0, len(FILM) - 1),
    ],
)
def test_a_range_is_answered_with_that_range(
    worker: TestClient, person: TestClient, asked: str, first: int, last: int
) -> None:
    deliver_shown(worker)
    answer = person.get(PATH, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == FILM[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(FILM)}"


def test_a_range_behind_the_end_is_416_with_the_size(worker: TestClient, person: TestClient) -> None:
    deliver_shown(worker)
    answer = person.get(PATH, headers={"Range": f"bytes={len(FILM)}-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_unsatisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{len(FILM)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=", "bytes=a-b", "bytes"])
def test_what_is_no_single_range_gets_the_whole(worker: TestClient, person: TestClient, asked: str) -> None:
    deliver_shown(worker)
    answer = person.get(PATH, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, FILM)


def test_a_range_of_another_clip_gets_the_whole_of_this_one(worker: TestClient, person: TestClient) -> None:
    deliver_shown(worker)
    answer = person.get(PATH, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (answer.status_code, len(answer.content)) == (200, len(FILM))
    tag = answer.headers["ETag"]
    assert person.get(PATH, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    assert person.get(PATH, headers={"If-None-Match": tag}).status_code == 304


@given(st.text(alphabet="bytes=0123456789-, ", max_size=20), st.integers(0, 300))
def test_every_range_header_is_a_slice_the_whole_or_416(header: str, size: int) -> None:
    try:
        found = parse_range(header, size)
    except UnsatisfiableError:
        return
    if found is not None:
        assert 0 <= found[0] <= found[1] < size


def test_who_watched_a_clip_is_written_down_once(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver_shown(worker)
    for _ in range(3):
        person.get(PATH, headers={"Range": "bytes=0-9"})
    api.clock.move(minutes=6)
    person.get(PATH)
    with api.anybody.app.state.services.database.read() as session:
        rows = session.query(AuditRow).filter(AuditRow.action == "clip_viewed").all()
    assert [(row.actor, row.subject) for row in rows] == [("supervisor", event_id(1))] * 2


def test_a_clip_too_large_to_be_one_is_refused_before_it_is_read(worker: TestClient, api: Running) -> None:
    deliver(worker, event())
    headers = {"Content-Length": str(512 * 1024 * 1024 + 1)}
    path = f"/api/v1/ingest/events/{event_id(1)}/clip"
    answer = worker.put(path, params={"state": "ready"}, content=iter([b"x"]), headers=headers)
    assert answer.json()["code"] == "too_large"
    assert files(api) == []


class FullAfter:
    """A new file on a disk that has room for a thousand more bytes."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        self._room = 1000
        self.fileno = self._file.fileno
        self.close = self._file.close

    def write(self, data: memoryview) -> int | None:
        if len(data) > self._room:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._room -= len(data)
        return self._file.write(data)


def test_a_full_disk_is_507_and_the_event_stays(api: Running, worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    state = api.anybody.app.state
    state.services = replace(state.services, clips=ClipStore(api.settings.data_dir, FullAfter))
    assert deliver_clip(worker) == 507
    assert shown(person)["clip"] is None
    assert files(api) == []
    assert deliver_clip(worker, film=FILM[:900]) == 204


WRITER = """
import asyncio, sys, hashlib
from pathlib import Path
from api.clip_store import ClipStore

film = bytes(1000) * 4000

async def pieces():
    for at in range(0, len(film), 100_000):
        yield film[at : at + 100_000]

async def write():
    store = ClipStore(Path(sys.argv[1]))
    print("ready", flush=True)
    number = 0
    while True:
        number += 1
        await store.receive_clip(f"{number:036d}", hashlib.sha256(film).hexdigest(), pieces())
        print(number, flush=True)

asyncio.run(write())
"""


@pytest.mark.parametrize("after", [1, 3])
def test_a_writer_killed_at_any_moment_leaves_whole_clips_only(tmp_path: Path, after: int) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    for _ in range(after):
        writer.stdout.readline()
    os.kill(writer.pid, signal.SIGKILL)
    announced = writer.stdout.read().split()
    writer.communicate()
    store = ClipStore(tmp_path)
    store.sweep()
    found = sorted(tmp_path.rglob("*"))
    clips = [path for path in found if path.is_file()]
    assert all(path.suffix == ".mp4" and path.stat().st_size == 4_000_000 for path in clips)
    assert len(clips) >= len([word for word in announced if word.isdecimal()])
    assert store.sweep() == 0


def test_a_sender_that_vanishes_leaves_nothing(tmp_path: Path) -> None:
    async def vanishing() -> AsyncIterator[bytes]:
        yield FILM[:100]
        raise ConnectionResetError

    store = ClipStore(tmp_path)
    with pytest.raises(ConnectionResetError):
        asyncio.run(store.receive_clip(event_id(1), "0" * 64, vanishing()))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_skeleton_that_finds_no_room_leaves_the_old_one(tmp_path: Path) -> None:
    store = ClipStore(tmp_path, FullAfter)
    store.write_skeleton(event_id(1), b"{}")
    with pytest.raises(DiskFullError):
        store.write_skeleton(event_id(1), b" " * 2000)
    assert store.skeleton_path(event_id(1)).read_bytes() == b"{}"
