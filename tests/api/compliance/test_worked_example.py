"""The README's hour: from three events and one camera outage to its number, by hand and by the API."""

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from hallwatch.observed_time import ObservedTime
from hallwatch.wire import LedgerRow
from tests.api.messages import decide, deliver, deliver_hall, event
from tests.conftest import REPOSITORY
from vision.values import Observation, Person, Side

NINE = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK = Person(1, (0.0, 0.0, 10.0, 10.0), 0.9, window="w1", zone=Side.STAFF)
READMES = ("README.md", "docs/README.zh-CN.md")


def minute(minutes: float) -> datetime:
    """So many minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def open_from_nine_to_ten(begin: datetime, end: datetime) -> Iterable[tuple[str, datetime, datetime]]:
    return [("w1", max(begin, NINE), min(end, minute(60)))]


def counted_hour() -> LedgerRow:
    """What the worker counts: a picture a second, none from 9:20 to 9:32, nobody at the post 9:05 to 9:11."""
    time = ObservedTime("cam1", lambda *_: None, open_from_nine_to_ten)
    for second in range(3600):
        at = NINE + timedelta(seconds=second)
        if minute(20) <= at < minute(32):
            time.interrupt(at)
            continue
        away = minute(5) <= at < minute(11)
        time.take(Observation("cam1", at, (640, 360), () if away else (CLERK,)), ["w1"])
    time.interrupt(minute(60))
    (row,) = time.changed()
    return row


def told_by(readme: str) -> dict[str, object]:
    """The figures that it shows as the API's answer."""
    text = Path(REPOSITORY, readme).read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(\{\"bucket\".*?)```", text, re.DOTALL)
    found: dict[str, object] = json.loads(block)
    return found


@pytest.mark.parametrize("readme", READMES)
def test_the_hour_of_the_readme(worker: TestClient, person: TestClient, readme: str) -> None:
    deliver_hall(worker)
    rows = {"rows": [counted_hour().as_json()]}
    assert worker.post("/api/v1/ingest/ledger", json=rows).status_code == 204
    deliver(
        worker,
        event(1, at=minute(5), lasts_s=360, behaviour="absence"),
        event(2, at=minute(40), lasts_s=45, behaviour="phone_use"),
        event(3, at=minute(40.5), lasts_s=60, behaviour="arms_crossed"),
    )
    for number in (1, 2, 3):
        decide(person, number)
    asked = {"from": "2026-03-02", "to": "2026-03-02", "unit": "w1"}
    (row,) = person.get("/api/v1/figures/table", params=asked).json()["rows"]

    open_s, outage_s = 60 * 60, 12 * 60
    absence_s, phone_then_arms_s = 6 * 60, 90  # 45 s and 60 s that have 15 s in common
    observed_s, breach_s = open_s - outage_s, absence_s + phone_then_arms_s
    by_hand = {"observed_s": observed_s, "breach_s": breach_s, "compliance": 1 - breach_s / observed_s}
    assert {name: row[name] for name in by_hand} == by_hand

    shown = told_by(readme)
    assert {name: row[name] for name in shown} == shown
    assert by_hand.items() <= shown.items()
