"""Permits: what they hold back, also late; what comes back; who is told; what never counts."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from api.permit_rules import longest_uncovered_s
from api.tables import AuditRow
from tests.api.conftest import BOTH, MORNING, Running
from tests.api.messages import decide, deliver, deliver_hall, event, event_id, hall, shown

pytestmark = BOTH

PATH = "/api/v1/permits"


def minutes(number: float) -> datetime:
    return MORNING + timedelta(minutes=number)


def empty_post(number: int = 1, *, lasts_min: float = 20, **fields: Any) -> dict[str, Any]:
    """An empty post that began in the morning, flagged after a quarter of an hour."""
    told = {
        "behaviour": "empty_post",
        "flagged_at": minutes(15).isoformat(),
        "measures": {"staff_seen": 0.0, "hold_limit_s": 900.0},
    }
    return event(number, lasts_s=lasts_min * 60, **(told | fields))


def permit(first_min: float = 0, last_min: float = 30, **fields: Any) -> dict[str, Any]:
    return {
        "kind": "leave",
        "window": "w1",
        "starts_at": minutes(first_min).isoformat(),
        "ends_at": minutes(last_min).isoformat(),
        "reason": "到档案室取件",
    } | fields


def register(person: TestClient, *args: float, key: str | None = None, **fields: Any) -> dict[str, Any]:
    headers = {"Idempotency-Key": key} if key else {}
    answer = person.post(PATH, json=permit(*args, **fields), headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def revoke(person: TestClient, permit_id: str) -> dict[str, Any]:
    answer = person.post(f"{PATH}/{permit_id}/revocation", json={"reason": "登记有误"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def counts(person: TestClient) -> dict[str, int]:
    found: dict[str, int] = person.get("/api/v1/events").json()["counts"]
    return found


def actions(api: Running, subject: str) -> list[str]:
    engine = create_engine(api.settings.database_url)
    with engine.connect() as connection:
        wanted = select(AuditRow.action).where(AuditRow.subject == subject).order_by(AuditRow.id)
        found = list(connection.execute(wanted).scalars())
    engine.dispose()
    return found


@pytest.fixture(autouse=True)
def told_hall(worker: TestClient) -> None:
    deliver_hall(worker)


def test_a_registered_leave_holds_the_empty_post_back_when_it_arrives(
    worker: TestClient, person: TestClient
) -> None:
    leave = register(person)["permit"]
    deliver(worker, empty_post())
    found = shown(person)
    assert found["state"] == "withdrawn"
    assert [one["id"] for one in found["permits"]] == [leave["id"]]
    (withdrawal,) = found["withdrawals"]
    assert (withdrawal["reason"], withdrawal["state_before"], withdrawal["restored_at"]) == (
        "leave",
        "pending",
        None,
    )
    assert withdrawal["permits"] == [leave["id"]]


def test_the_absence_itself_stays_and_carries_the_permit(worker: TestClient, person: TestClient) -> None:
    register(person)
    deliver(worker, empty_post(1, behaviour="absence"))
    found = shown(person)
    assert (found["state"], len(found["permits"])) == ("pending", 1)


def test_a_posture_carries_no_permit(worker: TestClient, person: TestClient) -> None:
    register(person)
    deliver(worker, event())
    assert shown(person)["permits"] == []


@pytest.mark.parametrize("verdict", [None, "confirmed"])
def test_a_leave_registered_late_withdraws_what_was_flagged_and_revoking_it_gives_that_back(
    api: Running, worker: TestClient, person: TestClient, verdict: str | None
) -> None:
    deliver(worker, empty_post())
    if verdict:
        decide(person, verdict=verdict)
    before = shown(person)["state"]
    api.clock.move(minutes=25)
    change = register(person)
    assert change["permit"]["late"] is True
    assert (change["withdrawn"], change["restored"]) == ([event_id(1)], [])
    assert shown(person)["state"] == "withdrawn"
    assert counts(person) == {"pending": 0, "confirmed": 0, "dismissed": 0, "withdrawn": 1, "expired": 0}
    assert actions(api, event_id(1))[-1] == "event_withdrawn"
    assert actions(api, change["permit"]["id"]) == ["permit_registered"]
    back = revoke(person, change["permit"]["id"])
    assert back["restored"] == [event_id(1)]
    found = shown(person)
    assert found["state"] == before
    assert found["permits"] == []
    assert found["withdrawals"][0]["restored_by"] == "supervisor"
    assert counts(person)[before] == 1
    assert actions(api, event_id(1))[-1] == "event_restored"
    assert len(found["history"]) == (1 if verdict else 0)


def test_what_was_dismissed_stays_dismissed(worker: TestClient, person: TestClient) -> None:
    deliver(worker, empty_post())
    decide(person, verdict="dismissed")
    assert register(person)["withdrawn"] == []
    assert shown(person)["state"] == "dismissed"


def test_an_absence_that_outlasts_its_leave_by_the_limit_comes_back(
    worker: TestClient, person: TestClient
) -> None:
    register(person, 0, 20)
    deliver(worker, empty_post(lasts_min=20, ended_at=None, ending=None))
    assert shown(person)["state"] == "withdrawn"
    deliver(worker, empty_post(lasts_min=34, revision=2))
    assert shown(person)["state"] == "withdrawn"
    deliver(worker, empty_post(lasts_min=36, revision=3))
    found = shown(person)
    assert found["state"] == "pending"
    assert found["withdrawals"][0]["restored_by"] == "hallwatch"
    assert len(found["permits"]) == 1
    register(person, 20, 40)
    assert shown(person)["state"] == "withdrawn"
    assert len(shown(person)["withdrawals"]) == 2


@pytest.mark.parametrize(
    ("times", "fields"),
    [((0, 30), {"window": "w2"}), ((40, 60), {}), ((-60, 0), {}), ((16, 20), {})],
    ids=["another window", "later", "before", "only the end of it"],
)
def test_a_permit_that_does_not_cover_it_changes_nothing(
    worker: TestClient, person: TestClient, times: tuple[float, float], fields: dict[str, Any]
) -> None:
    deliver(worker, empty_post())
    assert register(person, *times, **fields)["withdrawn"] == []
    assert shown(person)["state"] == "pending"


@pytest.mark.parametrize(
    "fields",
    [{"kind": "stand_in", "stand_in_window": "w2"}, {"kind": "suspended"}],
    ids=["stand-in", "suspended"],
)
def test_a_hall_may_have_permits_annotate_only(
    worker: TestClient, person: TestClient, fields: dict[str, Any]
) -> None:
    deliver_hall(worker, permits={"limit_s": 900, fields["kind"]: "annotate"})
    register(person, **fields)
    deliver(worker, empty_post(1))
    found = shown(person)
    assert (found["state"], found["permits"][0]["kind"]) == ("pending", fields["kind"])
    deliver_hall(worker)
    deliver(worker, empty_post(2))
    assert shown(person, 2)["state"] == "withdrawn"


def test_the_rules_are_those_of_the_site_file(worker: TestClient, person: TestClient) -> None:
    assert person.get(f"{PATH}/rules").json()["limit_s"] == 900
    told = {"limit_s": 1800.0, "leave": "annotate", "stand_in": "hold_back", "suspended": "annotate"}
    deliver_hall(worker, permits=told)
    rules = person.get(f"{PATH}/rules").json()
    assert {name: rules[name] for name in told} == told
    assert "空岗达到 30 分钟须报备" in rules["explanation_zh"]
    assert "empty for 30 min must be reported" in rules["explanation_en"]
    assert person.get("/api/v1/hall").json() == hall()


def test_a_withdrawn_event_counts_in_no_figure(worker: TestClient, person: TestClient) -> None:
    register(person)
    deliver(worker, empty_post())
    hours = person.get("/api/v1/statistics/hourly?date=2026-03-02").json()["hours"]
    cells = [cell for hour in hours for cell in hour["windows"]]
    assert sum(cell["pending"] + cell["confirmed"] + cell["dismissed"] for cell in cells) == 0
    assert sum(cell["confirmed_s"] for cell in cells) == 0


def test_a_withdrawn_event_can_be_listed_but_not_judged(worker: TestClient, person: TestClient) -> None:
    register(person)
    deliver(worker, empty_post())
    listed = person.get("/api/v1/events?state=withdrawn").json()["items"]
    assert [one["id"] for one in listed] == [event_id(1)]
    assert len(person.get("/api/v1/events").json()["items"]) == 1
    path, etag = f"/api/v1/events/{event_id(1)}/decision", {"If-Match": shown(person)["etag"]}
    answer = person.post(path, json={"verdict": "confirmed"}, headers=etag)
    assert (answer.status_code, answer.json()["code"]) == (409, "event_withdrawn")
    assert person.delete(path, headers=etag).json()["code"] == "event_withdrawn"


def test_open_pages_are_told_of_permit_and_event(
    api: Running, worker: TestClient, person: TestClient
) -> None:
    deliver(worker, empty_post())
    broadcaster = api.anybody.app.state.services.broadcaster  # type: ignore[attr-defined]
    last = broadcaster.last
    permit_id = register(person)["permit"]["id"]
    told = [(change.kind, dict(change.data)) for change in broadcaster.since(last)]
    assert told == [
        ("permit", {"id": permit_id}),
        ("event", {"id": event_id(1), "revision": 1, "state": "withdrawn"}),
        ("figures", {}),
    ]


def test_the_same_request_twice_registers_once(person: TestClient) -> None:
    first = register(person, key="k1")
    again = person.post(PATH, json=permit(), headers={"Idempotency-Key": "k1"})
    assert (again.status_code, again.json()["permit"]) == (200, first["permit"])
    other = person.post(PATH, json=permit(0, 40), headers={"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert len(person.get(PATH).json()["items"]) == 1


def test_permits_are_listed_by_window_and_time_page_by_page(person: TestClient) -> None:
    ids = [register(person, n * 60, n * 60 + 30)["permit"]["id"] for n in range(5)]
    register(person, window="w2")
    revoke(person, ids[0])
    first = person.get(f"{PATH}?window=w1&limit=3").json()
    assert [one["id"] for one in first["items"]] == ids[:1:-1]
    rest = person.get(f"{PATH}?window=w1&limit=3&cursor={first['next_cursor']}").json()
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == ([ids[1]], None)
    assert len(person.get(f"{PATH}?window=w1&revoked=true").json()["items"]) == 5
    span = {"from": minutes(100).isoformat(), "to": minutes(150).isoformat()}
    assert [one["id"] for one in person.get(PATH, params=span).json()["items"]] == [ids[2]]
    assert person.get(f"{PATH}?cursor=nonsense").status_code == 422
    assert person.get(f"{PATH}/{ids[1]}").json()["id"] == ids[1]


def test_a_permit_is_revoked_once(person: TestClient) -> None:
    permit_id = register(person)["permit"]["id"]
    assert revoke(person, permit_id)["permit"]["revoke_reason"] == "登记有误"
    again = person.post(f"{PATH}/{permit_id}/revocation", json={"reason": "再次"})
    assert (again.status_code, again.json()["code"]) == (409, "permit_revoked")
    unknown = person.get(f"{PATH}/{event_id(9)}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "permit_unknown")


@pytest.mark.parametrize(
    ("last_min", "limit_s", "outcome", "said"),
    [
        (20, 900.0, "withdrawn", "空岗全程有报备,事件撤回。"),
        (10, 900.0, "withdrawn", "无报备的时段最长 10 分钟,未到 15 分钟的限值,事件撤回。"),
        (5, 900.0, "stays", "仍有 15 分钟无报备,已到 15 分钟的限值,事件保留。"),
        (5, 1800.0, "withdrawn", "无报备的时段最长 15 分钟,未到 30 分钟的限值,事件撤回。"),
    ],
)
def test_what_a_permit_would_do_is_told_before_and_holds_after(
    worker: TestClient, person: TestClient, last_min: float, limit_s: float, outcome: str, said: str
) -> None:
    deliver(worker, empty_post(measures={"hold_limit_s": limit_s}))
    plan = permit(0, last_min)
    del plan["reason"]
    (told,) = person.post(f"{PATH}/preview", json=plan).json()["items"]
    assert (told["event"], told["state"], told["outcome"]) == (event_id(1), "pending", outcome)
    assert told["explanation_zh"] == said
    assert shown(person)["state"] == "pending"
    assert person.get(PATH).json()["items"] == []
    change = register(person, 0, last_min)
    assert change["withdrawn"] == ([event_id(1)] if outcome == "withdrawn" else [])
    path = f"{PATH}/{change['permit']['id']}/events"
    (held,) = person.get(path).json()["items"]
    assert (held["outcome"], held["explanation_en"]) == (outcome, told["explanation_en"])
    revoke(person, change["permit"]["id"])
    (after,) = person.get(path).json()["items"]
    assert (after["outcome"], after["state"]) == ("stays", "pending")
    assert after["explanation_en"] == "No permit in force covers it; the event stays."


def test_a_plan_is_weighed_with_the_permits_that_are_there_and_by_the_halls_rules(
    worker: TestClient, person: TestClient
) -> None:
    deliver(worker, empty_post(lasts_min=40))
    register(person, 0, 20)
    plan = {name: value for name, value in permit(20, 40).items() if name != "reason"}
    (told,) = person.post(f"{PATH}/preview", json=plan).json()["items"]
    assert (told["outcome"], told["uncovered_s"]) == ("withdrawn", 0)
    deliver_hall(worker, permits={"limit_s": 900, "leave": "annotate"})
    (told,) = person.post(f"{PATH}/preview", json=plan).json()["items"]
    assert (told["outcome"], told["explanation_zh"]) == ("stays", "本厅规定此类报备只作备注,事件保留。")
    assert person.post(f"{PATH}/preview", json=plan | {"window": "w9"}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "zh", "en"),
    [
        ({"ends_at": MORNING.isoformat()}, "结束时间须晚于开始时间", "The end is not after the beginning"),
        ({"kind": "stand_in"}, "顶岗须写明由哪个窗口顶岗", "Say which window stands in"),
    ],
)
def test_a_refusal_is_a_sentence_in_the_persons_language(
    person: TestClient, fields: dict[str, Any], zh: str, en: str
) -> None:
    for language, said in (("zh-CN", zh), ("en", en)):
        answer = person.post(PATH, json=permit(**fields), headers={"Accept-Language": language})
        assert [error["message"] for error in answer.json()["errors"]] == [said]


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_at": MORNING.isoformat()},
        {"ends_at": (MORNING + timedelta(days=40)).isoformat()},
        {"kind": "holiday"},
        {"kind": "stand_in"},
        {"kind": "stand_in", "stand_in_window": "w1"},
        {"stand_in_window": "w2"},
        {"window": "w9"},
        {"kind": "stand_in", "stand_in_window": "w9"},
        {"reason": "  "},
        {"starts_at": "2026-03-02T09:30:00"},
        {"until": "noon"},
    ],
)
def test_a_permit_that_makes_no_sense_is_refused(person: TestClient, fields: dict[str, Any]) -> None:
    answer = person.post(PATH, json=permit(**fields))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert person.get(PATH).json()["items"] == []


Spans = st.lists(st.tuples(st.integers(-50, 150), st.integers(1, 60)), max_size=6)


@given(Spans)
def test_the_longest_uncovered_stretch_is_that_of_the_minutes(spans: list[tuple[int, int]]) -> None:
    permits = [(minutes(first), minutes(first + length)) for first, length in spans]
    longest = current = 0
    for minute in range(100):
        covered = any(first <= minute < first + length for first, length in spans)
        current = 0 if covered else current + 1
        longest = max(longest, current)
    assert longest_uncovered_s((minutes(0), minutes(100)), permits) == longest * 60
