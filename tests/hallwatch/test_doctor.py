"""The doctor: one thing is broken at a time, and that one is found with what to do."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest

from hallwatch.doctor import Finding, Patient, examine, time_zones
from hallwatch.settings import read_settings
from models.registry import Network, registry
from models.storage import Store
from vision.schedule import Calendar


@pytest.fixture
def healthy(tmp_path: Path) -> Patient:
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").touch()
    (tmp_path / "store").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Patient(
        settings=read_settings(data_dir=tmp_path / "data", host="127.0.0.1", port=port),
        today=date(2026, 3, 2),
        calendar=Calendar(frozenset({2026})),
        registry=registry().model_copy(update={"networks": {}, "bundles": {}}),
        store=Store(tmp_path / "store"),
        page=tmp_path / "page",
        distributions={"cv2": ["opencv-contrib-python"], "datasets": ["hallwatch"], "vision": ["hallwatch"]},
    )


def bad(patient: Patient) -> list[Finding]:
    return [finding for finding in examine(patient) if not finding.ok]


def test_a_healthy_machine_has_nothing_to_do(healthy: Patient) -> None:
    assert bad(healthy) == []


def foreign_datasets(patient: Patient) -> Patient:
    return replace(patient, distributions={**patient.distributions, "datasets": ["datasets", "hallwatch"]})


def second_opencv(patient: Patient) -> Patient:
    return replace(
        patient, distributions={**patient.distributions, "cv2": ["opencv-contrib-python", "opencv-python"]}
    )


def no_opencv(patient: Patient) -> Patient:
    return replace(patient, distributions={"vision": ["hallwatch"]})


def known_network() -> tuple[str, Network]:
    return next(iter(registry().networks.items()))


def missing_network(patient: Patient) -> Patient:
    return replace(
        patient, registry=patient.registry.model_copy(update={"networks": dict([known_network()])})
    )


def wrong_network(patient: Patient) -> Patient:
    (patient.store.folder / known_network()[1].file).write_bytes(b"not it")
    return missing_network(patient)


def unknown_year(patient: Patient) -> Patient:
    return replace(patient, today=date(2027, 1, 1))


def unbuilt_page(patient: Patient) -> Patient:
    (patient.page / "index.html").unlink()
    return patient


def file_for_a_folder(patient: Patient) -> Patient:
    patient.settings.data_dir.touch()
    return patient


@pytest.mark.parametrize(
    ("broken", "name", "advice"),
    [
        (foreign_datasets, "packages", "pip uninstall datasets"),
        (second_opencv, "OpenCV", "pip uninstall"),
        (no_opencv, "OpenCV", "make install"),
        (missing_network, "networks", "hallwatch models pull"),
        (wrong_network, "networks", "hallwatch models pull"),
        (unknown_year, "calendar", "chinesecalendar"),
        (unbuilt_page, "page", "make page"),
        (file_for_a_folder, "data folder", "HALLWATCH_DATA_DIR"),
    ],
)
def test_one_broken_thing_is_found(
    healthy: Patient, broken: Callable[[Patient], Patient], name: str, advice: str
) -> None:
    findings = bad(broken(healthy))
    assert [finding.name for finding in findings] == [name]
    assert advice in (findings[0].advice or "")


def test_a_port_in_use_is_found(healthy: Patient) -> None:
    with socket.create_server((healthy.settings.host, healthy.settings.port)):
        assert [finding.name for finding in bad(healthy)] == [f"port {healthy.settings.port}"]


def test_a_missing_time_zone_table_is_found() -> None:
    def lookup(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    assert "tzdata" in (time_zones(lookup).advice or "")


def test_the_command_prints_json_and_its_exit_code_tells(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hallwatch", "doctor", "--json", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    rows = json.loads(done.stdout)
    assert {"OpenCV", "networks", "disk", "page"} <= {row["name"] for row in rows}
    assert done.returncode == (0 if all(row["ok"] for row in rows) else 1)
