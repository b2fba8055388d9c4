"""Why a camera may watch."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    record = sa.Column("record", sa.JSON(), nullable=True, comment="why it may watch (P1); null: nobody said")
    op.add_column("camera", record)


def downgrade() -> None:
    """Take it away again; what it held is lost."""
    op.drop_column("camera", "record")
