"""Second factors of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "second_factor",
        sa.Column("username", sa.String(length=64), nullable=False, comment="whose"),
        sa.Column("sealed_secret", sa.Text(), nullable=False, comment="sealed with the key file"),
        sa.Column(
            "since", sa.DateTime(timezone=True), nullable=True, comment="confirmed then; null: not yet"
        ),
        sa.Column(
            "last_step",
            sa.BigInteger(),
            nullable=True,
            comment="time step of the last code accepted; null: none yet",
        ),
        sa.Column(
            "recovery_sha256s", sa.JSON(), nullable=False, comment="of the recovery codes not yet used"
        ),
        sa.ForeignKeyConstraint(["username"], ["account.username"], name="fk_second_factor_username_account"),
        sa.PrimaryKeyConstraint("username", name="pk_second_factor"),
    )


def downgrade() -> None:
    """Take it away again; what it held is lost."""
    op.drop_table("second_factor")
