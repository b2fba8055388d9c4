"""Up to which change an MQTT broker was told."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "mqtt_position",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="always 1"),
        sa.Column(
            "number", sa.BigInteger(), nullable=False, comment="of the last change that the broker took"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mqtt_position"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("mqtt_position")
