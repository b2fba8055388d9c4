"""Programs follow the hall: every change once, in the order of commits, within their rights."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from api.changes.cursor import cursor_text, number_of
from api.changes.hours import tell_hours
from api.changes.recording import Change, record
from api.changes.types import TYPES
from api.compliance.settling import settle_all
from api.database import Database
from api.problems import Problem
from tests.api.conftest import BOTH, MORNING, Running, add_account
from tests.api.messages import decide, deliver, deliver_hall, event, event_id
from tests.api.rights.asking import key_client

CHANGES = "/api/v1/changes"
NUMBER = int(os.environ.get("HALLWATCH_CHANGES_WRITTEN", "2000"))
"""Changes that a hundred writers make; 100,000 were measured."""


def pages(client: TestClient, limit: int = 200, **query: Any) -> Iterator[dict[str, Any]]:
    """Every change from the start, page by page."""
    cursor = None
    while True:
        asked = query | {"limit": limit} | ({"cursor": cursor} if cursor else {})
        answer = client.get(CHANGES, params=asked)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield from page["items"]
        cursor = page["next_cursor"]
        if not page["more"]:
            return


def types(client: TestClient, **query: Any) -> list[str]:
    """The types of all changes, in order."""
    return [one["type"] for one in pages(client, **query)]


def test_everything_that_becomes_of_an_event_is_told_in_order(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    deliver(worker, event(1, lasts_s=None))
    deliver(worker, event(1, revision=2))
    decide(person, 1, "confirmed")
    person.delete(f"/api/v1/events/{event_id(1)}/decision", headers={"If-Match": _etag(person)})
    decide(person, 1, "dismissed")
    told = list(pages(person, unreviewed=True))
    assert [one["type"].removeprefix("event.") for one in told] == [
        "flagged",
        "updated",
        "confirmed",
        "reopened",
        "dismissed",
    ]
    assert [one["number"] for one in told] == [1, 2, 3, 4, 5]
    assert [one["unreviewed"] for one in told] == [True, True, False, False, False]
    first, last = told[0]["data"], told[-1]["data"]
    assert (first["state"], first["ended_at"]) == ("pending", None)
    assert (last["state"], last["behaviour_en"], last["window"]) == ("dismissed", "Arms crossed", "w1")
    assert "supervisor" not in json.dumps(told)
    assert types(person) == ["event.confirmed", "event.reopened", "event.dismissed"]


def _etag(person: TestClient) -> str:
    etag: str = person.get(f"/api/v1/events/{event_id(1)}").json()["etag"]
    return etag


def test_an_appeal_and_its_outcome_are_told(api: Running, worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver(worker, event(1), event(2))
    for number in (1, 2):
        decide(person, number, "confirmed")
    add_account(api.settings, "clerk", "window_staff", ["w1"])
    add_account(api.settings, "other")
    clerk, other = api.signed_in("clerk"), api.signed_in("other")
    for number, outcome in ((1, "upheld"), (2, "rejected")):
        path = f"/api/v1/own-window/events/{event_id(number)}/appeal"
        appeal = clerk.post(path, json={"text": "不服"}).json()
        assert appeal["state"] == "confirmed"
        asked = {one["event"]["id"]: one["appeal"]["id"] for one in other.get("/api/v1/appeals").json()}
        sent = {"outcome": outcome, "answer": "已核实"}
        assert other.post(f"/api/v1/appeals/{asked[event_id(number)]}/decision", json=sent).status_code == 200
    told = [(one["type"], one["subject"]) for one in pages(person)][2:]
    assert told == [
        ("event.appealed", event_id(1)),
        ("event.retracted", event_id(1)),
        ("event.appealed", event_id(2)),
        ("event.upheld", event_id(2)),
    ]


def test_permits_expiry_and_cameras_are_told(api: Running, worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver(worker, event(1, behaviour="empty_post", lasts_s=1200), event(2))
    span = {"starts_at": MORNING.isoformat(), "ends_at": (MORNING + timedelta(minutes=20)).isoformat()}
    permit = {"kind": "leave", "window": "w1", "reason": "会议", **span}
    made = person.post("/api/v1/permits", json=permit).json()["permit"]["id"]
    person.post(f"/api/v1/permits/{made}/revocation", json={"reason": "误登"})
    state = {"state": "covered", "since": MORNING.isoformat(), "detail": "-"}
    for _ in range(2):
        assert worker.put("/api/v1/ingest/cameras/cam1/status", json=state).status_code == 204
    assert types(person) == ["event.withdrawn", "event.restored", "camera.state"]
    assert list(pages(person))[-1]["data"] == {
        "camera": "cam1",
        "state": "covered",
        "detail": "-",
        "windows": ["w1", "w2"],
    }


def test_an_hour_is_told_once_it_is_settled_and_again_when_it_is_corrected(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    parts = api.anybody.app.state.services
    deliver_hall(worker)

    def deliver_hour(observed_s: float) -> None:
        row = {"hour": "2026-03-02T01:00:00Z", "window": "w1", "camera": "cam1", "open_s": 3600}
        row |= {"observed_s": observed_s, "present_s": observed_s}
        assert worker.post("/api/v1/ingest/ledger", json={"rows": [row]}).status_code == 204
        settle_all(parts.database, api.settings.clock)

    deliver_hour(1800)
    assert tell_hours(parts) is False
    assert types(person) == []
    api.clock.move(minutes=31)
    tell_hours(parts)
    assert types(api.signed_in()) == []
    api.clock.move(minutes=10)
    while tell_hours(parts):
        pass
    deliver_hour(3600)
    person = api.signed_in()
    told = [one["data"] for one in pages(person)]
    assert [(one["hour"], one["revision"], one["observed_s"]) for one in told] == [
        ("2026-03-02T01:00:00Z", 0, 1800.0),
        ("2026-03-02T01:00:00Z", 1, 3600.0),
    ]


def test_a_page_ends_where_it_says_and_an_empty_one_still_has_a_cursor(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    empty = person.get(CHANGES).json()
    assert (empty["items"], empty["more"]) == ([], False)
    deliver(worker, *(event(number) for number in range(1, 8)))
    cursor = empty["next_cursor"]
    seen = []
    for _ in range(3):
        asked = {"cursor": cursor, "limit": 3, "unreviewed": True}
        page = person.get(CHANGES, params=asked).json()
        seen.append([one["number"] for one in page["items"]])
        cursor = page["next_cursor"]
    assert seen == [[1, 2, 3], [4, 5, 6], [7]]
    assert person.get(CHANGES, params={"cursor": cursor}).json()["items"] == []
    later = {"since": "2030-01-01T00:00:00Z", "unreviewed": True}
    assert person.get(CHANGES, params=later).json()["items"] == []
    since = {"since": MORNING.isoformat(), "unreviewed": True, "type": "event.flagged", "window": "w1"}
    assert len(person.get(CHANGES, params=since).json()["items"]) == 7


@pytest.mark.parametrize(
    "query", [{"cursor": "x"}, {"cursor": "YzEuLTE"}, {"type": "event.nothing"}, {"limit": 0}]
)
def test_what_cannot_be_asked_says_so(person: TestClient, query: dict[str, Any]) -> None:
    answer = person.get(CHANGES, params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(f"/query/{next(iter(query))}")


@given(number=st.integers(0, 10**17))
def test_a_cursor_comes_back_as_it_was(number: int) -> None:
    assert number_of(cursor_text(number)) == number


@given(text=st.text(max_size=100))
def test_no_text_breaks_the_cursor(text: str) -> None:
    with suppress(Problem):
        assert number_of(text) >= 0


def test_everybody_is_told_what_they_may_read(api: Running, worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver(worker, event(1, window="w1"), event(2, window="w2"))
    decide(person, 1, "confirmed")
    decide(person, 2, "confirmed")
    state = {"state": "covered", "since": MORNING.isoformat(), "detail": "-"}
    worker.put("/api/v1/ingest/cameras/cam1/status", json=state)
    add_account(api.settings, "some", scope=["w2"])
    add_account(api.settings, "manager", "manager")
    add_account(api.settings, "admin", "administrator")
    some, manager = api.signed_in("some"), api.signed_in("manager")
    assert [one["subject"] for one in pages(some)] == [event_id(2)]
    assert types(manager) == ["camera.state"]
    assert some.get(CHANGES, params={"window": "w1"}).json()["code"] == "out_of_scope"
    made = api.signed_in("admin").post("/api/v1/keys", json={"name": "x", "rights": ["catalogue", "events"]})
    program = key_client(api, made.json()["key"])
    assert types(program) == ["event.confirmed", "event.confirmed"]
    listed = [one["type"] for one in program.get(f"{CHANGES}/types").json()]
    assert listed == [name for name in TYPES if name.startswith("event.")]


def test_the_export_is_the_same_line_by_line(api: Running, worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    for start in range(1, 2401, 100):
        deliver(worker, *(event(number) for number in range(start, start + 100)))
    answer = person.get(f"{CHANGES}/export.ndjson", params={"unreviewed": True})
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == list(pages(person, limit=1000, unreviewed=True))
    assert len(lines) == 2400
    until = {"until": MORNING.isoformat(), "unreviewed": True}
    assert person.get(f"{CHANGES}/export.ndjson", params=until).text == ""


@BOTH
def test_a_reader_misses_nothing_and_sees_nothing_twice_while_a_hundred_write(api: Running) -> None:
    writers = 100
    database = Database(api.settings.database_url)
    add_account(api.settings, "reader")
    client = api.signed_in("reader")

    def write(writer: int) -> None:
        for number in range(NUMBER // writers):
            change = Change(MORNING, "event.confirmed", f"{writer}/{number}", "w1", {})
            while True:
                try:
                    with database.write() as session:
                        record(session, change)
                    break
                except OperationalError:
                    continue  # as a worker that is told that the database is busy comes back

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    seen: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        over = not any(thread.is_alive() for thread in threads)
        page = client.get(CHANGES, params={"limit": 1000} | ({"cursor": cursor} if cursor else {})).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if over and not page["items"]:
            break
    database.close()
    assert [one["number"] for one in seen] == list(range(1, NUMBER + 1))
    subjects = {f"{writer}/{number}" for writer in range(writers) for number in range(NUMBER // writers)}
    assert {one["subject"] for one in seen} == subjects


@BOTH
def test_what_was_rolled_back_is_never_told(api: Running, person: TestClient) -> None:
    database = Database(api.settings.database_url)

    def fail() -> None:
        with database.write() as session:
            record(session, Change(MORNING, "event.confirmed", "gone", "w1", {}))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.write() as session:
        record(session, Change(MORNING, "event.confirmed", "kept", "w1", {}))
    database.close()
    assert [(one["number"], one["subject"]) for one in pages(person)] == [(1, "kept")]
