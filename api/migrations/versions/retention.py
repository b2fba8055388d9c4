"""What is left of deleted events, legal holds, and when the nightly deletion was last done."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "deleted_event",
        sa.Column("id", sa.String(length=36), nullable=False, comment="of the event that was"),
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="window"),
        sa.Column("behaviour", sa.String(length=32), nullable=False, comment="code in the catalogue"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="as it stood in the end"),
        sa.Column("started_at", TIME, nullable=False, comment="camera time"),
        sa.Column("known_until", TIME, nullable=False, comment="camera time, last known moment"),
        sa.Column("deleted_at", TIME, nullable=False, comment="server time"),
        sa.Column("files", sa.JSON(), nullable=False, comment="name, bytes and SHA-256 of each"),
        sa.Column("rows", sa.JSON(), nullable=False, comment="how many of each table"),
        sa.PrimaryKeyConstraint("id", name="pk_deleted_event"),
    )
    op.create_index("ix_deleted_event_deleted_at", "deleted_event", ["deleted_at"])
    op.create_index("ix_deleted_event_started_at", "deleted_event", ["started_at"])
    op.create_table(
        "legal_hold",
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="what is held"),
        sa.Column("reason", sa.Text(), nullable=False, comment="in their words"),
        sa.Column("placed_by", sa.String(length=64), nullable=False, comment="user name"),
        sa.Column("placed_at", TIME, nullable=False, comment="server time"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_legal_hold_event_id_event"),
        sa.PrimaryKeyConstraint("event_id", name="pk_legal_hold"),
    )
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="always 1"),
        sa.Column("day", sa.String(length=10), nullable=False, comment="local date"),
        sa.PrimaryKeyConstraint("id", name="pk_retention_run"),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("retention_run", "legal_hold", "deleted_event"):
        op.drop_table(table)
