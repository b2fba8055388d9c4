"""Review copies; one is asked for each clip that is there already."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "review_copy",
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="its event"),
        sa.Column(
            "state",
            sa.String(length=16),
            nullable=False,
            comment="pending: to be made; ready; failed: see reason",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it failed; null: it did not"),
        sa.Column(
            "source_sha256", sa.String(length=64), nullable=False, comment="of the clip that it is a copy of"
        ),
        sa.Column("sha256", sa.String(length=64), nullable=True, comment="of its film; null: not there"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True, comment="of its film; null: not there"),
        sa.Column(
            "has_pictures", sa.Boolean(), nullable=False, comment="whether poster and filmstrip are there"
        ),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), nullable=False, comment="server time its clip arrived"
        ),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="server time it arrived; null: not yet",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_review_copy_event_id_event"),
        sa.PrimaryKeyConstraint("event_id", name="pk_review_copy"),
    )
    op.create_index(
        "ix_review_copy_wanted", "review_copy", ["asked_at"], sqlite_where=PENDING, postgresql_where=PENDING
    )
    op.execute(
        "INSERT INTO review_copy (event_id, state, source_sha256, has_pictures, asked_at)"
        " SELECT event_id, 'pending', sha256, false, stored_at FROM clip WHERE sha256 IS NOT NULL"
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_review_copy_wanted", table_name="review_copy")
    op.drop_table("review_copy")
