"""What workers send, built so that a test names only what matters to it."""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from fastapi.testclient import TestClient

from tests.api.conftest import MORNING

FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40
"""Bytes enough for ranges; the API never looks inside a clip."""


def event_id(number: int) -> str:
    """The id of test event `number`; ids grow with the number."""
    return str(uuid.UUID(int=(0x019CA0000000 << 80) | 0x7 << 76 | 0x2 << 62 | number))


def event(
    number: int = 1, *, at: datetime = MORNING, lasts_s: float | None = 60, **fields: Any
) -> dict[str, Any]:
    """An event that began at `at`; with `lasts_s` None it still goes on."""
    ended = None if lasts_s is None else (at + timedelta(seconds=lasts_s)).isoformat()
    return {
        "id": event_id(number),
        "revision": 1,
        "behaviour": "arms_crossed",
        "variant": None,
        "window": "w1",
        "camera": "cam1",
        "started_at": at.isoformat(),
        "flagged_at": (at + timedelta(seconds=5)).isoformat(),
        "ended_at": ended,
        "ending": "ceased" if ended else None,
        "peak_score": 0.9,
        "measures": {"wrist_to_other_elbow": 0.12},
        "parent": None,
        "evidence": [[0, 0.7], [1, None], [2, 0.9]],
    } | fields


def hall(**fields: Any) -> dict[str, Any]:
    """A hall of two windows and one camera."""
    return {
        "id": "hall",
        "name": "大厅",
        "name_en": "Hall",
        "time_zone": "Asia/Shanghai",
        "windows": [
            {"id": "w1", "name": "1号窗口", "name_en": "Window 1"},
            {"id": "w2", "name": "2号窗口", "name_en": "Window 2"},
        ],
        "cameras": [{"id": "cam1", "name": "东侧", "windows": ["w1", "w2"]}],
    } | fields


def deliver(worker: TestClient, *events: dict[str, Any]) -> list[str]:
    """Send events; the outcomes in their order."""
    answer = worker.post("/api/v1/ingest/events", json={"events": list(events)})
    assert answer.status_code == 200, answer.text
    return [result["outcome"] for result in answer.json()["results"]]


def deliver_hall(worker: TestClient, **fields: Any) -> None:
    """Send a hall."""
    assert worker.put("/api/v1/ingest/hall", json=hall(**fields)).status_code == 204


def deliver_clip(worker: TestClient, number: int = 1, film: bytes = FILM, **query: Any) -> int:
    """Send the clip of an event; the status of the answer."""
    told = {
        "state": "ready",
        "starts_at": MORNING.isoformat(),
        "duration_s": 15.0,
        "sha256": hashlib.sha256(film).hexdigest(),
    } | query
    path = f"/api/v1/ingest/events/{event_id(number)}/clip"
    return worker.put(path, params=told, content=film, headers={"Content-Type": "video/mp4"}).status_code


def deliver_hour(worker: TestClient, hour: datetime, observed_s: float, **fields: Any) -> None:
    """Send one hour of the ledger; open all of it, present while observed."""
    row = {
        "window": "w1",
        "camera": "cam1",
        "hour": hour.isoformat(),
        "open_s": 3600,
        "observed_s": observed_s,
        "present_s": observed_s,
    } | fields
    assert worker.post("/api/v1/ingest/ledger", json={"rows": [row]}).status_code == 204


def shown(person: TestClient, number: int = 1) -> dict[str, Any]:
    """The event as a reviewer sees it."""
    answer = person.get(f"/api/v1/events/{event_id(number)}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def decide(person: TestClient, number: int = 1, verdict: str = "confirmed", **fields: Any) -> dict[str, Any]:
    """Look at an event and decide; the event after that."""
    answer = person.post(
        f"/api/v1/events/{event_id(number)}/decision",
        json={"verdict": verdict, "reason": None, "note": None} | fields,
        headers={"If-Match": shown(person, number)["etag"]},
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
