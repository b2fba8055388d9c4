"""Grades: the gravest rule that holds, whatever the order in which events are told."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.supervision.grading import Confirmed, grade_of
from api.supervision.rules import GRAVITY, GradeRule
from tests.api.conftest import MORNING

RULES = (
    GradeRule(grade="warning"),
    GradeRule(grade="yellow", count=3, within_days=7),
    GradeRule(grade="red", count=2, within_days=30, behaviours=("smoking",)),
)


def at(day: float, behaviour: str = "phone_use") -> Confirmed:
    return Confirmed(f"{behaviour}-{day}", behaviour, MORNING + timedelta(days=day))


@pytest.mark.parametrize(
    ("before", "event", "grade"),
    [
        ([], at(10), "warning"),
        ([at(9)], at(10), "warning"),
        ([at(8), at(9)], at(10), "yellow"),
        ([at(2), at(3)], at(10), "warning"),  # seven days back is no longer within
        ([at(3.01), at(9)], at(10), "yellow"),
        ([at(11), at(12)], at(10), "warning"),  # what comes later counts for the later
        ([at(1, "smoking")], at(10, "smoking"), "red"),
        ([at(1, "smoking")], at(10), "warning"),
    ],
)
def test_the_gravest_rule_that_holds_gives_the_grade(
    before: list[Confirmed], event: Confirmed, grade: str
) -> None:
    assert grade_of(event, [*before, event], RULES) == grade


def test_only_the_same_behaviour_counts_where_the_rule_says_so() -> None:
    rules = (GradeRule(grade="yellow", count=2, within_days=7, same_behaviour=True),)
    assert grade_of(at(2), [at(1, "smoking"), at(2)], rules) is None
    assert grade_of(at(2), [at(1), at(2)], rules) == "yellow"


events = st.lists(
    st.tuples(st.floats(0, 60), st.sampled_from(["phone_use", "smoking", "absence"])),
    min_size=1,
    max_size=25,
    unique_by=lambda one: one[0],
)


@given(events, st.randoms())
def test_the_order_of_telling_changes_nothing_and_more_never_lowers_a_grade(
    told: list, random: object
) -> None:
    found = [at(day, behaviour) for day, behaviour in told]
    shuffled = list(found)
    random.shuffle(shuffled)
    for event in found:
        grade = grade_of(event, found, RULES)
        assert grade == grade_of(event, shuffled, RULES)
        fewer = [one for one in found if one is event or one.at > event.at - timedelta(days=3)]
        less = grade_of(event, fewer, RULES)
        assert grade is not None
        assert less is not None
        assert GRAVITY[grade] >= GRAVITY[less]
