"""Figures are whole: weights add up, garments fit, hands go where they are told."""

from pathlib import Path

import numpy as np
import pytest

from datasets.figures import KEPT, FiguresMissingError, Library, build, find_figures
from datasets.poses import HANDS, hand, solve
from datasets.repertoire import ACTIVITIES
from datasets.skeleton import Posture
from datasets.stances import seated
from datasets.stations import Station, on_desk, phone_at_ear, phone_before
from datasets.wardrobe import choose


def test_absent_figures_are_a_sentence_that_says_where_they_come_from(tmp_path: Path) -> None:
    with pytest.raises(FiguresMissingError, match=r"makehumancommunity/makehuman.*MANIFEST\.csv.*--figures"):
        find_figures(tmp_path)


@pytest.fixture(scope="module")
def station(library: Library) -> Station:
    return Station(build(library, choose(7, "clerk", "male")), 0.76, 0.27, 0.46)


def test_skin_weights_sum_to_one(station: Station) -> None:
    weights = station.figure.weights
    assert weights.shape == (len(station.figure.vertices), len(KEPT))
    assert weights.min() >= 0
    assert weights.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_a_figure_is_as_tall_as_its_looks_say_and_stands_on_the_floor(station: Station) -> None:
    figure = station.figure
    crown = figure.landmarks["crown"][1][1]
    assert crown == pytest.approx(figure.looks.stature_m + 0.012, abs=0.03)
    assert -0.02 < figure.vertices[:, 1].min() < 0.03


def test_at_rest_skinning_changes_nothing(station: Station) -> None:
    figure = station.figure
    points, _ = figure.skin(Posture.at_rest(figure.skeleton).matrices())
    assert points == pytest.approx(figure.vertices, abs=1e-5)


def test_the_same_seed_makes_the_same_figure(library: Library, station: Station) -> None:
    again = build(library, choose(7, "clerk", "male"))
    assert np.array_equal(again.vertices, station.figure.vertices)


def test_hands_reach_what_is_within_reach(station: Station) -> None:
    for goal in (on_desk(station, -0.12, 0.1), phone_at_ear(station), phone_before(station)):
        goals = seated(station, hand("L", goal), hand("R", goal))
        solved = solve(station.figure, goals, goals, 1.0)
        for side in HANDS:
            wanted = hand(side, goal)
            wrist, axes = solved.hands[side]
            grip = wrist + axes @ np.array(wanted.grip)
            at = np.array(wanted.at)
            if wanted.bone is not None:
                at = solved.posture.carry(wanted.bone, at)
            assert np.linalg.norm(grip - at) < 0.01


@pytest.mark.parametrize("name", sorted(ACTIVITIES))
def test_every_activity_bends_bodies_without_tearing_them(station: Station, name: str) -> None:
    beats = ACTIVITIES[name].plan(station, np.random.default_rng(2), "R")
    first, second = next(beats), next(beats)
    for share in (0.0, 0.5, 1.0):
        posture = solve(station.figure, first.goals, second.goals, share).posture
        assert np.isfinite(posture.places).all()
        turns = posture.turns
        assert turns @ turns.transpose(0, 2, 1) == pytest.approx(
            np.repeat(np.eye(3)[None], len(turns), 0), abs=1e-6
        )
        points, _ = station.figure.skin(posture.matrices())
        assert np.linalg.norm(points - posture.places[0], axis=1).max() < 1.6
