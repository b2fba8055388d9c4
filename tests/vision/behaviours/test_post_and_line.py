"""An empty post and a crowded 1-metre line: what is seen there, and what is not known."""

import pytest

from calibration.line import CounterStrip
from tests.vision.builders import history_of, person, view
from vision.behaviours import absence, empty_post, queue_line
from vision.values import Person, Side
from vision.window_view import WindowHistory, WindowView

STRIP = CounterStrip(((-1.0, 0.0), (1.0, 0.0)), ((-1.3, 1.0), (1.3, 1.0)))


def visitor(track: int, *floor: float, zone: Side = Side.PUBLIC) -> Person:
    return person(track, zone=zone, floor=(floor[0], floor[1]) if floor else None)


def crowd(*people: Person, strip: CounterStrip | None = STRIP) -> float | None:
    one = view(public=people, strip=strip)
    return queue_line.score(one, history_of(one)).score


@pytest.mark.parametrize("rule", [absence, empty_post])
class TestAnEmptyPost:
    def seen(self, rule: object, one: WindowView) -> float | None:
        found = rule.score(one, WindowHistory())  # type: ignore[attr-defined]
        score: float | None = found.score
        return score

    def test_nobody_on_the_staff_side_is_empty(self, rule: object) -> None:
        assert self.seen(rule, view()) == 1

    def test_the_public_does_not_fill_the_post(self, rule: object) -> None:
        assert self.seen(rule, view(public=[person(zone=Side.PUBLIC)])) == 1

    def test_a_clerk_of_whom_only_a_box_is_seen_fills_it(self, rule: object) -> None:
        assert self.seen(rule, view(Person(1, (100, 50, 200, 300), 0.3, None, "1", Side.STAFF))) == 0

    def test_a_camera_without_a_view_says_nothing(self, rule: object) -> None:
        assert self.seen(rule, view(observed=False)) is None


def test_two_people_between_counter_and_line_are_too_many() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.8)) == 1


def test_the_one_who_is_served_is_not() -> None:
    assert crowd(visitor(1, 0.0, 0.4)) == 0


def test_who_waits_behind_the_line_does_not_count() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 0.0, 1.2), visitor(3, 0.3, 2.0)) == 0


def test_who_stands_before_the_next_window_does_not_count() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 1.8, 0.4)) == 0


def test_staff_on_the_publics_side_do_not_count() -> None:
    clerk = visitor(2, 0.5, 0.6, zone=Side.STAFF)
    one = view(clerk, public=[visitor(1, 0.0, 0.4)], strip=STRIP)
    assert queue_line.score(one, history_of(one)).score == 0


def test_who_has_no_place_on_the_floor_does_not_count() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2)) == 0


def test_without_a_calibrated_floor_nothing_is_judged() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.8), strip=None) is None


def test_the_reviewer_is_told_how_many_and_how_near() -> None:
    one = view(public=[visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.8)], strip=STRIP)
    measures = queue_line.score(one, history_of(one)).measures
    assert measures == {"people_inside": 2, "nearest_m": pytest.approx(0.4)}
