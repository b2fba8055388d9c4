"""Workers deliver at least once and in any order; the API ends up with the same."""

import itertools
import random

from fastapi.testclient import TestClient

from tests.api.conftest import BOTH, Running
from tests.api.messages import deliver, deliver_hall, event, event_id, hall, shown

pytestmark = BOTH


def test_a_new_event_is_stored_and_waits_for_a_human(worker: TestClient, person: TestClient) -> None:
    sent = event()
    assert deliver(worker, sent) == ["stored"]
    found = shown(person)
    assert found["state"] == "pending"
    assert found["decision"] is None
    for name in ("id", "revision", "behaviour", "window", "camera", "ending", "measures", "evidence"):
        assert found[name] == sent[name], name


def test_the_same_delivery_twice_changes_nothing(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    before = shown(person)
    assert deliver(worker, event()) == ["duplicate"]
    assert shown(person) == before


def test_a_higher_revision_replaces_what_the_machine_said(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event(lasts_s=None))
    assert deliver(worker, event(revision=2, peak_score=0.95)) == ["updated"]
    found = shown(person)
    assert (found["revision"], found["peak_score"], found["ending"]) == (2, 0.95, "ceased")


def test_a_lower_revision_that_was_overtaken_is_stale(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event(revision=3))
    assert deliver(worker, event(revision=2, peak_score=0.5)) == ["stale"]
    assert shown(person)["peak_score"] == 0.9


def test_revisions_in_any_order_end_with_the_highest(worker: TestClient, person: TestClient) -> None:
    for number, order in enumerate(itertools.permutations([1, 2, 3])):
        for revision in order:
            deliver(worker, event(number, revision=revision, peak_score=revision / 10))
        assert shown(person, number)["peak_score"] == 0.3, order


def test_revisions_of_one_event_in_one_delivery_are_taken_in_turn(
    worker: TestClient, person: TestClient
) -> None:
    outcomes = deliver(worker, event(revision=1), event(revision=3), event(revision=2), event(revision=3))
    assert outcomes == ["stored", "updated", "stale", "duplicate"]
    assert shown(person)["revision"] == 3


def test_the_counts_stay_right_whatever_is_repeated(worker: TestClient, person: TestClient) -> None:
    events = [event(n, window=f"w{n % 2}", revision=r) for n in range(8) for r in (1, 2)]
    chance = random.Random(7)
    for _ in range(3):
        chance.shuffle(events)
        deliver(worker, *events)
    assert person.get("/api/v1/events").json()["counts"] == {
        "pending": 8,
        "confirmed": 0,
        "dismissed": 0,
        "withdrawn": 0,
        "expired": 0,
    }
    assert person.get("/api/v1/events?window=w1").json()["counts"]["pending"] == 4


def test_a_revision_that_moves_an_event_to_another_window_moves_its_count(
    worker: TestClient, person: TestClient
) -> None:
    deliver(worker, event(window="w1"))
    deliver(worker, event(window="w2", revision=2))
    assert person.get("/api/v1/events?window=w1").json()["counts"]["pending"] == 0
    assert person.get("/api/v1/events?window=w2").json()["counts"]["pending"] == 1


def test_a_delivery_holds_at_most_200_events(worker: TestClient) -> None:
    assert len(deliver(worker, *(event(n) for n in range(200)))) == 200
    answer = worker.post("/api/v1/ingest/events", json={"events": [event(n) for n in range(201)]})
    assert answer.status_code == 422


def test_the_skeleton_waits_for_its_event(worker: TestClient, person: TestClient) -> None:
    path = f"/api/v1/ingest/events/{event_id(1)}/skeleton"
    drawn = {
        "format": 1,
        "size": [640, 360],
        "frames": [
            {
                "t_s": 0.2,
                "persons": [
                    {"track": 3, "box": [1, 2, 3, 4], "zone": "staff", "keypoints": [[1.5, 2.5, 0.9]] * 17}
                ],
                "things": [{"kind": "phone", "box": [1, 2, 3, 4], "score": 0.5}],
            }
        ],
    }
    assert worker.put(path, json=drawn).status_code == 404
    deliver(worker, event())
    assert shown(person)["has_skeleton"] is False
    assert worker.put(path, json=drawn).status_code == 204
    assert worker.put(path, json=drawn).status_code == 204
    assert shown(person)["has_skeleton"] is True
    assert person.get(f"/api/v1/events/{event_id(1)}/skeleton").json() == drawn


def test_the_hall_is_shown_as_told_and_names_of_gone_windows_stay(
    worker: TestClient, person: TestClient
) -> None:
    assert person.get("/api/v1/hall").json()["code"] == "hall_unknown"
    deliver_hall(worker)
    assert person.get("/api/v1/hall").json() == hall()
    deliver(worker, event(window="w2"))
    deliver_hall(worker, windows=hall()["windows"][:1], name="新大厅")
    assert [window["id"] for window in person.get("/api/v1/hall").json()["windows"]] == ["w1"]
    assert (shown(person)["window_name"], shown(person)["window_name_en"]) == ("2号窗口", "Window 2")


def test_an_event_of_a_newer_worker_with_an_unknown_behaviour_is_still_shown(
    worker: TestClient, person: TestClient
) -> None:
    deliver(worker, event(behaviour="juggling", measures={"balls": 3}))
    assert "juggling" in shown(person)["explanation_zh"]


def test_only_the_workers_key_opens_its_routes(api: Running, person: TestClient) -> None:
    body = {"events": [event()]}
    wrong = {"Authorization": "Bearer nonsense"}
    assert api.anybody.post("/api/v1/ingest/events", json=body).status_code == 401
    assert api.anybody.post("/api/v1/ingest/events", json=body, headers=wrong).status_code == 401
    assert person.post("/api/v1/ingest/events", json=body).json()["code"] == "wrong_worker_key"
