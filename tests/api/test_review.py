"""A supervisor goes through the queue, decides, and takes a decision back."""

from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from tests.api.conftest import BOTH, MORNING, Running
from tests.api.messages import decide, deliver, deliver_clip, deliver_hall, event, event_id, shown

pytestmark = BOTH


def listed(person: TestClient, **query: Any) -> list[int]:
    """The numbers of all events that the list shows, page by page."""
    numbers: list[int] = []
    while True:
        answer = person.get("/api/v1/events", params=query)
        assert answer.status_code == 200, answer.text
        numbers += [int(item["id"][-4:], 16) for item in answer.json()["items"]]
        query["cursor"] = answer.json()["next_cursor"]
        if query["cursor"] is None:
            return numbers


def test_a_decision_is_kept_with_who_and_when_and_why(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    decided = decide(person, verdict="dismissed", reason="ordinary_work", note="递取材料")
    assert decided["state"] == "dismissed"
    assert decided["decision"] == {
        "verdict": "dismissed",
        "reason": "ordinary_work",
        "note": "递取材料",
        "decided_by": "supervisor",
        "decided_at": "2026-03-02T01:30:00Z",
    }
    assert decided == shown(person)


def test_a_decision_without_if_match_is_refused(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    path = f"/api/v1/events/{event_id(1)}/decision"
    for headers in ({}, {"If-Match": "*"}):
        answer = person.post(path, json={"verdict": "confirmed"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")
    assert shown(person)["state"] == "pending"


def test_a_decision_on_what_has_changed_meanwhile_is_refused(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event(lasts_s=None))
    seen = shown(person)["etag"]
    deliver(worker, event(revision=2))
    path = f"/api/v1/events/{event_id(1)}/decision"
    answer = person.post(path, json={"verdict": "confirmed"}, headers={"If-Match": seen})
    assert (answer.status_code, answer.json()["code"]) == (412, "event_changed")
    assert shown(person)["history"] == []


def test_of_two_supervisors_who_saw_the_same_only_the_first_decides(
    worker: TestClient, person: TestClient, api: Running
) -> None:
    deliver(worker, event())
    seen = {"If-Match": shown(person)["etag"]}
    path = f"/api/v1/events/{event_id(1)}/decision"
    assert person.post(path, json={"verdict": "confirmed"}, headers=seen).status_code == 200
    late = api.signed_in().post(path, json={"verdict": "dismissed"}, headers=seen)
    assert late.status_code == 412
    assert [one["verdict"] for one in shown(person)["history"]] == ["confirmed"]


def test_the_etag_of_the_header_is_the_one_in_the_body(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    answer = person.get(f"/api/v1/events/{event_id(1)}")
    assert answer.headers["ETag"] == answer.json()["etag"]
    assert answer.headers["ETag"].startswith('"')


def test_undo_brings_the_event_back_and_the_history_keeps_both(
    worker: TestClient, person: TestClient
) -> None:
    deliver(worker, event())
    decided = decide(person, reason="real_breach")
    path = f"/api/v1/events/{event_id(1)}/decision"
    undone = person.delete(path, headers={"If-Match": decided["etag"]}).json()
    assert (undone["state"], undone["decision"]) == ("pending", None)
    assert [one["verdict"] for one in undone["history"]] == ["confirmed", "undone"]
    counts = person.get("/api/v1/events").json()["counts"]
    assert counts == {"pending": 1, "confirmed": 0, "dismissed": 0, "withdrawn": 0, "expired": 0}


def test_there_is_nothing_to_undo_before_a_decision(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event())
    path = f"/api/v1/events/{event_id(1)}/decision"
    assert person.delete(path, headers={"If-Match": shown(person)["etag"]}).status_code == 409
    assert person.delete(path).status_code == 428


def test_a_second_decision_replaces_the_first_and_both_are_kept(
    worker: TestClient, person: TestClient
) -> None:
    deliver(worker, event())
    decide(person)
    assert decide(person, verdict="dismissed")["state"] == "dismissed"
    assert [one["verdict"] for one in shown(person)["history"]] == ["confirmed", "dismissed"]
    counts = person.get("/api/v1/events").json()["counts"]
    assert counts == {"pending": 0, "confirmed": 0, "dismissed": 1, "withdrawn": 0, "expired": 0}


def test_a_later_revision_of_the_machine_leaves_the_decision(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event(lasts_s=None))
    decide(person)
    deliver(worker, event(revision=2))
    found = shown(person)
    assert (found["state"], found["revision"], found["decision"]["verdict"]) == ("confirmed", 2, "confirmed")


def test_an_event_that_never_arrived_is_404(person: TestClient) -> None:
    assert person.get(f"/api/v1/events/{event_id(9)}").json()["code"] == "event_unknown"
    assert person.get("/api/v1/events/nonsense").status_code == 422


def test_the_list_goes_from_newest_to_oldest_and_back(worker: TestClient, person: TestClient) -> None:
    deliver(worker, *(event(n, at=MORNING + timedelta(seconds=n)) for n in range(7)))
    assert listed(person, limit=3) == [6, 5, 4, 3, 2, 1, 0]
    assert listed(person, limit=3, order="oldest") == [0, 1, 2, 3, 4, 5, 6]


def test_events_of_the_same_moment_are_listed_once_each(worker: TestClient, person: TestClient) -> None:
    deliver(worker, *(event(n) for n in range(9)))
    assert listed(person, limit=2) == [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert listed(person, limit=2, order="oldest") == list(range(9))


def test_rows_that_arrive_while_reading_neither_repeat_nor_hide_others(
    worker: TestClient, person: TestClient
) -> None:
    deliver(worker, *(event(n, at=MORNING + timedelta(minutes=n)) for n in range(10, 16)))
    first = person.get("/api/v1/events", params={"limit": 3}).json()
    deliver(worker, event(20, at=MORNING + timedelta(minutes=20)), event(1, at=MORNING))
    rest = listed(person, limit=3, cursor=first["next_cursor"])
    assert [int(item["id"][-4:], 16) for item in first["items"]] == [15, 14, 13]
    assert rest == [12, 11, 10, 1]


def test_deciding_while_reading_hides_no_pending_event(worker: TestClient, person: TestClient) -> None:
    deliver(worker, *(event(n, at=MORNING + timedelta(minutes=n)) for n in range(6)))
    first = person.get("/api/v1/events", params={"limit": 2, "state": "pending"}).json()
    decide(person, 5)
    decide(person, 4)
    assert listed(person, limit=2, state="pending", cursor=first["next_cursor"]) == [3, 2, 1, 0]


def test_filters_leave_what_they_name(worker: TestClient, person: TestClient) -> None:
    deliver(
        worker,
        event(1, window="w1", behaviour="absence"),
        event(2, window="w1", behaviour="smoking", at=MORNING + timedelta(hours=1)),
        event(3, window="w2", behaviour="smoking", at=MORNING + timedelta(hours=2)),
    )
    decide(person, 1)
    assert listed(person, state="pending") == [3, 2]
    assert listed(person, state="confirmed") == [1]
    assert listed(person, window="w1") == [2, 1]
    assert listed(person, behaviour="smoking") == [3, 2]
    assert listed(person, behaviour="smoking", window="w1") == [2]
    assert listed(person, **{"from": (MORNING + timedelta(hours=1)).isoformat()}) == [3, 2]
    assert listed(person, to=(MORNING + timedelta(hours=2)).isoformat()) == [2, 1]


def test_the_explanation_says_what_how_long_and_against_which_limit(
    worker: TestClient, person: TestClient
) -> None:
    deliver(
        worker, event(lasts_s=7.4, measures={"wrist_to_other_elbow": 0.12, "judged_share": 0.93, "inner": 4})
    )
    found = shown(person)
    assert found["explanation_zh"] == (
        "双臂交叉于胸前,持续 7.4 秒,阈值 7 秒中 5 秒;手腕距对侧肘部 0.12 个肩宽;93% 的画面可判;"
        "依据腕、肘、肩的位置;最高得分 0.90。"
    )
    assert found["explanation_en"] == (
        "Both forearms were folded across the chest for 7.4 s (limit 5 s within 7 s); "
        "wrists 0.12 shoulder widths from the other elbow; 93% of the pictures could be judged; "
        "told by wrists, elbows, shoulders; peak score 0.90."
    )


def test_the_explanation_says_how_much_of_the_time_it_was_seen(
    worker: TestClient, person: TestClient
) -> None:
    deliver(worker, event(lasts_s=30, measures={"held_s": 21.4}))
    assert "持续 30 秒(其中看到 21.4 秒),阈值 7 秒中 5 秒" in shown(person)["explanation_zh"]
    assert "for 30 s, seen for 21.4 s of it (limit 5 s within 7 s)" in shown(person)["explanation_en"]


def test_the_limit_that_the_hall_set_is_the_one_explained(worker: TestClient, person: TestClient) -> None:
    deliver(worker, event(measures={"hold_limit_s": 600, "window_limit_s": 610}))
    assert "阈值 10 分钟" in shown(person)["explanation_zh"]


def test_an_event_carries_its_clip_and_the_names_of_its_window(
    worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    deliver(worker, event())
    assert shown(person)["clip"] is None
    deliver_clip(worker)
    found = shown(person)
    assert found["clip"]["state"] == "ready"
    assert found["clip"]["review"]["state"] == "pending"
    assert "url" not in found["clip"]
    assert found["window_name"] == "1号窗口"


def test_the_catalogue_is_there_with_clauses_and_limits(person: TestClient) -> None:
    crossed = next(b for b in person.get("/api/v1/behaviours").json() if b["code"] == "arms_crossed")
    assert (crossed["clause"], crossed["limits"]["hold_s"]) == ("27(1)8", 5)
    assert crossed["limits"]["score"] == 0.5
