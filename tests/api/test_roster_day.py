"""Days at two windows, told as a timetable: what the camera saw, what was registered, which events follow.

Everything is real but the pictures: the site file's rules, the judge with its snapshots, the wire's JSON, the
API with its database, where permits take part.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hallwatch.calendar_seed import china_calendar
from hallwatch.new_ids import new_id
from hallwatch.pipeline import rules_of
from hallwatch.site import load_site
from hallwatch.site_models import Site
from hallwatch.wire import EventMessage, hall_json
from tests.api.conftest import Running
from vision.judge import Judge
from vision.values import Event, Observation, Person, Side

PRESENCE = ("absence", "empty_post", "late_arrival", "early_departure")
AT_SEAT = Person(1, (100.0, 100.0, 200.0, 300.0), 0.9, None, "1", Side.STAFF)
SECOND = timedelta(seconds=1)
"""One picture a second is the slowest that judges; what happens is the same at any rate."""

EXACT = timedelta(seconds=5)

SITE = """\
hall: {{id: hall, name: 大厅, name_en: Hall, time_zone: {zone}}}
windows:
  - {{id: "1", name: 1号, name_en: Window 1, lunch_service: {lunch}}}
  - {{id: "2", name: 2号, name_en: Window 2}}
cameras:
  - id: east
    name: 东
    source: rtsp://10.0.0.1/1
    zones:
      "1": {{staff: [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]}}
schedule:
{week}
  saturday: [["09:00", "13:00"]]
  lunch: [["12:00", "13:30"]]
  calendar: {calendar}
permits: {{limit_min: {limit_min}}}
"""
WEEK = "\n".join(
    f'  {day}: [["08:30", "12:00"], ["13:30", "17:00"]]'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
)
NIGHTS = "\n".join(
    f'  {day}: [["00:00", "04:00"], ["22:00", "24:00"]]'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "sunday")
)

Times = tuple[str, str]
"""From and until, as clocks in the hall show them; `+` before a time is the next day."""


@dataclass(frozen=True)
class Day:
    """A day at window 1. The clerk is at the post during `at_post` and nowhere else.

    The camera shows nothing during `camera_off`; the worker is killed at the begin of each `power_cut` and
    started again at its end. `permits` are (registered at, kind, covered times); `revoked` takes the first
    back. `watched` is what is simulated.
    """

    day: date
    at_post: Sequence[Times]
    expected: Sequence[tuple[str, str, str, str]]
    watched: Times = ("09:45", "11:00")
    camera_off: Sequence[Times] = ()
    power_cut: Sequence[Times] = ()
    permits: Sequence[tuple[str, str, Times]] = ()
    revoked: str | None = None
    lunch: bool = False
    zone: str = "Asia/Shanghai"
    week: str = WEEK
    calendar: str = "china"
    limit_min: int = 15

    def at(self, text: str) -> datetime:
        """A time of day in UTC; `@` before it means the second time that clocks show it."""
        day = self.day + timedelta(days=text.count("+"))
        hours, minutes = text.lstrip("+@").split(":")
        local = datetime.combine(
            day, time(int(hours), int(minutes), fold=text.count("@")), ZoneInfo(self.zone)
        )
        return local.astimezone(UTC)

    def spans(self, times: Sequence[Times]) -> list[tuple[datetime, datetime]]:
        return [(self.at(first), self.at(last)) for first, last in times]

    def site(self, folder: Path) -> Site:
        path = folder / "site.yaml"
        text = SITE.format(
            zone=self.zone,
            week=self.week,
            calendar=self.calendar,
            lunch=str(self.lunch).lower(),
            limit_min=self.limit_min,
        )
        path.write_text(text, encoding="utf-8")
        return load_site(path)


MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
WHOLE = (("08:15", "12:00"), ("13:15", "17:00"))
"""Somebody who does all as the rules ask."""

DAYS = {
    "an ordinary day": Day(MONDAY, WHOLE, [], watched=("07:45", "17:10")),
    "an errand of two minutes": Day(MONDAY, [("08:15", "10:00"), ("10:02", "12:00"), WHOLE[1]], []),
    "an errand of ten minutes": Day(
        MONDAY,
        [("08:15", "10:00"), ("10:10", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:10", "pending")],
    ),
    "away for twenty minutes": Day(
        MONDAY,
        [("08:15", "10:00"), ("10:20", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:20", "pending"), ("empty_post", "10:00", "10:20", "pending")],
    ),
    "the same where the limit is thirty": Day(
        MONDAY,
        [("08:15", "10:00"), ("10:20", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:20", "pending")],
        limit_min=30,
    ),
    "lunch, closed": Day(MONDAY, [("08:15", "12:01"), ("13:19", "17:00")], [], watched=("11:45", "13:45")),
    "lunch service with nobody there": Day(
        MONDAY,
        [("08:15", "12:00"), ("13:20", "17:00")],
        [("absence", "12:00", "13:20", "pending"), ("empty_post", "12:00", "13:20", "pending")],
        lunch=True,
        watched=("11:45", "13:45"),
    ),
    "seven minutes late": Day(
        MONDAY,
        [("08:27", "12:00"), WHOLE[1]],
        [("late_arrival", "08:20", "08:27", "pending")],
        watched=("07:45", "09:10"),
    ),
    "two minutes late": Day(
        MONDAY,
        [("08:22", "12:00"), WHOLE[1]],
        [("late_arrival", "08:20", "08:22", "pending")],
        watched=("07:45", "09:10"),
    ),
    "late beyond the opening": Day(
        MONDAY,
        [("08:40", "12:00"), WHOLE[1]],
        [("absence", "08:30", "08:40", "pending"), ("late_arrival", "08:20", "08:40", "pending")],
        watched=("07:45", "09:10"),
    ),
    "arrived early and fetched water": Day(
        MONDAY, [("08:05", "08:18"), ("08:24", "12:00"), WHOLE[1]], [], watched=("07:45", "09:10")
    ),
    "left for good before closing": Day(
        MONDAY,
        [WHOLE[0], ("13:15", "16:50")],
        [("absence", "16:50", "17:00", "pending"), ("early_departure", "16:50", "17:00", "pending")],
        watched=("16:30", "17:15"),
    ),
    "left two minutes before closing": Day(
        MONDAY,
        [WHOLE[0], ("13:15", "16:58")],
        [("early_departure", "16:58", "17:00", "pending")],
        watched=("16:30", "17:15"),
    ),
    "nobody all day": Day(
        MONDAY,
        [],
        [
            ("absence", "08:30", "12:00", "pending"),
            ("absence", "13:30", "17:00", "pending"),
            ("empty_post", "08:30", "12:00", "pending"),
            ("empty_post", "13:30", "17:00", "pending"),
            ("late_arrival", "08:20", "12:00", "pending"),
            ("late_arrival", "13:20", "17:00", "pending"),
        ],
        watched=("07:45", "17:10"),
    ),
    "leave registered before": Day(
        MONDAY,
        [("08:15", "10:00"), ("10:25", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:25", "pending"), ("empty_post", "10:00", "10:25", "withdrawn")],
        permits=[("09:50", "leave", ("10:00", "10:30"))],
    ),
    "leave registered late": Day(
        MONDAY,
        [("08:15", "10:00"), ("10:25", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:25", "pending"), ("empty_post", "10:00", "10:25", "withdrawn")],
        permits=[("15:00", "leave", ("10:00", "10:30"))],
        watched=("09:45", "11:00"),
    ),
    "leave registered while away": Day(
        MONDAY,
        [("08:15", "10:00"), ("10:25", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:25", "pending"), ("empty_post", "10:00", "10:25", "withdrawn")],
        permits=[("10:18", "leave", ("10:00", "10:30"))],
    ),
    "leave overstayed by twenty minutes": Day(
        MONDAY,
        [("08:15", "10:00"), ("10:40", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:40", "pending"), ("empty_post", "10:00", "10:40", "pending")],
        permits=[("09:50", "leave", ("10:00", "10:20"))],
    ),
    "leave that was revoked": Day(
        MONDAY,
        [("08:15", "10:00"), ("10:25", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:25", "pending"), ("empty_post", "10:00", "10:25", "pending")],
        permits=[("09:50", "leave", ("10:00", "10:30"))],
        revoked="11:00",
    ),
    "a neighbour stands in": Day(
        MONDAY,
        [("08:15", "10:00"), ("11:30", "12:00"), WHOLE[1]],
        [("absence", "10:00", "11:30", "pending"), ("empty_post", "10:00", "11:30", "withdrawn")],
        permits=[("10:01", "stand_in", ("10:00", "11:30"))],
        watched=("09:45", "11:45"),
    ),
    "service suspended": Day(
        MONDAY,
        [("08:15", "10:00"), WHOLE[1]],
        [
            ("absence", "10:00", "12:00", "pending"),
            ("early_departure", "10:00", "12:00", "pending"),
            ("empty_post", "10:00", "12:00", "withdrawn"),
        ],
        permits=[("10:00", "suspended", ("10:00", "12:00"))],
        watched=("09:45", "12:10"),
    ),
    "a power cut of a minute within an absence": Day(
        MONDAY,
        [("08:15", "10:00"), ("10:30", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:30", "pending"), ("empty_post", "10:00", "10:30", "pending")],
        power_cut=[("10:10", "10:11")],
    ),
    "a power cut over the return": Day(
        MONDAY,
        [("08:15", "10:00"), ("10:31", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:30", "pending"), ("empty_post", "10:00", "10:30", "pending")],
        power_cut=[("10:30", "10:32")],
    ),
    "a power cut over the closing": Day(
        MONDAY,
        [WHOLE[0], ("13:15", "16:40")],
        [
            ("absence", "16:40", "16:59", "pending"),
            ("early_departure", "16:40", "17:00", "pending"),
            ("empty_post", "16:40", "16:59", "pending"),
        ],
        power_cut=[("16:59", "17:10")],
        watched=("16:30", "17:15"),
    ),
    "a power cut after somebody arrived": Day(
        MONDAY, WHOLE, [], power_cut=[("08:25", "08:35")], watched=("07:45", "09:10")
    ),
    "the camera off for an hour, somebody there": Day(
        MONDAY, WHOLE, [], camera_off=[("09:30", "10:30")], watched=("09:15", "10:45")
    ),
    "the camera off for an hour within an absence": Day(
        MONDAY,
        [("08:15", "10:00"), ("11:30", "12:00"), WHOLE[1]],
        [
            ("absence", "10:00", "10:10", "pending"),
            ("absence", "11:10", "11:30", "pending"),
            ("empty_post", "11:10", "11:30", "pending"),
        ],
        camera_off=[("10:10", "11:10")],
        watched=("09:45", "11:45"),
    ),
    "the camera off at closing": Day(
        MONDAY,
        [WHOLE[0], ("13:15", "16:00")],
        [("absence", "16:00", "16:30", "pending"), ("empty_post", "16:00", "16:30", "pending")],
        camera_off=[("16:30", "17:30")],
        watched=("15:45", "17:10"),
    ),
    "the camera off until after opening": Day(
        MONDAY,
        [("09:00", "12:00"), WHOLE[1]],
        [("absence", "08:40", "09:00", "pending"), ("empty_post", "08:40", "09:00", "pending")],
        camera_off=[("07:30", "08:40")],
        watched=("07:45", "09:10"),
    ),
    "a public holiday": Day(date(2026, 10, 1), [], [], watched=("08:00", "10:00")),
    "a make-up workday": Day(
        date(2026, 2, 14),
        [("08:15", "10:00"), ("10:20", "12:00"), WHOLE[1]],
        [("absence", "10:00", "10:20", "pending"), ("empty_post", "10:00", "10:20", "pending")],
    ),
    "a Saturday": Day(
        date(2026, 3, 7),
        [("08:45", "12:30")],
        [
            ("absence", "12:30", "13:00", "pending"),
            ("early_departure", "12:30", "13:00", "pending"),
            ("empty_post", "12:30", "13:00", "pending"),
        ],
        watched=("12:15", "13:10"),
    ),
    "a year that nobody knows": Day(date(2038, 3, 1), [], [], watched=("08:00", "10:00")),
    "over midnight": Day(
        MONDAY,
        [("21:40", "23:50"), ("+00:10", "+04:00")],
        [("absence", "23:50", "+00:10", "pending"), ("empty_post", "23:50", "+00:10", "pending")],
        watched=("21:00", "+04:30"),
        week=NIGHTS,
    ),
    "clocks set forward within an absence": Day(
        date(2026, 3, 8),
        [("00:00", "01:50"), ("03:10", "04:00")],
        [("absence", "01:50", "03:10", "pending"), ("empty_post", "01:50", "03:10", "pending")],
        watched=("00:00", "04:30"),
        week=NIGHTS,
        zone="America/New_York",
        calendar="none",
    ),
    "clocks set back within an absence": Day(
        date(2026, 11, 1),
        [("00:00", "01:50"), ("@01:10", "04:00")],
        [("absence", "01:50", "@01:10", "pending"), ("empty_post", "01:50", "@01:10", "pending")],
        watched=("00:00", "04:30"),
        week=NIGHTS,
        zone="America/New_York",
        calendar="none",
    ),
    "all of it on one day": Day(
        MONDAY,
        [
            ("08:23", "09:00"),
            ("09:20", "10:00"),
            ("10:40", "11:00"),
            ("11:20", "12:00"),
            ("13:10", "14:30"),
            ("16:00", "16:45"),
        ],
        [
            ("absence", "09:00", "09:20", "pending"),
            ("absence", "10:00", "10:40", "pending"),
            ("absence", "11:00", "11:20", "pending"),
            ("absence", "12:00", "13:10", "pending"),
            ("absence", "14:30", "14:40", "pending"),
            ("absence", "15:40", "16:00", "pending"),
            ("absence", "16:45", "17:00", "pending"),
            ("early_departure", "16:45", "17:00", "pending"),
            ("empty_post", "09:00", "09:20", "withdrawn"),
            ("empty_post", "10:00", "10:40", "withdrawn"),
            ("empty_post", "11:00", "11:20", "pending"),
            ("empty_post", "12:00", "13:10", "withdrawn"),
            ("empty_post", "15:40", "16:00", "pending"),
            ("late_arrival", "08:20", "08:23", "pending"),
        ],
        watched=("07:45", "17:10"),
        lunch=True,
        permits=[
            ("09:55", "stand_in", ("10:00", "10:40")),
            ("12:00", "suspended", ("12:00", "13:15")),
            ("16:30", "leave", ("09:00", "09:20")),
        ],
        power_cut=[("11:05", "11:06"), ("16:50", "16:51")],
        camera_off=[("14:40", "15:40")],
    ),
}


@dataclass
class Hall:
    """One camera's judge, its worker and its supervisor, through a day."""

    day: Day
    site: Site
    api: Running

    def __post_init__(self) -> None:
        self.judge = self._begin()
        self.permit_ids: list[str] = []
        self.waiting: dict[str, Event] = {}
        assert self.api.worker.put("/api/v1/ingest/hall", json=hall_json(self.site)).status_code == 204

    def _begin(self) -> Judge:
        rules = rules_of(self.site, self.site.cameras[0], "1", china_calendar())
        presence = {code: rules.limits[code] for code in PRESENCE}
        return Judge("east", [replace(rules, limits=presence)], new_id)

    def run(self) -> None:
        """Second by second: what is registered, then what the camera shows."""
        day = self.day
        present, off, cut = (day.spans(one) for one in (day.at_post, day.camera_off, day.power_cut))
        acts = self._acts()
        now, end = (day.at(text) for text in day.watched)
        stored: str | None = None
        while now < end:
            while acts and acts[0][0] <= now:
                self._act(*acts.pop(0))
            if _within(now, cut):
                # The process is gone; what it stored last stays.
                stored = stored or json.dumps(self.judge.snapshot())
            else:
                if stored is not None:
                    self.judge = self._begin()
                    self.judge.restore(json.loads(stored))
                    stored = None
                self._look(now, _within(now, present), _within(now, off))
            now += SECOND
        for act in acts:
            self._act(*act)

    def _look(self, now: datetime, there: bool, off: bool) -> None:
        if off:
            events = self.judge.unseen(now) if now.second % 30 == 0 else ()
        else:
            people = (AT_SEAT,) if there else ()
            events = self.judge.observe(Observation("east", now, (640, 360), people)).events
        # The spool sends the newest revision of each event; so does this, once a minute.
        self.waiting |= {event.id: event for event in events}
        if any(event.revision == 1 or event.ending for event in events) or (self.waiting and not now.second):
            self.api.clock.now = now
            self._deliver(list(self.waiting.values()))
            self.waiting.clear()

    def _deliver(self, events: Sequence[Event]) -> None:
        sent = [EventMessage(event).as_json() for event in events]
        answer = self.api.worker.post("/api/v1/ingest/events", json={"events": sent})
        assert answer.status_code == 200, answer.text

    def _acts(self) -> list[tuple[datetime, dict[str, Any] | None]]:
        """What the supervisor does and when: registers a permit, or (None) revokes the first."""
        acts: list[tuple[datetime, dict[str, Any] | None]] = []
        for at, kind, (first, last) in self.day.permits:
            permit = {
                "kind": kind,
                "window": "1",
                "starts_at": self.day.at(first).isoformat(),
                "ends_at": self.day.at(last).isoformat(),
                "reason": "已向带班人员报备",
            }
            acts.append((self.day.at(at), permit | ({"stand_in_window": "2"} if kind == "stand_in" else {})))
        if self.day.revoked:
            acts.append((self.day.at(self.day.revoked), None))
        return sorted(acts, key=lambda act: act[0])

    def _act(self, at: datetime, permit: dict[str, Any] | None) -> None:
        self.api.clock.now = at
        supervisor = self.api.signed_in()
        if permit is None:
            path = f"/api/v1/permits/{self.permit_ids[0]}/revocation"
            answer = supervisor.post(path, json={"reason": "登记有误"})
        else:
            answer = supervisor.post("/api/v1/permits", json=permit)
        assert answer.is_success, answer.text
        self.permit_ids.append(answer.json()["permit"]["id"])

    def events(self) -> list[dict[str, Any]]:
        """What the supervisor is shown at the end, by behaviour and time."""
        self.api.clock.now = self.day.at(self.day.watched[1]) + timedelta(hours=1)
        items = self.api.signed_in().get("/api/v1/events?limit=200").json()["items"]
        return sorted(items, key=lambda item: (item["behaviour"], item["started_at"]))


def _within(now: datetime, spans: Sequence[tuple[datetime, datetime]]) -> bool:
    return any(first <= now < last for first, last in spans)


@pytest.mark.parametrize("name", DAYS)
def test_a_day_gives_exactly_these_events(name: str, api: Running, tmp_path: Path) -> None:
    day = DAYS[name]
    hall = Hall(day, day.site(tmp_path), api)
    hall.run()
    shown = hall.events()
    assert [(item["behaviour"], item["state"]) for item in shown] == [
        (code, state) for code, _, _, state in day.expected
    ], [(item["behaviour"], item["started_at"], item["ended_at"], item["state"]) for item in shown]
    for item, (_, began, ended, _) in zip(shown, day.expected, strict=True):
        assert abs(datetime.fromisoformat(item["started_at"]) - day.at(began)) <= EXACT, item
        assert item["ended_at"], item
        assert abs(datetime.fromisoformat(item["ended_at"]) - day.at(ended)) <= EXACT, item
    parents = {item["id"]: item for item in shown if item["behaviour"] == "absence"}
    for item in shown:
        if item["behaviour"] == "empty_post":
            assert parents[item["parent"]]["started_at"] == item["started_at"]
