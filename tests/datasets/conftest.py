"""What the tests of rendered scenes share: the figures, and whether this machine can draw."""

from pathlib import Path

import pytest

from datasets.figures import FiguresMissingError, Library, find_figures
from datasets.render import NoRendererError, _context
from tests.conftest import need


@pytest.fixture(scope="session")
def figures(shared: Path) -> Path:
    """The folder of MakeHuman's figures."""
    try:
        return find_figures(shared / "figures")
    except FiguresMissingError:
        need(False, "MakeHuman's figures")
        raise


@pytest.fixture(scope="session")
def library(figures: Path) -> Library:
    """The same, opened."""
    return Library(figures)


@pytest.fixture(scope="session")
def drawing() -> None:
    """Skips where nothing can be drawn."""
    try:
        _context().release()
    except NoRendererError as missing:
        need(False, f"a software renderer ({missing})")
