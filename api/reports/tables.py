"""The table of what was sent to whom."""

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.tables import Table, UtcTime


class ReportDeliveryRow(Table):
    """That one report goes to one place: waits, was delivered, or was given up. One row, one delivery."""

    __tablename__ = "report_delivery"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True, comment="daily, weekly or monthly")
    first: Mapped[str] = mapped_column(String(10), primary_key=True, comment="local date it begins on")
    target: Mapped[str] = mapped_column(
        String(320), primary_key=True, comment="folder, or the mail address that gets it"
    )
    state: Mapped[str] = mapped_column(String(16), comment="waiting, delivered or given_up")
    attempts: Mapped[int] = mapped_column(Integer, comment="tries so far, one under way included")
    asked_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time it became due")
    next_try_at: Mapped[datetime] = mapped_column(UtcTime, comment="not tried before")
    held_until: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="a process tries it until then; null: nobody does"
    )
    delivered_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="server time; null: not yet")
    last_error: Mapped[str | None] = mapped_column(Text, comment="why the last try failed; null: it did not")

    __table_args__ = (Index(None, "state", "next_try_at"),)
