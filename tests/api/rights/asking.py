"""Those who ask in the tests of rights."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from tests.api.conftest import Running


@dataclass(frozen=True)
class Asker:
    """A browser in which somebody signed in, and what they find."""

    client: TestClient

    def events(self) -> list[str]:
        """Ids of the events listed, which their numbers must match."""
        found = self.client.get("/api/v1/events").json()
        assert found["counts"]["pending"] == len(found["items"])
        return [one["id"] for one in found["items"]]

    def queue(self) -> int:
        """How many wait."""
        return len(self.client.get("/api/v1/review/queue").json()["items"])

    def whole_hall(self) -> bool:
        """Whether figures of the hall are shown."""
        return self.client.get("/api/v1/figures/table", params={"level": "hall"}).status_code == 200


def key_client(api: Running, key: str) -> TestClient:
    """Another program, with its key."""
    client = api.client()
    client.headers["Authorization"] = f"Bearer {key}"
    return client


def routes_of(app: Any) -> Iterator[APIRoute]:
    """Every route of the API, those without description too; not the page."""
    for route in app.routes:
        if isinstance(route, APIRoute):
            if route.operation_id:
                yield route
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router)
