"""Hourly figures: what was not observed is not counted, and a day is the hall's own."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.statistics import HOUR, day_bounds, hours_of, union_s
from tests.api.conftest import BOTH, MORNING, Running
from tests.api.messages import decide, deliver, deliver_hall, deliver_hour, event

NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""09:00 in Shanghai."""


def figures(person: TestClient, hour: str, window: str = "w1", **query: str) -> dict[str, Any]:
    """One window's figures in the hour that is written so."""
    answer = person.get("/api/v1/statistics/hourly", params=query)
    assert answer.status_code == 200, answer.text
    row = next(row for row in answer.json()["hours"] if row["hour"] == hour)
    found: dict[str, Any] = next(one for one in row["windows"] if one["window"] == window)
    return found


@BOTH
def test_only_confirmed_seconds_lower_compliance_and_pending_ones_are_shown_apart(
    worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    deliver_hour(worker, NINE, 1800, present_s=1700)
    deliver(worker, event(1, at=NINE, lasts_s=90), event(2, at=NINE, lasts_s=100, behaviour="absence"))
    found = figures(person, "2026-03-02T09:00:00+08:00")
    assert (found["compliance"], found["pending"], found["confirmed_s"]) == (1.0, 2, 0)
    decide(person, 1)
    decide(person, 2, verdict="dismissed")
    found = figures(person, "2026-03-02T09:00:00+08:00")
    assert found == {
        "window": "w1",
        "open_s": 3600,
        "observed_s": 1800,
        "present_s": 1700,
        "confirmed": 1,
        "pending": 0,
        "dismissed": 1,
        "confirmed_s": 90,
        "compliance": 0.95,
        "by_behaviour": {
            "arms_crossed": {"confirmed": 1, "pending": 0, "dismissed": 0},
            "absence": {"confirmed": 0, "pending": 0, "dismissed": 1},
        },
    }


@BOTH
def test_an_hour_without_view_has_no_compliance(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver_hour(worker, NINE, 0)
    found = figures(person, "2026-03-02T09:00:00+08:00")
    assert (found["open_s"], found["observed_s"], found["compliance"]) == (3600, 0, None)
    assert figures(person, "2026-03-02T10:00:00+08:00")["compliance"] is None


@BOTH
def test_two_breaches_at_once_count_their_seconds_once(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver_hour(worker, NINE, 3600)
    deliver(
        worker,
        event(1, at=NINE, lasts_s=100),
        event(2, at=NINE + timedelta(seconds=50), lasts_s=100, behaviour="phone_use"),
    )
    decide(person, 1)
    decide(person, 2)
    assert figures(person, "2026-03-02T09:00:00+08:00")["confirmed_s"] == 150


@BOTH
def test_a_breach_over_the_hour_counts_in_both_and_its_event_where_it_began(
    worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker)
    deliver(worker, event(1, at=NINE + timedelta(minutes=59), lasts_s=180))
    decide(person, 1)
    nine, ten = (figures(person, f"2026-03-02T{hour}:00:00+08:00") for hour in ("09", "10"))
    assert (nine["confirmed"], nine["confirmed_s"]) == (1, 60)
    assert (ten["confirmed"], ten["confirmed_s"]) == (0, 120)


@BOTH
def test_a_breach_over_midnight_reaches_into_the_next_day(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    midnight = datetime(2026, 3, 1, 16, tzinfo=UTC)
    deliver(worker, event(1, at=midnight - timedelta(minutes=1), lasts_s=180))
    decide(person, 1)
    before = figures(person, "2026-03-01T23:00:00+08:00", date="2026-03-01")
    after = figures(person, "2026-03-02T00:00:00+08:00", date="2026-03-02")
    assert (before["confirmed"], before["confirmed_s"]) == (1, 60)
    assert (after["confirmed"], after["confirmed_s"]) == (0, 120)


@BOTH
def test_an_episode_that_goes_on_counts_as_far_as_it_is_known(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver(worker, event(1, at=NINE, lasts_s=None, evidence=[[0, 0.9], [30, 0.8], [40, None]]))
    decide(person, 1)
    assert figures(person, "2026-03-02T09:00:00+08:00")["confirmed_s"] == 30


@BOTH
@pytest.mark.parametrize("order", [(600, 1200), (1200, 600)])
def test_of_two_reports_of_an_hour_the_one_that_observed_more_stays(
    worker: TestClient, person: TestClient, order: tuple[int, int]
) -> None:
    deliver_hall(worker)
    for observed in order:
        deliver_hour(worker, NINE, observed)
        deliver_hour(worker, NINE, observed)
    assert figures(person, "2026-03-02T09:00:00+08:00")["observed_s"] == 1200


@BOTH
def test_a_dark_hour_still_grows_in_open_time(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    for open_s in (600, 3600, 1200):
        deliver_hour(worker, NINE, 0, open_s=open_s)
    assert figures(person, "2026-03-02T09:00:00+08:00")["open_s"] == 3600


def test_two_cameras_on_one_window_are_not_added_up(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver_hour(worker, NINE, 1000, camera="cam1")
    deliver_hour(worker, NINE, 3000, camera="cam2")
    assert figures(person, "2026-03-02T09:00:00+08:00")["observed_s"] == 3000


def test_today_is_the_halls_today(api: Running, worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    api.clock.now = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)
    person = api.signed_in()
    assert person.get("/api/v1/statistics/hourly").json()["date"] == "2026-03-02"
    api.clock.move(minutes=2)
    assert person.get("/api/v1/statistics/hourly").json()["date"] == "2026-03-03"


def test_one_window_can_be_asked_for(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver(worker, event(1, window="w1", at=NINE), event(2, window="w2", at=NINE))
    hours = person.get("/api/v1/statistics/hourly", params={"window": "w2"}).json()["hours"]
    assert {one["window"] for row in hours for one in row["windows"]} == {"w2"}
    assert sum(row["windows"][0]["pending"] for row in hours) == 1


@BOTH
def test_a_day_on_which_clocks_change_has_its_own_number_of_hours(
    worker: TestClient, person: TestClient
) -> None:
    deliver_hall(worker, time_zone="Europe/Berlin")
    short = person.get("/api/v1/statistics/hourly", params={"date": "2026-03-29"}).json()["hours"]
    long = person.get("/api/v1/statistics/hourly", params={"date": "2026-10-25"}).json()["hours"]
    assert (len(short), len(long)) == (23, 25)
    assert [row["hour"] for row in long][2:4] == ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"]
    deliver_hour(worker, datetime(2026, 10, 25, 1, tzinfo=UTC), 900)
    found = figures(person, "2026-10-25T02:00:00+01:00", date="2026-10-25")
    assert found["observed_s"] == 900


def test_the_events_of_all_windows_of_a_day_add_up(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    deliver(
        worker, *(event(n, at=MORNING + timedelta(minutes=7 * n), window=f"w{n % 2 + 1}") for n in range(60))
    )
    hours = person.get("/api/v1/statistics/hourly").json()["hours"]
    assert sum(one["pending"] for row in hours for one in row["windows"]) == 60


@pytest.mark.parametrize("asked", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused(worker: TestClient, person: TestClient, asked: str) -> None:
    deliver_hall(worker)
    assert person.get("/api/v1/statistics/hourly", params={"date": asked}).status_code == 422


ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata"]
)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), ZONES)
def test_every_hour_belongs_to_exactly_one_day(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    today, tomorrow = hours_of(day, zone), hours_of(day + timedelta(days=1), zone)
    assert today[-1] + HOUR == tomorrow[0]
    assert all(hour.astimezone(zone).date() == day for hour in today)
    assert day_bounds(day, zone)[1] == day_bounds(day + timedelta(days=1), zone)[0]


SPANS = st.lists(st.tuples(st.integers(-100, 4000), st.integers(0, 2000)), max_size=8)


@given(SPANS)
def test_the_union_counts_each_second_once(spans: list[tuple[int, int]]) -> None:
    moments = [(NINE + timedelta(seconds=a), NINE + timedelta(seconds=a + length)) for a, length in spans]
    seconds = {s for a, length in spans for s in range(a, a + length) if 0 <= s < 3600}
    assert union_s(moments, NINE, NINE + HOUR) == len(seconds)
