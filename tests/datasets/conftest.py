"""What the tests of rendered scenes share: the figures, and whether this machine can draw."""

from pathlib import Path

import pytest
from hypothesis import settings

from datasets.figures import FiguresMissingError, Library, find_figures, open_library
from datasets.render import NoRendererError, _context
from tests.conftest import need

# A busy machine is no failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


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
    return open_library(figures)


@pytest.fixture(scope="session")
def drawing() -> None:
    """Skips where nothing can be drawn."""
    try:
        _context().release()
    except NoRendererError as missing:
        need(False, f"a software renderer ({missing})")
