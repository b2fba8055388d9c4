"""Downloading one pinned package file with pip, from whatever index this machine is set up to use.

pip knows the user's mirror, certificates, proxy and credentials; hallwatch names no server of its own.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import PullFailed
from models.registry import Package

GLANCE_S = 0.1
"""How often the growing download is looked at, for the progress bar."""

USE_FOLDER = (
    "on a machine that can, download {file}, bring it here, and run `hallwatch models pull --from FOLDER`"
)

UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Connection (refused|reset|aborted)|ProxyError|SSLError"
    r"|Failed to (establish|resolve)|Name or service not known|Temporary failure in name resolution"
    r"|Network is unreachable|Connection error|timed out",
    re.IGNORECASE,
)

Advance = Callable[[int], None]
"""Told how many bytes of the download are here by now."""


def download(package: Package, folder: Path, advance: Advance, python: str = sys.executable) -> Path:
    """Download the package's file into `folder`, without what it depends on, and without installing it.

    Raises:
        PullFailed: there is no pip, the index cannot be reached or has no such file, or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not _fits(package, folder):
        raise PullFailed(_no_space(package))
    # pip grows the file in a temporary folder of its own; kept inside ours, it goes when ours goes.
    environment = {**os.environ, "TMPDIR": str(folder)}
    command = [python, "-m", "pip", "download", *_options(package), "-d", str(folder), _pinned(package)]
    with _running(command, environment) as pip:
        complaint = _watched(pip, folder, advance)
    if pip.returncode != 0:
        # pip takes a disk that fills up for a connection that breaks off.
        raise PullFailed(_why(complaint, package) if _fits(package, folder) else _no_space(package))
    return folder / package.file


def _pinned(package: Package) -> str:
    return f"{package.distribution}=={package.version}"


def _options(package: Package) -> list[str]:
    return [
        "--no-deps",
        "--only-binary=:all:",
        f"--platform={package.platform}",
        f"--python-version={package.python}",
        "--implementation=cp",
        f"--abi=cp{package.python.replace('.', '')}",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
        "--quiet",
    ]


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A child process that does not outlive this one's interest in it."""
    try:
        child = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
    except OSError as error:
        raise PullFailed(f"Python at {command[0]} cannot be started ({error.strerror}).") from error
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        if child.stderr:
            child.stderr.close()


def _watched(pip: "subprocess.Popen[str]", folder: Path, advance: Advance) -> str:
    """Wait for pip, reporting how far its download has grown; returns what it complained of."""
    while True:
        try:
            return pip.communicate(timeout=GLANCE_S)[1]
        except subprocess.TimeoutExpired:
            advance(_bytes_under(folder))


def _bytes_under(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(parent, name).lstat().st_size
            except OSError:  # pip has just moved or removed it
                continue
    return total


def _why(complaint: str, package: Package) -> str:
    """The sentence for what pip said; its own words may hold an address with a password and are not shown."""
    what, instead = _pinned(package), USE_FOLDER.format(file=package.file)
    if "No module named pip" in complaint:
        return f"This Python has no pip to fetch {what} with: run `python -m ensurepip`, or {instead}."
    if "No space left on device" in complaint:
        return _no_space(package)
    if "incomplete-download" in complaint:
        return f"The download of {what} broke off: run it again, or {instead}."
    if UNREACHABLE.search(complaint):
        return (
            f"No package index can be reached for {what}: check the network or pip's settings, or {instead}."
        )
    if "(from versions: none)" in complaint:
        return (
            f"The package index that pip uses has no {package.distribution}, or does not answer: {instead}."
        )
    if "No matching distribution" in complaint:
        return f"The package index that pip uses has no {what} for {package.platform}: {instead}."
    return f"pip could not download {what}: run `{_by_hand(package)}` to see why, or {instead}."


def _fits(package: Package, folder: Path) -> bool:
    return shutil.disk_usage(folder).free >= package.size


def _no_space(package: Package) -> str:
    megabytes = f"{package.size / 1e6:.0f} MB"
    return f"No space is left for the {megabytes} of {_pinned(package)}: free some and run it again."


def _by_hand(package: Package) -> str:
    return f"python -m pip download --no-deps {_pinned(package)}"
