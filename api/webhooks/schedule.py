"""When a message is tried again: the schedule that the Standard Webhooks specification recommends.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (Retry schedule)
"""

import hashlib
from datetime import timedelta

AFTER = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long to wait before the first attempt, the second, …"""

JITTER = 0.1
LONGEST_WAIT = timedelta(hours=24)
"""A receiver that asks for more patience than this is not asked for its own."""


def wait_before(attempt: int, message: str, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait before that attempt (1 is the second); None when there is none any more.

    Up to a tenth is added so that a receiver that comes back is not called by all at once: how much is drawn
    from the message's id, and so is the same whoever computes it. `asked` is what the receiver asked for.
    """
    if attempt >= len(AFTER):
        return None
    drawn = int.from_bytes(hashlib.sha256(f"{message} {attempt}".encode()).digest()[:4]) / 2**32
    own = AFTER[attempt] * (1 + JITTER * drawn)
    return max(own, min(asked, LONGEST_WAIT)) if asked is not None else own
