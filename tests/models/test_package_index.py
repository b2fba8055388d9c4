"""Downloading goes through the user's own pip, and every way it fails has a sentence of its own."""

import zipfile
from pathlib import Path

import pytest

from models.errors import PullFailed
from models.package_index import download
from models.registry import Package

CANARY = "canary-password"
UNREACHABLE_INDEX = f"http://user:{CANARY}@127.0.0.1:1/simple"

PACKAGE = Package(
    distribution="tinynets",
    version="1.0",
    licence="Apache-2.0",
    file="tinynets-1.0-py3-none-any.whl",
    sha256="0" * 64,
    size=1000,
    platform="manylinux_2_28_x86_64",
    python="3.11",
)


def nothing(here_bytes: int) -> None:
    """Progress that nobody watches."""


def python_that(folder: Path, script: str) -> str:
    """A stand-in for the Python that would run pip."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def index_of_folder(folder: Path, version: str = "1.0") -> Path:
    """A folder that pip can take the package from, as from an index."""
    folder.mkdir()
    information = f"tinynets-{version}.dist-info"
    with zipfile.ZipFile(folder / f"tinynets-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tinynets/net.tflite", b"network")
        wheel.writestr(
            f"{information}/METADATA",
            f"Metadata-Version: 2.1\nName: tinynets\nVersion: {version}\nRequires-Dist: jax\n",
        )
        wheel.writestr(
            f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{information}/RECORD", "")
    return folder


@pytest.fixture
def only_this_index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """pip without the machine's settings."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    for setting in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(setting, raising=False)
    return monkeypatch


def test_the_file_comes_without_what_it_depends_on(
    only_this_index: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    only_this_index.setenv("PIP_NO_INDEX", "1")
    only_this_index.setenv("PIP_FIND_LINKS", str(index_of_folder(tmp_path / "index")))
    path = download(PACKAGE, tmp_path / "here", nothing)
    assert path.is_file()
    assert list((tmp_path / "here").iterdir()) == [path]


def test_an_index_with_another_version_only_is_told(
    only_this_index: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    only_this_index.setenv("PIP_NO_INDEX", "1")
    only_this_index.setenv("PIP_FIND_LINKS", str(index_of_folder(tmp_path / "index", "2.0")))
    with pytest.raises(PullFailed, match=r"has no tinynets==1\.0 for manylinux_2_28_x86_64: .*--from FOLDER"):
        download(PACKAGE, tmp_path / "here", nothing)


def test_an_index_without_the_package_is_told(only_this_index: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only_this_index.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(PullFailed, match="has no tinynets, or does not answer"):
        download(PACKAGE, tmp_path / "here", nothing)


def test_an_index_that_cannot_be_reached_is_told_without_its_password(
    only_this_index: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    only_this_index.setenv("PIP_INDEX_URL", UNREACHABLE_INDEX)
    only_this_index.setenv("PIP_RETRIES", "1")
    with pytest.raises(PullFailed, match="No package index can be reached") as refused:
        download(PACKAGE, tmp_path / "here", nothing)
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        ("/usr/bin/python: No module named pip", "has no pip .*python -m ensurepip"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "No space is left"),
        ("error: incomplete-download", "broke off: run it again"),
        ("WARNING: Retrying after ReadTimeout", "No package index can be reached"),
        (f"something new at {UNREACHABLE_INDEX}", "could not download tinynets==1.0: run `python -m pip"),
    ],
)
def test_what_pip_complains_of_becomes_a_sentence(tmp_path: Path, complaint: str, sentence: str) -> None:
    python = python_that(tmp_path, f"echo '{complaint}' >&2; exit 1")
    with pytest.raises(PullFailed, match=sentence) as refused:
        download(PACKAGE, tmp_path / "here", nothing, python)
    assert CANARY not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_disk_without_room_for_it_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    python = python_that(tmp_path, f"touch {tmp_path}/started")
    huge = PACKAGE.model_copy(update={"size": 10**18})
    with pytest.raises(PullFailed, match=r"No space is left for the 1000000000000 MB of tinynets==1\.0"):
        download(huge, tmp_path / "here", nothing, python)
    assert not (tmp_path / "started").exists()


def test_a_python_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match="cannot be started"):
        download(PACKAGE, tmp_path / "here", nothing, str(tmp_path / "none"))


def test_progress_is_told_while_the_download_grows(tmp_path: Path) -> None:
    """pip's temporary folder is inside ours: the stand-in writes there and waits until it was looked at."""
    seen = tmp_path / "seen"
    python = python_that(
        tmp_path, f'printf 12345 > "$TMPDIR/growing"; while [ ! -e {seen} ]; do sleep 0.02; done'
    )
    told: list[int] = []

    def advance(here_bytes: int) -> None:
        told.append(here_bytes)
        if here_bytes == 5:
            seen.touch()

    download(PACKAGE, tmp_path / "here", advance, python)
    assert told[-1] == 5


def test_an_interrupted_download_takes_pip_down_with_it(tmp_path: Path) -> None:
    python = python_that(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60")

    def interrupted(here_bytes: int) -> None:
        if (tmp_path / "pid").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(PACKAGE, tmp_path / "here", interrupted, python)
    pid = (tmp_path / "pid").read_text(encoding="utf-8").strip()
    assert not Path("/proc", pid).exists()
