"""Staff who stand together away from their posts, and all who merely seem to."""

from dataclasses import replace

from tests.vision.builders import history_of, observation, person, view
from vision.behaviours import gathering
from vision.values import Person, Point, Side
from vision.window_view import view_of


def staff(track: int, window: str, *floor: float, at: Point = (320.0, 150.0)) -> Person:
    one = person(track, floor=(floor[0], floor[1]) if floor else None, at=at)
    return replace(one, window=window)


def gathered(*people: Person, window: str = "2", required: int = 1) -> float | None:
    one = replace(view_of(observation(*people), window), staff_required=required)
    return gathering.score(one, history_of(one)).score


def test_three_at_one_post_are_a_gathering() -> None:
    people = staff(1, "2", 0.0, -1.0), staff(2, "2", 0.8, -1.2), staff(3, "2", 1.5, -1.0)
    assert gathered(*people) == 1
    assert gathered(*people, window="1") == 0


def test_neighbours_at_their_own_desks_are_none() -> None:
    assert gathered(staff(1, "1", 0.0, -1.0), staff(2, "2", 1.3, -1.0), staff(3, "3", 2.6, -1.0)) == 0


def test_one_visitor_between_two_clerks_is_none() -> None:
    assert gathered(staff(1, "1", 0.0, -1.0), staff(2, "2", 1.3, -1.0), staff(3, "2", 0.9, -1.6)) == 0


def test_two_visitors_at_a_clerks_post_are_a_gathering() -> None:
    assert gathered(staff(1, "2", 0.0, -1.0), staff(2, "2", 0.7, -1.6), staff(3, "2", 1.1, -1.0)) == 1


def test_a_post_of_three_has_three() -> None:
    people = staff(1, "2", 0.0, -1.0), staff(2, "2", 0.8, -1.2), staff(3, "2", 1.5, -1.0)
    assert gathered(*people, required=3) == 0


def test_people_far_apart_are_none() -> None:
    assert gathered(staff(1, "2", 0.0, -1.0), staff(2, "2", 2.0, -1.0), staff(3, "2", 4.0, -1.0)) == 0


def test_a_chain_of_near_ones_is_one_group() -> None:
    assert gathered(staff(1, "2", 0.0, -1.0), staff(2, "2", 1.4, -1.0), staff(3, "2", 2.8, -1.0)) == 1


def test_without_a_floor_bodies_measure() -> None:
    near = [staff(n, "2", at=(150.0 + 150 * n, 150.0)) for n in range(3)]
    far = [staff(n, "2", at=(30.0 + 290 * n, 150.0)) for n in range(3)]
    assert gathered(*near) == 1
    assert gathered(*far) == 0


def test_one_whom_the_others_hide_still_stands_there() -> None:
    people = staff(1, "2", 0.0, -1.0), staff(2, "2", 0.8, -1.2), staff(3, "2", 0.9, -1.8)
    seen = [observation(*people, at_s=second) for second in range(6)]
    seen += [observation(*people[:2], at_s=second) for second in range(6, 12)]
    views = [view_of(one, "2") for one in seen]
    assert gathering.score(views[-1], history_of(*views)).score == 1


def test_the_public_belongs_to_no_gathering() -> None:
    visitor = replace(person(3, zone=Side.PUBLIC, floor=(0.5, -0.9)), window="2")
    assert gathered(staff(1, "2", 0.0, -1.0), staff(2, "2", 0.8, -1.2), visitor) == 0


def test_an_unseen_window_says_nothing() -> None:
    assert gathering.score(view(observed=False), history_of()).score is None
