"""A crowded 1-metre line: what is seen there, what is not known, and who does not count."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.line import CounterStrip
from tests.vision.builders import history_of, person, view
from vision.behaviours import queue_line
from vision.queueing import QueueWatch, standing_before
from vision.values import Evidence, Person, Side
from vision.window_view import WindowHistory, WindowView

STRIP = CounterStrip(((-1.0, 0.0), (1.0, 0.0)), ((-1.3, 1.0), (1.3, 1.0)))
SURE = (0.03**2, 0.0, 0.03**2)


def visitor(
    track: int, *floor: float, zone: Side = Side.PUBLIC, error: tuple[float, float, float] | None = SURE
) -> Person:
    somebody = person(track, zone=zone, floor=(floor[0], floor[1]) if floor else None)
    return replace(somebody, floor_error=error if floor else None)


def judged(*views: WindowView) -> Evidence:
    """What the last of the views amounts to."""
    return queue_line.score(views[-1], history_of(*views))


def crowd(*people: Person, strip: CounterStrip | None = STRIP, allowed: int = 1) -> float | None:
    return judged(replace(view(public=people, strip=strip), allowed_inside=allowed)).score


def test_two_people_between_counter_and_line_are_too_many() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.8)) == 1


def test_the_one_who_is_served_is_not() -> None:
    assert crowd(visitor(1, 0.0, 0.4)) == 0


def test_a_window_that_serves_couples_or_two_at_once_allows_two() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.8), allowed=2) == 0
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.8), visitor(3, -0.5, 0.7), allowed=2) == 1


def test_who_waits_behind_the_line_does_not_count() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 0.0, 1.2), visitor(3, 0.3, 2.0)) == 0


def test_who_stands_before_the_next_window_does_not_count() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 1.8, 0.4)) == 0


@given(st.floats(-0.3, 0.3), st.floats(0.01, 0.4))
def test_within_the_error_of_the_line_nothing_is_flagged(beyond: float, sd: float) -> None:
    """Whose error bar holds the line is neither inside nor outside."""
    second = visitor(2, 0.5, 1.0 - beyond, error=(sd**2, 0.0, sd**2))
    score = crowd(visitor(1, 0.0, 0.4), second)
    assert score is not None
    if abs(beyond) < sd:
        assert score == queue_line.AMBIGUOUS
    elif beyond < -2 * sd:
        assert score == 0
    elif beyond > 2 * sd:
        assert score == 1


def test_an_ambiguous_line_is_told_to_the_reviewer() -> None:
    found = judged(view(public=[visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.99)], strip=STRIP))
    assert found.measures["people_doubtful"] == 1


def test_a_place_without_a_told_error_is_doubted_by_a_hand() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.9, error=None)) == queue_line.AMBIGUOUS
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.6, error=None)) == 1


def test_who_crosses_without_stopping_does_not_count() -> None:
    views = [
        view(at_s=step * 0.2, public=[visitor(1, 0.0, 0.4), visitor(2, -1.2 + 0.24 * step, 0.7)], strip=STRIP)
        for step in range(11)
    ]
    assert [judged(*views[: n + 1]).score for n in range(4, 11)] == [0.0] * 7


def test_who_turns_on_the_spot_still_stands() -> None:
    views = [
        view(
            at_s=step * 0.2,
            public=[visitor(1, 0.0, 0.4), visitor(2, 0.5 + 0.05 * (step % 3), 0.7)],
            strip=STRIP,
        )
        for step in range(11)
    ]
    assert judged(*views).score == 1


def test_staff_on_the_publics_side_do_not_count() -> None:
    clerk = visitor(2, 0.5, 0.6, zone=Side.STAFF)
    assert judged(view(clerk, public=[visitor(1, 0.0, 0.4)], strip=STRIP)).score == 0
    views = [view(clerk, at_s=step * 0.5, public=[visitor(1, 0.0, 0.4)], strip=STRIP) for step in range(10)]
    out = replace(clerk, zone=Side.PUBLIC)
    views += [
        view(at_s=5 + step * 0.5, public=[visitor(1, 0.0, 0.4), out], strip=STRIP) for step in range(10)
    ]
    assert judged(*views).score == 0


def test_who_has_no_place_on_the_floor_does_not_count() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2)) == 0


def test_without_a_calibrated_floor_nothing_is_judged() -> None:
    assert crowd(visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.8), strip=None) is None


def test_the_reviewer_is_told_how_many_how_near_and_how_surely() -> None:
    measures = judged(view(public=[visitor(1, 0.0, 0.4), visitor(2, 0.5, 0.8)], strip=STRIP)).measures
    assert measures == {
        "people_inside": 2,
        "nearest_m": pytest.approx(0.4),
        "beyond_line_m": pytest.approx(0.2),
        "error_m": pytest.approx(0.03),
    }


def queue_of(*spots: float) -> list[Person]:
    return [visitor(number, 0.0, spot) for number, spot in enumerate(spots, start=1)]


def test_a_queue_is_counted_and_a_wait_ends_when_served() -> None:
    watch, history = QueueWatch(), WindowHistory()
    first = [view(at_s=s, public=queue_of(0.4, 1.4, 2.2), strip=STRIP) for s in range(20)]
    for one in first:
        history.remember(one)
        queue = watch.take(one.captured_at, standing_before(STRIP, one.public, history.prints))
    assert (queue.served, queue.waiting) == (1, 2)
    after = view(at_s=30, public=queue_of(9.0, 0.5, 1.4), strip=STRIP)
    history.remember(after)
    queue = watch.take(after.captured_at, standing_before(STRIP, after.public, history.prints))
    assert (queue.served, queue.waiting) == (1, 1)
    assert queue.ended_waits_s == (30.0,)
