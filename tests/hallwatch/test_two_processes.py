"""The demo hall over two processes: killing one costs its own cameras seconds, and the others nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from api.accounts import set_password
from hallwatch.api_process import api_settings
from hallwatch.settings import environment_of, read_settings
from models.storage import Store
from tests.conftest import need
from tests.hallwatch.test_killed import PASSWORD, becomes_true
from tests.hallwatch.test_up import children, free_port


def test_a_killed_worker_costs_its_cameras_seconds_and_the_others_nothing(tmp_path: Path) -> None:
    need((Store.default().folder / "pose_landmark_full.tflite").is_file(), "the networks (make networks)")
    settings = read_settings(data_dir=tmp_path / "data", port=free_port())
    set_password(api_settings(settings), "supervisor", PASSWORD)
    surroundings = environment_of(settings) | {"HALLWATCH_PROCESSES": "2"}
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "hallwatch", "up"], env=surroundings, stdout=output, stderr=output
        )
    base = f"{settings.address}/api/v1"

    def cameras(client: httpx.Client) -> list[dict[str, Any]]:
        try:
            return list(client.get(f"{base}/cameras").json())
        except (httpx.HTTPError, ValueError):
            return []

    try:
        with httpx.Client(trust_env=False, timeout=10) as client:

            def signed_in() -> bool:
                body = {"username": "supervisor", "password": PASSWORD}
                try:
                    return client.post(f"{base}/session", json=body).is_success
                except httpx.HTTPError:
                    return False

            def all_live() -> bool:
                found = cameras(client)
                return len(found) == 7 and all(camera["state"] == "live" for camera in found)

            assert becomes_true(signed_in)
            assert becomes_true(all_live), cameras(client)
            workers = children(process.pid, "work")
            assert len(workers) == 2
            os.kill(workers[0], signal.SIGKILL)
            killed_at = max(camera["heard_at"] for camera in cameras(client))
            assert becomes_true(lambda: len(children(process.pid, "work")) == 2)
            assert workers[1] in children(process.pid, "work"), "the other process goes on"
            assert becomes_true(lambda: all(camera["heard_at"] > killed_at for camera in cameras(client)))
            assert becomes_true(all_live), cameras(client)
    finally:
        process.terminate()
        assert process.wait(30) == 0
