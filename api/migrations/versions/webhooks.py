"""Webhooks and what is sent to them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(length=36), nullable=False, comment="UUIDv4"),
        sa.Column(
            "name", sa.String(length=64), nullable=False, comment="what it is for, in its maker's words"
        ),
        sa.Column("address", sa.Text(), nullable=False, comment="where to POST"),
        sa.Column("types", sa.JSON(), nullable=False, comment="types of changes that are told"),
        sa.Column("behaviours", sa.JSON(), nullable=True, comment="events of these alone; null: of all"),
        sa.Column("windows", sa.JSON(), nullable=True, comment="of these windows alone; null: of all"),
        sa.Column(
            "sealed_secrets",
            sa.JSON(),
            nullable=False,
            comment="sealed with the key file, newest first; `until`: still signed with until then",
        ),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="number of the last change looked at"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="active, paused, disabled, deleted"),
        sa.Column("said", sa.Text(), nullable=True, comment="why it was disabled; null: it was not"),
        sa.Column(
            "failing_since", TIME, nullable=True, comment="first failure since the last success; null: none"
        ),
        sa.Column("made_by", sa.String(length=64), nullable=False, comment="user name"),
        sa.Column("made_at", TIME, nullable=False, comment="server time"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    _deliveries()


def _deliveries() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("id", SERIAL, nullable=False, comment="in order of creation"),
        sa.Column("webhook_id", sa.String(length=36), nullable=False, comment="to whom"),
        sa.Column("change", sa.BigInteger(), nullable=True, comment="number of the change; null: a test"),
        sa.Column("type", sa.String(length=32), nullable=False, comment="of the change, or ping"),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="of the change"),
        sa.Column("body", sa.Text(), nullable=False, comment="what is sent: the same each time"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="waiting, delivered, given_up"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="so far, of this round"),
        sa.Column("replays", sa.Integer(), nullable=False, comment="how often somebody had it sent anew"),
        sa.Column("made_at", TIME, nullable=False, comment="server time"),
        sa.Column("next_at", TIME, nullable=True, comment="next attempt; null: none to come"),
        sa.Column("tried_at", TIME, nullable=True, comment="last attempt; null: none yet"),
        sa.Column("status", sa.Integer(), nullable=True, comment="of the last answer; null: there was none"),
        sa.Column("error", sa.Text(), nullable=True, comment="what went wrong last; null: nothing"),
        sa.Column("took_ms", sa.Integer(), nullable=True, comment="the last attempt; null: none yet"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name="fk_webhook_delivery_webhook_id_webhook"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
    )
    op.create_index("ix_webhook_delivery_due", "webhook_delivery", ["webhook_id", "state", "next_at"])
    op.create_index("ix_webhook_delivery_change", "webhook_delivery", ["webhook_id", "change"], unique=True)


def downgrade() -> None:
    """Take it away again; what it held is lost."""
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
