"""What Prometheus is told of the present: the state of each camera, and the room for clips."""

from fastapi.testclient import TestClient

from tests.api.conftest import MORNING, Running
from tests.api.messages import deliver_hall


def told(worker: TestClient, name: str) -> list[str]:
    """The lines of one number."""
    lines = worker.get("/metrics").text.splitlines()
    return [line for line in lines if line.startswith(name)]


def tell(worker: TestClient, state: str) -> None:
    status = {"state": state, "since": MORNING.isoformat()}
    assert worker.put("/api/v1/ingest/cameras/cam1/status", json=status).status_code == 204


def test_each_camera_is_in_one_state_at_a_time(api: Running, worker: TestClient) -> None:
    deliver_hall(worker)
    for state in ("live", "dark"):
        tell(worker, state)
        mine = [line for line in told(worker, "hallwatch_camera_state") if 'camera="cam1"' in line]
        assert mine == [f'hallwatch_camera_state{{camera="cam1",state="{state}"}} 1.0']
    api.clock.move(minutes=5)
    (line,) = [line for line in told(worker, "hallwatch_camera_state") if 'camera="cam1"' in line]
    assert 'state="not_reporting"' in line


def test_the_room_for_clips_is_told(worker: TestClient) -> None:
    (free,) = told(worker, "hallwatch_disk_free_bytes")
    (total,) = told(worker, "hallwatch_disk_total_bytes")
    assert 0 < float(free.split()[1]) <= float(total.split()[1])
