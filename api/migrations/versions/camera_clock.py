"""How far each camera's clock is from ours."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.add_column(
        "camera",
        sa.Column(
            "clock_ahead_s", sa.Double(), nullable=True, comment="its clock before ours; null: not told"
        ),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_column("camera", "clock_ahead_s")
