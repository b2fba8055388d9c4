"""What the API does by itself goes on after an error, and is over before the database is closed."""

import asyncio
import threading
from typing import cast

import pytest
from starlette.concurrency import run_in_threadpool

from api import chores
from api.chores import doing, stopped_within
from api.services import Services

NONE = cast(Services, None)


def test_an_error_costs_one_round(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(chores, "AGAIN_AFTER_S", 0.0)
    rounds: list[int] = []

    async def failing_first(_parts: Services, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            rounds.append(1)
            if len(rounds) == 1:
                raise ConnectionError("the database is away")
            await stopped_within(0.0, stopping)

    async def until_thrice() -> None:
        async with doing([failing_first], NONE), asyncio.timeout(10):
            while len(rounds) < 3:
                await asyncio.sleep(0)

    asyncio.run(until_thrice())
    assert "the database is away" in caplog.text


def test_stopping_waits_for_the_round_under_way() -> None:
    begun, go_on, over = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert go_on.wait(10)
        over.set()

    async def working(_parts: Services, _stopping: asyncio.Event) -> None:
        await run_in_threadpool(work)

    async def stop_while_it_works() -> bool:
        async with doing([working], NONE):
            await run_in_threadpool(begun.wait, 10)
            asyncio.get_running_loop().call_later(0.05, go_on.set)
        return over.is_set()

    assert asyncio.run(stop_while_it_works())
