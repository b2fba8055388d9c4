"""Claims, many at once, blind second reviews, appeals: two people and the clerk in between."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.review_rules import ReviewRules
from api.settings import ApiSettings
from tests.api.conftest import BOTH, MORNING, Running, add_account, running
from tests.api.messages import decide, deliver, deliver_hall, event, event_id, shown
from tests.api.test_review_queue import numbers, queue

pytestmark = BOTH


@pytest.fixture
def other(api: Running) -> TestClient:
    """A second reviewer."""
    add_account(api.settings, "second")
    return api.signed_in("second")


@pytest.fixture
def clerk(api: Running) -> TestClient:
    """Somebody who works at window w1."""
    add_account(api.settings, "clerk", "window_staff", ["w1"])
    return api.signed_in("clerk")


@pytest.fixture
def twice(settings: ApiSettings) -> Iterator[Running]:
    """A hall that reviews everything twice."""
    rules = ReviewRules(double_share=1)
    with running(dataclasses.replace(settings, review=rules)) as api:
        yield api


def claim(person: TestClient, number: int = 1) -> Any:
    """Hold an event; the answer."""
    return person.put(f"/api/v1/events/{event_id(number)}/claim")


def post(person: TestClient, path: str, body: dict[str, Any], etag: str | None = None) -> Any:
    """Send it; the answer."""
    return person.post(f"/api/v1{path}", json=body, headers={"If-Match": etag} if etag else {})


def test_what_one_holds_another_cannot_decide_until_it_is_let_go(
    worker: TestClient, person: TestClient, other: TestClient, api: Running
) -> None:
    deliver(worker, event())
    assert claim(person).json() == {"username": "supervisor", "until": "2026-03-02T01:31:30Z"}
    assert queue(other)[0]["claim"]["username"] == "supervisor"
    refused = claim(other)
    assert (refused.status_code, refused.json()["code"]) == (409, "claimed")
    assert refused.json()["claim"]["username"] == "supervisor"
    decision = {"verdict": "confirmed"}
    path, etag = f"/events/{event_id(1)}/decision", shown(other)["etag"]
    assert post(other, path, decision, etag).json()["code"] == "claimed"
    assert person.delete(f"/api/v1/events/{event_id(1)}/claim").status_code == 204
    assert claim(other).status_code == 200
    assert post(other, path, decision, etag).status_code == 200
    assert queue(person) == []


def test_a_claim_is_renewed_and_runs_out_after_ninety_seconds(
    worker: TestClient, person: TestClient, other: TestClient, api: Running
) -> None:
    deliver(worker, event())
    claim(person)
    api.clock.move(seconds=80)
    claim(person)
    api.clock.move(seconds=80)
    assert claim(other).status_code == 409
    api.clock.move(seconds=11)
    assert claim(other).status_code == 200
    assert claim(person).status_code == 409


def test_who_comes_late_is_told_who_decided_what(
    worker: TestClient, person: TestClient, other: TestClient
) -> None:
    deliver(worker, event())
    seen = shown(other)["etag"]
    decide(person, verdict="dismissed", reason="occlusion")
    late = post(other, f"/events/{event_id(1)}/decision", {"verdict": "confirmed"}, seen)
    assert (late.status_code, late.json()["code"]) == (412, "event_changed")
    told = late.json()["decision"]
    assert (told["decided_by"], told["verdict"], told["reason"]) == ("supervisor", "dismissed", "occlusion")
    assert "supervisor" in late.json()["detail"]


def together(worker: TestClient, person: TestClient, count: int) -> list[dict[str, str]]:
    """Deliver so many events of one group; what was seen of each."""
    deliver(worker, *(event(n, at=MORNING + timedelta(seconds=n)) for n in range(count)))
    return [{"id": event_id(n), "etag": shown(person, n)["etag"]} for n in range(count)]


def test_a_group_is_decided_at_once_after_each_was_on_the_screen(
    worker: TestClient, person: TestClient
) -> None:
    events = together(worker, person, 3)
    bulk = {"verdict": "dismissed", "reason": "ordinary_work", "note": None, "events": events}
    claim(person, 0)
    claim(person, 2)
    refused = post(person, "/review/decisions", bulk)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_viewed")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/events/1"]
    assert len(queue(person)) == 3
    claim(person, 1)
    done = post(person, "/review/decisions", bulk)
    assert [one["state"] for one in done.json()] == ["dismissed"] * 3
    assert queue(person) == []


def test_of_a_group_in_which_one_was_decided_nothing_is_decided(
    worker: TestClient, person: TestClient, other: TestClient
) -> None:
    events = together(worker, person, 3)
    for number in range(3):
        claim(person, number)
    person.delete(f"/api/v1/events/{event_id(1)}/claim")
    decide(other, 1)
    refused = post(person, "/review/decisions", {"verdict": "confirmed", "events": events})
    assert (refused.status_code, refused.json()["event"]) == (412, event_id(1))
    assert refused.json()["decision"]["decided_by"] == "second"
    assert numbers(queue(person)) == [0, 2]


def test_what_does_not_belong_together_is_not_decided_at_once(worker: TestClient, person: TestClient) -> None:
    far = MORNING + timedelta(minutes=11)
    deliver(worker, event(1), event(2, window="w2"), event(3, behaviour="smoking"), event(4, at=far))
    for number in (2, 3, 4):
        both = [{"id": event_id(n), "etag": shown(person, n)["etag"]} for n in (1, number)]
        refused = post(person, "/review/decisions", {"verdict": "confirmed", "events": both})
        assert (refused.status_code, refused.json()["code"]) == (422, "not_together")
    events = together(worker, person, 21)
    assert post(person, "/review/decisions", {"verdict": "confirmed", "events": events}).status_code == 422


def test_a_second_reviewer_judges_without_knowing_and_both_are_compared(twice: Running) -> None:
    add_account(twice.settings, "second")
    first, second = twice.signed_in(), twice.signed_in("second")
    deliver(twice.worker, event(1), event(2), event(3))
    decide(first, 1, reason="real_breach")
    decide(first, 2)
    blind = queue(second)
    assert numbers(blind) == [1, 2, 3]
    assert [one["second_review"] for one in blind] == [True, True, False]
    hidden = ("pending", None, [], None)
    assert all((o["state"], o["decision"], o["history"], o["peak_score"]) == hidden for o in blind)
    assert numbers(queue(first)) == [3]
    own = post(
        first, f"/events/{event_id(1)}/second-opinion", {"verdict": "confirmed"}, shown(first, 1)["etag"]
    )
    assert own.json()["code"] == "same_reviewer"
    for item, verdict in zip(blind[:2], ("confirmed", "dismissed"), strict=True):
        answer = post(second, f"/events/{item['id']}/second-opinion", {"verdict": verdict}, item["etag"])
        assert answer.status_code == 204, answer.text
    assert numbers(queue(second)) == [3]
    assert shown(first, 2)["state"] == "confirmed"
    found = first.get("/api/v1/review/agreement").json()
    assert (found["pairs"], found["agreed"], found["share"], found["waiting"]) == (2, 1, 0.5, 0)
    assert found["ac1"] == pytest.approx((0.5 - 0.375) / (1 - 0.375))
    (differing,) = found["disagreements"]
    assert (differing["event"], differing["first_by"], differing["second_by"]) == (
        event_id(2),
        "supervisor",
        "second",
    )
    again = post(second, f"/events/{event_id(1)}/second-opinion", {"verdict": "confirmed"}, blind[0]["etag"])
    assert again.json()["code"] == "no_second_review"


def test_taking_the_first_word_back_takes_the_second_review_with_it(twice: Running) -> None:
    add_account(twice.settings, "second")
    first, second = twice.signed_in(), twice.signed_in("second")
    deliver(twice.worker, event())
    decided = decide(first)
    path = f"/api/v1/events/{event_id(1)}/decision"
    assert first.delete(path, headers={"If-Match": decided["etag"]}).status_code == 200
    assert [one["second_review"] for one in queue(second)] == [False]


def hourly_confirmed(person: TestClient) -> tuple[int, float]:
    """Confirmed events and seconds of window w1 on the test's day."""
    hours = person.get("/api/v1/statistics/hourly", params={"date": "2026-03-02"}).json()["hours"]
    rows = [w for hour in hours for w in hour["windows"] if w["window"] == "w1"]
    return sum(w["confirmed"] for w in rows), sum(w["confirmed_s"] for w in rows)


def test_p6_an_upheld_appeal_retracts_the_event_and_the_figures(
    api: Running, worker: TestClient, person: TestClient, other: TestClient, clerk: TestClient
) -> None:
    deliver_hall(worker)
    deliver(worker, event())
    decide(person, reason="real_breach", note="看了两遍")
    assert hourly_confirmed(person) == (1, 60)
    (mine,) = clerk.get("/api/v1/own-window/events").json()
    assert (mine["note"], mine["clause"], mine["appeal"]) == ("看了两遍", "27(1)8", None)
    assert mine["appeal_until"] == "2026-03-17T01:30:00Z"
    path = f"/own-window/events/{event_id(1)}/appeal"
    assert post(clerk, path, {"text": "当时在扶老人"}).status_code == 201
    assert post(clerk, path, {"text": "再说一次"}).json()["code"] == "already_appealed"
    (of_first,) = person.get("/api/v1/appeals").json()
    assert of_first["may_decide"] is False
    (open_one,) = other.get("/api/v1/appeals?state=open").json()
    assert (open_one["may_decide"], open_one["appeal"]["text"]) == (True, "当时在扶老人")
    outcome = f"/appeals/{open_one['appeal']['id']}/decision"
    upheld = {"outcome": "upheld", "answer": "录像可见确在扶人"}
    assert post(person, outcome, upheld).json()["code"] == "same_reviewer"
    before = api.anybody.app.state.services.broadcaster.last  # type: ignore[attr-defined]
    assert post(other, outcome, upheld).json()["state"] == "upheld"
    assert post(other, outcome, upheld).json()["code"] == "appeal_decided"
    told = api.anybody.app.state.services.broadcaster.since(before)  # type: ignore[attr-defined]
    assert [one.data["id"] for one in told if one.kind == "retraction"] == [event_id(1)]
    found = shown(person)
    assert (found["state"], found["decision"]["verdict"]) == ("dismissed", "retracted")
    assert [one["verdict"] for one in found["history"]] == ["confirmed", "retracted"]
    assert hourly_confirmed(person) == (0, 0)
    (mine,) = clerk.get("/api/v1/own-window/events").json()
    assert (mine["state"], mine["appeal"]["answer"]) == ("dismissed", "录像可见确在扶人")


def test_a_rejected_appeal_leaves_the_event_confirmed(
    worker: TestClient, person: TestClient, other: TestClient, clerk: TestClient
) -> None:
    deliver(worker, event())
    decide(person)
    post(clerk, f"/own-window/events/{event_id(1)}/appeal", {"text": "不是我"})
    (one,) = other.get("/api/v1/appeals").json()
    post(other, f"/appeals/{one['appeal']['id']}/decision", {"outcome": "rejected", "answer": "录像清楚"})
    assert shown(person)["state"] == "confirmed"
    assert shown(person)["appeal"]["state"] == "rejected"
    listed = person.get("/api/v1/events", params={"q": "录像清"}).json()["items"]
    assert numbers(listed) == [1]


def test_the_staff_of_a_window_see_and_may_nothing_else(
    api: Running, worker: TestClient, person: TestClient, clerk: TestClient
) -> None:
    deliver(worker, event(1), event(2, window="w2"), event(3))
    decide(person, 1)
    decide(person, 2)
    assert [one["id"] for one in clerk.get("/api/v1/own-window/events").json()] == [event_id(1)]
    for path in ("/events", "/review/queue", "/statistics/hourly", "/appeals", "/stream", "/cameras"):
        answer = clerk.get(f"/api/v1{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted"), path
    elsewhere = post(clerk, f"/own-window/events/{event_id(2)}/appeal", {"text": "不服"})
    assert elsewhere.json()["code"] == "not_permitted"
    early = post(clerk, f"/own-window/events/{event_id(3)}/appeal", {"text": "不服"})
    assert early.json()["code"] == "not_confirmed"
    api.clock.move(days=16)
    late = post(api.signed_in("clerk"), f"/own-window/events/{event_id(1)}/appeal", {"text": "不服"})
    assert late.json()["code"] == "appeal_late"
    assert person.get("/api/v1/own-window/events").json()["code"] in ("not_permitted", "not_signed_in")


def test_a_link_shows_one_event_until_it_ends_and_bears_no_change(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver(worker, event(1), event(2))
    assert post(person, f"/events/{event_id(1)}/appeal-links", {}).json()["code"] == "not_confirmed"
    decide(person, 1)
    decide(person, 2)
    made = post(person, f"/events/{event_id(1)}/appeal-links", {})
    assert made.status_code == 201
    link = made.json()["link"]
    assert made.json()["path"] == f"/appeal#{link}"

    def read(sent: str) -> Any:
        return api.client().get("/api/v1/appeal-link/event", headers={"X-Appeal-Link": sent})

    assert read(link).json()["id"] == event_id(1)
    for wrong in ("", link[:-1], link + "0", link.replace(link[0], "0" if link[0] != "0" else "1", 1), "é.x"):
        headers = {"X-Appeal-Link": wrong.encode("utf-8")}
        answer = api.client().get("/api/v1/appeal-link/event", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "link_invalid"), wrong
    said = api.client().post(
        "/api/v1/appeal-link/appeal", json={"text": "我在取材料"}, headers={"X-Appeal-Link": link}
    )
    assert said.status_code == 201
    assert said.json()["appeal"]["text"] == "我在取材料"
    api.clock.move(days=7)
    assert read(link).json()["code"] == "link_invalid"


def test_what_is_around_an_event(worker: TestClient, person: TestClient) -> None:
    minutes = {1: -130, 2: -50, 3: -40, 4: -30, 5: -20, 6: 0, 7: 20, 8: 125}
    deliver(worker, *(event(n, at=MORNING + timedelta(minutes=m)) for n, m in minutes.items()))
    deliver(worker, event(9, window="w2", at=MORNING + timedelta(minutes=1)))
    decide(person, 5)
    row = {"window": "w1", "camera": "cam1", "hour": "2026-03-02T01:00:00Z"}
    hour = {"open_s": 3600, "observed_s": 3000, "present_s": 2900}
    assert worker.post("/api/v1/ingest/ledger", json={"rows": [row | hour]}).status_code == 204
    found = person.get(f"/api/v1/events/{event_id(6)}/surroundings").json()
    assert numbers(found["before"]) == [3, 4, 5]
    assert [one["state"] for one in found["before"]] == ["pending", "pending", "confirmed"]
    assert numbers(found["after"]) == [7]
    assert found["hour"] == hour


def test_the_calendar_and_the_timeline_show_the_day(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    late = MORNING.replace(hour=16, minute=5)  # past midnight in Shanghai
    deliver(worker, event(1, behaviour="absence"), event(2, window="w2"), event(3, at=late))
    decide(person, 2)
    days = person.get("/api/v1/statistics/calendar", params={"month": "2026-03"}).json()["days"]
    assert [(d["date"], d["counts"]["pending"], d["counts"]["confirmed"]) for d in days] == [
        ("2026-03-02", 1, 1),
        ("2026-03-03", 1, 0),
    ]
    only = person.get("/api/v1/statistics/calendar", params={"month": "2026-03", "window": "w2"}).json()
    assert [d["counts"]["confirmed"] for d in only["days"]] == [1]
    assert person.get("/api/v1/statistics/calendar", params={"month": "2026-13"}).status_code == 422
    row = {"window": "w1", "camera": "cam1", "hour": "2026-03-02T01:00:00Z"}
    hour = {"open_s": 3600, "observed_s": 3000, "present_s": 2900}
    assert worker.post("/api/v1/ingest/ledger", json={"rows": [row | hour]}).status_code == 204
    line = person.get("/api/v1/statistics/timeline", params={"date": "2026-03-02"}).json()
    assert line["begins_at"] == "2026-03-01T16:00:00Z"
    w1, w2 = line["windows"]
    assert w1["hours"] == [{"hour": "2026-03-02T01:00:00Z", "on_s": 2900, "away_s": 100, "unknown_s": 600}]
    assert [(flag["id"], flag["away"]) for flag in w1["flags"]] == [(event_id(1), True)]
    assert [(flag["state"], flag["away"]) for flag in w2["flags"]] == [("confirmed", False)]
