"""P7: what is due goes, whole and provably; what is held, appealed or waits stays; figures do not change."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from api.compliance.checking import differences, stored_figures
from api.compliance.settling import rebuild, settle_all
from api.retention.deleting import LeftBehindError, delete_due, what_is_due
from api.retention.nightly import delete_once_a_day
from api.services import Services
from api.tables import Table
from tests.api.conftest import BOTH, MORNING, Running, add_account, running
from tests.api.messages import (
    FILM,
    decide,
    deliver,
    deliver_clip,
    deliver_hall,
    event,
    event_id,
)

COPY = b"review copy"


def parts_of(api: Running) -> Services:
    """The parts of the running API."""
    parts = api.anybody.app.state.services
    assert isinstance(parts, Services)
    return parts


def deliver_copy(worker: TestClient, number: int) -> None:
    """Send the review copy of an event's clip, with its pictures."""
    source = {"source_sha256": hashlib.sha256(FILM).hexdigest()}
    base = f"/api/v1/ingest/events/{event_id(number)}/review-copy"
    for path, content in ((f"{base}/poster", b"jpeg"), (f"{base}/filmstrip", b"jpegs"), (base, COPY)):
        told = source | {"sha256": hashlib.sha256(content).hexdigest()}
        answer = worker.put(path, params=told, content=content)
        assert answer.status_code == 204, answer.text


def fill(api: Running, worker: TestClient) -> None:
    """Event 1 confirmed, 2 dismissed, 3 withdrawn, 4 pending; each with clip, skeleton and review copy."""
    deliver_hall(worker)
    deliver(worker, event(1), event(2), event(3, behaviour="empty_post", lasts_s=1200), event(4, window="w2"))
    for number in range(1, 5):
        assert deliver_clip(worker, number) == 204
        skeleton = {"format": 1, "size": [640, 360], "frames": []}
        path = f"/api/v1/ingest/events/{event_id(number)}/skeleton"
        assert worker.put(path, json=skeleton).status_code == 204
        deliver_copy(worker, number)
    person = api.signed_in()
    decide(person, 1, "confirmed")
    decide(person, 2, "dismissed", note="口头说明")
    person.put(f"/api/v1/events/{event_id(1)}/claim")
    permit = {"kind": "leave", "window": "w1", "reason": "会议", "starts_at": MORNING.isoformat()}
    permit["ends_at"] = (MORNING + timedelta(minutes=20)).isoformat()
    assert person.post("/api/v1/permits", json=permit).status_code == 201
    settle_all(parts_of(api).database, api.settings.clock)


def files(api: Running, number: int) -> list[Path]:
    """Every file anywhere in the data folder whose name or content speaks of the event."""
    wanted = event_id(number)
    found = (path for path in api.settings.data_dir.rglob("*") if path.is_file())
    return [path for path in found if wanted in path.name]


def mentions(api: Running, number: int) -> set[str]:
    """The tables in which any column of any row holds the event's id."""
    found = set()
    with parts_of(api).database.read() as session:
        for table in Table.metadata.sorted_tables:
            if any(event_id(number) in str(row) for row in session.execute(select(table))):
                found.add(table.name)
    return found


LEFT = {"audit", "change", "deleted_event"}
"""Who did what, that something happened, and the proof of the deletion."""


@BOTH
def test_what_is_due_leaves_no_file_and_no_row_and_its_neighbours_everything(
    api: Running, worker: TestClient
) -> None:
    fill(api, worker)
    assert [len(files(api, number)) for number in range(1, 5)] == [5, 5, 5, 5]
    assert {"event", "clip", "skeleton", "review_copy", "decision", "viewing"} <= mentions(api, 1)
    api.clock.move(days=8)
    assert what_is_due(parts_of(api)).events == {
        "confirmed": 0,
        "dismissed": 1,
        "withdrawn": 0,
        "expired": 0,
    }
    done = delete_due(parts_of(api))
    assert (done.events["dismissed"], done.total) == (1, 1)
    assert files(api, 2) == []
    assert mentions(api, 2) == LEFT
    assert "口头说明" not in _everything(api)
    assert [len(files(api, number)) for number in (1, 3, 4)] == [5, 5, 5]
    counts = api.signed_in().get("/api/v1/events").json()["counts"]
    assert counts == {"pending": 1, "confirmed": 1, "dismissed": 0, "withdrawn": 1, "expired": 0}
    assert delete_due(parts_of(api)).total == 0


def _everything(api: Running) -> str:
    with parts_of(api).database.read() as session:
        return "".join(
            str(row) for table in Table.metadata.sorted_tables for row in session.execute(select(table))
        )


def test_p7_each_class_has_its_own_time_and_originals_go_before_their_copies(
    api: Running, worker: TestClient
) -> None:
    fill(api, worker)
    api.clock.move(days=31)
    parts = parts_of(api)
    done = delete_due(parts)
    # Of the two that are left the originals are 31 days old.
    assert (done.events["dismissed"], done.events["withdrawn"], done.originals) == (1, 1, 2)
    for number in (1, 4):
        assert len(files(api, number)) == 4
        shown = api.signed_in().get(f"/api/v1/events/{event_id(number)}").json()
        assert shown["clip"]["sha256"] is None
        assert shown["clip"]["review"]["state"] == "ready"
    assert mentions(api, 4) >= {"event", "clip", "review_copy"}
    api.clock.move(days=150)
    assert delete_due(parts).events["confirmed"] == 1
    assert mentions(api, 1) == LEFT
    with parts.database.write() as session:
        session.execute(text("UPDATE event SET state = 'expired'"))
        session.execute(text("UPDATE event_count SET state = 'expired' WHERE state = 'pending'"))
    assert delete_due(parts).events["expired"] == 1
    assert [path for path in (api.settings.data_dir / "clips").rglob("*") if path.is_file()] == []


@BOTH
def test_figures_are_what_they_were_also_when_they_are_rebuilt(api: Running, worker: TestClient) -> None:
    fill(api, worker)
    parts = parts_of(api)
    with parts.database.read() as session:
        before = stored_figures(session)
    assert sum(numbers.dismissed for numbers, _ in before.values()) > 0
    api.clock.move(days=181)
    assert delete_due(parts).events["confirmed"] == 1
    settle_all(parts.database, api.settings.clock)
    with parts.database.read() as session:
        assert stored_figures(session) == before
        assert list(differences(session)) == []
    rebuild(parts.database, api.settings.clock)
    with parts.database.read() as session:
        assert stored_figures(session) == before


def test_what_is_held_stays_until_it_is_released(api: Running, worker: TestClient) -> None:
    fill(api, worker)
    person = api.signed_in()
    path = f"/api/v1/events/{event_id(2)}/hold"
    assert person.get(path).json() is None
    assert person.delete(path).json()["code"] == "not_held"
    assert person.put(path, json={"reason": "纪检调查"}).json()["placed_by"] == "supervisor"
    api.clock.move(days=400)
    delete_due(parts_of(api))
    assert len(files(api, 2)) == 5
    person = api.signed_in()
    assert person.get(path).json()["reason"] == "纪检调查"
    assert person.delete(path).status_code == 204
    assert delete_due(parts_of(api)).events["dismissed"] == 1
    assert mentions(api, 2) == LEFT
    add_account(api.settings, "reader", "auditor")
    told = api.signed_in("reader").get("/api/v1/audit", params={"subject": event_id(2)}).json()["items"]
    assert [one["action"] for one in told][:3] == ["event_deleted", "hold_released", "held"]


def test_an_open_appeal_holds_its_event_back(api: Running, worker: TestClient) -> None:
    fill(api, worker)
    add_account(api.settings, "clerk", "window_staff", ["w1"])
    clerk = api.signed_in("clerk")
    assert (
        clerk.post(f"/api/v1/own-window/events/{event_id(1)}/appeal", json={"text": "不服"}).status_code
        == 201
    )
    api.clock.move(days=400)
    delete_due(parts_of(api))
    assert "event" in mentions(api, 1)


@BOTH
def test_a_worker_that_comes_late_does_not_bring_it_back(api: Running, worker: TestClient) -> None:
    fill(api, worker)
    api.clock.move(days=8)
    delete_due(parts_of(api))
    assert deliver(worker, event(2, revision=9), event(5)) == ["stale", "stored"]
    assert deliver_clip(worker, 2) == 404
    assert mentions(api, 2) == LEFT


def test_a_file_that_cannot_go_keeps_the_rows_and_the_next_run_ends_it(
    api: Running, worker: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(api, worker)
    api.clock.move(days=8)
    parts = parts_of(api)
    kept = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".json":
            raise OSError(30, "read-only")
        kept(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(OSError, match="read-only"):
        delete_due(parts)
    assert "event" in mentions(api, 2)
    monkeypatch.undo()
    assert delete_due(parts).events["dismissed"] == 1
    assert mentions(api, 2) == LEFT


def test_what_is_still_there_afterwards_undoes_the_deletion(
    api: Running, worker: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(api, worker)
    api.clock.move(days=8)
    parts = parts_of(api)
    monkeypatch.setattr(type(parts.clips), "delete_event", lambda *_: 0)
    with pytest.raises(LeftBehindError, match="there are still"):
        delete_due(parts)
    assert "event" in mentions(api, 2)


def test_it_runs_by_itself_once_a_night_and_makes_up_for_one_that_was_missed(
    api: Running, worker: TestClient
) -> None:
    fill(api, worker)
    parts = parts_of(api)
    first = delete_once_a_day(parts)
    assert first is not None
    assert delete_once_a_day(parts) is None
    api.clock.move(hours=16)  # 01:30 of the next day in Shanghai
    assert delete_once_a_day(parts) is None
    api.clock.move(hours=2, days=8)
    done = delete_once_a_day(parts)
    assert done is not None
    assert done.events["dismissed"] == 1
    assert delete_once_a_day(parts) is None


def test_the_report_proves_each_deletion_page_by_page(api: Running, worker: TestClient) -> None:
    fill(api, worker)
    deliver(worker, *(event(number) for number in range(10, 15)))
    person = api.signed_in()
    for number in range(10, 15):
        decide(person, number, "dismissed")
    add_account(api.settings, "reader", "auditor")
    api.clock.move(days=8)
    reader = api.signed_in("reader")
    assert reader.get("/api/v1/retention").json() == {
        "days": {"dismissed": 7, "expired": 7, "withdrawn": 30, "confirmed": 180, "original": 30},
        "due": {"confirmed": 0, "dismissed": 6, "withdrawn": 0, "expired": 0, "originals": 0},
        "held": 0,
    }
    delete_due(parts_of(api))
    seen: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = reader.get("/api/v1/retention/deletions", params=asked).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert {one["id"] for one in seen} == {event_id(number) for number in (2, 10, 11, 12, 13, 14)}
    (proof,) = [one for one in seen if one["id"] == event_id(2)]
    assert len(proof["files"]) == 5
    assert hashlib.sha256(FILM).hexdigest() in {file["sha256"] for file in proof["files"]}
    assert proof["rows"]["event"] == proof["rows"]["clip"] == proof["rows"]["decision"] == 1


def test_other_days_may_be_set(api: Running, worker: TestClient) -> None:
    fill(api, worker)
    longer = replace(api.settings.retention, dismissed_days=60, original_days=90)
    with running(replace(api.settings, retention=longer)) as other:
        other.clock.move(days=31)
        assert what_is_due(parts_of(other)).total == 1
