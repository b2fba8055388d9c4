"""The table of keys."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from api.tables import Table, UtcTime


class ApiKeyRow(Table):
    """What another program signs in with; the key itself is nowhere."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, comment="shown: what the key begins with")
    name: Mapped[str] = mapped_column(String(64), comment="what it is for, in its maker's words")
    sha256: Mapped[str] = mapped_column(String(64), comment="of the whole key, which has 256 random bits")
    rights: Mapped[list[str]] = mapped_column(JSON, comment="what it may do")
    scope: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True), comment="units it may read of; null: the whole hall"
    )
    made_by: Mapped[str] = mapped_column(String(64), comment="user name")
    made_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="null: never by itself")
    used_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="last use, to the minute; null: never used"
    )
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="null: still in force")
    revoked_by: Mapped[str | None] = mapped_column(String(64), comment="user name; null: still in force")
