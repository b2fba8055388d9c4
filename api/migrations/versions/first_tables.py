"""The first tables: the hall, its events and their evidence, decisions, hours, and people."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


TABLES_CHILDREN_FIRST = (
    "skeleton",
    "session",
    "decision",
    "clip",
    "sign_in_failure",
    "ledger",
    "hall_window",
    "hall",
    "event_count",
    "event",
    "camera",
    "audit",
    "account",
)


def upgrade() -> None:
    """Make them all."""
    _make_hall()
    _make_events()
    _make_event_counts()
    _make_evidence()
    _make_decisions()
    _make_ledger_and_audit()
    _make_people()


def downgrade() -> None:
    """Take them all away again, children first."""
    for table in TABLES_CHILDREN_FIRST:
        op.drop_table(table)


def _make_hall() -> None:
    op.create_table(
        "hall",
        sa.Column("id", sa.String(length=64), nullable=False, comment="the site file's name for it"),
        sa.Column("name", sa.Text(), nullable=False, comment="what people call it, Chinese"),
        sa.Column("name_en", sa.Text(), nullable=False, comment="what people call it, English"),
        sa.Column(
            "time_zone",
            sa.String(length=64),
            nullable=False,
            comment="IANA name; days and hours are cut by it",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hall"),
    )
    op.create_table(
        "hall_window",
        sa.Column("id", sa.String(length=64), nullable=False, comment="the site file's name for it"),
        sa.Column("name", sa.Text(), nullable=False, comment="what people call it, Chinese"),
        sa.Column("name_en", sa.Text(), nullable=False, comment="what people call it, English"),
        sa.Column(
            "position", sa.Integer(), nullable=True, comment="place in the list; null: no longer there"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hall_window"),
    )
    op.create_table(
        "camera",
        sa.Column("id", sa.String(length=64), nullable=False, comment="the site file's name for it"),
        sa.Column("name", sa.Text(), nullable=False, comment="what people call it"),
        sa.Column("windows", sa.JSON(), nullable=False, comment="ids of the windows it sees"),
        sa.Column(
            "position", sa.Integer(), nullable=True, comment="place in the list; null: no longer there"
        ),
        sa.Column(
            "state",
            sa.String(length=16),
            nullable=False,
            comment="live, connecting, stalled, dark, …; off at first",
        ),
        sa.Column(
            "since", sa.DateTime(timezone=True), nullable=True, comment="since when; null: never heard of"
        ),
        sa.Column("detail", sa.Text(), nullable=True, comment="more about the state; null: nothing to add"),
        sa.Column(
            "analysed_fps", sa.Double(), nullable=True, comment="pictures judged a second; null: not told"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_camera"),
    )


def _event_told() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(length=36), nullable=False, comment="UUIDv7, given by the worker"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="the worker's; the highest seen is kept"),
        sa.Column(
            "behaviour", sa.String(length=32), nullable=False, comment="code in the Article 27 catalogue"
        ),
        sa.Column("variant", sa.String(length=32), nullable=True, comment="which kind of it; null: has none"),
        sa.Column(
            "window_id", sa.String(length=64), nullable=False, comment="window; may be one not reported yet"
        ),
        sa.Column("camera_id", sa.String(length=64), nullable=False, comment="camera that saw it"),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the behaviour began, camera time",
        ),
        sa.Column(
            "flagged_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when its rule was met, camera time",
        ),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it ended; null: not known to have",
        ),
    ]


def _event_known() -> list[sa.Column[Any]]:
    return [
        sa.Column(
            "known_until",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="last moment it is known to have gone on; its seconds count up to here",
        ),
        sa.Column(
            "ending", sa.String(length=16), nullable=True, comment="how it ended; null: not known to have"
        ),
        sa.Column("peak_score", sa.Double(), nullable=False, comment="strongest evidence, 0..1"),
        sa.Column("measures", sa.JSON(), nullable=False, comment="name with its unit -> number"),
        sa.Column("evidence", sa.JSON(), nullable=False, comment="[[seconds since start, score or null], …]"),
        sa.Column("parent", sa.String(length=36), nullable=True, comment="event it follows from; null: none"),
        sa.Column(
            "state",
            sa.String(length=16),
            nullable=False,
            comment="pending, confirmed or dismissed, by a human only",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="grows with every change of what the page is shown",
        ),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it first arrived, server time",
        ),
    ]


def _make_events() -> None:
    op.create_table(
        "event",
        *_event_told(),
        *_event_known(),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index(
        "ix_event_state_behaviour_started_at_id", "event", ["state", "behaviour", "started_at", "id"]
    )
    op.create_index("ix_event_state_started_at_id", "event", ["state", "started_at", "id"])
    op.create_index(
        "ix_event_state_window_id_behaviour_started_at_id",
        "event",
        ["state", "window_id", "behaviour", "started_at", "id"],
    )
    op.create_index(
        "ix_event_state_window_id_started_at_id", "event", ["state", "window_id", "started_at", "id"]
    )


def _make_event_counts() -> None:
    op.create_table(
        "event_count",
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="window"),
        sa.Column("behaviour", sa.String(length=32), nullable=False, comment="code"),
        sa.Column("state", sa.String(length=16), nullable=False, comment="pending, confirmed, dismissed"),
        sa.Column(
            "number", sa.BigInteger(), nullable=False, comment="events of this window, behaviour and state"
        ),
        sa.PrimaryKeyConstraint("window_id", "behaviour", "state", name="pk_event_count"),
    )


def _make_evidence() -> None:
    op.create_table(
        "clip",
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="its event"),
        sa.Column(
            "state",
            sa.String(length=16),
            nullable=False,
            comment="ready; partial: cut short; failed: no file",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why partial or failed; null: nothing wrong"),
        sa.Column(
            "starts_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="camera time of its first picture; null: no file",
        ),
        sa.Column("duration_s", sa.Double(), nullable=True, comment="length in seconds; null: no file"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True, comment="of the file; null: no file"),
        sa.Column(
            "sha256", sa.String(length=64), nullable=True, comment="of the file, names it too; null: no file"
        ),
        sa.Column(
            "stored_at", sa.DateTime(timezone=True), nullable=False, comment="server time of its arrival"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_clip_event_id_event"),
        sa.PrimaryKeyConstraint("event_id", name="pk_clip"),
    )
    op.create_table(
        "skeleton",
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="its event"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False, comment="of the JSON file"),
        sa.Column(
            "stored_at", sa.DateTime(timezone=True), nullable=False, comment="server time of its arrival"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_skeleton_event_id_event"),
        sa.PrimaryKeyConstraint("event_id", name="pk_skeleton"),
    )


def _make_decisions() -> None:
    op.create_table(
        "decision",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="order of events",
        ),
        sa.Column("event_id", sa.String(length=36), nullable=False, comment="what was judged"),
        sa.Column("verdict", sa.String(length=16), nullable=False, comment="confirmed, dismissed, or undone"),
        sa.Column("reason", sa.String(length=32), nullable=True, comment="code; null: none given"),
        sa.Column("note", sa.Text(), nullable=True, comment="in the reviewer's words; null: none given"),
        sa.Column("decided_by", sa.String(length=64), nullable=False, comment="user name"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False, comment="server time"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_decision_event_id_event"),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
    )
    op.create_index("ix_decision_event_id", "decision", ["event_id"])


def _make_ledger_and_audit() -> None:
    op.create_table(
        "ledger",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False, comment="start of the UTC hour"),
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="window"),
        sa.Column("camera_id", sa.String(length=64), nullable=False, comment="camera"),
        sa.Column(
            "open_s", sa.Double(), nullable=False, comment="seconds that the schedule says it was open"
        ),
        sa.Column(
            "observed_s", sa.Double(), nullable=False, comment="open seconds in which the camera could judge"
        ),
        sa.Column(
            "present_s", sa.Double(), nullable=False, comment="observed seconds with somebody at the post"
        ),
        sa.PrimaryKeyConstraint("hour", "window_id", "camera_id", name="pk_ledger"),
    )
    op.create_table(
        "audit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="order of happening",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="server time"),
        sa.Column("actor", sa.String(length=64), nullable=False, comment="user name, as typed"),
        sa.Column(
            "action", sa.String(length=32), nullable=False, comment="signed_in, clip_viewed, decided, …"
        ),
        sa.Column("subject", sa.String(length=64), nullable=True, comment="event it was about; null: none"),
        sa.Column("detail", sa.JSON(), nullable=False, comment="more about it"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject_actor_action_at", "audit", ["subject", "actor", "action", "at"])


def _make_people() -> None:
    op.create_table(
        "account",
        sa.Column("username", sa.String(length=64), nullable=False, comment="as typed at sign-in"),
        sa.Column("password_hash", sa.Text(), nullable=False, comment="argon2id, with its parameters"),
        sa.Column(
            "must_change_password", sa.Boolean(), nullable=False, comment="true: may do nothing else first"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="server time"),
        sa.PrimaryKeyConstraint("username", name="pk_account"),
    )
    op.create_table(
        "session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False, comment="of the cookie's value"),
        sa.Column("username", sa.String(length=64), nullable=False, comment="whose"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="of signing in; ends 12 h later at most",
        ),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="last use, to the minute; ends 30 min later",
        ),
        sa.ForeignKeyConstraint(["username"], ["account.username"], name="fk_session_username_account"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_session"),
    )
    op.create_index("ix_session_username", "session", ["username"])
    op.create_table(
        "sign_in_failure",
        sa.Column("username", sa.String(length=64), nullable=False, comment="as typed"),
        sa.Column(
            "failures", sa.Integer(), nullable=False, comment="in a row, each within 15 min of the last"
        ),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False, comment="of the last of them"),
        sa.PrimaryKeyConstraint("username", name="pk_sign_in_failure"),
    )
    op.create_index("ix_sign_in_failure_last_at", "sign_in_failure", ["last_at"])
