"""Roles and scopes of accounts, keys of other programs, where sessions and failed tries came from."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them."""
    op.add_column(
        "account",
        sa.Column(
            "scope",
            sa.JSON(),
            nullable=True,
            comment="units of the hall tree they answer for; null: the whole hall",
        ),
    )
    op.add_column(
        "account",
        sa.Column(
            "disabled",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="true: cannot sign in",
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON COLUMN account.role IS 'one of those in api/rights/table.py'")
    op.add_column(
        "session",
        sa.Column("address", sa.String(length=64), nullable=True, comment="it came from; null: not known"),
    )
    op.add_column(
        "session",
        sa.Column(
            "agent",
            sa.String(length=200),
            nullable=True,
            comment="what the browser called itself; null: not known",
        ),
    )
    _make_address_failures()
    _make_keys()


def _make_address_failures() -> None:
    op.create_table(
        "sign_in_address",
        sa.Column("address", sa.String(length=64), nullable=False, comment="it came from"),
        sa.Column("failures", sa.Integer(), nullable=False, comment="each within 15 min of the last"),
        sa.Column("last_at", TIME, nullable=False, comment="of the last of them"),
        sa.PrimaryKeyConstraint("address", name="pk_sign_in_address"),
    )
    op.create_index("ix_sign_in_address_last_at", "sign_in_address", ["last_at"])


def _make_keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=12), nullable=False, comment="shown: what the key begins with"),
        sa.Column(
            "name", sa.String(length=64), nullable=False, comment="what it is for, in its maker's words"
        ),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=False,
            comment="of the whole key, which has 256 random bits",
        ),
        sa.Column("rights", sa.JSON(), nullable=False, comment="what it may do"),
        sa.Column("scope", sa.JSON(), nullable=True, comment="units it may read of; null: the whole hall"),
        sa.Column("made_by", sa.String(length=64), nullable=False, comment="user name"),
        sa.Column("made_at", TIME, nullable=False, comment="server time"),
        sa.Column("expires_at", TIME, nullable=True, comment="null: never by itself"),
        sa.Column("used_at", TIME, nullable=True, comment="last use, to the minute; null: never used"),
        sa.Column("revoked_at", TIME, nullable=True, comment="null: still in force"),
        sa.Column(
            "revoked_by", sa.String(length=64), nullable=True, comment="user name; null: still in force"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("api_key")
    op.drop_index("ix_sign_in_address_last_at", table_name="sign_in_address")
    op.drop_table("sign_in_address")
    for table, columns in (("session", ("agent", "address")), ("account", ("disabled", "scope"))):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
