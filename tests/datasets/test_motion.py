"""Movements begin and end at rest, and feet that stand do not slide."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.motion import Placement, Sway, Walk, heading_to, minimum_jerk


@given(st.floats(0, 1), st.floats(0, 1))
def test_minimum_jerk_never_goes_back(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert 0 <= minimum_jerk(low) <= minimum_jerk(high) <= 1


def test_minimum_jerk_rests_at_both_ends_and_is_half_way_at_half_time() -> None:
    step = 1e-4
    assert minimum_jerk(0) == 0
    assert minimum_jerk(1) == 1
    assert minimum_jerk(0.5) == pytest.approx(0.5)
    for end in (0.0, 1.0):
        speed = (minimum_jerk(end + step) - minimum_jerk(end - step)) / (2 * step)
        assert speed == pytest.approx(0, abs=1e-5)
    peak = (minimum_jerk(0.5 + step) - minimum_jerk(0.5 - step)) / (2 * step)
    assert peak == pytest.approx(1.875, abs=1e-3)


@given(st.floats(-5, 5))
def test_minimum_jerk_holds_still_outside_of_its_time(share: float) -> None:
    assert 0 <= minimum_jerk(share) <= 1


WALK = Walk(((0.0, 4.5), (0.2, 2.0), (0.1, 0.4)), 1.0, np.pi, np.pi)


def test_a_walk_begins_and_ends_where_it_should() -> None:
    start, end = WALK.placement(0.0), WALK.placement(1.0 + WALK.duration_s + 5)
    assert (start.x, start.y) == pytest.approx((0.0, 4.5))
    assert (end.x, end.y) == pytest.approx((0.1, 0.4), abs=1e-6)
    assert np.cos(end.heading) == pytest.approx(-1)


@given(st.floats(0, 6))
def test_a_walker_never_goes_faster_than_told(at_s: float) -> None:
    step = WALK.gone_m(at_s + 0.01) - WALK.gone_m(at_s)
    assert -1e-9 <= step <= WALK.speed * 0.01 + 1e-9


def test_one_foot_stands_still_whenever_the_other_swings(library: object) -> None:
    from datasets.figures import Library, build
    from datasets.stations import Station
    from datasets.wardrobe import choose

    assert isinstance(library, Library)
    station = Station(build(library, choose(3, "public")), 0.75, 0.4, 0.46)
    slides = []
    for at_s in np.arange(1.0, 1.0 + WALK.duration_s, 0.05):
        now, later = (_feet(station, float(t)) for t in (at_s, at_s + 0.01))
        slides.append(float(np.linalg.norm(later - now, axis=1).min()))
    # Feet are a hand's breadth beside the line that is walked, so a turn moves them a little.
    assert max(slides) < 0.002


def _feet(station: object, at_s: float) -> np.ndarray:
    goals = WALK.goals(station, at_s)  # type: ignore[arg-type]
    return WALK.placement(at_s).to_world(np.array(goals.feet))


def test_a_placement_keeps_left_left_and_up_up() -> None:
    place = Placement(1.0, 2.0, heading_to(1.0, 0.0))
    ahead, left, up = place.to_world(np.array([[0, 0, 1.0], [1.0, 0, 0], [0, 1.0, 0]]))
    assert ahead == pytest.approx([2.0, 2.0, 0.0])
    assert left == pytest.approx([1.0, 3.0, 0.0])
    assert up == pytest.approx([1.0, 2.0, 1.0])


def test_sway_is_small_and_the_same_for_the_same_seed() -> None:
    values = np.array([Sway(4).at(t) for t in np.arange(0, 60, 0.1)])
    assert np.abs(values).max() < 2.1
    assert Sway(4).at(3.3) == pytest.approx(Sway(4).at(3.3))
    assert not np.allclose(Sway(4).at(3.3), Sway(5).at(3.3))
