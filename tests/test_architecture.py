"""The lines of the house: who may import whom, where the world is touched, how long a thing may be."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

ROOMS = ("hallwatch", "api", "vision", "models", "calibration", "cameras", "datasets")
MAY_IMPORT = {
    "cameras": (),
    "calibration": (),
    "models": (),
    "vision": ("cameras", "calibration", "models"),
    "datasets": ("vision", "cameras", "calibration", "models"),
    "api": ("vision.article27", "calibration"),
    "hallwatch": ROOMS,
}
ONLY_IN = {
    "av": "cameras",
    "onnxruntime": "models",
    "ai_edge_litert": "models",
    "mediapipe": "models",
    "openvino": "models",
    "fastapi": "api",
    "starlette": "api",
    "sqlalchemy": "api",
    "alembic": "api",
    "moderngl": "datasets",
    "torch": "datasets",
    "ultralytics": "datasets",
}
COMMAND_LINES = ("hallwatch", "models", "datasets")
LONGEST_FUNCTION = 50
LONGEST_FILE = 500
FORBIDDEN_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"})
CLOCKS = frozenset({"now", "utcnow", "today", "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter"})


def sources(room: str) -> list[Path]:
    found = (REPOSITORY / room).rglob("*.py")
    return sorted(path for path in found if "node_modules" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a file imports; `from a import b` gives `a.b`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(path, node.lineno)}: a relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(REPOSITORY)}:{line}"


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    allowed = (room, *MAY_IMPORT[room])
    wrong = [
        f"{place(path, line)} imports {name}"
        for path in sources(room)
        for line, name in imports(path)
        if name.split(".")[0] in (*ROOMS, "tests") and not any(inside(name, package) for package in allowed)
    ]
    assert wrong == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_in_its_room(library: str) -> None:
    wrong = [
        f"{place(path, line)} imports {name}"
        for room in ROOMS
        if room != ONLY_IN[library]
        for path in sources(room)
        for line, name in imports(path)
        if inside(name, library)
    ]
    assert wrong == []


def test_only_rooms_with_commands_know_the_command_line() -> None:
    wrong = [
        place(path, line)
        for room in ROOMS
        if room not in COMMAND_LINES
        for path in sources(room)
        for line, name in imports(path)
        if inside(name, "typer") or inside(name, "rich")
    ]
    assert wrong == []


def test_judgement_reads_no_clock() -> None:
    wrong = []
    for path in sources("vision"):
        wrong += [place(path, line) for line, name in imports(path) if inside(name, "time")]
        wrong += [
            place(path, node.lineno)
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Attribute)
            and node.attr in CLOCKS
            and isinstance(node.value, ast.Name | ast.Attribute)
            and ast.unparse(node.value).split(".")[-1] in ("datetime", "date", "time")
        ]
    assert wrong == []


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (
        node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return whole
    docstring = function.body[0]
    return whole - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def program() -> list[Path]:
    """All files but migrations, which list tables and are never changed again."""
    return [path for room in ROOMS for path in sources(room) if "versions" not in path.parts]


def test_functions_are_short() -> None:
    lengths = {f"{place(p, f.lineno)} {f.name}": length(f) for p in program() for f in functions(p)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
    assert sorted(lengths.values())[len(lengths) // 2] <= 8


def test_files_are_short() -> None:
    lines = {
        str(p.relative_to(REPOSITORY)): len(p.read_text(encoding="utf-8").splitlines()) for p in program()
    }
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


def swallows_everything(handler: ast.ExceptHandler) -> bool:
    """`except Exception` and its like; those that end by raising do not count."""
    named = handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException")
    return named and not isinstance(handler.body[-1], ast.Raise)


def test_at_most_one_place_catches_everything() -> None:
    broad = [
        place(path, node.lineno)
        for path in program()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler) and swallows_everything(node)
    ]
    assert len(broad) <= 1, broad


def test_files_are_named_for_what_they_do() -> None:
    everything = [*program(), *sources("tests")]
    assert [str(path) for path in everything if path.stem in FORBIDDEN_NAMES] == []


def test_no_script_hides_a_standard_module() -> None:
    scripts = [*REPOSITORY.glob("*.py"), *(REPOSITORY / "benchmarks").glob("*.py")]
    assert [path.name for path in scripts if path.stem in sys.stdlib_module_names] == []
    assert set(ROOMS) & sys.stdlib_module_names == set()


def test_the_distribution_holds_exactly_the_packages_there_are() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(project["tool"]["setuptools"]["packages"])
    there = {
        ".".join(path.parent.relative_to(REPOSITORY).parts)
        for room in ROOMS
        for path in sources(room)
        if path.name == "__init__.py"
    }
    assert listed == there


@pytest.mark.parametrize("name", ROOMS)
def test_our_names_belong_to_us_alone(name: str) -> None:
    assert set(packages_distributions().get(name, ())) == {"hallwatch"}


def test_the_api_process_loads_no_network_and_no_video_library() -> None:
    script = "import hallwatch.cli, api.app, sys; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    heavy = {
        "av",
        "cv2",
        "onnxruntime",
        "ai_edge_litert.interpreter",
        "mediapipe",
        "torch",
        "moderngl",
        "scipy",
    }
    assert heavy & set(done.stdout.split()) == set()


def test_a_worker_process_loads_no_database() -> None:
    script = "import hallwatch.cli, hallwatch.work_plan, hallwatch.http_sink, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert {"sqlalchemy", "alembic", "fastapi", "uvicorn"} & set(done.stdout.split()) == set()


def readme_commands() -> list[str]:
    """Lines of the README's code blocks."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    return [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]


def test_the_readmes_commands_exist() -> None:
    made = set(
        re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    asked = {match[1] for line in readme_commands() if (match := re.match(r"make ([a-z-]+)", line))}
    assert asked - made == set()
    ours = [
        match[1]
        for line in readme_commands()
        if (match := re.match(r"(?:\.venv/bin/)?hallwatch ([a-z]+)", line))
    ]
    for command in sorted(set(ours)):
        done = subprocess.run(
            [sys.executable, "-m", "hallwatch", command, "--help"],
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"the README's `hallwatch {command}` is no command"
