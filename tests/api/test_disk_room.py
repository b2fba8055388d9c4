"""A disk that runs low is cleared of what is needed least, and never of what was confirmed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.evidence.disk_room import SET_ASIDE, free_bytes, make_room
from api.evidence.watermarks import Watermarks
from api.services import Services
from api.tables import AuditRow, EventRow, ReviewCopyRow
from tests.api.conftest import MORNING, Running
from tests.api.messages import FILM, decide, deliver, deliver_clip, event, event_id, shown

ROOM_FOR = 10
"""The tests' disk holds so many films."""


@pytest.fixture
def parts(api: Running) -> Services:
    """The running API's parts, told to keep room for three films, five once it clears."""
    services: Services = api.anybody.app.state.services  # type: ignore[attr-defined]
    marks = Watermarks(low=3 * len(FILM), high=5 * len(FILM))
    return replace(services, settings=replace(services.settings, watermarks=marks))


def disk(parts: Services) -> Callable[[], int]:
    """A disk of `ROOM_FOR` films on which nothing else lies."""

    def free() -> int:
        films = list(Path(parts.settings.data_dir).rglob("*.mp4"))
        return ROOM_FOR * len(FILM) - sum(path.stat().st_size for path in films)

    return free


def fill(worker: TestClient, number: int) -> None:
    for one in range(1, number + 1):
        deliver(worker, event(one, at=MORNING + timedelta(minutes=one)))
        assert deliver_clip(worker, one) == 204


def states(person: TestClient, number: int) -> list[bool]:
    """Whether each event still has its film."""
    return [shown(person, one)["clip"]["state"] == "ready" for one in range(1, number + 1)]


def test_with_room_nothing_goes(worker: TestClient, person: TestClient, parts: Services) -> None:
    fill(worker, 7)
    for one in range(1, 8):
        decide(person, one, "dismissed")
    assert make_room(parts, disk(parts)) == 0
    assert all(states(person, 7))


def test_expired_goes_before_dismissed_and_confirmed_never(
    worker: TestClient, person: TestClient, parts: Services
) -> None:
    fill(worker, 9)
    decide(person, 1, "confirmed")
    decide(person, 2, "dismissed")
    decide(person, 3, "dismissed")
    with parts.database.write() as session:
        for one in (8, 9):
            row = session.get(EventRow, event_id(one))
            assert row is not None
            row.state = "expired"
    free = disk(parts)
    small = replace(
        parts, settings=replace(parts.settings, watermarks=Watermarks(3 * len(FILM), 3 * len(FILM)))
    )
    assert make_room(small, free) == 2
    assert states(person, 9) == [True] * 7 + [False] * 2
    fuller = Watermarks(4 * len(FILM), 5 * len(FILM))
    assert make_room(replace(parts, settings=replace(parts.settings, watermarks=fuller)), free) == 2
    assert states(person, 9) == [True, False, False, True, True, True, True, False, False]
    gone = shown(person, 2)
    assert "ran low on room" in gone["clip"]["reason"]
    assert gone["clip"]["sha256"] is None
    assert gone["state"] == "dismissed"
    with parts.database.read() as session:
        written = session.scalars(select(AuditRow.subject).where(AuditRow.action == "film_evicted")).all()
    assert sorted(filter(None, written)) == [event_id(one) for one in (2, 3, 8, 9)]


def test_what_was_confirmed_stays_also_when_nothing_else_is_left(
    worker: TestClient, person: TestClient, parts: Services
) -> None:
    fill(worker, 9)
    for one in range(1, 10):
        decide(person, one, "confirmed")
    assert make_room(parts, disk(parts)) == 0
    assert all(states(person, 9))
    assert "hallwatch_disk_low 1.0" in worker.get("/metrics").text


def test_copies_of_the_waiting_are_set_aside_and_asked_for_again_when_there_is_room(
    worker: TestClient, parts: Services
) -> None:
    fill(worker, 8)
    with parts.database.write() as session:
        for row in session.scalars(select(ReviewCopyRow)):
            row.state, row.sha256, row.size_bytes = "ready", "0" * 64, 1
    assert make_room(parts, disk(parts)) == 8
    with parts.database.read() as session:
        assert {(row.state, row.reason) for row in session.scalars(select(ReviewCopyRow))} == {
            ("failed", SET_ASIDE)
        }
    assert make_room(parts, lambda: 100 * len(FILM)) == 0
    with parts.database.read() as session:
        assert {row.state for row in session.scalars(select(ReviewCopyRow))} == {"pending"}
    assert "hallwatch_disk_low 0.0" in worker.get("/metrics").text


def test_the_disk_itself_is_asked(parts: Services) -> None:
    assert free_bytes(parts) > 0
