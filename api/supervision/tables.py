"""The tables of what the platform was told, what it is told, and what it answered."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.tables import Serial, Table, UtcTime


class SupervisionPositionRow(Table):
    """Up to which change the platform's cases were brought; one row at most."""

    __tablename__ = "supervision_position"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="always 1")
    number: Mapped[int] = mapped_column(BigInteger, comment="of the last change looked at")


class SupervisionCaseRow(Table):
    """An event as the platform knows it."""

    __tablename__ = "supervision_case"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True, comment="the event")
    window_id: Mapped[str] = mapped_column(String(64), index=True, comment="window")
    grade: Mapped[str | None] = mapped_column(String(8), comment="as last told; null: withdrawn")
    revision: Mapped[int] = mapped_column(Integer, comment="of what was last told; 1 is the first")
    receipt: Mapped[str | None] = mapped_column(String(200), comment="the platform's number; null: none yet")


class SupervisionMessageRow(Table):
    """One message by one way, and how it went."""

    __tablename__ = "supervision_message"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, comment="in order of creation")
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True, comment="what it is about")
    message: Mapped[str] = mapped_column(String(80), comment="the message's id: event and revision")
    way: Mapped[str] = mapped_column(String(8), comment="https, folder, table")
    kind: Mapped[str] = mapped_column(String(8), comment="report, amend, withdraw")
    body: Mapped[str] = mapped_column(Text, comment="as it is sent")
    state: Mapped[str] = mapped_column(String(12), comment="waiting, delivered, given_up")
    attempts: Mapped[int] = mapped_column(Integer, comment="so far")
    made_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")
    next_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="next attempt; null: none to come")
    delivered_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="server time; null: not yet")
    error: Mapped[str | None] = mapped_column(Text, comment="what went wrong last; null: nothing")

    __table_args__ = (
        Index("ix_supervision_message_due", "state", "next_at"),
        Index("ix_supervision_message_once", "message", "way", unique=True),
    )


class SupervisionFeedbackRow(Table):
    """What the platform answered: taken, refused, or how the window put it right (整改反馈)."""

    __tablename__ = "supervision_feedback"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, comment="in order of arrival")
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True, comment="what it is about")
    message: Mapped[str] = mapped_column(String(80), comment="which message it answers")
    kind: Mapped[str] = mapped_column(String(12), comment="acknowledged, refused, correction")
    receipt: Mapped[str | None] = mapped_column(String(200), comment="the platform's number; null: none")
    text: Mapped[str | None] = mapped_column(Text, comment="in its words; null: none")
    said_by: Mapped[str] = mapped_column(String(64), comment="key")
    said_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")
