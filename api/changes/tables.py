"""The table of changes, and up to which hour figures were told in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from api.tables import Table, UtcTime


class ChangeRow(Table):
    """One thing that happened; rows are only ever added."""

    __tablename__ = "change"

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
        comment="1, 2, …: order in which it was committed, without a gap",
    )
    at: Mapped[datetime] = mapped_column(UtcTime, index=True, comment="server time")
    type: Mapped[str] = mapped_column(String(32), comment="one of those in api/changes/types.py")
    subject: Mapped[str] = mapped_column(String(64), comment="event, camera or window that it is about")
    window_id: Mapped[str | None] = mapped_column(String(64), comment="window; null: of no window alone")
    unreviewed: Mapped[bool] = mapped_column(comment="true: a machine's flag that nobody judged yet")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, comment="how it stood then")

    __table_args__ = (Index(None, "window_id", "number"), Index(None, "subject"))


class ToldHoursRow(Table):
    """Up to when hourly figures stand among the changes; one row at most."""

    __tablename__ = "told_hours"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="always 1")
    until: Mapped[datetime] = mapped_column(UtcTime, comment="end of the last hour that was told")
