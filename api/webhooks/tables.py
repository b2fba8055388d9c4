"""The tables of webhooks and of what is sent to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.tables import Serial, Table, UtcTime


class WebhookRow(Table):
    """Somebody who wants to be told."""

    __tablename__ = "webhook"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, comment="UUIDv4")
    name: Mapped[str] = mapped_column(String(64), comment="what it is for, in its maker's words")
    address: Mapped[str] = mapped_column(Text, comment="where to POST")
    types: Mapped[list[str]] = mapped_column(JSON, comment="types of changes that are told")
    behaviours: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True), comment="events of these alone; null: of all"
    )
    windows: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True), comment="of these windows alone; null: of all"
    )
    sealed_secrets: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, comment="sealed with the key file, newest first; `until`: still signed with until then"
    )
    position: Mapped[int] = mapped_column(BigInteger, comment="number of the last change looked at")
    state: Mapped[str] = mapped_column(String(12), comment="active, paused, disabled, deleted")
    said: Mapped[str | None] = mapped_column(Text, comment="why it was disabled; null: it was not")
    failing_since: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="first failure since the last success; null: none"
    )
    made_by: Mapped[str] = mapped_column(String(64), comment="user name")
    made_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")


class DeliveryRow(Table):
    """One message to one webhook, and how it went."""

    __tablename__ = "webhook_delivery"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, comment="in order of creation")
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhook.id"), comment="to whom")
    change: Mapped[int | None] = mapped_column(BigInteger, comment="number of the change; null: a test")
    type: Mapped[str] = mapped_column(String(32), comment="of the change, or ping")
    subject: Mapped[str] = mapped_column(String(64), comment="of the change")
    body: Mapped[str] = mapped_column(Text, comment="what is sent: the same each time")
    state: Mapped[str] = mapped_column(String(12), comment="waiting, delivered, given_up")
    attempts: Mapped[int] = mapped_column(Integer, comment="so far, of this round")
    replays: Mapped[int] = mapped_column(Integer, comment="how often somebody had it sent anew")
    made_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")
    next_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="next attempt; null: none to come")
    tried_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="last attempt; null: none yet")
    status: Mapped[int | None] = mapped_column(Integer, comment="of the last answer; null: there was none")
    error: Mapped[str | None] = mapped_column(Text, comment="what went wrong last; null: nothing")
    took_ms: Mapped[int | None] = mapped_column(Integer, comment="the last attempt; null: none yet")

    __table_args__ = (
        Index("ix_webhook_delivery_due", "webhook_id", "state", "next_at"),
        Index("ix_webhook_delivery_change", "webhook_id", "change", unique=True),
    )
