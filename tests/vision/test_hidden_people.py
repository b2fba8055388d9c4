"""The second in a queue, whom the first hides from the camera."""

from dataclasses import replace

from tests.vision.builders import at, body, pose, with_pose
from vision.hidden_people import HIDDEN_FOR, HiddenPeople
from vision.values import Person, Point

NEAR, FAR = (0.0, 0.4), (0.3, 1.0)
BEHIND_THE_FIRST = (210.0, 70.0, 270.0, 230.0)
IN_FRONT = (220.0, 80.0, 300.0, 270.0)


def somebody(track: int, floor: Point, box: tuple[float, float, float, float]) -> Person:
    return replace(with_pose(pose(body())), track=track, floor=floor, floor_error=(0.01, 0, 0.01), box=box)


FIRST = somebody(1, NEAR, IN_FRONT)
SECOND = somebody(2, FAR, BEHIND_THE_FIRST)


def after(
    people: HiddenPeople, *moments: tuple[float, float, tuple[Person, ...]]
) -> tuple[tuple[int, Point | None], ...]:
    """Who is hidden after each (from, to, seen) second was shown at 5 pictures a second."""
    for begin, end, seen in moments:
        for step in range(int(begin * 5), int(end * 5)):
            people.take(at(step / 5), seen)
    return tuple((one.track, one.floor) for one in people.now)


def test_who_is_lost_behind_another_stands_where_last_seen() -> None:
    people = HiddenPeople()
    assert after(people, (0, 5, (FIRST, SECOND))) == ()
    assert after(people, (5, 15, (FIRST,))) == ((2, FAR),)
    (hidden,) = people.now
    assert hidden.floor_error is not None
    assert hidden.floor_error[0] > 0.01


def test_who_is_seen_again_is_hidden_no_longer() -> None:
    assert after(HiddenPeople(), (0, 5, (FIRST, SECOND)), (5, 9, (FIRST,)), (9, 10, (FIRST, SECOND))) == ()


def test_who_comes_into_sight_near_by_under_a_new_number_is_the_same() -> None:
    again = replace(SECOND, track=7, floor=(-0.6, 1.4))
    assert after(HiddenPeople(), (0, 5, (FIRST, SECOND)), (5, 9, (FIRST,)), (9, 10, (FIRST, again))) == ()


def test_a_track_that_splits_in_two_hides_nobody() -> None:
    twice = replace(FIRST, track=9)
    assert after(HiddenPeople(), (0, 5, (FIRST,)), (5, 6, (FIRST, twice)), (6, 12, (twice,))) == ()


def test_who_was_seen_for_a_moment_only_is_not_remembered() -> None:
    assert after(HiddenPeople(), (0, 2, (FIRST,)), (2, 4, (FIRST, SECOND)), (4, 9, (FIRST,))) == ()


def test_who_is_lost_where_nobody_covers_them_has_left() -> None:
    aside = replace(SECOND, box=(400.0, 70.0, 460.0, 230.0))
    assert after(HiddenPeople(), (0, 5, (FIRST, aside)), (5, 9, (FIRST,))) == ()


def test_nobody_stays_hidden_when_who_covered_them_is_gone_or_for_ever() -> None:
    people = HiddenPeople()
    assert after(people, (0, 5, (FIRST, SECOND)), (5, 9, (FIRST,)), (9, 10, ())) == ()
    people = HiddenPeople()
    end = 5 + HIDDEN_FOR.total_seconds()
    assert after(people, (0, 5, (FIRST, SECOND)), (5, end - 1, (FIRST,))) != ()
    assert after(people, (end - 1, end + 1, (FIRST,))) == ()
