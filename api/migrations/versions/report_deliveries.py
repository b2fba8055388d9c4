"""Which report went where."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    time = sa.DateTime(timezone=True)
    op.create_table(
        "report_delivery",
        sa.Column("kind", sa.String(length=8), nullable=False, comment="daily, weekly or monthly"),
        sa.Column("first", sa.String(length=10), nullable=False, comment="local date it begins on"),
        sa.Column(
            "target",
            sa.String(length=320),
            nullable=False,
            comment="folder, or the mail address that gets it",
        ),
        sa.Column("state", sa.String(length=16), nullable=False, comment="waiting, delivered or given_up"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="tries so far, one under way included"),
        sa.Column("asked_at", time, nullable=False, comment="server time it became due"),
        sa.Column("next_try_at", time, nullable=False, comment="not tried before"),
        sa.Column(
            "held_until", time, nullable=True, comment="a process tries it until then; null: nobody does"
        ),
        sa.Column("delivered_at", time, nullable=True, comment="server time; null: not yet"),
        sa.Column(
            "last_error", sa.Text(), nullable=True, comment="why the last try failed; null: it did not"
        ),
        sa.PrimaryKeyConstraint("kind", "first", "target", name="pk_report_delivery"),
    )
    op.create_index("ix_report_delivery_state_next_try_at", "report_delivery", ["state", "next_try_at"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_report_delivery_state_next_try_at", table_name="report_delivery")
    op.drop_table("report_delivery")
