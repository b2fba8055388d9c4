"""What a test may ask of the machine it runs on: named skips by default, failures where CI insists."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("HALLWATCH_SHARED", REPOSITORY.parent / "shared"))


def need(present: object, what: str) -> None:
    """Skip the test, naming what is missing; fail instead where HALLWATCH_REQUIRE_SERVICES=1."""
    if present:
        return
    if os.environ.get("HALLWATCH_REQUIRE_SERVICES") == "1":
        pytest.fail(f"required here and missing: {what}", pytrace=False)
    pytest.skip(f"missing: {what}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of clips, pictures and networks that are not part of the project."""
    need(SHARED.is_dir(), f"the folder of test material ({SHARED.name})")
    return SHARED
