"""Sums are sums: in whatever order and however often things are told, in any zone, on both databases."""

import os
import random
from collections import deque
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from typer.testing import CliRunner

from api.compliance import settling
from api.compliance.buckets import begins, hour_of, local_day
from api.compliance.checking import differences, from_scratch, stored_figures
from api.compliance.rolling_up import HALL, Key, joined
from api.compliance.settling import rebuild, settle_all
from api.compliance.tables import FigureRow
from api.compliance.window_hour import Figures
from api.database import Database
from hallwatch.figures_commands import app
from tests.api.compliance.random_ledgers import NOW, Told, deliver, in_any_order, random_ledger, tell_hall
from tests.api.conftest import BOTH

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "UTC")
LEDGERS = int(os.environ.get("HALLWATCH_TEST_LEDGERS", "1000"))


def tell(database: Database, messages: Iterable[Told], chance: random.Random, at_once: int) -> None:
    """Each in its turn, so many in a transaction; figures are settled now and then in between."""
    waiting = deque(messages)
    while waiting:
        some = [waiting.popleft() for _ in range(min(at_once, len(waiting)))]
        with database.write() as session:
            waiting += deliver(session, some)
        if chance.random() < 0.5:
            settle_all(database, lambda: NOW)
    settle_all(database, lambda: NOW)


def summed_hours(figures: dict[Key, Figures], zone: ZoneInfo) -> dict[Key, Figures]:
    """The windows' stored hours, put together into all that they are a part of by this test's own words."""
    parts: dict[Key, list[Figures]] = {}
    for (grain, level, bucket, unit), of_hour in figures.items():
        if (grain, level) != ("hour", "window"):
            continue
        day = local_day(hour_of(bucket), zone)
        monday, month = day - timedelta(days=day.weekday()), date(day.year, day.month, 1)
        for above, name in (("day", day), ("week", monday), ("month", month)):
            parts.setdefault((above, "window", name.isoformat(), unit), []).append(of_hour)  # type: ignore[arg-type]
            parts.setdefault((above, "hall", name.isoformat(), HALL), []).append(of_hour)  # type: ignore[arg-type]
        parts.setdefault(("hour", "hall", bucket, HALL), []).append(of_hour)
    return {key: joined(some) for key, some in parts.items()}


@given(seed=st.integers(0, 2**32), zone=st.sampled_from(ZONES), at_once=st.integers(1, 9))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hours_make_days_weeks_and_months_in_whatever_order_they_come(
    tmp_path: Path, seed: int, zone: str, at_once: int
) -> None:
    chance = random.Random(seed)
    ledger = random_ledger(chance, "w1", 1) + random_ledger(chance, "w2", 2)
    found = []
    for _ in range(2):
        path = tmp_path / "ledger.sqlite"
        path.unlink(missing_ok=True)
        database = Database(f"sqlite:///{path}")
        database.migrate()
        with database.write() as session:
            tell_hall(session, zone)
        tell(database, in_any_order(chance, ledger), chance, at_once)
        with database.read() as session:
            found.append(stored_figures(session))
        database.close()
    assert found[0] == found[1], "another order, other figures"
    hours = {key: one for key, one in found[0].items() if key[:2] == ("hour", "window")}
    assert found[0] == hours | summed_hours(found[0], ZoneInfo(zone))


@BOTH
def test_rolled_up_figures_are_those_of_a_computation_from_scratch(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each window of this hall is a random ledger of its own; HALLWATCH_TEST_LEDGERS=10000 takes minutes."""
    monkeypatch.setattr(settling, "AT_ONCE", 50_000)  # larger steps, fewer sums
    number = LEDGERS if database_url.startswith("sqlite") else LEDGERS // 10
    chance = random.Random(number)
    messages = [told for n in range(number) for told in random_ledger(chance, f"w{n}", n)]
    database = Database(database_url)
    with database.write() as session:
        tell_hall(session, "Europe/Berlin")
    tell(database, in_any_order(chance, messages), chance, len(messages) // 8)
    with database.read() as session:
        should, stored = from_scratch(session), stored_figures(session)
        assert should == stored
        assert len({key[3] for key in stored}) > 0.9 * number
        assert list(differences(session)) == []
    assert rebuild(database, lambda: NOW) == 0, "computing everything anew changes nothing"
    database.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a few random ledgers."""
    chance = random.Random(5)
    database = Database(f"sqlite:///{tmp_path / 'hallwatch.db'}")
    database.migrate()
    with database.write() as session:
        tell_hall(session, "Asia/Shanghai")
    messages = [told for n in range(20) for told in random_ledger(chance, f"w{n}", n)]
    tell(database, messages, chance, 10)
    database.close()
    return tmp_path


def test_a_figure_that_was_changed_by_hand_is_found_and_computed_anew(data: Path) -> None:
    def command(name: str) -> tuple[int, str]:
        answer = CliRunner().invoke(app, [name, "--data", str(data)])
        return answer.exit_code, answer.output

    assert command("verify")[0] == 0
    database = Database(f"sqlite:///{data / 'hallwatch.db'}")
    with database.write() as session:
        row = session.scalars(select(FigureRow).where(FigureRow.grain == "month")).first()
        assert row is not None
        row.observed_ms += 1
        name = row.bucket
    database.close()
    code, said = command("verify")
    assert (code, name in said, "1 differ" in said) == (1, True, True)
    assert "1 rows changed" in command("rebuild")[1]
    assert command("verify")[0] == 0


def test_moving_a_hall_to_another_time_zone_cuts_its_days_anew(data: Path) -> None:
    database = Database(f"sqlite:///{data / 'hallwatch.db'}")
    with database.write() as session:
        tell_hall(session, "America/St_Johns")
    settle_all(database, lambda: NOW)
    with database.read() as session:
        figures = stored_figures(session)
        assert list(differences(session)) == []
    database.close()
    zone = ZoneInfo("America/St_Johns")
    days = {key[2] for key in figures if key[0] == "day"}
    hours = (hour_of(key[2]) for key in figures if key[0] == "hour")
    assert days == {begins(local_day(hour, zone), "day").isoformat() for hour in hours}
