"""A hall of six windows with two weeks of figures and reviewed flags, the same each time.

`python -m tests.api.reports.demo_hall DIR` writes the sample report that the documentation shows.
"""

import random
import sys
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.accounts import set_password
from api.app import ApiSettings
from api.review_rules import ReviewRules
from tests.api.conftest import PASSWORD, WORKER_KEY, Clock, Running, running
from tests.api.messages import deliver, deliver_hall, event

WINDOWS = [
    ("w1", "1号 综合受理", "1 General service"),
    ("w2", "2号 社会保险", "2 Social security"),
    ("w3", "3号 医疗保障", "3 Health insurance"),
    ("w4", "4号 税务", "4 Tax"),
    ("w5", "5号 户籍", "5 Household registration"),
    ("w6", "6号 不动产登记", "6 Land registry"),
]
KINDS = (
    *(("absence", 240), ("absence", 420), ("phone_use", 45), ("phone_use", 90), ("arms_crossed", 30)),
    *(("leaning", 50), ("queue_line", 60), ("chin_in_hand", 25)),
)
FIRST = datetime(2026, 2, 23, tzinfo=UTC)
"""A Monday; days run from 01:00 to 09:00 UTC, 09:00 to 17:00 in Shanghai."""

DAYS = (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)
MORNING_AFTER = FIRST + timedelta(days=11, hours=23, minutes=30)
SHOWN = (
    ("daily", "2026-03-06", MORNING_AFTER),
    ("weekly", "2026-03-06", MORNING_AFTER + timedelta(days=2)),
    ("monthly", "2026-02-01", MORNING_AFTER + timedelta(days=14)),
)
"""Kinds, days, and when their reports are made: the morning after, and once nothing can be appealed."""


def fill(api: Running, days: tuple[int, ...] = DAYS) -> None:
    """Deliver the hall, its hours and its flags, and let the supervisor judge most of them."""
    windows = [{"id": key, "name": zh, "name_en": en} for key, zh, en in WINDOWS]
    cameras = [{"id": "cam1", "name": "东侧", "windows": [key for key, _, _ in WINDOWS]}]
    deliver_hall(
        api.worker,
        name="城中区政务服务中心",
        name_en="Chengzhong Service Centre",
        windows=windows,
        cameras=cameras,
    )
    chance = random.Random(7)
    number = 0
    for day in days:
        begin = FIRST + timedelta(days=day)
        api.clock.now = begin + timedelta(hours=10)
        answer = api.worker.post("/api/v1/ingest/ledger", json={"rows": list(_hours(begin, chance))})
        assert answer.status_code == 204, answer.text
        flags = list(_flags(begin, chance, number))
        number += len(flags)
        deliver(api.worker, *flags)
        person = api.signed_in()
        _judge(api, person, flags, chance, last=day == days[-1])
        # Computed that evening, not when somebody asks weeks later.
        assert person.get("/api/v1/figures/table").status_code == 200


def _hours(begin: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    for hour in range(1, 9):
        for key, _, _ in WINDOWS:
            seen, cause = 3600.0 - chance.choice((0, 0, 0, 60, 240)), "covered"
            if key == "w5" and hour in (3, 4):
                seen, cause = chance.uniform(300, 1500), "dark"
            if key == "w6" and hour == 6 and begin.day % 2:
                seen, cause = 0.0, "offline"
            yield {
                "window": key,
                "camera": "cam1",
                "hour": (begin + timedelta(hours=hour)).isoformat(),
                "open_s": 3600,
                "observed_s": round(seen),
                "present_s": round(seen * chance.uniform(0.9, 0.99)),
                "detail": {"open_spans": [[0, 3600]], "unknown_s": {cause: 3600 - round(seen)}},
            }


def _flags(begin: datetime, chance: random.Random, number: int) -> Iterator[dict[str, Any]]:
    weights = (5, 1, 4, 6, 3, 2)
    for index in range(chance.randint(14, 22)):
        behaviour, lasts_s = chance.choice(KINDS)
        key = chance.choices([key for key, _, _ in WINDOWS], weights)[0]
        at = begin + timedelta(hours=1, minutes=chance.uniform(0, 460))
        identity = uuid.UUID(int=(int(at.timestamp() * 1000) << 80) | 0x7 << 76 | 0x2 << 62 | number + index)
        yield event(
            number + index,
            id=str(identity),
            at=at,
            lasts_s=lasts_s * chance.uniform(0.7, 2.5),
            behaviour=behaviour,
            window=key,
        )


def _judge(
    api: Running, person: TestClient, flags: list[dict[str, Any]], chance: random.Random, *, last: bool
) -> None:
    for index, flag in enumerate(flags):
        if last and index % 6 == 0:
            continue
        api.clock.move(seconds=4 + index % 7 * 3)
        verdict = "confirmed" if chance.random() < 0.68 and flag["window"] != "w2" else "dismissed"
        shown = person.get(f"/api/v1/events/{flag['id']}").json()
        answer = person.post(
            f"/api/v1/events/{flag['id']}/decision",
            json={"verdict": verdict, "reason": None, "note": None},
            headers={"If-Match": shown["etag"]},
        )
        assert answer.status_code == 200, answer.text


def main() -> None:
    """Write the day's report of that hall in both languages."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = ApiSettings(
            database_url=f"sqlite:///{folder}/demo.db",
            data_dir=Path(folder),
            worker_key=SecretStr(WORKER_KEY),
            clock=Clock(),
            review=ReviewRules(double_share=0),
        )
        set_password(settings, "supervisor", PASSWORD)
        with running(settings) as api:
            fill(api)
            for kind, day, at in SHOWN:
                api.clock.now = at
                person = api.signed_in()
                for name in (f"{day}.pdf", f"{day}.xlsx", f"{day}/board.pdf"):
                    for language in ("zh", "en"):
                        path = f"/api/v1/reports/{kind}/{name}"
                        answer = person.get(path, params={"language": language})
                        assert answer.status_code == 200, answer.text
                        file = f"{kind}-{language}-{name.replace('/', '-')}"
                        (out / file).write_bytes(answer.content)


if __name__ == "__main__":
    main()
