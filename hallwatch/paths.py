"""Paths as people write them, in options and environment variables."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


AbsolutePath = Annotated[Path, AfterValidator(_absolute)]
"""`~` is the home folder, and what is relative belongs to where the program was started."""
