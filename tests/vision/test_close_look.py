"""Hands and mouths are looked at closely, twice a second, and only what several looks agree on is a thing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from models.held_things import CLASSES
from tests.vision.builders import person
from tests.vision.stage import PICTURES
from vision.body import Body
from vision.close_look import SMALLEST_SHOULDERS_PX, CloseLook, places_of
from vision.values import Image, ThingKind

Square = tuple[float, float, float]


def surely(name: str, share: float = 0.95) -> dict[str, float]:
    rest = (1 - share) / (len(CLASSES) - 1)
    return {one: share if one == name else rest for one in CLASSES}


@dataclass
class Scripted:
    """Answers each look by its number; keeps what it was asked."""

    answer: Callable[[int], dict[str, float] | None]
    asked: list[Sequence[Square]] = field(default_factory=list)

    def tell(self, image: Image, squares: Sequence[Square]) -> list[dict[str, float] | None]:
        self.asked.append(squares)
        return [self.answer(len(self.asked)) for _ in squares]


CALLER = person(hand_at="ear")


def kinds(look: CloseLook, seconds: Sequence[float]) -> list[set[ThingKind]]:
    return [{thing.kind for thing in look.take(PICTURES[0], [CALLER], at)} for at in seconds]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("phone", ThingKind.PHONE),
        ("cigarette", ThingKind.CIGARETTE),
        ("cigarette_at_mouth", ThingKind.CIGARETTE),
        ("reading", ThingKind.BOOK),
        ("other", ThingKind.OTHER),
    ],
)
def test_what_is_told_again_and_again_is_held(told: str, kind: ThingKind) -> None:
    look = CloseLook(Scripted(lambda _: surely(told)))
    assert kinds(look, [0.0, 0.5, 1.0])[-1] == {kind}


def test_empty_hands_hold_nothing() -> None:
    assert kinds(CloseLook(Scripted(lambda _: surely("empty"))), [0.0, 0.5]) == [set(), set()]


def test_one_look_that_errs_is_outvoted() -> None:
    look = CloseLook(Scripted(lambda number: surely("phone" if number == 3 else "empty")))
    assert kinds(look, [0.0, 0.5, 1.0, 1.5]) == [set()] * 4


def test_a_thing_that_is_gone_is_gone_within_a_second_and_a_half() -> None:
    look = CloseLook(Scripted(lambda number: surely("phone" if number <= 3 else "empty")))
    assert kinds(look, [0.0, 0.5, 1.0, 1.5, 2.0, 2.5])[-1] == set()


def test_between_looks_the_last_answer_stands_and_nothing_is_computed() -> None:
    teller = Scripted(lambda _: surely("phone"))
    seen = kinds(CloseLook(teller), [0.0, 0.1, 0.2, 0.3, 0.4])
    assert seen == [{ThingKind.PHONE}] * 5
    assert len(teller.asked) == 1


def test_an_answer_that_is_no_number_is_as_if_nobody_had_looked() -> None:
    assert kinds(CloseLook(Scripted(lambda _: None)), [0.0, 0.5]) == [set(), set()]


def test_things_belong_to_the_hand_they_were_seen_at_or_the_mouth() -> None:
    look = CloseLook(Scripted(lambda _: surely("phone")))
    assert {(thing.track, thing.hand) for thing in look.take(PICTURES[0], [CALLER], 0.0)} >= {(1, "left")}
    smoke = CloseLook(Scripted(lambda _: surely("cigarette_at_mouth")))
    assert {thing.hand for thing in smoke.take(PICTURES[0], [CALLER], 0.0)} == {"mouth"}


def test_the_mouth_is_looked_at_only_where_a_hand_is_near() -> None:
    assert CALLER.pose is not None
    assert "mouth" in places_of(Body(CALLER.pose))
    resting = person()
    assert resting.pose is not None
    assert set(places_of(Body(resting.pose))) == {"left", "right"}


def test_of_somebody_far_away_nothing_is_asked() -> None:
    assert CALLER.pose is not None
    small = CALLER.pose.keypoints.copy()
    small[:, :2] *= 0.9 * SMALLEST_SHOULDERS_PX / Body(CALLER.pose).unit
    assert places_of(Body(type(CALLER.pose)(small))) == {}
