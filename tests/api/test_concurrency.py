"""Several at once: workers that repeat each other, supervisors who decide the same event."""

from concurrent.futures import ThreadPoolExecutor

from fastapi.testclient import TestClient

from tests.api.conftest import BOTH, Running
from tests.api.messages import deliver, event, event_id, shown

pytestmark = BOTH


def test_workers_that_deliver_the_same_at_once_store_it_once(worker: TestClient, person: TestClient) -> None:
    body = {"events": [event(n, revision=r) for n in range(20) for r in (1, 2)]}

    def send(_: int) -> int:
        return worker.post("/api/v1/ingest/events", json=body).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = set(pool.map(send, range(12)))
    assert 200 in statuses
    assert statuses <= {200, 503}
    assert person.get("/api/v1/events").json()["counts"]["pending"] == 20


def test_of_many_decisions_at_once_exactly_one_is_taken(worker: TestClient, api: Running) -> None:
    deliver(worker, event())
    people = [api.signed_in() for _ in range(4)]
    seen = {"If-Match": shown(people[0])["etag"]}

    def judge(person: TestClient) -> int:
        path = f"/api/v1/events/{event_id(1)}/decision"
        return person.post(path, json={"verdict": "confirmed"}, headers=seen).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(judge, people))
    assert statuses == [200, 412, 412, 412]
    assert len(shown(people[0])["history"]) == 1
    assert people[0].get("/api/v1/events").json()["counts"] == {
        "pending": 0,
        "confirmed": 1,
        "dismissed": 0,
        "withdrawn": 0,
        "expired": 0,
    }
