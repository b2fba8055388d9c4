"""How fast events are taken in, and how fast the queue is shown when it is long; on SQLite.

    python -m benchmarks.ingest [--rows 1000000] [--deliveries 50] [--pages 300] [--data DIR]

Builds the rows by bulk insert, then asks the API itself: deliveries of 200 new events, and pages of 50 with
the filters that the page uses, from the front and from deep inside the list. Prints events a second and the
50th and 99th percentile of a page in milliseconds, by the clock and in CPU time of this process (client
included; the latter does not suffer from what else the machine does). Budgets: 500 events/s, p99 50 ms.
"""

import argparse
import random
import statistics
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import insert, text

from api.accounts import set_password
from api.app import ApiSettings, create_app
from api.database import Database
from api.event_store import count
from api.review_rules import ReviewRules
from api.tables import EventRow
from vision.article27 import ARTICLES

KEY = "benchmark"
PASSWORD = "benchmark-password"
WINDOWS = 100
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
STRIP = [[at_s / 2, 0.75] for at_s in range(60)]
QUEUE = "/api/v1/review/queue"
STATES = ("pending", "confirmed", "dismissed")


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.data) as folder:
        settings = ApiSettings(
            database_url=f"sqlite:///{folder}/hallwatch.sqlite",
            data_dir=Path(folder),
            worker_key=SecretStr(KEY),
            review=ReviewRules(expire_after_days=3650),  # its events are old
        )
        set_password(settings, "supervisor", PASSWORD)
        began = time.perf_counter()
        build(settings, options.rows)
        print(f"built {options.rows:,} rows in {time.perf_counter() - began:.0f} s")
        with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
            print(f"ingest: {ingest_rate(client, options.deliveries):,.0f} events/s")
            for name, times in page_times(client, options.pages).items():
                print(f"{name:<34} {summary([t for t, _ in times])}   CPU {summary([t for _, t in times])}")


def build(settings: ApiSettings, rows: int) -> None:
    """Fill the event table and its counters."""
    database = Database(settings.database_url)
    chance = random.Random(1)
    for start in range(0, rows, 20_000):
        batch = [_row(number, chance) for number in range(start, min(start + 20_000, rows))]
        with database.write() as session:
            session.execute(insert(EventRow), batch)
            count(session, Counter((r["window_id"], r["behaviour"], r["state"]) for r in batch))
    with database.write() as session:
        session.execute(text("ANALYZE"))
    database.close()


def ingest_rate(client: TestClient, deliveries: int) -> float:
    """Events a second over deliveries of 200, each its own commit to the disk."""
    bodies = [{"events": [_event(n * 200 + i) for i in range(200)]} for n in range(deliveries)]
    began = time.perf_counter()
    for body in bodies:
        answer = client.post("/api/v1/ingest/events", json=body, headers={"Authorization": f"Bearer {KEY}"})
        answer.raise_for_status()
    return deliveries * 200 / (time.perf_counter() - began)


def sign_in(client: TestClient) -> None:
    """As the supervisor of a hall of a hundred windows."""
    signed = client.post("/api/v1/session", json={"username": "supervisor", "password": PASSWORD})
    signed.raise_for_status()
    names = [{"id": f"w{n}", "name": f"{n}号窗口", "name_en": f"Window {n}"} for n in range(WINDOWS)]
    hall = {"id": "hall", "name": "大厅", "name_en": "Hall", "time_zone": "Asia/Shanghai", "cameras": []}
    told = client.put(
        "/api/v1/ingest/hall", json=hall | {"windows": names}, headers={"Authorization": f"Bearer {KEY}"}
    )
    told.raise_for_status()


def page_times(client: TestClient, pages: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of each request, clock and CPU, by kind of page."""
    sign_in(client)
    half_a_year_on = (BEGIN + timedelta(days=180)).isoformat()
    kinds: dict[str, dict[str, str]] = {
        "queue, first page": {"path": QUEUE},
        "queue, pages on": {"path": QUEUE, "follow": "yes"},
        "queue, one window": {"path": QUEUE, "window": "w7"},
        "queue, one behaviour": {"path": QUEUE, "behaviour": "smoking"},
        "queue, window and behaviour": {"path": QUEUE, "window": "w7", "behaviour": "smoking"},
        "queue, from half a year on": {"path": QUEUE, "from": half_a_year_on},
        "queue, rare scores": {"path": QUEUE, "score_from": "0.99"},
        "calendar of a month": {"path": "/api/v1/statistics/calendar", "month": "2026-03"},
        "timeline of a day": {"path": "/api/v1/statistics/timeline", "date": "2026-03-03"},
        "first page, pending, oldest first": {"state": "pending", "order": "oldest"},
        "first page, all states": {},
        "pages on, pending": {"state": "pending", "follow": "yes"},
        "pages on, all states": {"follow": "yes"},
        "one window": {"state": "pending", "window": "w7"},
        "one behaviour": {"state": "pending", "behaviour": "smoking"},
        "window, behaviour, half a year ago": {
            "window": "w7",
            "behaviour": "smoking",
            "to": (BEGIN + timedelta(days=180)).isoformat(),
        },
    }
    return {name: list(timed(client, dict(query), pages)) for name, query in kinds.items()}


def timed(client: TestClient, query: dict[str, str], pages: int) -> Iterator[tuple[float, float]]:
    """Milliseconds of each request, clock and CPU; `path` and `follow` (pages on) are not sent."""
    follow, path = query.pop("follow", None), query.pop("path", "/api/v1/events")
    for _ in range(pages):
        began, busy = time.perf_counter(), time.process_time()
        answer = client.get(path, params=query)
        yield (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000
        answer.raise_for_status()
        if follow:
            query["cursor"] = answer.json()["next_cursor"]


def _row(number: int, chance: random.Random) -> dict[str, Any]:
    started = BEGIN + timedelta(seconds=number * 31.5)
    ended = started + timedelta(seconds=30)
    article = chance.choice(ARTICLES)
    return {
        "id": str(uuid.UUID(int=int(started.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62 | number)),
        "revision": 2,
        "behaviour": article.code,
        "variant": None,
        "window_id": f"w{chance.randrange(WINDOWS)}",
        "camera_id": "cam1",
        "started_at": started,
        "flagged_at": started + timedelta(seconds=8),
        "ended_at": ended,
        "known_until": ended,
        "ending": "ceased",
        "peak_score": round(chance.uniform(0.6, 1), 3),
        "measures": {"torso_tilt_deg": 24.5},
        "evidence": STRIP,
        "parent": None,
        "state": chance.choice(STATES),
        "version": 1,
        "received_at": ended,
        "due_at": (started + timedelta(days=2)).replace(hour=16, minute=0, second=0, microsecond=0),
        "severity": article.severity,
    }


def _event(number: int) -> dict[str, Any]:
    row = _row(number, random.Random(number))
    kept = ("revision", "behaviour", "variant", "ending", "peak_score", "measures", "evidence", "parent")
    times = ("started_at", "flagged_at", "ended_at")
    later = timedelta(days=400)
    return (
        {name: row[name] for name in kept}
        | {name: (row[name] + later).isoformat() for name in times}
        | {"window": row["window_id"], "camera": "cam1"}
        | {"id": str(uuid.UUID(int=uuid.UUID(row["id"]).int + (1 << 56)))}
    )


def summary(times: list[float]) -> str:
    """Middle and worst of a hundred."""
    hundredths = statistics.quantiles(times, n=100)
    return f"p50 {hundredths[49]:6.1f} ms  p99 {hundredths[98]:6.1f} ms"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="measure ingest and the review queue on SQLite")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--deliveries", type=int, default=50)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--data", type=Path, default=None, help="folder to work in, on the disk to measure")
    return parser.parse_args()


if __name__ == "__main__":
    main()
