"""Work that the API does by itself now and then, beside answering.

A database or disk that is away costs rounds; the chore goes on once it is back. Stopping waits for the round
under way, so that no thread still holds a connection when the database is closed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from api.services import Services

AGAIN_AFTER_S = 10.0

log = logging.getLogger(__name__)

Chore = Callable[[Services, asyncio.Event], Awaitable[None]]
"""Works until the event says stop; between rounds it waits with `stopped_within`."""


async def stopped_within(seconds: float, stopping: asyncio.Event) -> bool:
    """Wait that long, or shorter where it is time to stop; whether it is."""
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return False
    return True


@asynccontextmanager
async def doing(chores: Sequence[Chore], parts: Services) -> AsyncIterator[None]:
    """Do the chores while the block lasts."""
    stopping = asyncio.Event()
    tasks = [asyncio.create_task(_kept_up(chore, parts, stopping)) for chore in chores]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.gather(*tasks)


async def _kept_up(chore: Chore, parts: Services, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            await chore(parts, stopping)
            break
        except (SQLAlchemyError, OSError):
            name = getattr(chore, "__name__", "a chore")
            log.exception("%s failed; it goes on in %g s", name, AGAIN_AFTER_S)
            await stopped_within(AGAIN_AFTER_S, stopping)
