"""The ledger tells of every open second what it was: observed, or unknown and why; and survives a restart."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.ingest_models import LedgerIn
from hallwatch.observed_time import ObservedTime
from hallwatch.spool import Changes, Spool
from hallwatch.wire import LedgerRow
from vision.judge import Judgement
from vision.posts import PostState
from vision.queueing import Queue
from vision.schedule import Hours, Schedule
from vision.values import Evidence, Observation, Person, Side, ViewQuality

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLERK = Person(1, (0.0, 0.0, 10.0, 10.0), 0.9, window="w1", zone=Side.STAFF)


def at(seconds: float) -> datetime:
    """So many seconds after nine."""
    return NINE + timedelta(seconds=seconds)


def seen(at_s: float, *persons: Person, view: ViewQuality = ViewQuality.OK) -> Observation:
    return Observation("cam1", at(at_s), (640, 360), persons, view=view)


def always(begin: datetime, end: datetime) -> Iterable[tuple[str, datetime, datetime]]:
    """One window that never closes."""
    return [("w1", begin, end)]


def counting(until: datetime | None = None) -> ObservedTime:
    return ObservedTime("cam1", lambda *_: None, always, until)


def told(time: ObservedTime) -> tuple[LedgerRow, dict[str, Any]]:
    """The only row, and its detail."""
    (row,) = time.changed()
    assert row.detail is not None
    return row, dict(row.detail)


def judged(**fields: Any) -> Judgement:
    given = {"posts": {"w1": PostState.ON}} | fields
    return (
        Judgement((), (), ("w1",), **given)
        if "evidence" not in given
        else Judgement(given.pop("evidence"), (), ("w1",), **given)
    )


def test_a_camera_that_is_gone_leaves_open_time_that_is_unknown_for_that_reason() -> None:
    time = counting()
    time.take(seen(0, CLERK), ["w1"])
    time.interrupt(at(1))
    time.interrupt(at(31))
    time.take(seen(61, CLERK), ["w1"])
    row, detail = told(time)
    assert (row.open_s, row.observed_s) == (61, 1)
    assert detail["unknown_s"] == {"offline": 60}
    assert detail["open_spans"] == [[0, 61]]


@pytest.mark.parametrize("view", [quality for quality in ViewQuality if quality is not ViewQuality.OK])
def test_a_view_that_shows_nothing_is_named_as_the_reason(view: ViewQuality) -> None:
    time = counting()
    time.take(seen(0, view=view), ["w1"])
    time.take(seen(1), ["w1"])
    assert told(time)[1]["unknown_s"] == {view.value: 1}


def test_the_time_in_which_no_worker_ran_is_unknown_too() -> None:
    time = counting(until=at(0))
    time.interrupt(at(600))
    time.take(seen(610), ["w1"])
    assert told(time)[1]["unknown_s"] == {"not_running": 600, "offline": 10}


def test_a_gap_counts_only_opening_hours_and_each_hour_apart() -> None:
    week = (((Hours(9 * 60, 12 * 60), Hours(13 * 60, 17 * 60)),) * 5) + ((),) * 2
    schedule = Schedule(zone=UTC, week=week)

    def roster(begin: datetime, end: datetime) -> Iterable[tuple[str, datetime, datetime]]:
        return [("w1", *span) for span in schedule.open_between(begin, end)]

    time = ObservedTime("cam1", lambda *_: None, roster, at(-3600 * 24 * 2))
    time.interrupt(at(4.5 * 3600))
    rows = {(row.hour.day, row.hour.hour): row.open_s for row in time.changed()}
    assert rows == {(2, 9): 3600, (2, 10): 3600, (2, 11): 3600, (2, 13): 1800}


def test_away_spans_join_over_a_ghost_and_behaviours_count_only_while_they_can_be_judged() -> None:
    time = counting()
    away = {"w1": PostState.AWAY}
    evidence = (
        Evidence("absence", "w1", NINE, 1.0),
        Evidence("leaning", "w1", NINE, None, reason="no_pose"),
        Evidence("absence", "w2", NINE, 1.0),
    )
    time.take(seen(0), ["w1"], judged(posts=away, evidence=evidence))
    time.take(seen(1), ["w1"], judged())
    time.take(seen(1.5), ["w1"], judged(posts=away))
    time.take(seen(2.5), ["w1"], judged(posts=away))
    time.take(seen(3), ["w1"])
    row, detail = told(time)
    assert (row.observed_s, row.present_s) == (3, 0.5)
    assert detail["away_spans"] == [[0, 3]]
    assert detail["assessable_s"] == {"absence": 1}


def test_a_clerk_who_is_hidden_is_at_the_post() -> None:
    time = counting()
    time.take(seen(0), ["w1"], judged(posts={"w1": PostState.OCCLUDED}))
    time.take(seen(1), ["w1"])
    assert told(time)[0].present_s == 1


def test_people_who_wait_are_counted_over_time_and_their_waits_when_they_end() -> None:
    time = counting()
    time.take(seen(0), ["w1"], judged(queues={"w1": Queue(1, 3)}))
    time.take(seen(1), ["w1"], judged(queues={"w1": Queue(1, 1, (90.0, 30.0))}))
    time.take(seen(2), ["w1"], judged())
    time.take(seen(3), ["w1"], judged())
    assert told(time)[1]["queue"] == {
        "seen_s": 2,
        "person_s": 4,
        "waits": 2,
        "waits_s": 120,
        "longest": 3,
        "longest_wait_s": 90,
    }


def test_a_restarted_worker_goes_on_with_the_row_and_says_for_how_long_it_was_gone(tmp_path: Path) -> None:
    with Spool(tmp_path, now=NINE) as spool:
        first = ObservedTime("cam1", spool.ledger_row, always, spool.counted_until("cam1"))
        first.take(seen(0), ["w1"], judged(queues={"w1": Queue(1, 2, (5.0,))}))
        first.take(seen(1), ["w1"])
        spool.commit(Changes(ledger=first.changed()))
    with Spool(tmp_path, now=NINE) as spool:
        again = ObservedTime("cam1", spool.ledger_row, always, spool.counted_until("cam1"))
        again.take(seen(101, CLERK), ["w1"])
        again.take(seen(102, CLERK), ["w1"])
        row, detail = told(again)
        spool.commit(Changes(ledger=[row]))
        ((stored, _),) = spool.due_ledger(10)
    assert (row.open_s, row.observed_s, row.present_s) == (102, 2, 2)
    assert detail["unknown_s"] == {"not_running": 100}
    assert (detail["queue"]["waits"], detail["queue"]["person_s"]) == (1, 2)
    assert stored == row


STEPS = st.lists(
    st.tuples(st.floats(0.05, 900), st.sampled_from(["seen", "dark", "away", "cut"])), min_size=1, max_size=40
)


@given(steps=STEPS)
def test_every_open_second_is_observed_or_unknown_and_what_is_told_is_taken(
    steps: list[tuple[float, str]],
) -> None:
    time, now_s = counting(), 0.0
    time.take(seen(0, CLERK), ["w1"])
    rows: dict[datetime, LedgerRow] = {}
    for step_s, what in steps:
        now_s += step_s
        if what == "cut":
            time.interrupt(at(now_s))
        else:
            view = ViewQuality.DARK if what == "dark" else ViewQuality.OK
            post = PostState.AWAY if what == "away" else PostState.ON
            time.take(seen(now_s, view=view), ["w1"], judged(posts={"w1": post}))
        rows |= {row.hour: row for row in time.changed()}
    assert sum(row.open_s for row in rows.values()) == pytest.approx(now_s, abs=0.01)
    LedgerIn.model_validate({"rows": [row.as_json() for row in rows.values()]})
    for row in rows.values():
        assert row.detail is not None
        away_s = sum(end - begin for begin, end in row.detail["away_spans"])
        assert sum(row.detail["unknown_s"].values()) <= row.open_s - row.observed_s + 0.01
        assert away_s >= row.observed_s - row.present_s - 0.01
