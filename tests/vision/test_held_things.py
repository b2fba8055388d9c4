"""What is held, and by whose hand; and when hands are looked at closely."""

import pytest

from models.detections import Detection
from models.scripted import ScriptedDetector
from tests.vision.builders import JOINT, UNIT_PX, person, thing_at_hand
from tests.vision.stage import PICTURES
from vision.boxes import area, centre
from vision.held_things import HandSearch, raised_hands, things_of
from vision.values import Box, Person, ThingKind

CALLER = person(hand_at="ear")


def phone_at(box: Box, score: float = 0.8, label: str = "cell phone") -> Detection:
    return Detection(label, box, score)


def at_hand(who: Person, side: str = "left") -> Box:
    return thing_at_hand(who, ThingKind.PHONE, side).box


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_phone_belongs_to_the_hand_it_is_at(side: str) -> None:
    caller = person(hand_at="ear", side=side)
    (thing,) = things_of([phone_at(at_hand(caller, side))], [caller])
    assert (thing.kind, thing.track, thing.hand) == (ThingKind.PHONE, 1, side)


def test_a_cigarette_at_the_mouth_belongs_to_the_mouth() -> None:
    smoker = person()
    assert smoker.pose is not None
    x, y = (float(value) for value in smoker.pose.keypoints[JOINT["nose"], :2])
    box = (x - 4, y + 4, x + 4, y + 10)
    (thing,) = things_of([phone_at(box, label="cigarette")], [smoker])
    assert (thing.kind, thing.hand) == (ThingKind.CIGARETTE, "mouth")


def test_a_phone_that_lies_far_from_every_hand_is_nobodys() -> None:
    (thing,) = things_of([phone_at((600, 340, 620, 355))], [CALLER])
    assert (thing.track, thing.hand) == (None, None)


def test_of_two_people_the_nearer_hand_holds_it() -> None:
    other = person(track=2, at=(460.0, 150.0))
    things = things_of([phone_at(at_hand(other)), phone_at(at_hand(CALLER))], [CALLER, other])
    assert {thing.track for thing in things} == {1, 2}


def test_the_same_phone_seen_twice_is_one_and_the_surer() -> None:
    x1, y1, x2, y2 = at_hand(CALLER)
    twice = [phone_at((x1, y1, x2, y2), 0.5), phone_at((x1 + 1, y1, x2 + 1, y2), 0.9)]
    (thing,) = things_of(twice, [CALLER])
    assert thing.score == 0.9


@pytest.mark.parametrize(("label", "score"), [("cell phone", 0.2), ("person", 0.9), ("toothbrush", 0.9)])
def test_what_is_faint_or_of_no_kind_of_ours_is_no_thing(label: str, score: float) -> None:
    assert things_of([phone_at(at_hand(CALLER), score, label)], [CALLER]) == ()


def test_only_a_hand_above_its_elbow_is_looked_at_closely() -> None:
    (crop,) = raised_hands(CALLER)
    hand = centre(at_hand(CALLER))
    assert centre(crop) == pytest.approx(hand, abs=1)
    assert area(crop) > UNIT_PX**2
    assert raised_hands(person()) == []
    assert raised_hands(person(hand_at="ear", unseen=["left_wrist"])) == []
    assert raised_hands(Person(1, (0, 0, 9, 9), 0.9)) == []


def test_a_raised_hand_is_looked_at_once_a_second_at_most() -> None:
    detector = ScriptedDetector([phone_at(at_hand(CALLER))])
    search = HandSearch()
    found = [search.search(PICTURES[0], [CALLER], detector, index / 5) for index in range(11)]
    assert [index for index, one in enumerate(found) if one is not None] == [0, 5, 10]
    assert len(detector.asked) == 3
    assert all(crop is not None for crop in detector.asked)


def test_nobody_looks_closely_where_no_hand_is_raised() -> None:
    detector = ScriptedDetector([phone_at(at_hand(CALLER))])
    assert HandSearch().search(PICTURES[0], [person()], detector, 0.0) is None
    assert detector.asked == []


def test_a_phone_as_large_as_the_look_itself_is_a_window_frame() -> None:
    (crop,) = raised_hands(CALLER)
    assert HandSearch().search(PICTURES[0], [CALLER], ScriptedDetector([phone_at(crop)]), 0.0) == ()


def test_a_close_look_is_fresh_for_a_little_while() -> None:
    search = HandSearch()
    assert not search.fresh(0.0)
    search.search(PICTURES[0], [CALLER], ScriptedDetector(), 10.0)
    assert search.fresh(11.0)
    assert not search.fresh(13.0)
