"""Truth makes a site file that the service takes, whatever lies outside the picture."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.site_from_truth import clipped, site_from_truth
from datasets.truth import Truth, TruthError, find_truths, load_truth
from hallwatch.site import load_site
from hallwatch.site_models import Site
from tests.datasets.measured import STARTS_AT, truth

POINTS = [
    {"px": [100, 300], "m": [0, 0]},
    {"px": [500, 300], "m": [2, 0]},
    {"px": [400, 200], "m": [2, 2]},
    {"px": [200, 200], "m": [0, 2]},
]


def loaded(there: Truth, folder: Path) -> Site:
    path = folder / "clip.site.yaml"
    path.write_text(site_from_truth(there), encoding="utf-8")
    return load_site(path)


def test_zones_floor_and_line_arrive_as_they_were(tmp_path: Path) -> None:
    floor = {"points": POINTS, "counter_edge_m": [[0, 0], [2, 0]], "line_m": [[0, 1], [2, 1]]}
    windows = {
        "1": {"staff_zone": [[0.1, 0.2], [0.5, 0.2], [0.5, 0.9]]},
        "02": {"staff_zone": [[0, 0], [1, 0], [1, 1]]},
    }
    camera = loaded(truth(windows=windows, floor=floor), tmp_path).cameras[0]
    assert camera.zones["1"].staff == ((0.1, 0.2), (0.5, 0.2), (0.5, 0.9))
    assert set(camera.zones) == {"1", "02"}
    assert camera.starts_at == STARTS_AT
    assert camera.source == str(tmp_path / "clip.mp4")
    assert camera.floor is not None
    assert camera.floor.points[0].at == pytest.approx((100 / 640, 300 / 360), abs=1e-4)
    assert camera.floor.line_m == ((0, 1), (2, 1))


def test_a_zone_beyond_the_picture_is_cut_at_its_edge(tmp_path: Path) -> None:
    beyond = [[-0.5, 0.5], [0.5, 0.5], [0.5, 1.5], [-0.5, 1.5]]
    camera = loaded(truth(windows={"1": {"staff_zone": beyond}}), tmp_path).cameras[0]
    assert set(camera.zones["1"].staff) == {(0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (0.0, 1.0)}


def test_a_window_out_of_the_picture_is_left_out(tmp_path: Path) -> None:
    windows = {
        "1": {"staff_zone": [[0, 0], [1, 0], [1, 1]]},
        "2": {"staff_zone": [[2, 2], [3, 2], [3, 3]]},
        "3": {"public_zone": [[0, 0], [1, 0], [1, 1]]},
    }
    assert [window.id for window in loaded(truth(windows=windows), tmp_path).windows] == ["1"]


def test_without_any_staff_zone_there_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(TruthError, match="no window has a staff zone"):
        site_from_truth(truth(windows={"1": {}}))


@pytest.mark.parametrize(
    "points",
    [
        POINTS[:3],
        [{"px": [px, 100], "m": [px, 0]} for px in (10, 20, 30, 40)],
        [{**point, "px": [-5, 300]} for point in POINTS],
    ],
)
def test_a_floor_that_tells_no_plane_is_left_out(tmp_path: Path, points: list[dict[str, Any]]) -> None:
    assert loaded(truth(floor={"points": points}), tmp_path).cameras[0].floor is None


def test_every_clip_of_the_test_material_has_a_site(shared: Path, tmp_path: Path) -> None:
    for path in find_truths(shared / "clips"):
        assert loaded(load_truth(path), tmp_path).cameras[0].analysis_fps == 5


shares = st.floats(-2, 3)


@given(st.tuples(shares, shares), st.floats(0.01, 2), st.floats(0.01, 2))
def test_a_cut_rectangle_is_what_it_shares_with_the_picture(
    corner: tuple[float, float], width: float, height: float
) -> None:
    (x1, y1), (x2, y2) = corner, (corner[0] + width, corner[1] + height)
    found = clipped([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])
    left, top, right, bottom = (min(max(value, 0.0), 1.0) for value in (x1, y1, x2, y2))
    if (right - left) * (bottom - top) < 2e-4:
        return
    assert min(x for x, _ in found) == pytest.approx(left, abs=1e-4)
    assert max(x for x, _ in found) == pytest.approx(right, abs=1e-4)
    assert min(y for _, y in found) == pytest.approx(top, abs=1e-4)
    assert max(y for _, y in found) == pytest.approx(bottom, abs=1e-4)


@given(st.lists(st.tuples(shares, shares), min_size=3, max_size=8))
def test_what_is_left_of_any_polygon_lies_in_the_picture(corners: list[tuple[float, float]]) -> None:
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in clipped(corners))
