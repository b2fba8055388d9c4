"""What law and trust ask (P1 to P15): each has a test that bears its number, wherever it belongs."""

import ast
import re
import tomllib
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement

import api.app
from api.tables import Table
from tests.conftest import REPOSITORY

PERSONAL = re.compile(
    r"face|emotion|gender|sex(?!agesimal)|(?<![a-z])age(?![a-z])|identity|biometr|embedding"
)
OF_ACCOUNTS = {"account", "session"}
"""Those who sign in are known by name; nobody else is."""

FACE_LIBRARIES = ("insightface", "deepface", "face-recognition", "facenet", "retina-face", "dlib", "fer")
COPYLEFT = re.compile(r"(?<![a-z])(agpl|gpl)", re.IGNORECASE)


@pytest.mark.parametrize("number", range(1, 16))
def test_each_promise_has_a_test_that_bears_its_number(number: int) -> None:
    found = [
        node.name
        for path in (REPOSITORY / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith(f"test_p{number}_")
    ]
    assert found


def test_p4_no_table_holds_who_somebody_is_or_what_they_are_like() -> None:
    assert api.app.create_app, "its import brings all tables"
    wrong = [
        f"{table.name}.{column.name}"
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if table.name not in OF_ACCOUNTS and PERSONAL.search(column.name.lower())
    ]
    assert wrong == []


def test_p4_no_network_or_library_of_ours_knows_faces() -> None:
    wrong = [name for name in _closure("hallwatch") if name in FACE_LIBRARIES]
    assert wrong == []
    registered = (REPOSITORY / "models" / "registry.toml").read_text(encoding="utf-8").lower()
    # Faces are found to be blurred, never to tell whose they are.
    assert re.findall(r"recogni|embedding|arcface|facenet|emotion|gender|re-?id", registered) == []


def test_what_the_service_needs_is_free_of_copyleft_that_would_bind_it() -> None:
    """LGPL stays a library of its own; GPL and AGPL would not."""
    wrong = {}
    for name in sorted(_closure("hallwatch")):
        told = distribution(name).metadata
        classified = [one for one in told.get_all("Classifier") or [] if one.startswith("License")]
        text = told.get("License-Expression") or " ".join(classified)
        if COPYLEFT.search(text.replace("LGPL", "").replace("Lesser General", "")):
            wrong[name] = text
    assert wrong == {}


def test_every_package_is_pinned() -> None:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not re.fullmatch(r"[A-Za-z0-9._-]+==[^\s;]+", line)] == []
    pinned = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines if line}
    assert _closure("hallwatch") - pinned - {"hallwatch"} == set()
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not any("ultralytics" in one for one in project["dependencies"])


def _closure(name: str) -> set[str]:
    """All packages that this one needs to run, by their normalised names; extras are left out."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if one in found:
            continue
        found.add(one)
        for text in distribution(one).requires or []:
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                waiting.append(needed.name)
    return found
