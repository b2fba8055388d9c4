"""One process per folder: a lock that the system frees when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path
from typing import Self


class FolderInUse(Exception):  # noqa: N818 (a state of the world, not a mistake)
    """Another running process holds the folder."""

    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__(
            f"{folder} is in use by another hallwatch (process {holder}); stop it or use another folder"
        )


class FolderLock:
    """Holds a folder until `release`; children do not inherit it."""

    def __init__(self, folder: Path) -> None:
        """Take the lock. Raises `FolderInUse`, or OSError when the folder cannot be written."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(self._descriptor)
            raise FolderInUse(folder, holder) from None
        try:
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, f"{os.getpid()}\n".encode())
        except OSError:  # a full disk: held any longer, it would lock out our own next try
            self.release()
            raise

    def release(self) -> None:
        """Let the folder go; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
