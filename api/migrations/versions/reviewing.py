"""The queue by deadline; claims, blind second reviews, appeals, saved views, and what a person's role is."""

import sqlalchemy as sa
from alembic import op

from vision.article27 import ARTICLES

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

QUEUE = (
    ("ix_event_queue", ()),
    ("ix_event_queue_window", ("window_id",)),
    ("ix_event_queue_behaviour", ("behaviour",)),
    ("ix_event_queue_window_behaviour", ("window_id", "behaviour")),
)
STATE = "pending; confirmed or dismissed, by a human only; withdrawn, covered by permits"
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them."""
    _describe("event", "state", f"{STATE}; expired")
    _describe("event_count", "state", "as in event")
    _add_order()
    op.add_column(
        "account",
        sa.Column(
            "role",
            sa.String(length=16),
            server_default="supervisor",
            nullable=False,
            comment="supervisor, or window_staff",
        ),
    )
    op.add_column(
        "account",
        sa.Column("windows", sa.JSON(), nullable=True, comment="windows they work at themselves; null: none"),
    )
    op.create_index("ix_decision_decided_by_decided_at", "decision", ["decided_by", "decided_at"])
    _make_viewings()
    _make_second_reviews()
    _make_appeals()
    _make_views()


def downgrade() -> None:
    """Take them away again."""
    for table in ("saved_view", "appeal_link", "appeal", "second_review", "viewing"):
        op.drop_table(table)
    op.drop_index("ix_decision_decided_by_decided_at", "decision")
    op.drop_column("account", "windows")
    op.drop_column("account", "role")
    for name, _ in QUEUE:
        op.drop_index(name, "event")
    op.drop_column("event", "severity")
    op.drop_column("event", "due_at")
    _describe("event_count", "state", "pending, confirmed, dismissed")
    _describe("event", "state", STATE)


def _describe(table: str, column: str, comment: str) -> None:
    # SQLite keeps no comments, and would copy the whole table for one.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, existing_type=sa.String(length=16), comment=comment)


def _add_order() -> None:
    op.add_column(
        "event",
        sa.Column(
            "due_at",
            TIME,
            nullable=True,
            comment="until when it should be decided; null: not weighed yet, never in the queue",
        ),
    )
    op.add_column(
        "event",
        sa.Column(
            "severity",
            sa.Integer(),
            server_default="2",
            nullable=False,
            comment="of its behaviour in the catalogue, 1 the gravest",
        ),
    )
    later = "flagged_at + interval '1 day'"
    if op.get_bind().dialect.name == "sqlite":
        later = "strftime('%Y-%m-%d %H:%M:%S.000000', flagged_at, '+1 day')"
    op.execute(f"UPDATE event SET due_at = {later}")
    for article in ARTICLES:
        known = sa.text("UPDATE event SET severity = :severity WHERE behaviour = :code")
        op.execute(known.bindparams(severity=article.severity, code=article.code))
    pending = sa.text("state = 'pending'")
    for name, filtered in QUEUE:
        op.create_index(
            name,
            "event",
            [*filtered, "due_at", "severity", "started_at", "id", "peak_score"],
            sqlite_where=pending,
            postgresql_where=pending,
        )


def _make_viewings() -> None:
    op.create_table(
        "viewing",
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="what was seen"),
        sa.Column("username", sa.String(length=64), nullable=False, comment="who saw it"),
        sa.Column("first_at", TIME, nullable=False, comment="server time of the first look"),
        sa.Column(
            "held_until", TIME, nullable=True, comment="end of the claim; null: let go of, or only looked at"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_viewing_event_id_event"),
        sa.PrimaryKeyConstraint("event_id", "username", name="pk_viewing"),
    )


def _make_second_reviews() -> None:
    op.create_table(
        "second_review",
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="its event"),
        sa.Column("first_verdict", sa.String(length=16), nullable=False, comment="confirmed or dismissed"),
        sa.Column("first_by", sa.String(length=64), nullable=False, comment="user name"),
        sa.Column("first_at", TIME, nullable=False, comment="server time"),
        sa.Column(
            "second_verdict",
            sa.String(length=16),
            nullable=True,
            comment="confirmed or dismissed; null: waits for the second reviewer",
        ),
        sa.Column("second_reason", sa.String(length=32), nullable=True, comment="code; null: none given"),
        sa.Column("second_note", sa.Text(), nullable=True, comment="in their words; null: none given"),
        sa.Column("second_by", sa.String(length=64), nullable=True, comment="user name; null: waits"),
        sa.Column("second_at", TIME, nullable=True, comment="server time; null: waits"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_second_review_event_id_event"),
        sa.PrimaryKeyConstraint("event_id", name="pk_second_review"),
    )
    op.create_index("ix_second_review_second_at_first_at", "second_review", ["second_at", "first_at"])


def _make_appeals() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.String(length=36), nullable=False, comment="UUID"),
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="one for each event"),
        sa.Column("text", sa.Text(), nullable=False, comment="in the staff's words"),
        sa.Column("made_by", sa.String(length=64), nullable=True, comment="user name; null: came by a link"),
        sa.Column("made_at", TIME, nullable=False, comment="server time"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="open, upheld or rejected"),
        sa.Column("decided_by", sa.String(length=64), nullable=True, comment="user name; null: still open"),
        sa.Column("decided_at", TIME, nullable=True, comment="server time; null: still open"),
        sa.Column("answer", sa.Text(), nullable=True, comment="what the staff are told; null: still open"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_appeal_event_id_event"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
        sa.UniqueConstraint("event_id", name="uq_appeal_event_id"),
    )
    op.create_index("ix_appeal_state_made_at_id", "appeal", ["state", "made_at", "id"])
    op.create_table(
        "appeal_link",
        sa.Column("id", sa.String(length=36), nullable=False, comment="UUID, the link's open half"),
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="the only one it shows"),
        sa.Column(
            "key",
            sa.String(length=64),
            nullable=False,
            comment="that its other half is signed with, hexadecimal",
        ),
        sa.Column("made_by", sa.String(length=64), nullable=False, comment="user name"),
        sa.Column("made_at", TIME, nullable=False, comment="server time"),
        sa.Column("expires_at", TIME, nullable=False, comment="end of its use"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_appeal_link_event_id_event"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal_link"),
    )
    op.create_index("ix_appeal_link_event_id", "appeal_link", ["event_id"])


def _make_views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("username", sa.String(length=64), nullable=False, comment="whose it is"),
        sa.Column("name", sa.String(length=64), nullable=False, comment="in their words"),
        sa.Column("filter", sa.JSON(), nullable=False, comment="as the queue's query has it"),
        sa.Column("saved_at", TIME, nullable=False, comment="server time"),
        sa.ForeignKeyConstraint(["username"], ["account.username"], name="fk_saved_view_username_account"),
        sa.PrimaryKeyConstraint("username", "name", name="pk_saved_view"),
    )
