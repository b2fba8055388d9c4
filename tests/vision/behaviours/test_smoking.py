"""Smoking: a cigarette seen, or puffs; not drinking, not a propped chin, not one touch of the nose."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from tests.vision.builders import history_of, person, thing_at_hand, view
from vision.article27 import CATALOGUE
from vision.behaviours.smoking import score, visits_to_mouth
from vision.values import Person, Thing, ThingKind
from vision.window_view import WindowView

LIMIT = CATALOGUE["smoking"].limits.score
Holding = Callable[[Person], Sequence[Thing]]


def nothing(_: Person) -> Sequence[Thing]:
    return ()


def cup(who: Person) -> Sequence[Thing]:
    return [thing_at_hand(who, ThingKind.CUP)]


def hand_to(
    place: str,
    visits: Sequence[tuple[float, float]],
    until_s: float,
    fps: float = 5.0,
    holding: Holding = nothing,
) -> list[WindowView]:
    """A hand that goes to a place within the visits (begin, end) and rests on the desk between them."""
    views = []
    for index in range(int(until_s * fps)):
        at_s = index / fps
        there = any(begin <= at_s < end for begin, end in visits)
        who = person(hand_at=place if there else None)
        views.append(view(who, at_s=at_s, things=holding(who) if there else ()))
    return views


def flagged(views: Sequence[WindowView]) -> bool:
    found = score(views[-1], history_of(*views)).score
    assert found is not None
    return found >= LIMIT


TWO = [(2.0, 4.0), (10.0, 12.0)]
THREE = [*TWO, (17.0, 19.0)]


def cigarette(who: Person) -> Sequence[Thing]:
    return [thing_at_hand(who, ThingKind.CIGARETTE, score=0.4)]


@pytest.mark.parametrize("fps", [3.0, 5.0, 10.0, 25.0])
def test_three_puffs_are_smoking_at_any_frame_rate(fps: float) -> None:
    views = hand_to("mouth", THREE, 21, fps)
    assert flagged(views)
    assert score(views[-1], history_of(*views)).measures["puffs"] == 3


def test_two_puffs_with_a_cigarette_seen_in_between_are_smoking() -> None:
    assert flagged(hand_to("mouth", TWO, 14, holding=cigarette))


def test_two_visits_to_the_mouth_without_a_cigarette_may_be_sips() -> None:
    assert not flagged(hand_to("mouth", TWO, 14))


def test_one_puff_is_not_enough() -> None:
    assert not flagged(hand_to("mouth", [(10, 12)], 14))


def test_puffs_long_ago_are_over() -> None:
    assert not flagged(hand_to("mouth", THREE, 45))


def test_drinking_from_a_cup_that_is_seen_is_not_smoking() -> None:
    assert not flagged(hand_to("mouth", THREE, 21, holding=cup))


def test_one_glimpse_of_the_cup_makes_the_whole_visit_a_sip() -> None:
    views = hand_to("mouth", THREE, 21)
    glimpsed = [begin + 1 for begin, _ in THREE]
    seen = [
        replace(one, things=tuple(cup(one.staff[0]))) if index / 5 in glimpsed else one
        for index, one in enumerate(views)
    ]
    assert not flagged(seen)


def test_a_bottle_that_stands_beside_the_resting_hand_hides_no_puffs() -> None:
    bottle = thing_at_hand(person(), ThingKind.BOTTLE)
    views = hand_to("mouth", THREE, 21)
    assert flagged([replace(one, things=(bottle,)) for one in views])


def test_a_propped_cheek_that_slides_about_makes_no_puffs() -> None:
    moments = hand_to("mouth", [], 20)
    slides = [0.23, 0.44, 0.66, 0.94, 0.97, 0.83, 0.31, 0.35, 0.84, 0.92, 0.57, 0.21]
    reach = [(one.captured_at, slides[index % len(slides)]) for index, one in enumerate(moments)]
    assert visits_to_mouth(reach) == []


def test_a_hand_that_stays_at_the_mouth_is_not_smoking() -> None:
    views = hand_to("mouth", [(1, 9), (11, 19), (21, 29)], 31)
    assert not any(flagged(views[:count]) for count in range(1, len(views), 5))


def test_one_touch_of_the_nose_is_not_smoking() -> None:
    views = hand_to("nose", [(5, 6)], 20)
    assert not any(flagged(views[:count]) for count in range(1, len(views), 5))


@pytest.mark.parametrize(
    "place",
    ["chest", "ear"],
)
def test_a_hand_that_goes_elsewhere_again_and_again_is_not_smoking(place: str) -> None:
    assert not flagged(hand_to(place, THREE, 21))


def test_a_cigarette_seen_in_the_hand_is_enough() -> None:
    smoker = person()
    only = view(smoker, things=[thing_at_hand(smoker, ThingKind.CIGARETTE)])
    assert flagged([only])


def test_a_cigarette_in_somebody_elses_hand_is_not_mine() -> None:
    other = person(track=2, at=(560.0, 150.0))
    assert not flagged([view(person(), things=[thing_at_hand(other, ThingKind.CIGARETTE)])])


def test_moments_without_a_hand_seen_split_no_visit() -> None:
    views = hand_to("mouth", TWO, 14)
    hidden = [
        view(person(hand_at="mouth", unseen=["left_wrist"]), at_s=index / 5) if index in (12, 13) else one
        for index, one in enumerate(views)
    ]
    assert score(hidden[-1], history_of(*hidden)).measures["puffs"] == 2


def test_a_visit_that_is_not_over_does_not_count_yet() -> None:
    at_mouth = hand_to("mouth", [(1, 3)], 3)
    reach = [(one.captured_at, 0.1 if index >= 5 else 1.2) for index, one in enumerate(at_mouth)]
    assert visits_to_mouth(reach) == []
    assert visits_to_mouth([]) == []
