"""An audit that was kept before there was a chain becomes one, and loses nothing."""

from alembic import command
from sqlalchemy import create_engine, text

from api.audit.chain import first_fault, read_entries, read_head
from api.database import Database, migration_config
from tests.api.conftest import MORNING

INSERT = text(
    "INSERT INTO audit (id, at, actor, action, subject, detail)"
    " VALUES (:id, :at, :actor, 'decided', NULL, :detail)"
)


def test_rows_with_gaps_are_numbered_and_chained(empty_database: str) -> None:
    engine = create_engine(empty_database)
    with engine.connect() as connection:
        command.upgrade(migration_config(connection), "0009")
        for number in (1, 2, 5, 9):
            at = (
                MORNING
                if engine.dialect.name == "postgresql"
                else MORNING.replace(tzinfo=None).isoformat(" ")
            )
            detail = '{"verdict": "confirmed", "share": 0.1}'
            connection.execute(INSERT, {"id": number, "at": at, "actor": f"a{number}", "detail": detail})
        connection.commit()
    engine.dispose()
    database = Database(empty_database)
    database.migrate()
    with database.read() as session:
        entries = list(read_entries(session))
        assert first_fault(entries, read_head(session)) is None
    assert [(one.id, one.actor) for one in entries] == [(1, "a1"), (2, "a2"), (3, "a5"), (4, "a9")]
    assert {one.at for one in entries} == {MORNING}
    database.close()
