"""Whatever stands in a site file, it is loaded or refused in words; nothing else ever happens."""

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from hallwatch.site import EXAMPLE, SiteError, load_site
from hallwatch.site_models import Zone

EXAMPLE_TEXT = EXAMPLE.read_text(encoding="utf-8")
SHREDS = st.sampled_from(
    [
        "",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ":",
        "- ",
        "&a ",
        "*a",
        "!!int ",
        "null",
        "nan",
        "-1",
        "1e999",
        "|\n",
        "'",
        '"',
        "\0",
        "\n",
    ]
)
ZONES = TypeAdapter(tuple[Zone, ...])


def refusal(path: Path) -> SiteError | None:
    try:
        load_site(path)
    except SiteError as error:
        return error
    return None


def loaded_or_refused(folder: Path, raw: bytes) -> None:
    path = folder / "site.yaml"
    path.write_bytes(raw)
    if error := refusal(path):
        assert str(error).startswith(f"{path}:")
        # Carriage returns and their Unicode kin end a line too: one a byte at most.
        assert all(1 <= problem.line <= len(raw) + 1 for problem in error.problems)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, len(EXAMPLE_TEXT)), st.integers(0, 40), SHREDS)
def test_an_example_with_a_hole_or_a_shred_in_it(tmp_path: Path, at: int, removed: int, shred: str) -> None:
    text = EXAMPLE_TEXT[:at] + shred + EXAMPLE_TEXT[at + removed :]
    loaded_or_refused(tmp_path, text.encode())


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(tmp_path: Path, raw: bytes) -> None:
    loaded_or_refused(tmp_path, raw)


@given(st.lists(st.floats(0, 6.28), min_size=3, max_size=12, unique_by=lambda angle: round(angle, 1)))
def test_corners_in_order_around_a_middle_are_a_zone(angles: list[float]) -> None:
    ordered = sorted(angles)
    gaps = [b - a for a, b in zip(ordered, [*ordered[1:], ordered[0] + math.tau], strict=True)]
    corners = [(0.5 + 0.4 * math.cos(a), 0.5 + 0.4 * math.sin(a)) for a in ordered]
    if max(gaps) < math.pi:
        assert ZONES.validate_python([corners])


@given(st.floats(0.05, 0.45), st.floats(0.55, 0.95), st.floats(0.05, 0.45), st.floats(0.55, 0.95))
def test_a_bow_tie_is_no_zone(left: float, right: float, top: float, bottom: float) -> None:
    with pytest.raises(ValidationError, match="crosses itself"):
        ZONES.validate_python([[(left, top), (right, bottom), (right, top), (left, bottom)]])
