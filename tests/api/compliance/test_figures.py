"""Figures as a manager reads them: denominators, causes, revisions, longer times, comparisons, CSV."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import BOTH, Running
from tests.api.messages import decide, deliver, deliver_hall, deliver_hour, event

NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""09:00 in Shanghai, a Monday."""


def table(person: TestClient, **query: Any) -> dict[str, Any]:
    """The table of that day, or as asked."""
    asked = {"from": "2026-03-02", "to": "2026-03-02"} | query
    answer = person.get("/api/v1/figures/table", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def only(person: TestClient, **query: Any) -> dict[str, Any]:
    """Its only row."""
    (row,) = table(person, **query)["rows"]
    found: dict[str, Any] = row
    return found


def detail(**told: Any) -> dict[str, Any]:
    """The part of a ledger's hour that says more."""
    return {"open_spans": [[0, 3600]]} | told


@BOTH
def test_compliance_is_one_minus_confirmed_time_over_observed_time(
    worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    deliver_hour(worker, NINE, 1800, detail=detail(unknown_s={"offline": 1500}))
    deliver(worker, event(1, at=NINE, lasts_s=90), event(2, at=NINE, lasts_s=100, behaviour="absence"))
    assert only(person)["compliance"] == 1.0
    decide(person, 1)
    decide(person, 2, verdict="dismissed")
    row = only(person)
    assert (row["compliance"], row["coverage"], row["enough"]) == (0.95, 0.5, True)
    assert (row["confirmed"], row["dismissed"], row["pending"]) == (1, 1, 0)
    assert (row["unknown_s"], row["unknown"]) == (1800, {"offline": 1500, "untold": 300})
    assert (row["hours_judged"], row["hours_clean"]) == (1, 0)


def test_an_hour_of_which_less_than_half_was_observed_is_not_enough(
    worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    deliver_hour(worker, NINE, 1799.9)
    row = only(person)
    assert (row["enough"], row["hours_judged"], row["clean"]) == (False, 0, None)


def test_seconds_before_opening_are_no_breach_time(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver_hour(worker, NINE, 1800, open_s=1800, detail=detail(open_spans=[[1800, 3600]]))
    deliver(worker, event(1, at=NINE + timedelta(minutes=25), lasts_s=420))
    decide(person, 1)
    row = only(person)
    assert (row["confirmed_s"], row["breach_s"]) == (120, 120)


@BOTH
def test_a_permit_registered_late_turns_away_time_into_permitted_time(
    worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    deliver_hour(worker, NINE, 3600, present_s=3000, detail=detail(away_spans=[[600, 900], [1800, 2100]]))
    assert (only(person)["away_s"], only(person)["away_permitted_s"]) == (600, 0)
    permit = {
        "kind": "leave",
        "window": "w1",
        "starts_at": (NINE + timedelta(minutes=30)).isoformat(),
        "ends_at": (NINE + timedelta(minutes=34)).isoformat(),
        "reason": "取件",
    }
    answer = person.post("/api/v1/permits", json=permit)
    assert answer.status_code == 201, answer.text
    assert (only(person)["away_s"], only(person)["away_permitted_s"]) == (360, 240)
    path = f"/api/v1/permits/{answer.json()['permit']['id']}/revocation"
    assert person.post(path, json={"reason": "误登记"}).status_code == 200
    assert only(person)["away_permitted_s"] == 0


@BOTH
def test_late_data_reopens_the_hour_and_all_it_is_part_of_with_a_revision(
    api: Running, worker: TestClient
) -> None:
    deliver_hall(worker)
    api.clock.now = NINE + timedelta(minutes=30)
    deliver_hour(worker, NINE, 1700, open_s=1800)
    person = api.signed_in()
    assert (only(person)["revision"], only(person)["final"]) == (0, False)
    api.clock.now = NINE + timedelta(minutes=61)
    deliver_hour(worker, NINE, 3000)
    person = api.signed_in()
    assert (only(person)["revision"], only(person)["final"]) == (0, False)
    api.clock.now = NINE + timedelta(days=70)
    person = api.signed_in()
    assert (only(person)["revision"], only(person)["final"]) == (0, True)
    for _ in range(2):
        deliver_hour(worker, NINE, 3500)
        deliver_hour(worker, NINE, 3000)
        for grain, first in (("hour", "02"), ("day", "02"), ("week", "02"), ("month", "01")):
            row = only(person, grain=grain, **{"from": f"2026-03-{first}"})
            assert (row["revision"], row["observed_s"]) == (1, 3500)


def test_queue_length_is_an_average_over_time(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    waits = {"waits": 4, "waits_s": 600, "longest_wait_s": 300}
    queue = {"seen_s": 1000, "person_s": 2500, "longest": 5} | waits
    deliver_hour(worker, NINE, 3600, detail=detail(queue=queue))
    deliver_hour(worker, NINE + timedelta(hours=1), 3600)
    rows = table(person)["rows"]
    assert rows[0]["queue"]["mean_length"] == 2.5
    assert (rows[0]["queue"]["mean_wait_s"], rows[0]["queue"]["longest"]) == (150, 5)
    assert rows[1]["queue"] is None


@BOTH
def test_a_hall_is_the_sum_of_its_windows_and_belongs_to_its_district(
    worker: TestClient, person: TestClient
) -> None:
    district = {"id": "chengzhong", "name": "城中区", "name_en": "Chengzhong"}
    deliver_hall(worker, district=district)
    deliver_hour(worker, NINE, 3600)
    deliver_hour(worker, NINE, 1800, window="w2")
    for level, unit in (("hall", "hall"), ("district", "chengzhong")):
        found = table(person, level=level)
        assert [u["id"] for u in found["units"]] == [unit]
        assert (found["rows"][0]["observed_s"], found["rows"][0]["unit"]) == (5400, unit)
    refused = person.get("/api/v1/figures/table", params={"level": "sub_district"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/query/level")


def test_a_day_is_compared_with_the_same_hours_a_week_before(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    week = timedelta(days=7)
    for hours in (0, 1, 2):
        deliver_hour(worker, NINE - week + timedelta(hours=hours), 3600)
    deliver_hour(worker, NINE, 3600)
    deliver(worker, event(1, at=NINE - week, lasts_s=360), event(2, at=NINE, lasts_s=720))
    decide(person, 1)
    decide(person, 2)
    compared = table(person, compare=True)["compared"]
    assert (compared["from"], compared["to"]) == ("2026-02-23", "2026-02-23")
    assert compared["total"]["observed_s"] == 3600
    assert compared["change"] == {"compliance": pytest.approx(-10), "coverage": 0, "confirmed": 0}


@BOTH
def test_by_behaviour_events_rates_and_precision(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver_hour(worker, NINE, 3600, detail=detail(assessable_s={"arms_crossed": 1800}))
    deliver(worker, *(event(n, at=NINE + timedelta(minutes=n), lasts_s=30) for n in range(1, 5)))
    decide(person, 1)
    for n in (2, 3):
        decide(person, n, verdict="dismissed")
    answer = person.get("/api/v1/figures/behaviours", params={"from": "2026-03-02", "to": "2026-03-02"})
    (row,) = answer.json()["rows"]
    assert (row["confirmed"], row["dismissed"], row["pending"], row["assessable_s"]) == (1, 2, 1, 1800)
    assert (row["per_100_hours"], row["confirmed_s"]) == (100, 30)
    assert row["precision"] == pytest.approx({"share": 1 / 3, "low": 0.0615, "high": 0.7923}, abs=1e-4)


def test_who_has_the_figures_is_not_sent_them_again(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver_hour(worker, NINE, 3600)
    path = "/api/v1/figures/table?from=2026-03-02&to=2026-03-02"
    tag = person.get(path).headers["etag"]
    assert person.get(path, headers={"If-None-Match": tag}).status_code == 304
    deliver(worker, event(1, at=NINE))
    again = person.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["etag"] != tag


def test_a_spreadsheet_is_given_text_that_is_no_formula(worker: TestClient, person: TestClient) -> None:
    names = [{"id": "w1", "name": "=1+1", "name_en": "Window 1"}]
    deliver_hall(worker, windows=names, cameras=[])
    deliver_hour(worker, NINE, 3600)
    answer = person.get("/api/v1/figures/table.csv", params={"from": "2026-03-02", "to": "2026-03-02"})
    head, line = answer.text.removeprefix("\ufeff").splitlines()
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert head.startswith("开始,结束,编号,名称,开放时间,已观察时间,覆盖率")
    assert line.startswith("2026-03-02T09:00:00+08:00,2026-03-02T10:00:00+08:00,w1,'=1+1,3600.0,3600.0,1.0,")


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-03-03", "to": "2026-03-02"},
        {"from": "2026-01-01", "to": "2026-03-02"},
        {"from": "9999-12-31", "to": "9999-12-31"},
        {"from": "0001-01-01", "to": "0001-01-01", "grain": "week"},
        {"grain": "year"},
    ],
)
def test_a_span_that_is_none_or_too_long_is_refused_in_words(
    worker: TestClient, person: TestClient, query: dict[str, str]
) -> None:
    deliver_hall(worker)
    answer = person.get("/api/v1/figures/table", params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"]


def test_p14_definitions_are_told_in_both_languages_and_name_the_error_rate(person: TestClient) -> None:
    told = person.get("/api/v1/figures/definitions").json()
    assert {"compliance", "coverage", "revision"} <= {one["key"] for one in told["definitions"]}
    assert all(one["text_zh"] and one["text_en"] for one in told["definitions"])
    assert told["error_rate"]["clips"] == 30
