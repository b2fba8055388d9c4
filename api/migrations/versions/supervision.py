"""What the supervision platform was told, is told, and answered."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "supervision_position",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="always 1"),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="of the last change looked at"),
        sa.PrimaryKeyConstraint("id", name="pk_supervision_position"),
    )
    op.create_table(
        "supervision_case",
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="the event"),
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="window"),
        sa.Column("grade", sa.String(length=8), nullable=True, comment="as last told; null: withdrawn"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="of what was last told; 1 is the first"),
        sa.Column(
            "receipt", sa.String(length=200), nullable=True, comment="the platform's number; null: none yet"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_supervision_case_event_id_event"),
        sa.PrimaryKeyConstraint("event_id", name="pk_supervision_case"),
    )
    op.create_index("ix_supervision_case_window_id", "supervision_case", ["window_id"])
    _messages()
    _feedback()


def _messages() -> None:
    op.create_table(
        "supervision_message",
        sa.Column("id", SERIAL, nullable=False, comment="in order of creation"),
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="what it is about"),
        sa.Column(
            "message", sa.String(length=80), nullable=False, comment="the message's id: event and revision"
        ),
        sa.Column("way", sa.String(length=8), nullable=False, comment="https, folder, table"),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="report, amend, withdraw"),
        sa.Column("body", sa.Text(), nullable=False, comment="as it is sent"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="waiting, delivered, given_up"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="so far"),
        sa.Column("made_at", TIME, nullable=False, comment="server time"),
        sa.Column("next_at", TIME, nullable=True, comment="next attempt; null: none to come"),
        sa.Column("delivered_at", TIME, nullable=True, comment="server time; null: not yet"),
        sa.Column("error", sa.Text(), nullable=True, comment="what went wrong last; null: nothing"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_supervision_message_event_id_event"),
        sa.PrimaryKeyConstraint("id", name="pk_supervision_message"),
    )
    op.create_index("ix_supervision_message_event_id", "supervision_message", ["event_id"])
    op.create_index("ix_supervision_message_due", "supervision_message", ["state", "next_at"])
    op.create_index("ix_supervision_message_once", "supervision_message", ["message", "way"], unique=True)


def _feedback() -> None:
    op.create_table(
        "supervision_feedback",
        sa.Column("id", SERIAL, nullable=False, comment="in order of arrival"),
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="what it is about"),
        sa.Column("message", sa.String(length=80), nullable=False, comment="which message it answers"),
        sa.Column("kind", sa.String(length=12), nullable=False, comment="acknowledged, refused, correction"),
        sa.Column(
            "receipt", sa.String(length=200), nullable=True, comment="the platform's number; null: none"
        ),
        sa.Column("text", sa.Text(), nullable=True, comment="in its words; null: none"),
        sa.Column("said_by", sa.String(length=64), nullable=False, comment="key"),
        sa.Column("said_at", TIME, nullable=False, comment="server time"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_supervision_feedback_event_id_event"),
        sa.PrimaryKeyConstraint("id", name="pk_supervision_feedback"),
    )
    op.create_index("ix_supervision_feedback_event_id", "supervision_feedback", ["event_id"])


def downgrade() -> None:
    """Take them away again; what the platform was told stays with the platform."""
    for table in ("feedback", "message", "case", "position"):
        op.drop_table(f"supervision_{table}")
