"""How reviewing goes: what waits, how soon people decide, which cameras flag what they confirm, agreement."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.compliance import reviewing
from tests.api.conftest import BOTH, Running
from tests.api.messages import decide, deliver, deliver_hall, deliver_hour, event, event_id, shown

NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""09:00 in Shanghai."""


def read(person: TestClient, **query: str) -> dict[str, Any]:
    """How reviewing of that day goes, or as asked."""
    answer = person.get(
        "/api/v1/figures/reviewing", params={"from": "2026-03-02", "to": "2026-03-02"} | query
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_nothing_was_flagged(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    found = read(person)
    assert found["waiting"] == {"pending": 0, "overdue": 0, "oldest_at": None, "open_appeals": 0}
    assert found["decided"] == {"judged": 0, "sampled": False, "median_s": None, "slowest_tenth_s": None}
    assert found["cameras"] == []
    assert found["reviewers"] == {"pairs": 0, "agreed": 0, "share": None, "ac1": None}


@BOTH
def test_the_time_to_a_decision_runs_from_arrival_to_the_first_verdict(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    deliver(worker, *(event(number, at=NINE + timedelta(minutes=number)) for number in range(1, 6)))
    arrived = api.clock.now
    for number, waited_s in ((1, 10), (2, 20), (3, 30), (4, 400)):
        api.clock.now = arrived + timedelta(seconds=waited_s)
        decide(person, number)
    # Taking one back and deciding again later is not a longer wait.
    answer = person.delete(
        f"/api/v1/events/{event_id(4)}/decision", headers={"If-Match": shown(person, 4)["etag"]}
    )
    assert answer.status_code == 200, answer.text
    api.clock.now = arrived + timedelta(seconds=900)
    decide(person, 4, "dismissed")
    found = read(person)
    assert found["decided"]["judged"] == 4
    assert found["decided"]["median_s"] == pytest.approx(25)
    assert found["decided"]["slowest_tenth_s"] == pytest.approx(30 + 0.7 * 370)
    assert found["waiting"]["pending"] == 1
    assert datetime.fromisoformat(found["waiting"]["oldest_at"]) == NINE + timedelta(minutes=5)
    assert found["waiting"]["oldest_at"].endswith("+08:00")


def test_what_waits_past_its_day_is_overdue(api: Running, worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver(worker, event(1, at=NINE))
    assert read(person)["waiting"]["overdue"] == 0
    api.clock.now += timedelta(days=29)
    assert read(api.signed_in())["waiting"]["overdue"] == 1


@BOTH
def test_the_camera_whose_flags_are_dismissed_most_comes_first(
    worker: TestClient, person: TestClient
) -> None:
    cameras = [{"id": f"cam{n}", "name": f"机位{n}", "windows": ["w1", "w2"]} for n in (1, 2)]
    deliver_hall(worker, cameras=cameras)
    flags = [event(n, at=NINE + timedelta(minutes=n), camera=f"cam{1 + n % 2}") for n in range(1, 7)]
    deliver(worker, *flags, event(7, at=NINE - timedelta(hours=12), camera="cam1"))
    for number in (1, 3):
        decide(person, number, "dismissed")
    for number in (2, 4, 5, 6, 7):
        decide(person, number)
    found = read(person)["cameras"]
    assert [(one["camera"], one["name"], one["confirmed"], one["dismissed"]) for one in found] == [
        ("cam2", "机位2", 1, 2),
        ("cam1", "机位1", 3, 0),
    ]
    assert found[0]["precision"]["share"] == pytest.approx(1 / 3)


def test_a_long_span_is_judged_by_its_newest_flags(
    worker: TestClient, person: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewing, "SAMPLE", 3)
    deliver_hall(worker)
    deliver(worker, *(event(number, at=NINE + timedelta(minutes=number)) for number in range(1, 6)))
    for number in (1, 2):
        decide(person, number, "dismissed")
    for number in (3, 4):
        decide(person, number)
    found = read(person)
    assert (found["decided"]["judged"], found["decided"]["sampled"]) == (3, True)
    assert [(one["confirmed"], one["dismissed"]) for one in found["cameras"]] == [(2, 1)]


@pytest.mark.parametrize("query", [{"from": "2026-03-03"}, {"from": "1999-01-01", "to": "1999-01-02"}])
def test_days_that_run_backwards_or_out_of_time_are_refused(
    worker: TestClient, person: TestClient, query: dict[str, str]
) -> None:
    deliver_hall(worker)
    asked = {"from": "2026-03-02", "to": "2026-03-02"} | query
    assert person.get("/api/v1/figures/reviewing", params=asked).status_code == 422


def test_an_answer_that_did_not_change_is_not_sent_again(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    first = person.get("/api/v1/figures/reviewing")
    again = person.get("/api/v1/figures/reviewing", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_the_worst_hours_are_those_seen_well_enough(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    ten = NINE + timedelta(hours=1)
    deliver_hour(worker, NINE, 3600)
    deliver_hour(worker, ten, 1000)
    deliver_hour(worker, ten, 2400, window="w2")
    deliver(
        worker,
        event(1, at=NINE + timedelta(minutes=5), lasts_s=60),
        event(2, at=ten + timedelta(minutes=5), lasts_s=600),
        event(3, at=ten + timedelta(minutes=5), lasts_s=240, window="w2"),
    )
    for number in (1, 2, 3):
        decide(person, number)
    answer = person.get("/api/v1/figures/worst-hours", params={"from": "2026-03-02", "to": "2026-03-02"})
    assert answer.status_code == 200, answer.text
    found = [(one["unit"]["id"], one["bucket"], one["confirmed"]) for one in answer.json()["hours"]]
    assert found == [("w2", "2026-03-02T02Z", 1), ("w1", "2026-03-02T01Z", 1)]
    assert answer.json()["hours"][0]["starts_at"] == "2026-03-02T10:00:00+08:00"
    assert answer.json()["hours"][0]["compliance"] == pytest.approx(0.9)
