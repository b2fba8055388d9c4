"""The ledger tells more of an hour; figures are rolled up from it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBERS = {
    "open_ms": "open by the roster",
    "observed_ms": "open and observed",
    "present_ms": "observed with somebody at the post",
    "away_permitted_ms": "observed, nobody there, within a permit",
    "away_ms": "observed, nobody there, without a permit",
    "offline_ms": "not observed: no picture came",
    "not_running_ms": "not observed: no worker ran",
    "dark_ms": "not observed: too dark",
    "covered_ms": "not observed: covered",
    "frozen_ms": "not observed: the picture stood still",
    "blurred_ms": "not observed: blurred",
    "moved_ms": "not observed: the camera was moved",
    "untold_ms": "not observed, nobody said why",
    "confirmed_ms": "confirmed breach in opening hours, at once counted once",
    "breach_ms": "the same, never more than was observed in the hour",
    "confirmed": "events that began in it and are confirmed",
    "pending": "events that began in it and wait",
    "dismissed": "events that began in it and are dismissed",
    "expired": "events that began in it and nobody decided in time",
    "judged_hours": "window-hours of which half or more was observed",
    "clean_hours": "those of them without a confirmed breach",
    "queue_seen_ms": "time in which the queue could be measured",
    "queue_person_ms": "people waiting times milliseconds",
    "waits": "waits that ended by being served",
    "waits_ms": "their lengths together",
    "longest_queue": "most people waiting at once",
    "longest_wait_ms": "longest of the waits",
}
KINDS = {
    "confirmed": "events that began in it and are confirmed",
    "pending": "events that began in it and wait",
    "dismissed": "events that began in it and are dismissed",
    "expired": "events that began in it and nobody decided in time",
    "confirmed_ms": "confirmed time in opening hours",
    "assessable_ms": "time in which it could be judged",
}


def upgrade() -> None:
    """Add them; what is there already is computed at the next start."""
    op.add_column(
        "ledger",
        sa.Column(
            "detail",
            sa.JSON(),
            nullable=True,
            comment="spans, causes, assessable and queue seconds; null: not told",
        ),
    )
    op.add_column(
        "hall",
        sa.Column(
            "above", sa.JSON(), nullable=True, comment="sub-district and district it is in; null: not told"
        ),
    )
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "figure_stale",
        sa.Column("id", number, autoincrement=True, nullable=False, comment="order of happening"),
        sa.Column(
            "window_id",
            sa.String(length=64),
            nullable=False,
            comment="window; empty: every window, all of time",
        ),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False, comment="from this moment on"),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False, comment="up to this moment"),
        sa.PrimaryKeyConstraint("id", name="pk_figure_stale"),
    )
    revision_column = sa.Column(
        "revision", sa.Integer(), nullable=False, comment="how often it changed after its time was over"
    )
    names = [
        ("grain", 8, "hour, day, week or month"),
        ("level", 8, "window or hall"),
        ("bucket", 16, "2026-03-02T01Z, the UTC hour; else the local date it begins on"),
        ("unit_id", 64, "window; empty: the hall"),
    ]
    _figures("figure", names, [revision_column], NUMBERS)
    same = [(name, length, "as in figure") for name, length, _ in names]
    _figures("figure_behaviour", [*same, ("behaviour", 32, "code in the catalogue")], [], KINDS)
    beginning = "'1970-01-01 00:00:00.000000'"
    op.execute(
        "INSERT INTO figure_stale (window_id, from_at, until_at)"
        f" SELECT '', {beginning}, {beginning} FROM hall"
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("figure_behaviour", "figure"):
        op.drop_index(f"ix_{table}_grain_level_unit_id_bucket", table_name=table)
        op.drop_table(table)
    op.drop_table("figure_stale")
    op.drop_column("hall", "above")
    op.drop_column("ledger", "detail")


def _figures(
    table: str, names: list[tuple[str, int, str]], columns: list[Any], numbers: dict[str, str]
) -> None:
    op.create_table(
        table,
        *(sa.Column(name, sa.String(length), nullable=False, comment=what) for name, length, what in names),
        *columns,
        *(sa.Column(name, sa.BigInteger(), nullable=False, comment=what) for name, what in numbers.items()),
        sa.PrimaryKeyConstraint(*(name for name, _, _ in names), name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_grain_level_unit_id_bucket", table, ["grain", "level", "unit_id", "bucket"])
