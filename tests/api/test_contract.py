"""The contract: docs/openapi.json is what the API does, and nothing that others rely on leaves it unseen."""

import json
from typing import Any

from api.app import description
from tests.conftest import REPOSITORY

KEPT = REPOSITORY / "docs" / "openapi.json"
HOW = "`.venv/bin/hallwatch openapi > docs/openapi.json`, and tell of it in CHANGELOG.md"


def flat(value: Any, place: str = "") -> dict[str, Any]:
    """Every leaf by its place, so that a difference is a line."""
    if isinstance(value, dict) and value:
        return {k: v for name, one in value.items() for k, v in flat(one, f"{place}/{name}").items()}
    if isinstance(value, list) and value:
        return {k: v for at, one in enumerate(value) for k, v in flat(one, f"{place}/{at}").items()}
    return {place: value}


def test_the_kept_description_is_the_one_of_this_version() -> None:
    kept, now = flat(json.loads(KEPT.read_text(encoding="utf-8"))), flat(description())
    gone = sorted(set(kept) - set(now))
    added = sorted(set(now) - set(kept))
    changed = sorted(place for place in set(kept) & set(now) if kept[place] != now[place])
    assert (gone[:20], added[:20], changed[:20]) == ([], [], []), HOW


def test_it_names_what_receivers_of_webhooks_get() -> None:
    told = description()
    assert told["openapi"].startswith("3.1")
    assert "hallwatch.event.confirmed" in told["webhooks"]
    sent = told["webhooks"]["hallwatch.event.retracted"]["post"]["requestBody"]["content"]
    assert "application/cloudevents+json" in sent


def test_each_operation_has_a_name_of_its_own_and_says_what_it_does() -> None:
    operations = [one for methods in description()["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names)) > 100
    assert [one["operationId"] for one in operations if not one.get("description")] == []
