"""What waits comes by deadline, then severity, then age; filtered, grouped, saved as views."""

import dataclasses
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, text

from api.database import Database
from api.due_queue import Asking, Place, pending_places
from api.event_queue import Filter
from api.review_rules import ReviewRules
from api.settings import ApiSettings
from tests.api.conftest import BOTH, MORNING, Clock, Running, add_account, running
from tests.api.messages import decide, deliver, deliver_hall, event, event_id, shown

pytestmark = BOTH


def queue(person: TestClient, **query: Any) -> list[dict[str, Any]]:
    """All that waits for this person, page by page."""
    items: list[dict[str, Any]] = []
    while True:
        answer = person.get("/api/v1/review/queue", params=query)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        query["cursor"] = answer.json()["next_cursor"]
        if query["cursor"] is None:
            return items


def numbers(items: list[dict[str, Any]]) -> list[int]:
    """Their test numbers."""
    return [int(item["id"][-4:], 16) for item in items]


def test_the_queue_goes_by_deadline_then_severity_then_age(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver(
        worker,
        event(1, behaviour="pointing", at=MORNING),
        event(2, behaviour="absence", at=MORNING + timedelta(hours=2)),
        event(3, behaviour="absence", at=MORNING + timedelta(hours=1)),
        event(4, behaviour="pointing", at=MORNING - timedelta(days=1)),
        event(5, behaviour="absence", at=MORNING + timedelta(days=1)),
    )
    assert numbers(queue(person)) == [4, 3, 2, 1, 5]
    assert numbers(queue(person, limit=2)) == [4, 3, 2, 1, 5]
    assert queue(person)[1]["due_at"] == "2026-03-03T16:00:00Z"  # midnight in Shanghai after the next day


def test_events_of_one_place_in_the_queue_are_shown_once_each(worker: TestClient, person: TestClient) -> None:
    deliver(worker, *(event(n) for n in range(9)))
    assert numbers(queue(person, limit=2)) == list(range(9))


def test_filters_leave_what_they_name(worker: TestClient, person: TestClient) -> None:
    later = MORNING + timedelta(hours=1)
    deliver(
        worker,
        event(1, window="w1", behaviour="absence", peak_score=0.6),
        event(2, window="w1", behaviour="smoking", peak_score=0.8, at=later),
        event(3, window="w2", behaviour="smoking", peak_score=0.95, at=later + timedelta(hours=1)),
        event(4, window="w2", behaviour="smoking"),
    )
    decide(person, 4)
    assert numbers(queue(person)) == [1, 2, 3]
    assert numbers(queue(person, window="w1")) == [1, 2]
    assert numbers(queue(person, behaviour="smoking")) == [2, 3]
    assert numbers(queue(person, window="w2", behaviour="smoking")) == [3]
    assert numbers(queue(person, score_from=0.7)) == [2, 3]
    assert numbers(queue(person, score_from=0.7, score_to=0.9)) == [2]
    assert numbers(queue(person, **{"from": later.isoformat()})) == [2, 3]
    assert numbers(queue(person, to=(later + timedelta(minutes=1)).isoformat())) == [1, 2]
    listed = person.get("/api/v1/events", params={"score_to": 0.7}).json()["items"]
    assert numbers(listed) == [1]


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMiwzLDRd", "bnVsbA"])
def test_a_cursor_that_is_none_is_refused(person: TestClient, cursor: str) -> None:
    answer = person.get("/api/v1/review/queue", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/cursor")


def test_one_window_and_behaviour_within_ten_minutes_is_one_group(
    worker: TestClient, person: TestClient
) -> None:
    at = [MORNING + timedelta(minutes=minutes) for minutes in (0, 4, 9, 12, 30)]
    deliver(
        worker,
        *(event(n, at=moment) for n, moment in enumerate(at)),
        event(7, window="w2"),
        event(8, behaviour="smoking"),
    )
    groups = {
        number: item["group"] for number, item in zip(numbers(queue(person)), queue(person), strict=True)
    }
    first = event_id(0)
    assert groups == {0: first, 1: first, 2: first, 3: None, 4: None, 7: None, 8: None}


def test_views_are_kept_for_each_account(api: Running, person: TestClient) -> None:
    add_account(api.settings, "second")
    wanted = {"window": "w1", "behaviour": "smoking", "score_from": 0.5}
    assert person.put("/api/v1/review/views/晚班 1号", json=wanted).status_code == 200
    assert person.put("/api/v1/review/views/all", json={}).status_code == 200
    found = person.get("/api/v1/review/views").json()
    assert [view["name"] for view in found] == ["all", "晚班 1号"]
    kept = {name: value for name, value in found[1]["filter"].items() if value is not None}
    assert kept == wanted
    assert api.signed_in("second").get("/api/v1/review/views").json() == []
    assert person.delete("/api/v1/review/views/all").status_code == 204
    assert len(person.get("/api/v1/review/views").json()) == 1
    assert person.put("/api/v1/review/views/bad", json={"state": "pending"}).status_code == 422


def test_nobody_judges_their_own_window(api: Running, worker: TestClient) -> None:
    add_account(api.settings, "both", windows=["w1"])
    person = api.signed_in("both")
    deliver(worker, event(1, window="w1"), event(2, window="w2"))
    assert numbers(queue(person)) == [2]
    path, seen = f"/api/v1/events/{event_id(1)}/decision", {"If-Match": shown(person, 1)["etag"]}
    answer = person.post(path, json={"verdict": "dismissed"}, headers=seen)
    assert (answer.status_code, answer.json()["code"]) == (403, "own_window")


def test_p5_what_nobody_decided_in_time_expires_and_counts_for_nothing(
    settings: ApiSettings,
) -> None:
    assert isinstance(settings.clock, Clock)
    with running(settings) as api:
        deliver_hall(api.worker)
        deliver(api.worker, event(1), event(2))
        decide(api.signed_in(), 2)
    settings.clock.move(days=31)
    with running(settings) as api:
        assert shown(api.signed_in(), 1)["state"] == "pending"
    settings.clock.move(days=1)
    with running(settings) as api:
        person = api.signed_in()
        deadline = time.monotonic() + 5
        while (gone := shown(person, 1))["state"] != "expired":
            assert time.monotonic() < deadline, gone["state"]
        assert queue(person) == []
        path = f"/api/v1/events/{event_id(1)}/decision"
        answer = person.post(path, json={"verdict": "confirmed"}, headers={"If-Match": gone["etag"]})
        assert answer.json()["code"] == "event_expired"
        counts = person.get("/api/v1/events").json()["counts"]
        assert (counts["pending"], counts["expired"], counts["confirmed"]) == (0, 1, 1)
        hours = person.get("/api/v1/statistics/hourly", params={"date": "2026-03-02"}).json()["hours"]
        w1 = [w for hour in hours for w in hour["windows"] if w["window"] == "w1"]
        assert sum(w["pending"] + w["dismissed"] for w in w1) == 0


def test_the_score_is_hidden_until_the_event_is_decided(settings: ApiSettings) -> None:
    hiding = dataclasses.replace(settings, review=ReviewRules(hide_score=True, double_share=0))
    with running(hiding) as api:
        person = api.signed_in()
        deliver(api.worker, event())
        for found in (shown(person), queue(person)[0], person.get("/api/v1/events").json()["items"][0]):
            assert found["peak_score"] is None
            assert "得分" not in found["explanation_zh"]
            assert "score" not in found["explanation_en"]
        assert decide(person)["peak_score"] == 0.9


def test_a_pause_is_suggested_after_half_an_hour_or_many_decisions(settings: ApiSettings) -> None:
    rules = ReviewRules(double_share=0, pause_after_decisions=4)
    with running(dataclasses.replace(settings, review=rules)) as api:
        person = api.signed_in()
        deliver(api.worker, *(event(n) for n in range(12)))

        def stands() -> tuple[int, bool]:
            now = person.get("/api/v1/review/queue").json()["stint"]
            return now["decisions"], now["pause_suggested"]

        for number in range(4):
            assert stands() == (number, False)
            decide(person, number)
        assert stands() == (4, True)
        api.clock.move(minutes=6)
        assert stands() == (0, False)
        for number in range(4, 7):
            decide(person, number)
            api.clock.move(minutes=4)
        assert stands() == (3, False)


@pytest.fixture
def filled(database_url: str) -> Iterator[Engine]:
    """A database with enough events that a planner prefers indexes, most of them decided."""
    database = Database(database_url)
    sqlite = database.dialect == "sqlite"
    series = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        if sqlite
        else "WITH n AS (SELECT generate_series(1, 20000) AS i)"
    )
    at = "datetime('2026-01-01', '+' || i || ' minutes') || '.000000'"
    if not sqlite:
        at = "timestamptz '2026-01-01 00:00:00+00' + i * interval '1 minute'"
    insert = f"""INSERT INTO event (id, revision, behaviour, window_id, camera_id, started_at, flagged_at,
      known_until, peak_score, measures, evidence, state, version, received_at, due_at, severity)
      {series} SELECT 'e' || i, 1, CASE i % 3 WHEN 0 THEN 'smoking' ELSE 'absence' END, 'w' || (i % 50), 'c',
      {at}, {at}, {at}, 0.5, '{{}}', '[]', CASE i % 5 WHEN 0 THEN 'pending' ELSE 'confirmed' END, 1, {at},
      {at}, 2 FROM n"""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                insert
                if not sqlite
                else insert.replace(series, "").replace("INSERT INTO", f"{series} INSERT INTO")
            )
        )
        connection.execute(text("ANALYZE"))
    database.close()
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Filter("pending"), "ix_event_queue"),
        (Filter("pending", window="w10"), "ix_event_queue_window"),
        (Filter("pending", behaviour="smoking"), "ix_event_queue_behaviour"),
        (Filter("pending", window="w10", behaviour="smoking"), "ix_event_queue_window_behaviour"),
        (Filter("pending", first=MORNING, score_from=0.4), "ix_event_queue"),
    ],
)
def test_a_page_of_the_queue_is_read_off_an_index_in_its_order(
    filled: Engine, wanted: Filter, index: str
) -> None:
    asking = Asking("supervisor", (), MORNING)
    after = Place(MORNING - timedelta(days=50), 1, MORNING - timedelta(days=50), "e")
    for place in (None, after):
        query = pending_places(wanted, asking, place).limit(61)
        compiled = query.compile(filled, compile_kwargs={"literal_binds": False})
        explain = "EXPLAIN QUERY PLAN " if filled.dialect.name == "sqlite" else "EXPLAIN "
        with filled.connect() as connection:
            bound = {name: _raw(value, filled) for name, value in compiled.params.items()}
            positional = compiled.positiontup
            arguments = tuple(bound[name] for name in positional) if positional else bound
            plan = "\n".join(
                " ".join(map(str, row))
                for row in connection.exec_driver_sql(explain + str(compiled), arguments)
            )
        if filled.dialect.name == "sqlite" or index == "ix_event_queue":
            assert f"{index} " in plan + " ", plan
            assert "TEMP B-TREE" not in plan, plan
            assert "Sort" not in plan, plan
        # Where few rows match, PostgreSQL may find them by another index and sort them: as good.
        assert "Index" in plan or "INDEX" in plan, plan
        assert "Seq Scan" not in plan, plan


def _raw(value: Any, engine: Engine) -> Any:
    """As the driver has it: SQLite keeps times as text."""
    if engine.dialect.name == "sqlite" and hasattr(value, "isoformat"):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value
