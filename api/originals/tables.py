"""The table of requests for originals."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.tables import Table, UtcTime


class OriginalRequestRow(Table):
    """Somebody asks for an original, somebody else decides."""

    __tablename__ = "original_request"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, comment="UUIDv4")
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True, comment="whose original")
    state: Mapped[str] = mapped_column(
        String(12), index=True, comment="waiting, approved, ready, refused, failed, expired"
    )
    reason: Mapped[str] = mapped_column(Text, comment="what it is needed for, in their words")
    asked_by: Mapped[str] = mapped_column(String(64), comment="user name")
    asked_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")
    decided_by: Mapped[str | None] = mapped_column(String(64), comment="user name; null: nobody yet")
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="server time; null: not yet")
    said: Mapped[str | None] = mapped_column(
        Text, comment="why it was refused or could not be made; null: neither"
    )
    manifest: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="what lies in the archive; null: none was made"
    )
    sha256: Mapped[str | None] = mapped_column(String(64), comment="of the archive; null: none was made")
    size_bytes: Mapped[int | None] = mapped_column(BigInteger, comment="of the archive; null: none was made")
    expires_at: Mapped[datetime] = mapped_column(
        UtcTime, comment="the request while it waits, then the archive, is over"
    )
