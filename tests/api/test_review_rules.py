"""The rules of reviewing, and how agreement is reckoned: pure, so held to what must always be so."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.agreement import agreement
from api.review_rules import ReviewRules, drawn_for_second, due_at, stint
from tests.api.conftest import MORNING
from tests.api.messages import event_id

PAIRS = st.lists(st.tuples(*[st.sampled_from(["confirmed", "dismissed"])] * 2), min_size=1, max_size=60)


@given(st.lists(st.integers(1, 280), max_size=200))
def test_a_stint_reaches_back_to_the_last_pause(gaps: list[int]) -> None:
    times, at = [], MORNING
    for gap in gaps:
        at -= timedelta(seconds=gap)
        times.append(at)
    pause = at - timedelta(minutes=6)
    found = stint([*times, pause], MORNING, ReviewRules())
    assert found.decisions == len(times)
    assert found.pause_suggested == (bool(times) and MORNING - at >= timedelta(minutes=30))


def test_one_in_twenty_is_drawn_and_always_the_same() -> None:
    drawn = [n for n in range(20_000) if drawn_for_second(event_id(n), 0.05)]
    assert 900 < len(drawn) < 1100
    assert drawn == [n for n in range(20_000) if drawn_for_second(event_id(n), 0.05)]
    assert not any(drawn_for_second(event_id(n), 0) for n in range(500))
    assert all(drawn_for_second(event_id(n), 1) for n in range(500))


@pytest.mark.parametrize(
    ("flagged", "due"),
    [
        ("2026-03-02T01:30:00+00:00", "2026-03-03T16:00:00+00:00"),
        ("2026-03-02T15:59:59+00:00", "2026-03-03T16:00:00+00:00"),
        ("2026-03-02T16:00:00+00:00", "2026-03-04T16:00:00+00:00"),
    ],
)
def test_an_event_is_due_at_the_end_of_the_halls_next_day(flagged: str, due: str) -> None:
    found = due_at(datetime.fromisoformat(flagged), ZoneInfo("Asia/Shanghai"), ReviewRules())
    assert found.astimezone(UTC) == datetime.fromisoformat(due)


def test_ac1_is_what_gwet_reckons() -> None:
    # 118 + 2 agreed of 125, 5 and 0 apart, as in the paper's table of a rare category.
    pairs = [("dismissed", "dismissed")] * 118 + [("confirmed", "dismissed")] * 5
    pairs += [("confirmed", "confirmed")] * 2
    found = agreement(pairs)
    assert (found.pairs, found.agreed) == (125, 120)
    assert found.share == pytest.approx(0.96)
    rare = (5 + 2 + 2) / 250
    chance = 2 * rare * (1 - rare)
    assert found.ac1 == pytest.approx((0.96 - chance) / (1 - chance))
    assert found.ac1 == pytest.approx(0.9571, abs=1e-4)


def test_nothing_reviewed_twice_has_no_agreement() -> None:
    found = agreement([])
    assert (found.pairs, found.share, found.ac1) == (0, None, None)


@given(PAIRS)
def test_ac1_lies_between_its_ends_and_is_one_only_where_all_agree(pairs: list[tuple[str, str]]) -> None:
    found = agreement(pairs)
    assert found.ac1 is not None
    assert found.share is not None
    assert -1 <= found.ac1 <= 1
    assert (found.ac1 == 1) == (found.share == 1)
    assert found.ac1 <= found.share


@given(PAIRS)
def test_ac1_knows_neither_order_nor_who_was_first_nor_which_verdict_is_which(
    pairs: list[tuple[str, str]],
) -> None:
    other = {"confirmed": "dismissed", "dismissed": "confirmed"}
    told = agreement(pairs).ac1
    assert agreement([(b, a) for a, b in reversed(pairs)]).ac1 == pytest.approx(told)
    assert agreement([(other[a], other[b]) for a, b in pairs]).ac1 == pytest.approx(told)
