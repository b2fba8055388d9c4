"""A change as a CloudEvent (1.0, JSON): what every webhook and every topic carries."""

import json
from datetime import datetime
from typing import Any

from api.changes.tables import ChangeRow

MEDIA_TYPE = "application/cloudevents+json"
TYPE_PREFIX = "hallwatch."
PING = "ping"


def envelope(hall: str, change: ChangeRow) -> dict[str, Any]:
    """The change in its envelope; `id` is the same however often it is sent."""
    return {
        "specversion": "1.0",
        "id": f"{hall}.{change.number}",
        "source": source_of(hall),
        "type": TYPE_PREFIX + change.type,
        "subject": change.subject,
        "time": _written(change.at),
        "datacontenttype": "application/json",
        "data": {**change.data, "unreviewed": change.unreviewed, "change": change.number},
    }


def ping(hall: str, id_: str, at: datetime) -> dict[str, Any]:
    """A test that says nothing of anybody."""
    return {
        "specversion": "1.0",
        "id": f"{hall}.{PING}.{id_}",
        "source": source_of(hall),
        "type": TYPE_PREFIX + PING,
        "subject": hall,
        "time": _written(at),
        "datacontenttype": "application/json",
        "data": {"hall": hall},
    }


def source_of(hall: str) -> str:
    """Who says it."""
    return f"urn:hallwatch:hall:{hall}"


def written(message: dict[str, Any]) -> str:
    """The JSON that is sent, byte for byte the same each time."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
