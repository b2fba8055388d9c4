"""Fresh ids for events: the one place that asks the machine for randomness."""

import secrets
from datetime import datetime

from vision.event_ids import uuid7


def new_id(at: datetime) -> str:
    """An id for an event born at that time."""
    return uuid7(at, secrets.token_bytes(10))
