"""Permits, the withdrawals they lead to, the hall's rules for them, and when a camera was last heard of."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    _describe_state("pending; confirmed or dismissed, by a human only; withdrawn, covered by permits")
    _make_permits()
    _make_withdrawals()
    with op.batch_alter_table("hall") as hall:
        hall.add_column(
            sa.Column(
                "permit_rules", sa.JSON(), nullable=True, comment="what permits do; null: as by default"
            )
        )
    with op.batch_alter_table("camera") as camera:
        camera.add_column(
            sa.Column(
                "heard_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="server time of its worker's last word; null: none yet",
            )
        )


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("camera") as camera:
        camera.drop_column("heard_at")
    with op.batch_alter_table("hall") as hall:
        hall.drop_column("permit_rules")
    op.drop_table("withdrawal")
    op.drop_table("permit")
    _describe_state("pending, confirmed or dismissed, by a human only")


def _describe_state(comment: str) -> None:
    # SQLite keeps no comments, and would copy the whole table for one.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("event", "state", existing_type=sa.String(length=16), comment=comment)


def _make_permits() -> None:
    op.create_table(
        "permit",
        sa.Column("id", sa.String(length=36), nullable=False, comment="UUID"),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="leave, stand_in or suspended"),
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="window it is for"),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False, comment="what it covers, from"),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False, comment="what it covers, until"),
        sa.Column("reason", sa.Text(), nullable=False, comment="in the supervisor's words"),
        sa.Column(
            "stand_in_window",
            sa.String(length=64),
            nullable=True,
            comment="window that serves instead; null: no stand-in",
        ),
        sa.Column("registered_by", sa.String(length=64), nullable=False, comment="user name"),
        sa.Column(
            "registered_at", sa.DateTime(timezone=True), nullable=False, comment="server time, may be late"
        ),
        sa.Column(
            "request_key",
            sa.String(length=100),
            nullable=True,
            comment="the caller's Idempotency-Key; null: sent none",
        ),
        sa.Column(
            "revoked_by", sa.String(length=64), nullable=True, comment="user name; null: still in force"
        ),
        sa.Column(
            "revoked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="server time; null: still in force",
        ),
        sa.Column("revoke_reason", sa.Text(), nullable=True, comment="why; null: still in force"),
        sa.PrimaryKeyConstraint("id", name="pk_permit"),
        sa.UniqueConstraint("registered_by", "request_key", name="uq_permit_registered_by_request_key"),
    )
    op.create_index("ix_permit_window_id_starts_at", "permit", ["window_id", "starts_at"])
    op.create_index("ix_permit_starts_at_id", "permit", ["starts_at", "id"])


def _make_withdrawals() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "withdrawal",
        sa.Column("id", serial, autoincrement=True, nullable=False, comment="order of happening"),
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="what was withdrawn"),
        sa.Column("permits", sa.JSON(), nullable=False, comment="ids of the permits that covered it"),
        sa.Column("reason", sa.String(length=16), nullable=False, comment="kind of the first of them"),
        sa.Column(
            "state_before",
            sa.String(length=16),
            nullable=False,
            comment="pending or confirmed; what it goes back to",
        ),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=False, comment="user name, or hallwatch"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False, comment="server time"),
        sa.Column(
            "restored_by",
            sa.String(length=64),
            nullable=True,
            comment="user name, or hallwatch; null: still withdrawn",
        ),
        sa.Column(
            "restored_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="server time; null: still withdrawn",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_withdrawal_event_id_event"),
        sa.PrimaryKeyConstraint("id", name="pk_withdrawal"),
    )
    op.create_index("ix_withdrawal_event_id", "withdrawal", ["event_id"])
