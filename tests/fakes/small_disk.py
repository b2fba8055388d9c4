"""A disk of a few megabytes that a test fills, makes read-only, and mends again: a mounted tmpfs."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import need

BALLAST = "ballast"


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


class SmallDisk:
    """A mounted folder; everything outside it is left alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Leave no byte free."""
        with (self.folder / BALLAST).open("ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while file.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def clear(self) -> None:
        """Take away what `fill` laid there."""
        (self.folder / BALLAST).unlink(missing_ok=True)

    def make_read_only(self) -> None:
        """As a kernel does with a disk that fails, for whoever has files open for writing too."""
        self._remount("ro")

    def make_writable(self) -> None:
        """Undo `make_read_only`."""
        self._remount("rw")

    def _remount(self, how: str) -> None:
        # With files open for writing a plain remount is refused; a read-only bind mount over it is not.
        if how == "ro":
            assert _mount("--bind", str(self.folder), str(self.folder))
            assert _mount("-o", "remount,ro,bind", str(self.folder))
        else:
            subprocess.run(["umount", str(self.folder)], check=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount one at `folder`, which is made; it needs the rights of root."""
    folder.mkdir()
    able = os.geteuid() == 0 and shutil.which("mount") is not None
    need(
        able and _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)),
        "the right to mount a small disk (root)",
    )
    try:
        yield SmallDisk(folder)
    finally:
        while subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False).returncode == 0:
            pass
