"""Clerks stay clerks and customers customers, however they reach and bend; the public is never judged."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.builders import (
    ARMS,
    HAND_AT,
    SIZE,
    CountedIds,
    body,
    observation,
    person,
    pose,
    thing_at_hand,
    with_pose,
)
from vision.behaviours.catalogue import BEHAVIOURS, POSTURES
from vision.judge import Judge, WindowRules, default_limits
from vision.sides import BY_TRUNK_S, INHERITED_S, PUBLIC_TO_STAFF_S, Sides
from vision.values import Person, Point, Side, ThingKind
from vision.zones import Polygon, WindowZones

STAFF: Polygon = ((0.3, 0.05), (0.7, 0.05), (0.7, 0.5), (0.3, 0.5))
PUBLIC: Polygon = ((0.1, 0.5), (0.9, 0.5), (0.9, 1.0), (0.1, 1.0))
ZONES = [
    WindowZones("1", STAFF, PUBLIC),
    WindowZones("2", ((0.75, 0.05), (0.95, 0.05), (0.95, 0.5), (0.75, 0.5))),
]
LEGS = ("left_ankle", "right_ankle", "left_knee", "right_knee")
TRUNK_ONLY = (*LEGS, "left_hip", "right_hip")
STEP_S = 0.2
AT_DESK: Point = (320.0, 80.0)
AT_COUNTER: Point = (320.0, 240.0)


def somebody(at: Point = AT_DESK, unseen: Sequence[str] = TRUNK_ONLY, track: int = 1) -> Person:
    return person(track, at=at, unit_px=30, unseen=unseen, zone=None)


class Scene:
    """One person after the other, a picture each step."""

    def __init__(self) -> None:
        self.sides = Sides(ZONES)
        self.now_s = 0.0

    def shows(self, who: Person, seconds: float, stand: Point | None = None) -> list[Side | None]:
        told = []
        for _ in range(round(seconds / STEP_S)):
            window, side = self.sides.take(who, SIZE, self.now_s, stand)
            assert (window is None) == (side is None)
            self.sides.keep({who.track}, self.now_s)
            self.now_s += STEP_S
            told.append(side)
        return told

    def nobody(self, seconds: float) -> None:
        self.now_s += seconds
        self.sides.keep(set(), self.now_s)


def test_whoever_is_first_seen_has_their_side_at_once() -> None:
    assert Scene().shows(somebody(), STEP_S) == [Side.STAFF]
    assert Scene().shows(somebody(AT_COUNTER), STEP_S) == [Side.PUBLIC]


def test_a_clerk_who_reaches_over_the_counter_for_a_moment_stays_a_clerk() -> None:
    scene = Scene()
    scene.shows(somebody(), 3)
    assert set(scene.shows(somebody(AT_COUNTER), BY_TRUNK_S - STEP_S)) == {Side.STAFF}
    assert set(scene.shows(somebody(), 3)) == {Side.STAFF}


def test_a_clerk_who_walks_away_is_gone_soon() -> None:
    scene = Scene()
    scene.shows(somebody(), 3)
    told = scene.shows(somebody((30.0, 80.0)), 4)
    assert told[0] is Side.STAFF
    assert told[round(BY_TRUNK_S / STEP_S) :] == [None] * (20 - round(BY_TRUNK_S / STEP_S))


def test_a_customer_who_bends_over_the_counter_stays_a_customer() -> None:
    scene = Scene()
    scene.shows(somebody(AT_COUNTER), 3)
    assert set(scene.shows(somebody(AT_DESK), PUBLIC_TO_STAFF_S - STEP_S)) == {Side.PUBLIC}
    assert set(scene.shows(somebody(AT_COUNTER), 3)) == {Side.PUBLIC}


def test_a_customer_whose_hips_stay_behind_may_bend_over_for_as_long_as_they_like() -> None:
    bent = body()
    for name in ("left_hip", "right_hip"):
        bent[name] = (bent[name][0], bent[name][1] + 3.5)
    leaning = with_pose(pose(bent, AT_DESK, 30, LEGS), zone=None)
    scene = Scene()
    assert set(scene.shows(somebody(AT_COUNTER), 3)) == {Side.PUBLIC}
    assert set(scene.shows(leaning, 60)) == {Side.PUBLIC}


def test_feet_that_were_seen_among_the_public_are_remembered_when_the_counter_hides_them() -> None:
    scene = Scene()
    assert set(scene.shows(somebody(), 3, stand=(320.0, 300.0))) == {Side.PUBLIC}
    assert set(scene.shows(somebody(), 12)) == {Side.PUBLIC}


def test_who_truly_changes_sides_is_believed_in_the_end() -> None:
    scene = Scene()
    scene.shows(somebody(AT_COUNTER), 3)
    assert scene.shows(somebody(AT_DESK), PUBLIC_TO_STAFF_S + 1)[-1] is Side.STAFF
    assert scene.shows(somebody(AT_COUNTER), BY_TRUNK_S + 1)[-1] is Side.PUBLIC


def test_votes_to_and_fro_change_nothing() -> None:
    scene = Scene()
    scene.shows(somebody(), 3)
    for _ in range(30):
        assert set(scene.shows(somebody(AT_COUNTER), 0.6) + scene.shows(somebody(), 0.6)) == {Side.STAFF}


def test_who_is_lost_and_found_in_the_same_place_keeps_their_side() -> None:
    scene = Scene()
    scene.shows(somebody(AT_COUNTER), 3)
    scene.shows(somebody((320.0, 150.0)), 1)
    scene.nobody(INHERITED_S - 1)
    again = somebody((320.0, 140.0), track=2)
    assert set(scene.shows(again, 2)) == {Side.PUBLIC}


def test_after_longer_somebody_else_may_have_come() -> None:
    scene = Scene()
    scene.shows(somebody((320.0, 150.0)), 1, stand=(320.0, 300.0))
    scene.nobody(INHERITED_S + 1)
    assert scene.shows(somebody(track=2), STEP_S) == [Side.STAFF]


def test_two_who_overlap_are_not_each_others_heirs() -> None:
    sides = Sides(ZONES)
    for step in range(20):
        at_s = step * STEP_S
        assert sides.take(somebody(AT_COUNTER, track=1), SIZE, at_s)[1] is Side.PUBLIC
        if step > 5:
            other = somebody((320.0, 130.0), track=2)
            assert sides.take(other, SIZE, at_s)[1] is Side.STAFF


@pytest.mark.parametrize("fps", [2.0, 5.0, 12.5])
def test_how_often_it_is_looked_changes_the_time_by_one_look_at_most(fps: float) -> None:
    sides = Sides(ZONES)
    sides.take(somebody(), SIZE, 0.0)
    at_s, step = 0.0, 1 / fps
    while sides.take(somebody((30.0, 80.0)), SIZE, at_s := at_s + step)[1] is Side.STAFF:
        assert at_s < 10
    assert at_s == pytest.approx(BY_TRUNK_S, abs=1.01 * step)


spots = st.tuples(st.floats(0, 640), st.floats(0, 170))
on_the_publics_floor = st.tuples(st.floats(70, 570), st.floats(185, 355))


@given(st.lists(st.tuples(spots, on_the_publics_floor), min_size=1, max_size=60))
@settings(max_examples=80, deadline=None)
def test_whose_feet_are_always_among_the_public_is_never_staff(moments: list[tuple[Point, Point]]) -> None:
    sides = Sides(ZONES)
    for index, (trunk, feet) in enumerate(moments):
        assert sides.take(somebody(trunk), SIZE, index * STEP_S, feet) == ("1", Side.PUBLIC)


arms = st.sampled_from(sorted(ARMS))
hands = st.none() | st.sampled_from(sorted(HAND_AT))
kinds = st.none() | st.sampled_from(list(ThingKind))


@st.composite
def customers(draw: st.DrawFn) -> Person:
    return person(
        draw(st.integers(1, 3)),
        draw(arms),
        draw(hands),
        draw(st.sampled_from(["left", "right"])),
        draw(st.floats(-40, 40)),
        draw(st.floats(0, 0.8)),
        unit_px=draw(st.floats(10, 80)),
        pitch_deg=draw(st.none() | st.floats(-40, 40)),
        zone=Side.PUBLIC,
        floor=draw(st.none() | st.tuples(st.floats(-3, 3), st.floats(0, 4))),
    )


CONDUCT = frozenset(POSTURES) & frozenset(BEHAVIOURS)


@given(st.lists(st.tuples(customers(), kinds), min_size=1, max_size=3), st.integers(30, 90))
@settings(max_examples=40, deadline=None)
def test_nobody_on_the_public_side_ever_yields_conduct(
    scene: list[tuple[Person, ThingKind | None]], seconds: int
) -> None:
    assert {"arms_crossed", "phone_use", "smoking", "leaning"} <= CONDUCT
    limits = {code: found for code, found in default_limits().items() if code in CONDUCT}
    judge = Judge("c1", [WindowRules("1", limits)], CountedIds())
    people = [replace(who, track=index) for index, (who, _) in enumerate(scene)]
    things = [thing_at_hand(who, kind) for who, (_, kind) in zip(people, scene, strict=True) if kind]
    for second in range(seconds):
        told = judge.observe(observation(*people, at_s=float(second), things=things))
        assert all(not one.score for one in told.evidence), told.evidence
        assert told.events == ()
