"""Dropping a file into a folder that others watch: it is there whole or not at all."""

import os
from pathlib import Path


def drop(folder: Path, name: str, body: bytes) -> Path:
    """Put the file there, in place of one of the same name. Raises OSError where that cannot be done."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    part = folder / f".{name}.{os.getpid()}.part"
    try:
        with part.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
