"""The list of changes, for programs that follow the hall."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add it; it begins empty."""
    op.create_table(
        "change",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="1, 2, …: order in which it was committed, without a gap",
        ),
        sa.Column("at", TIME, nullable=False, comment="server time"),
        sa.Column(
            "type", sa.String(length=32), nullable=False, comment="one of those in api/changes/types.py"
        ),
        sa.Column(
            "subject",
            sa.String(length=64),
            nullable=False,
            comment="event, camera or window that it is about",
        ),
        sa.Column(
            "window_id", sa.String(length=64), nullable=True, comment="window; null: of no window alone"
        ),
        sa.Column(
            "unreviewed",
            sa.Boolean(),
            nullable=False,
            comment="true: a machine's flag that nobody judged yet",
        ),
        sa.Column("data", sa.JSON(), nullable=False, comment="how it stood then"),
        sa.PrimaryKeyConstraint("number", name="pk_change"),
    )
    op.create_index("ix_change_at", "change", ["at"])
    op.create_index("ix_change_window_id_number", "change", ["window_id", "number"])
    op.create_index("ix_change_subject", "change", ["subject"])
    op.create_table(
        "told_hours",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="always 1"),
        sa.Column("until", TIME, nullable=False, comment="end of the last hour that was told"),
        sa.PrimaryKeyConstraint("id", name="pk_told_hours"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("told_hours")
    op.drop_table("change")
