"""Events are fitted to episodes one to one; what is too short is neither found nor missed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.intervals import wilson
from datasets.matching import EARLY_S, catalogue_limits, match, matches, near_missed
from tests.datasets.measured import episode, flag, truth

CALL = episode("phone_use", 10, 30)


def test_an_event_inside_its_episode_is_a_hit_with_its_delay() -> None:
    matched = match(truth(CALL), [flag("phone_use", 11, 29, flagged_s=19.5)])
    assert [hit.delay_s for hit in matched.hits] == [1.5]
    assert (matched.misses, matched.false_flags) == ((), ())


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (flag("smoking", 11, 29), "another behaviour"),
        (flag("phone_use", 11, 29, window="2"), "another window"),
        (flag("phone_use", 7.9, 29), "begins more than 2 s before"),
        (flag("phone_use", 30.1, 39), "begins after the end"),
        (flag("phone_use", 8.1, 10), "does not overlap"),
        (flag("phone_use", 10, 13), "covers too little, and nothing of what may be flagged"),
    ],
)
def test_an_event_elsewhere_is_false_and_its_episode_missed(event: object, why: str) -> None:
    matched = match(truth(CALL, windows={"1": {}, "2": {}}), [event])  # type: ignore[list-item]
    assert len(matched.misses) == 1, why
    assert len(matched.false_flags) == 1, why


@pytest.mark.parametrize(
    "event",
    [
        flag("phone_use", 8.0, 29),
        flag("phone_use", 30.0 - 0.01, 45),
        flag("phone_use", 10, 14),
        flag("phone_use", 16, 18.5),
    ],
)
def test_an_event_at_the_edge_of_what_is_allowed_is_a_hit(event: object) -> None:
    assert len(match(truth(CALL), [event]).hits) == 1  # type: ignore[list-item]


def test_a_second_event_of_the_same_episode_is_false() -> None:
    matched = match(truth(CALL), [flag("phone_use", 10, 19), flag("phone_use", 20, 30)])
    assert [hit.flag.started_s for hit in matched.hits] == [20]
    assert [false.started_s for false in matched.false_flags] == [10]


def test_the_best_overlap_is_taken_first() -> None:
    both = truth(episode("arms_crossed", 0, 10), episode("arms_crossed", 11, 30))
    matched = match(both, [flag("arms_crossed", 9.5, 29)])
    assert [hit.due.episode.start_s for hit in matched.hits] == [11]
    assert [due.episode.start_s for due in matched.misses] == [0]


def test_an_episode_shorter_than_its_hold_must_not_be_flagged() -> None:
    short = truth(episode("phone_use", 10, 17.9))
    assert match(short, []).misses == ()
    matched = match(short, [flag("phone_use", 10, 18)])
    assert (matched.hits, matched.misses, len(matched.false_flags)) == ((), (), 1)
    assert len(matched.too_short) == 1


def test_an_episode_of_exactly_its_hold_must_be_flagged() -> None:
    assert len(match(truth(episode("phone_use", 10.1, 18.1)), []).misses) == 1


def test_a_hall_with_a_longer_hold_is_measured_by_it() -> None:
    def patient(window: str, behaviour: str) -> object:
        limits = catalogue_limits(window, behaviour)
        return type(limits)(60, 70, limits.gap_s, limits.cooldown_s)

    assert match(truth(CALL), [], patient).misses == ()  # type: ignore[arg-type]


def test_a_window_that_is_not_watched_owes_nothing() -> None:
    assert match(truth(CALL), [], lambda _window, _code: None).misses == ()


def test_a_long_absence_is_an_empty_post_too() -> None:
    long = truth(episode("absence", 0, 950), duration_s=1000)
    assert {due.episode.behaviour for due in match(long, []).misses} == {"absence", "empty_post"}
    short = truth(episode("absence", 0, 850), duration_s=1000)
    assert {due.episode.behaviour for due in match(short, []).misses} == {"absence"}


def test_an_empty_post_that_truth_names_is_not_counted_twice() -> None:
    named = truth(episode("absence", 0, 950), episode("empty_post", 0, 950), duration_s=1000)
    assert len(match(named, []).misses) == 2


def test_a_false_flag_says_which_near_miss_it_fell_for() -> None:
    near = {"like": "smoking", "what": "drinking", "start_s": 5, "end_s": 9}
    given_truth = truth(near_misses=[near])
    fallen = near_missed(given_truth, flag("smoking", 6, 12))
    assert fallen is not None
    assert fallen.what == "drinking"
    assert near_missed(given_truth, flag("phone_use", 6, 12)) is None
    assert near_missed(given_truth, flag("smoking", 9.5, 12)) is None


spans = st.tuples(st.floats(0, 100), st.floats(0.1, 60)).map(lambda span: (span[0], span[0] + span[1]))
codes = st.sampled_from(["phone_use", "arms_crossed"])
windows = st.sampled_from(["1", "2"])
flags = st.lists(st.builds(lambda code, span, w: flag(code, *span, w), codes, spans, windows), max_size=8)
episodes = st.lists(
    st.builds(lambda code, span, w: episode(code, *span, w), codes, spans, windows), max_size=8
)
BOTH = {"1": {}, "2": {}}


@given(episodes, flags)
def test_every_event_and_episode_is_counted_exactly_once(written: list[dict], found: list) -> None:  # type: ignore[type-arg]
    matched = match(truth(*written, windows=BOTH), found)
    assert len(matched.hits) + len(matched.false_flags) == len(found)
    assert len(matched.hits) + len(matched.misses) + len(matched.too_short) == len(written)
    assert len({id(hit.flag) for hit in matched.hits}) == len(matched.hits)
    assert len({id(hit.due) for hit in matched.hits}) == len(matched.hits)


@given(episodes, flags)
def test_every_hit_is_allowed_and_no_allowed_pair_is_left_over(written: list[dict], found: list) -> None:  # type: ignore[type-arg]
    matched = match(truth(*written, windows=BOTH), found)
    for hit in matched.hits:
        assert matches(hit.due, hit.flag)
        assert hit.flag.started_s >= hit.due.episode.start_s - EARLY_S
    assert not any(matches(due, event) for due in matched.misses for event in matched.false_flags)


@given(episodes, flags)
def test_the_order_of_events_changes_no_count(written: list[dict], found: list) -> None:  # type: ignore[type-arg]
    there = truth(*written, windows=BOTH)
    assert len(match(there, found).hits) == len(match(there, found[::-1]).hits)


@given(episodes)
def test_truth_told_as_events_is_perfect(written: list[dict]) -> None:  # type: ignore[type-arg]
    there = truth(*written, windows=BOTH)
    due = match(there, []).misses
    told = [flag(d.episode.behaviour, d.episode.start_s, d.episode.end_s, d.episode.window) for d in due]
    matched = match(there, told)
    assert (len(matched.hits), matched.misses, matched.false_flags) == (len(due), (), ())


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_wilson_holds_the_share_and_stays_between_nothing_and_all(successes: int, failures: int) -> None:
    tries = successes + failures
    found = wilson(successes, tries)
    assert 0 <= found.low <= found.high <= 1
    if tries:
        assert found.low <= successes / tries <= found.high
        turned = wilson(failures, tries)
        assert turned.low == pytest.approx(1 - found.high)


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_grows_surer_with_more_tries(successes: int, failures: int) -> None:
    few, many = (wilson(successes * k, (successes + failures) * k) for k in (1, 10))
    assert many.high - many.low < few.high - few.low


def test_wilson_agrees_with_published_values() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    assert wilson(81, 263).as_json() == [0.2553, 0.3662]
    assert wilson(15, 148).as_json() == [0.0624, 0.1605]
    assert wilson(0, 20).as_json() == [0.0, 0.1611]
    assert wilson(1, 29).as_json() == [0.0061, 0.1718]


def test_more_successes_than_tries_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="3 successes of 2 tries"):
        wilson(3, 2)
