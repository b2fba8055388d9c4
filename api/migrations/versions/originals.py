"""Requests for originals."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "original_request",
        sa.Column("id", sa.String(length=36), nullable=False, comment="UUIDv4"),
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="whose original"),
        sa.Column(
            "state",
            sa.String(length=12),
            nullable=False,
            comment="waiting, approved, ready, refused, failed, expired",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="what it is needed for, in their words"),
        sa.Column("asked_by", sa.String(length=64), nullable=False, comment="user name"),
        sa.Column("asked_at", TIME, nullable=False, comment="server time"),
        sa.Column("decided_by", sa.String(length=64), nullable=True, comment="user name; null: nobody yet"),
        sa.Column("decided_at", TIME, nullable=True, comment="server time; null: not yet"),
        sa.Column(
            "said",
            sa.Text(),
            nullable=True,
            comment="why it was refused or could not be made; null: neither",
        ),
        sa.Column(
            "manifest",
            sa.JSON(),
            nullable=True,
            comment="what lies in the archive; null: none was made",
        ),
        sa.Column(
            "sha256", sa.String(length=64), nullable=True, comment="of the archive; null: none was made"
        ),
        sa.Column(
            "size_bytes", sa.BigInteger(), nullable=True, comment="of the archive; null: none was made"
        ),
        sa.Column(
            "expires_at",
            TIME,
            nullable=False,
            comment="the request while it waits, then the archive, is over",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_original_request_event_id_event"),
        sa.PrimaryKeyConstraint("id", name="pk_original_request"),
    )
    op.create_index("ix_original_request_event_id", "original_request", ["event_id"])
    op.create_index("ix_original_request_state", "original_request", ["state"])


def downgrade() -> None:
    """Take it away again; what it held is lost."""
    op.drop_table("original_request")
