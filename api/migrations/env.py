"""Run by Alembic: applies the migrations on the connection that it was handed."""

from alembic import context
from sqlalchemy import Connection

from api.tables import Table


def apply(connection: Connection) -> None:
    """All steps in one transaction, so that a failed upgrade leaves the old tables."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


apply(context.config.attributes["connection"])
