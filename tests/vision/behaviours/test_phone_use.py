"""Phones over time: seen now and then, laid away, at a propped head; and what a flag rests on."""

from dataclasses import replace

import pytest

from tests.vision.behaviours.clerks import clerk
from tests.vision.builders import WHERE, history_of, person, thing_at_hand, view
from vision.article27 import CATALOGUE
from vision.behaviours.phone_use import score
from vision.values import Evidence, Person, ThingKind
from vision.window_view import WindowView

LIMIT = CATALOGUE["phone_use"].limits.score
MOVED = (WHERE[0] + 18, WHERE[1] + 6)
"""A third of a shoulder breadth from where somebody usually sits."""


def judged(*views: WindowView) -> Evidence:
    return score(views[-1], history_of(*views))


def looking(seconds: float, seen_at: tuple[float, ...], who: Person | None = None) -> list[WindowView]:
    """A head bent over a hand at five frames a second, a phone seen there at those seconds."""
    reader = who or person(head_down=0.3)
    phone = thing_at_hand(reader, ThingKind.PHONE)
    times = [index / 5 for index in range(int(seconds * 5))]
    return [view(reader, at_s=at_s, things=[phone] if at_s in seen_at else []) for at_s in times]


def share(views: list[WindowView]) -> float:
    """The share of moments that count towards an event."""
    scores = [judged(*views[: count + 1]).score for count in range(len(views))]
    return sum(found is not None and found >= LIMIT for found in scores) / len(scores)


def test_a_phone_that_every_other_look_misses_is_a_screen_all_along() -> None:
    assert share(looking(12, (0.0, 2.0, 4.0, 5.0, 8.0, 10.0))) >= 0.9


def test_one_glimpse_of_a_phone_is_soon_forgotten() -> None:
    assert share(looking(12, (1.0,))) < 8 / 12


def test_a_phone_stays_where_the_hand_left_it() -> None:
    held = looking(2, (0.0, 1.0))
    elsewhere = person(arms="crossed", head_down=0.3)
    assert (judged(*held).score or 0) >= LIMIT
    assert judged(*held, view(elsewhere, at_s=2.0)).score == 0


def test_a_phone_seen_tells_of_a_hand_that_the_engine_doubts() -> None:
    reader = person(head_down=0.3, unseen=["left_wrist", "right_wrist"])
    phone = thing_at_hand(reader, ThingKind.PHONE)
    assert judged(view(reader)).score is None
    assert judged(view(reader, things=[phone])).variant == "screen"


@pytest.mark.parametrize(("phone", "rests"), [(True, 0.0), (False, 1.0)])
def test_the_reviewer_is_told_whether_a_phone_was_seen(phone: bool, rests: float) -> None:
    caller = person(hand_at="ear")
    things = [thing_at_hand(caller, ThingKind.PHONE)] if phone else []
    found = judged(view(caller, things=things))
    assert found.variant == "call"
    assert found.measures["posture_only"] == rests


def working(seconds: int) -> list[WindowView]:
    return [view(person(pitch_deg=-12.0), at_s=index / 2) for index in range(seconds * 2)]


def test_a_head_propped_at_the_ear_is_no_call_unless_a_phone_is_seen() -> None:
    upright = person(hand_at="ear", pitch_deg=-12.0)
    propped = person(hand_at="ear", pitch_deg=-20.0, at=MOVED)
    phone = thing_at_hand(propped, ThingKind.PHONE)
    before = working(20)
    assert (judged(*before, view(upright, at_s=20)).score or 0) >= LIMIT
    assert (judged(*before, view(propped, at_s=20)).score or 0) < LIMIT
    assert (judged(*before, view(propped, at_s=20, things=[phone])).score or 0) >= LIMIT


@pytest.mark.parametrize("turned_deg", [-40.0, 0.0, 40.0])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_call_is_seen_from_every_side(turned_deg: float, mirrored: bool) -> None:
    found = judged(view(clerk("call", turned_deg, mirrored=mirrored)))
    assert found.variant == "call"
    assert (found.score or 0) >= LIMIT


def test_a_phone_in_a_colleagues_hand_is_not_remembered_as_mine() -> None:
    mine = person(head_down=0.3)
    theirs = thing_at_hand(mine, ThingKind.PHONE)
    views = [view(mine, at_s=index / 5, things=[replace(theirs, track=2)]) for index in range(10)]
    assert judged(*views).score == 0
