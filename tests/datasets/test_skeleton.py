"""Limbs reach their targets, and rotations are rotations."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from datasets.skeleton import align, bend, frame, slerp, turn, twist_about, unit

coordinates = st.floats(-1, 1)
vectors = st.tuples(coordinates, coordinates, coordinates).map(np.array)
angles = st.floats(-3.0, 3.0)


@given(vectors, vectors, st.floats(0.2, 0.5), st.floats(0.2, 0.5))
def test_a_limb_ends_at_a_target_within_reach_and_keeps_its_lengths(
    target: np.ndarray, pole: np.ndarray, upper: float, lower: float
) -> None:
    distance = float(np.linalg.norm(target))
    assume(abs(upper - lower) * 1.05 + 0.01 < distance < (upper + lower) * 0.99)
    middle, end = bend(np.zeros(3), target, pole, upper, lower)
    assert end == pytest.approx(target, abs=1e-9)
    assert np.linalg.norm(middle) == pytest.approx(upper, abs=1e-9)
    assert np.linalg.norm(end - middle) == pytest.approx(lower, abs=1e-9)


@given(angles, angles, st.floats(0.1, 0.5), st.floats(0.1, 3.0))
def test_a_limb_bends_towards_its_pole(round_: float, up: float, far: float, apart: float) -> None:
    target = (
        far * turn(np.array([0, 0, 1.0]), round_) @ turn(np.array([0, 1.0, 0]), up) @ np.array([1.0, 0, 0])
    )
    pole = turn(np.cross(target, [0.3, 0.5, 0.7]), apart) @ target
    middle, _ = bend(np.zeros(3), target, pole, 0.3, 0.3)
    aside = middle - unit(target) * float(middle @ unit(target))
    assert float(aside @ pole) > 0


def test_a_target_out_of_reach_is_approached_in_its_direction() -> None:
    _, end = bend(np.zeros(3), np.array([2.0, 0, 0]), np.array([0, 1.0, 0]), 0.3, 0.3)
    assert end == pytest.approx([0.597, 0, 0])


@given(vectors, angles)
def test_the_twist_about_the_axis_of_a_turn_is_its_angle(axis: np.ndarray, angle: float) -> None:
    assume(np.linalg.norm(axis) > 0.1)
    assert twist_about(turn(axis, angle), axis) == pytest.approx(angle, abs=1e-6)


@given(vectors, angles, vectors, angles, st.floats(0, 1))
def test_between_two_rotations_is_a_rotation_that_begins_and_ends_with_them(
    axis: np.ndarray, angle: float, second: np.ndarray, other: float, share: float
) -> None:
    assume(np.linalg.norm(axis) > 0.1)
    assume(np.linalg.norm(second) > 0.1)
    start, end = turn(axis, angle), turn(second, other)
    middle = slerp(start, end, share)
    assert middle @ middle.T == pytest.approx(np.eye(3), abs=1e-6)
    assert slerp(start, end, 0.0) == pytest.approx(start, abs=1e-6)
    assert slerp(start, end, 1.0) == pytest.approx(end, abs=1e-5)


@given(vectors, vectors, vectors, vectors)
def test_aligning_carries_the_first_direction_exactly(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray
) -> None:
    for first, second in ((a, b), (c, d)):
        assume(np.linalg.norm(first) > 0.1)
        assume(np.linalg.norm(np.cross(first, second)) > 0.05)
    rotation = align(a, b, c, d)
    assert rotation @ unit(a) == pytest.approx(unit(c), abs=1e-9)
    assert np.linalg.det(frame(a, b)) == pytest.approx(1.0)
