"""How fast the dashboard's figures are read: 100 windows, a year, a million events; SQLite and PostgreSQL.

    python -m benchmarks.figures [--rows 1000000] [--reads 300] [--data DIR] [--database URL]

Builds events and the ledger of every opening hour by bulk insert, rolls them up by the program's own means,
then asks the API itself. Prints the 50th and 99th percentile of each call in milliseconds, by the clock and
in CPU time of this process (client included, PostgreSQL's own not). Budget: p99 100 ms. `--database` names a
PostgreSQL server; the tables are made in a schema of their own there, which is dropped at the end.
"""

import argparse
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import create_engine, insert, literal, make_url, select, text

from api.accounts import set_password
from api.app import ApiSettings, create_app
from api.compliance.tables import LedgerRow, StaleRow
from api.database import Database
from api.review_rules import ReviewRules
from api.tables import DecisionRow, EventRow
from benchmarks.ingest import BEGIN, KEY, PASSWORD, WINDOWS, build, sign_in, summary, timed
from vision.article27 import ARTICLES

OPENS, HOURS = 1, 8
"""UTC hours of a working day in Shanghai."""

END = BEGIN + timedelta(days=365)
NOW = END - timedelta(days=1, hours=18)
TABLE, BEHAVIOURS = "/api/v1/figures/table", "/api/v1/figures/behaviours"
REVIEWING, WORST = "/api/v1/figures/reviewing", "/api/v1/figures/worst-hours"
CALLS: dict[str, dict[str, str]] = {
    "today by hour and window": {"path": TABLE, "from": "2026-12-30", "to": "2026-12-30"},
    "the same, with last week": {"path": TABLE, "from": "2026-12-30", "to": "2026-12-30", "compare": "true"},
    "the hall's hours of a month": {"path": TABLE, "level": "hall", "from": "2026-12-01", "to": "2026-12-30"},
    "the hall's days of a year": {
        "path": TABLE,
        "level": "hall",
        "grain": "day",
        "from": "2026-01-01",
        "to": "2026-12-30",
    },
    "windows by month, a year": {"path": TABLE, "grain": "month", "from": "2026-01-01", "to": "2026-12-30"},
    "windows by week, a quarter": {"path": TABLE, "grain": "week", "from": "2026-10-01", "to": "2026-12-30"},
    "one window's days of a year": {
        "path": TABLE,
        "unit": "w7",
        "grain": "day",
        "from": "2026-01-01",
        "to": "2026-12-30",
    },
    "behaviours of the hall, 30 days": {
        "path": BEHAVIOURS,
        "level": "hall",
        "grain": "day",
        "from": "2026-12-01",
        "to": "2026-12-30",
    },
    "worst hours, 31 days": {"path": WORST, "from": "2026-11-30", "to": "2026-12-30"},
    "how reviewing goes, a day": {"path": REVIEWING, "from": "2026-12-30", "to": "2026-12-30"},
    "how reviewing goes, 31 days": {"path": REVIEWING, "from": "2026-11-30", "to": "2026-12-30"},
    "behaviours of the windows, a month": {
        "path": BEHAVIOURS,
        "grain": "month",
        "from": "2026-12-01",
        "to": "2026-12-30",
    },
}


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.data) as folder, _database(options, folder) as url:
        settings = ApiSettings(
            database_url=url,
            data_dir=Path(folder),
            worker_key=SecretStr(KEY),
            clock=lambda: NOW,
            review=ReviewRules(expire_after_days=3650),  # its events are old
        )
        set_password(settings, "supervisor", PASSWORD)
        began = time.perf_counter()
        build(settings, options.rows)
        decide(settings)
        hours = build_ledger(settings)
        print(f"built {options.rows:,} events and {hours:,} hours in {time.perf_counter() - began:.0f} s")
        with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
            sign_in(client)
            began = time.perf_counter()
            roll_up(settings)
            print(f"rolled up in {time.perf_counter() - began:.0f} s")
            for name, query in CALLS.items():
                times = list(timed(client, dict(query), options.reads))
                print(f"{name:<36} {summary([t for t, _ in times])}   CPU {summary([t for _, t in times])}")


def decide(settings: ApiSettings) -> None:
    """The decision of every judged event, at once for each."""
    database = Database(settings.database_url)
    judged = select(EventRow.id, EventRow.state, literal("supervisor"), EventRow.received_at)
    columns = ["event_id", "verdict", "decided_by", "decided_at"]
    with database.write() as session:
        wanted = judged.where(EventRow.state.in_(("confirmed", "dismissed")))
        session.execute(insert(DecisionRow).from_select(columns, wanted))
    database.close()


def build_ledger(settings: ApiSettings) -> int:
    """Every window's opening hours of the year; how many."""
    chance = random.Random(2)
    database = Database(settings.database_url)
    number = 0
    for day in range((END - BEGIN).days):
        rows = list(_hours_of(BEGIN + timedelta(days=day), chance))
        with database.write() as session:
            session.execute(insert(LedgerRow), rows)
        number += len(rows)
    with database.write() as session:
        session.execute(text("ANALYZE"))
    database.close()
    return number


def roll_up(settings: ApiSettings) -> None:
    """Wait until the running API has computed all figures, as it does since the hall was told just now."""
    database = Database(settings.database_url)
    while True:
        with database.read() as session:
            if session.scalar(select(StaleRow.id).limit(1)) is None:
                break
        time.sleep(1)
    with database.write() as session:
        session.execute(text("ANALYZE"))
    database.close()


def _hours_of(day: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    for hour in range(OPENS, OPENS + HOURS):
        for window in range(WINDOWS):
            observed_s = chance.choice((3600.0, 3600.0, 3540.0, 1500.0))
            away_s = round(chance.uniform(0, 300), 3)
            yield {
                "hour": day + timedelta(hours=hour),
                "window_id": f"w{window}",
                "camera_id": "cam1",
                "open_s": 3600.0,
                "observed_s": observed_s,
                "present_s": observed_s - away_s,
                "detail": {
                    "open_spans": [[0, 3600]],
                    "away_spans": [[60, 60 + away_s]],
                    "unknown_s": {"offline": 3600 - observed_s} if observed_s < 3600 else {},
                    "assessable_s": {article.code: observed_s for article in ARTICLES[:8]},
                    "queue": None,
                },
            }


@contextmanager
def _database(options: argparse.Namespace, folder: str) -> Iterator[str]:
    if not options.database:
        yield f"sqlite:///{folder}/hallwatch.sqlite"
        return
    schema = f"benchmark_{uuid.uuid4().hex}"
    engine = create_engine(options.database)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(options.database).update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="measure the dashboard's figures")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--reads", type=int, default=300)
    parser.add_argument("--data", type=Path, default=None, help="folder to work in, on the disk to measure")
    parser.add_argument("--database", help="a PostgreSQL server, as in postgresql+psycopg://user@host/name")
    return parser.parse_args()


if __name__ == "__main__":
    main()
