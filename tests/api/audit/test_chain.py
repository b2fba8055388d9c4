"""Whatever is edited, removed, moved or cut off in the audit is found; and nothing can be by accident."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from api import audit
from api.audit.chain import START, Entry, Head, first_fault, read_entries, read_head, sha256_of
from api.database import Database
from api.tables import AuditRow
from tests.api.conftest import BOTH, MORNING, Running
from tests.api.messages import decide, deliver, deliver_hall, event

DETAILS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ROWS = st.lists(
    st.tuples(
        st.timedeltas(timedelta(0), timedelta(days=9000)).map(lambda late: MORNING + late),
        st.text(max_size=6),
        st.sampled_from(("decided", "clip_viewed")),
        st.none() | st.text(max_size=6),
        st.dictionaries(st.text(max_size=5), DETAILS, max_size=3),
    ),
    min_size=1,
    max_size=8,
)


def chained(rows: list[Any]) -> tuple[list[Entry], Head]:
    """Entries as they are written."""
    previous, found = START, []
    for number, row in enumerate(rows, 1):
        previous = sha256_of(previous, Entry(number, *row, ""))
        found.append(Entry(number, *row, previous))
    return found, Head(START, len(found), previous)


@given(ROWS)
def test_a_chain_as_it_was_written_holds(rows: list[Any]) -> None:
    entries, head = chained(rows)
    assert first_fault(entries, head) is None


@settings(max_examples=300)
@given(ROWS, st.data())
def test_p8_any_edit_removal_or_reordering_is_found(rows: list[Any], data: st.DataObject) -> None:
    entries, head = chained(rows)
    place = data.draw(st.integers(0, len(entries) - 1))
    way = data.draw(st.sampled_from(("edit", "remove", "swap", "cut", "double")))
    changed = list(entries)
    if way == "edit":
        one = entries[place]
        name = data.draw(st.sampled_from(("at", "actor", "action", "subject", "detail", "sha256")))
        values: dict[str, Any] = {
            "at": one.at + timedelta(microseconds=1),
            "actor": one.actor + "x",
            "action": "exported",
            "subject": (one.subject or "") + "x",
            "detail": one.detail | {"new": 1},
            "sha256": one.sha256[::-1] if one.sha256 != one.sha256[::-1] else "0" * 64,
        }
        fields = {field: getattr(one, field) for field in Entry.__slots__} | {name: values[name]}
        changed[place] = Entry(**fields)
    elif way == "remove":
        del changed[place]
    elif way == "swap":
        other = (
            data.draw(st.integers(0, len(entries) - 1).filter(lambda index: index != place))
            if len(entries) > 1
            else place
        )
        changed[place], changed[other] = changed[other], changed[place]
        if place == other:
            return
    elif way == "cut":
        changed = changed[:place]
    else:
        changed.insert(place, changed[place])
    fault = first_fault(changed, head)
    assert fault is not None, way


@BOTH
def test_what_people_do_makes_a_chain_that_holds(api: Running) -> None:
    deliver_hall(api.worker)
    deliver(api.worker, event(1), event(2))
    person = api.signed_in()
    decide(person, 1)
    decide(person, 2, "dismissed")
    database = Database(api.settings.database_url)
    with database.read() as session:
        entries = list(read_entries(session))
        assert first_fault(entries, read_head(session)) is None
    assert [one.action for one in entries] == ["signed_in", "decided", "decided"]
    assert [one.id for one in entries] == [1, 2, 3]
    database.close()


@BOTH
@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "UPDATE audit SET detail = '{}'"]
)
def test_the_database_itself_refuses_to_change_or_remove_a_row(database_url: str, statement: str) -> None:
    database = Database(database_url)
    with database.write() as session:
        audit.record(session, MORNING, "li", "decided", "e1")
    with pytest.raises(DatabaseError, match="never changed"), database.write() as session:
        session.execute(text(statement))
    with database.read() as session:
        assert first_fault(read_entries(session), read_head(session)) is None
    database.close()


@BOTH
def test_many_writers_at_once_make_one_chain_without_a_gap(database_url: str) -> None:
    database = Database(database_url)

    def write(name: str) -> None:
        for number in range(25):
            with database.write() as session:
                audit.record(session, MORNING, name, "decided", str(number), share=number / 7, wörter=["是"])
                audit.record(session, MORNING, name, "clip_viewed")

    writers = [threading.Thread(target=write, args=(f"writer{number}",)) for number in range(8)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    with database.read() as session:
        entries = list(read_entries(session))
        assert first_fault(entries, read_head(session)) is None
    assert [one.id for one in entries] == list(range(1, 401))
    database.close()


@BOTH
def test_what_was_rolled_back_leaves_no_row_and_no_gap(database_url: str) -> None:
    database = Database(database_url)

    def fail() -> None:
        with database.write() as session:
            audit.record(session, MORNING, "li", "decided")
            session.execute(text("INSERT INTO nothing_of_that_name VALUES (1)"))

    with pytest.raises(DatabaseError):
        fail()
    with database.write() as session:
        audit.record(session, MORNING, "wang", "decided")
    with database.read() as session:
        assert [(row.id, row.actor) for row in session.scalars(select(AuditRow))] == [(1, "wang")]
    database.close()
