"""What is left of a deleted event, and who holds one back from deletion."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.tables import Table, UtcTime


class DeletedEventRow(Table):
    """What figures need of an event that was deleted, and the proof of its deletion.

    No picture, no measure, no word of anybody: published figures stay what they were, and a worker that
    delivers the event again does not bring it back.
    """

    __tablename__ = "deleted_event"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, comment="of the event that was")
    window_id: Mapped[str] = mapped_column(String(64), comment="window")
    behaviour: Mapped[str] = mapped_column(String(32), comment="code in the catalogue")
    state: Mapped[str] = mapped_column(String(16), comment="as it stood in the end")
    started_at: Mapped[datetime] = mapped_column(UtcTime, comment="camera time")
    known_until: Mapped[datetime] = mapped_column(UtcTime, comment="camera time, last known moment")
    deleted_at: Mapped[datetime] = mapped_column(UtcTime, index=True, comment="server time")
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, comment="name, bytes and SHA-256 of each")
    rows: Mapped[dict[str, int]] = mapped_column(JSON, comment="how many of each table")

    __table_args__ = (Index(None, "started_at"),)


class LegalHoldRow(Table):
    """Somebody says that an event must not be deleted for now."""

    __tablename__ = "legal_hold"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True, comment="what is held")
    reason: Mapped[str] = mapped_column(Text, comment="in their words")
    placed_by: Mapped[str] = mapped_column(String(64), comment="user name")
    placed_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")


class RetentionRunRow(Table):
    """On which local day the nightly deletion was last done; one row at most."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="always 1")
    day: Mapped[str] = mapped_column(String(10), comment="local date")
