"""The tables of the ledger and of the figures that are rolled up from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from api.tables import Serial, Table, UtcTime


class LedgerRow(Table):
    """What one camera could say about one window in one hour; absolute seconds, never sums of messages."""

    __tablename__ = "ledger"

    hour: Mapped[datetime] = mapped_column(UtcTime, primary_key=True, comment="start of the UTC hour")
    window_id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="window")
    camera_id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="camera")
    open_s: Mapped[float] = mapped_column(comment="seconds that the schedule says it was open")
    observed_s: Mapped[float] = mapped_column(comment="open seconds in which the camera could judge")
    present_s: Mapped[float] = mapped_column(comment="observed seconds with somebody at the post")
    detail: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="spans, causes, assessable and queue seconds; null: not told"
    )


class StaleRow(Table):
    """That something changed at a window between two times, and its figures are to be computed anew."""

    __tablename__ = "figure_stale"

    id: Mapped[int] = mapped_column(
        Serial, primary_key=True, autoincrement=True, comment="order of happening"
    )
    window_id: Mapped[str] = mapped_column(String(64), comment="window; empty: every window, all of time")
    from_at: Mapped[datetime] = mapped_column(UtcTime, comment="from this moment on")
    until_at: Mapped[datetime] = mapped_column(UtcTime, comment="up to this moment")


def _sum(what: str) -> Mapped[int]:
    return mapped_column(BigInteger, comment=what)


class FigureRow(Table):
    """The figures of one window or of the hall in one hour, day, week or month; as in `Numbers`."""

    __tablename__ = "figure"

    grain: Mapped[str] = mapped_column(String(8), primary_key=True, comment="hour, day, week or month")
    level: Mapped[str] = mapped_column(String(8), primary_key=True, comment="window or hall")
    bucket: Mapped[str] = mapped_column(
        String(16), primary_key=True, comment="2026-03-02T01Z, the UTC hour; else the local date it begins on"
    )
    unit_id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="window; empty: the hall")
    revision: Mapped[int] = mapped_column(Integer, comment="how often it changed after its time was over")
    open_ms: Mapped[int] = _sum("open by the roster")
    observed_ms: Mapped[int] = _sum("open and observed")
    present_ms: Mapped[int] = _sum("observed with somebody at the post")
    away_permitted_ms: Mapped[int] = _sum("observed, nobody there, within a permit")
    away_ms: Mapped[int] = _sum("observed, nobody there, without a permit")
    offline_ms: Mapped[int] = _sum("not observed: no picture came")
    not_running_ms: Mapped[int] = _sum("not observed: no worker ran")
    dark_ms: Mapped[int] = _sum("not observed: too dark")
    covered_ms: Mapped[int] = _sum("not observed: covered")
    frozen_ms: Mapped[int] = _sum("not observed: the picture stood still")
    blurred_ms: Mapped[int] = _sum("not observed: blurred")
    moved_ms: Mapped[int] = _sum("not observed: the camera was moved")
    untold_ms: Mapped[int] = _sum("not observed, nobody said why")
    confirmed_ms: Mapped[int] = _sum("confirmed breach in opening hours, at once counted once")
    breach_ms: Mapped[int] = _sum("the same, never more than was observed in the hour")
    confirmed: Mapped[int] = _sum("events that began in it and are confirmed")
    pending: Mapped[int] = _sum("events that began in it and wait")
    dismissed: Mapped[int] = _sum("events that began in it and are dismissed")
    expired: Mapped[int] = _sum("events that began in it and nobody decided in time")
    judged_hours: Mapped[int] = _sum("window-hours of which half or more was observed")
    clean_hours: Mapped[int] = _sum("those of them without a confirmed breach")
    queue_seen_ms: Mapped[int] = _sum("time in which the queue could be measured")
    queue_person_ms: Mapped[int] = _sum("people waiting times milliseconds")
    waits: Mapped[int] = _sum("waits that ended by being served")
    waits_ms: Mapped[int] = _sum("their lengths together")
    longest_queue: Mapped[int] = _sum("most people waiting at once")
    longest_wait_ms: Mapped[int] = _sum("longest of the waits")

    __table_args__ = (Index(None, "grain", "level", "unit_id", "bucket"),)


class BehaviourFigureRow(Table):
    """The same for one behaviour; as in `BehaviourNumbers`."""

    __tablename__ = "figure_behaviour"

    grain: Mapped[str] = mapped_column(String(8), primary_key=True, comment="as in figure")
    level: Mapped[str] = mapped_column(String(8), primary_key=True, comment="as in figure")
    bucket: Mapped[str] = mapped_column(String(16), primary_key=True, comment="as in figure")
    unit_id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="as in figure")
    behaviour: Mapped[str] = mapped_column(String(32), primary_key=True, comment="code in the catalogue")
    confirmed: Mapped[int] = _sum("events that began in it and are confirmed")
    pending: Mapped[int] = _sum("events that began in it and wait")
    dismissed: Mapped[int] = _sum("events that began in it and are dismissed")
    expired: Mapped[int] = _sum("events that began in it and nobody decided in time")
    confirmed_ms: Mapped[int] = _sum("confirmed time in opening hours")
    assessable_ms: Mapped[int] = _sum("time in which it could be judged")

    __table_args__ = (Index(None, "grain", "level", "unit_id", "bucket"),)
