"""The API on a disk that is full or read-only: it says so, keeps what it had, and goes on by itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.app import ApiSettings
from tests.api.conftest import Running, running
from tests.api.messages import deliver, deliver_clip, event, event_id, shown
from tests.fakes.small_disk import SmallDisk, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=4) as found:
        yield found


@pytest.fixture
def api(settings: ApiSettings, disk: SmallDisk) -> Iterator[Running]:
    """An API that keeps clips on the small disk, and its database elsewhere."""
    with running(replace(settings, data_dir=disk.folder)) as found:
        yield found


@pytest.mark.parametrize(("trouble", "code"), [("full", "disk_full"), ("read-only", "disk_read_only")])
def test_events_go_on_and_the_clip_follows_once_it_can(
    api: Running, disk: SmallDisk, trouble: str, code: str
) -> None:
    deliver(api.worker, event(1))
    assert deliver_clip(api.worker, 1) == 204
    disk.fill() if trouble == "full" else disk.make_read_only()
    deliver(api.worker, event(2))
    assert deliver_clip(api.worker, 2) == 507
    person = api.signed_in()
    assert shown(person, 2)["clip"] is None or shown(person, 2)["clip"]["state"] == "pending"
    film = api.worker.get(f"/api/v1/ingest/events/{event_id(1)}/clip")
    assert film.status_code == 200, "what was kept can still be seen"
    path = f"/api/v1/ingest/events/{event_id(2)}/skeleton"
    answer = api.worker.put(path, json={"format": 1, "size": [1, 1], "frames": []})
    assert (answer.status_code, answer.json()["code"]) == (507, code)
    disk.clear() if trouble == "full" else disk.make_writable()
    assert deliver_clip(api.worker, 2) == 204
    assert shown(person, 2)["clip"]["state"] == "ready"
    assert not list(disk.folder.rglob("*.part"))


def test_a_database_on_a_full_disk_refuses_whole_and_takes_it_later(
    settings: ApiSettings, disk: SmallDisk
) -> None:
    database = disk.folder / "hallwatch.sqlite"
    database.write_bytes(Path(settings.database_url.removeprefix("sqlite:///")).read_bytes())
    with running(replace(settings, database_url=f"sqlite:///{database}", data_dir=disk.folder)) as api:
        deliver(api.worker, event(1))
        disk.fill()
        many = [event(number, measures={f"m{n}": 0.5 for n in range(30)}) for number in range(2, 150)]
        answer = api.worker.post("/api/v1/ingest/events", json={"events": many})
        assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
        assert api.anybody.get("/livez").status_code == 200
        disk.clear()
        assert len(deliver(api.worker, *many)) == len(many)
        assert len(deliver(api.worker, event(1))) == 1
