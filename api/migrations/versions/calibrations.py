"""Saved calibrations, and what a camera's worker tells of its picture and of its site file's calibration."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "camera_calibrations",
        sa.Column("camera_id", sa.String(length=64), nullable=False, comment="the camera"),
        sa.Column(
            "revision", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, …; the newest holds"
        ),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="floor and zones; null: as the site file says",
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="in the saver's words; null: none given"),
        sa.Column("saved_by", sa.String(length=64), nullable=False, comment="user name"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False, comment="server time"),
        sa.Column(
            "restored_from",
            sa.Integer(),
            nullable=True,
            comment="the revision that it brings back, 0 the site file; null: made anew",
        ),
        sa.Column("points", sa.Integer(), nullable=False, comment="measured points of its floor"),
        sa.Column("worst_cm", sa.Double(), nullable=True, comment="largest error of a point; null: no floor"),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name="fk_camera_calibrations_camera_id_camera"),
        sa.PrimaryKeyConstraint("camera_id", "revision", name="pk_camera_calibrations"),
    )
    with op.batch_alter_table("camera") as camera:
        camera.add_column(
            sa.Column("width", sa.Integer(), nullable=True, comment="of its picture, px; null: not told")
        )
        camera.add_column(
            sa.Column("height", sa.Integer(), nullable=True, comment="of its picture, px; null: not told")
        )
        camera.add_column(
            sa.Column(
                "site_calibration",
                sa.JSON(none_as_null=True),
                nullable=True,
                comment="floor and zones of the site file; null: not told",
            )
        )
        camera.add_column(
            sa.Column(
                "calibration_in_use",
                sa.Integer(),
                nullable=True,
                comment="revision that its worker works with; null: not told",
            )
        )


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("camera") as camera:
        for column in ("calibration_in_use", "site_calibration", "height", "width"):
            camera.drop_column(column)
    op.drop_table("camera_calibrations")
