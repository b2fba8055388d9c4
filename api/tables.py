"""The tables, and what each column means.

Times are aware UTC. Where a column may be null, its comment says what null means.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from api.permit_rules import Kind

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Serial = BigInteger().with_variant(Integer, "sqlite")
"""A growing number; SQLite counts only columns declared INTEGER."""


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time in every database; SQLite keeps it as text that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a time without a zone is a fault of the program."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again, whatever the database's own zone is."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


PENDING = text("state = 'pending'")
"""Only what waits is in the queue's indexes, so they stay small however much was decided."""


def _queue_index(name: str, *filtered: str) -> Index:
    """An index in the order of the queue; the score is in it so that filtering by it reads no row."""
    columns = (*filtered, "due_at", "severity", "started_at", "id", "peak_score")
    return Index(name, *columns, sqlite_where=PENDING, postgresql_where=PENDING)


class Table(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMING)


class HallRow(Table):
    """The hall that the worker reported; one row at most."""

    __tablename__ = "hall"

    id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="the site file's name for it")
    name: Mapped[str] = mapped_column(Text, comment="what people call it, Chinese")
    name_en: Mapped[str] = mapped_column(Text, comment="what people call it, English")
    time_zone: Mapped[str] = mapped_column(String(64), comment="IANA name; days and hours are cut by it")
    permit_rules: Mapped[dict[str, Any] | None] = mapped_column(
        JSON, comment="what permits do; null: as by default"
    )
    above: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="sub-district and district it is in; null: not told"
    )


class WindowRow(Table):
    """A service position; kept after it left the hall, since events still name it."""

    __tablename__ = "hall_window"

    id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="the site file's name for it")
    name: Mapped[str] = mapped_column(Text, comment="what people call it, Chinese")
    name_en: Mapped[str] = mapped_column(Text, comment="what people call it, English")
    position: Mapped[int | None] = mapped_column(Integer, comment="place in the list; null: no longer there")


class CameraRow(Table):
    """A camera and how it was last heard to be; kept after it left the hall."""

    __tablename__ = "camera"

    id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="the site file's name for it")
    name: Mapped[str] = mapped_column(Text, comment="what people call it")
    windows: Mapped[list[str]] = mapped_column(JSON, comment="ids of the windows it sees")
    position: Mapped[int | None] = mapped_column(Integer, comment="place in the list; null: no longer there")
    state: Mapped[str] = mapped_column(String(16), comment="live, connecting, stalled, dark, …; off at first")
    since: Mapped[datetime | None] = mapped_column(UtcTime, comment="since when; null: never heard of")
    detail: Mapped[str | None] = mapped_column(Text, comment="more about the state; null: nothing to add")
    analysed_fps: Mapped[float | None] = mapped_column(comment="pictures judged a second; null: not told")
    clock_ahead_s: Mapped[float | None] = mapped_column(comment="its clock before ours; null: not told")
    heard_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="server time of its worker's last word; null: none yet"
    )
    width: Mapped[int | None] = mapped_column(Integer, comment="of its picture, px; null: not told")
    height: Mapped[int | None] = mapped_column(Integer, comment="of its picture, px; null: not told")
    site_calibration: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="floor and zones of the site file; null: not told"
    )
    record: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="why it may watch (P1); null: nobody said"
    )
    calibration_in_use: Mapped[int | None] = mapped_column(
        Integer, comment="revision that its worker works with; null: not told"
    )


class CalibrationRow(Table):
    """A saved calibration of a camera; rows are only ever added, the highest revision holds."""

    __tablename__ = "camera_calibrations"

    camera_id: Mapped[str] = mapped_column(ForeignKey("camera.id"), primary_key=True, comment="the camera")
    revision: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, comment="1, 2, …; the newest holds"
    )
    content: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="floor and zones; null: as the site file says"
    )
    note: Mapped[str | None] = mapped_column(Text, comment="in the saver's words; null: none given")
    saved_by: Mapped[str] = mapped_column(String(64), comment="user name")
    saved_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")
    restored_from: Mapped[int | None] = mapped_column(
        Integer, comment="the revision that it brings back, 0 the site file; null: made anew"
    )
    points: Mapped[int] = mapped_column(Integer, comment="measured points of its floor")
    worst_cm: Mapped[float | None] = mapped_column(comment="largest error of a point; null: no floor")


class EventRow(Table):
    """One flagged episode: what the machine said, and where a human's judgement of it stands."""

    __tablename__ = "event"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, comment="UUIDv7, given by the worker")
    revision: Mapped[int] = mapped_column(Integer, comment="the worker's; the highest seen is kept")
    behaviour: Mapped[str] = mapped_column(String(32), comment="code in the Article 27 catalogue")
    variant: Mapped[str | None] = mapped_column(String(32), comment="which kind of it; null: has none")
    window_id: Mapped[str] = mapped_column(String(64), comment="window; may be one not reported yet")
    camera_id: Mapped[str] = mapped_column(String(64), comment="camera that saw it")
    started_at: Mapped[datetime] = mapped_column(UtcTime, comment="when the behaviour began, camera time")
    flagged_at: Mapped[datetime] = mapped_column(UtcTime, comment="when its rule was met, camera time")
    ended_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="when it ended; null: not known to have"
    )
    known_until: Mapped[datetime] = mapped_column(
        UtcTime, comment="last moment it is known to have gone on; its seconds count up to here"
    )
    ending: Mapped[str | None] = mapped_column(String(16), comment="how it ended; null: not known to have")
    peak_score: Mapped[float] = mapped_column(comment="strongest evidence, 0..1")
    measures: Mapped[dict[str, float]] = mapped_column(JSON, comment="name with its unit -> number")
    evidence: Mapped[list[Any]] = mapped_column(JSON, comment="[[seconds since start, score or null], …]")
    parent: Mapped[str | None] = mapped_column(String(36), comment="event it follows from; null: none")
    state: Mapped[str] = mapped_column(
        String(16),
        comment="pending; confirmed or dismissed, by a human only; withdrawn, covered by permits; expired",
    )
    version: Mapped[int] = mapped_column(Integer, comment="grows with every change of what the page is shown")
    received_at: Mapped[datetime] = mapped_column(UtcTime, comment="when it first arrived, server time")
    due_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="until when it should be decided; null: not weighed yet, never in the queue"
    )
    severity: Mapped[int] = mapped_column(
        Integer, server_default="2", comment="of its behaviour in the catalogue, 1 the gravest"
    )

    # One index for each way the queue is filtered; each is walked in order, so a page costs what it shows.
    __table_args__ = (
        Index(None, "state", "started_at", "id"),
        Index(None, "state", "window_id", "started_at", "id"),
        Index(None, "state", "behaviour", "started_at", "id"),
        Index(None, "state", "window_id", "behaviour", "started_at", "id"),
        _queue_index("ix_event_queue"),
        _queue_index("ix_event_queue_window", "window_id"),
        _queue_index("ix_event_queue_behaviour", "behaviour"),
        _queue_index("ix_event_queue_window_behaviour", "window_id", "behaviour"),
    )


class EventCountRow(Table):
    """How many events there are, kept with every change so that nobody counts a million rows."""

    __tablename__ = "event_count"

    window_id: Mapped[str] = mapped_column(String(64), primary_key=True, comment="window")
    behaviour: Mapped[str] = mapped_column(String(32), primary_key=True, comment="code")
    state: Mapped[str] = mapped_column(String(16), primary_key=True, comment="as in event")
    number: Mapped[int] = mapped_column(BigInteger, comment="events of this window, behaviour and state")


class ClipRow(Table):
    """The evidence of an event, or why there is none."""

    __tablename__ = "clip"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True, comment="its event")
    state: Mapped[str] = mapped_column(String(16), comment="ready; partial: cut short; failed: no file")
    reason: Mapped[str | None] = mapped_column(Text, comment="why partial or failed; null: nothing wrong")
    starts_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="camera time of its first picture; null: no file"
    )
    duration_s: Mapped[float | None] = mapped_column(comment="length in seconds; null: no file")
    size_bytes: Mapped[int | None] = mapped_column(BigInteger, comment="of the file; null: no file")
    sha256: Mapped[str | None] = mapped_column(String(64), comment="of the file, names it too; null: no file")
    stored_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time of its arrival")


class ReviewCopyRow(Table):
    """The copy of a clip that may be looked at, faces of the public blurred; asked for with each clip."""

    __tablename__ = "review_copy"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True, comment="its event")
    state: Mapped[str] = mapped_column(String(16), comment="pending: to be made; ready; failed: see reason")
    reason: Mapped[str | None] = mapped_column(Text, comment="why it failed; null: it did not")
    source_sha256: Mapped[str] = mapped_column(String(64), comment="of the clip that it is a copy of")
    sha256: Mapped[str | None] = mapped_column(String(64), comment="of its film; null: not there")
    size_bytes: Mapped[int | None] = mapped_column(BigInteger, comment="of its film; null: not there")
    has_pictures: Mapped[bool] = mapped_column(comment="whether poster and filmstrip are there")
    asked_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time its clip arrived")
    made_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="server time it arrived; null: not yet")

    __table_args__ = (
        Index("ix_review_copy_wanted", "asked_at", sqlite_where=PENDING, postgresql_where=PENDING),
    )


class SkeletonRow(Table):
    """That drawn poses of an event's clip are stored."""

    __tablename__ = "skeleton"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True, comment="its event")
    size_bytes: Mapped[int] = mapped_column(BigInteger, comment="of the JSON file")
    stored_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time of its arrival")


class DecisionRow(Table):
    """What a human decided or took back; rows are only ever added."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True, comment="order of events")
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True, comment="what was judged")
    verdict: Mapped[str] = mapped_column(String(16), comment="confirmed, dismissed, or undone")
    reason: Mapped[str | None] = mapped_column(String(32), comment="code; null: none given")
    note: Mapped[str | None] = mapped_column(Text, comment="in the reviewer's words; null: none given")
    decided_by: Mapped[str] = mapped_column(String(64), comment="user name")
    decided_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")

    __table_args__ = (Index(None, "decided_by", "decided_at"),)


class ViewingRow(Table):
    """That a reviewer had an event on the screen, and until when nobody else should decide it."""

    __tablename__ = "viewing"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True, comment="what was seen")
    username: Mapped[str] = mapped_column(String(64), primary_key=True, comment="who saw it")
    first_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time of the first look")
    held_until: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="end of the claim; null: let go of, or only looked at"
    )


class SecondReviewRow(Table):
    """An event drawn for a blind second review, and what the second reviewer said."""

    __tablename__ = "second_review"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True, comment="its event")
    first_verdict: Mapped[str] = mapped_column(String(16), comment="confirmed or dismissed")
    first_by: Mapped[str] = mapped_column(String(64), comment="user name")
    first_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")
    second_verdict: Mapped[str | None] = mapped_column(
        String(16), comment="confirmed or dismissed; null: waits for the second reviewer"
    )
    second_reason: Mapped[str | None] = mapped_column(String(32), comment="code; null: none given")
    second_note: Mapped[str | None] = mapped_column(Text, comment="in their words; null: none given")
    second_by: Mapped[str | None] = mapped_column(String(64), comment="user name; null: waits")
    second_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="server time; null: waits")

    __table_args__ = (Index(None, "second_at", "first_at"),)


class AppealRow(Table):
    """What the window's own staff said against a confirmed event, and what became of it."""

    __tablename__ = "appeal"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, comment="UUID")
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), unique=True, comment="one for each event")
    text: Mapped[str] = mapped_column(Text, comment="in the staff's words")
    made_by: Mapped[str | None] = mapped_column(String(64), comment="user name; null: came by a link")
    made_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")
    state: Mapped[str] = mapped_column(String(16), comment="open, upheld or rejected")
    decided_by: Mapped[str | None] = mapped_column(String(64), comment="user name; null: still open")
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="server time; null: still open")
    answer: Mapped[str | None] = mapped_column(Text, comment="what the staff are told; null: still open")

    __table_args__ = (Index(None, "state", "made_at", "id"),)


class AppealLinkRow(Table):
    """A link by which one event can be seen and appealed without an account."""

    __tablename__ = "appeal_link"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, comment="UUID, the link's open half")
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True, comment="the only one it shows")
    key: Mapped[str] = mapped_column(String(64), comment="that its other half is signed with, hexadecimal")
    made_by: Mapped[str] = mapped_column(String(64), comment="user name")
    made_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")
    expires_at: Mapped[datetime] = mapped_column(UtcTime, comment="end of its use")


class SavedViewRow(Table):
    """A filter of the queue that somebody gave a name."""

    __tablename__ = "saved_view"

    username: Mapped[str] = mapped_column(
        ForeignKey("account.username"), primary_key=True, comment="whose it is"
    )
    name: Mapped[str] = mapped_column(String(64), primary_key=True, comment="in their words")
    filter: Mapped[dict[str, Any]] = mapped_column(JSON, comment="as the queue's query has it")
    saved_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")


class PermitRow(Table):
    """Registered leave, a stand-in, or *service suspended* at a window; kept when it is revoked."""

    __tablename__ = "permit"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, comment="UUID")
    kind: Mapped[Kind] = mapped_column(String(16), comment="leave, stand_in or suspended")
    window_id: Mapped[str] = mapped_column(String(64), comment="window it is for")
    starts_at: Mapped[datetime] = mapped_column(UtcTime, comment="what it covers, from")
    ends_at: Mapped[datetime] = mapped_column(UtcTime, comment="what it covers, until")
    reason: Mapped[str] = mapped_column(Text, comment="in the supervisor's words")
    stand_in_window: Mapped[str | None] = mapped_column(
        String(64), comment="window that serves instead; null: no stand-in"
    )
    registered_by: Mapped[str] = mapped_column(String(64), comment="user name")
    registered_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time, may be late")
    request_key: Mapped[str | None] = mapped_column(
        String(100), comment="the caller's Idempotency-Key; null: sent none"
    )
    revoked_by: Mapped[str | None] = mapped_column(String(64), comment="user name; null: still in force")
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime, comment="server time; null: still in force")
    revoke_reason: Mapped[str | None] = mapped_column(Text, comment="why; null: still in force")

    __table_args__ = (
        UniqueConstraint("registered_by", "request_key"),
        Index(None, "window_id", "starts_at"),
        Index(None, "starts_at", "id"),
    )


class WithdrawalRow(Table):
    """That permits took an event out of what counts, and when that ended; rows are never deleted."""

    __tablename__ = "withdrawal"

    id: Mapped[int] = mapped_column(
        Serial, primary_key=True, autoincrement=True, comment="order of happening"
    )
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True, comment="what was withdrawn")
    permits: Mapped[list[str]] = mapped_column(JSON, comment="ids of the permits that covered it")
    reason: Mapped[Kind] = mapped_column(String(16), comment="kind of the first of them")
    state_before: Mapped[str] = mapped_column(
        String(16), comment="pending or confirmed; what it goes back to"
    )
    withdrawn_by: Mapped[str] = mapped_column(String(64), comment="user name, or hallwatch")
    withdrawn_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")
    restored_by: Mapped[str | None] = mapped_column(
        String(64), comment="user name, or hallwatch; null: still withdrawn"
    )
    restored_at: Mapped[datetime | None] = mapped_column(
        UtcTime, comment="server time; null: still withdrawn"
    )


class AccountRow(Table):
    """Somebody who may sign in."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(String(64), primary_key=True, comment="as typed at sign-in")
    password_hash: Mapped[str] = mapped_column(Text, comment="argon2id, with its parameters")
    must_change_password: Mapped[bool] = mapped_column(comment="true: may do nothing else first")
    role: Mapped[str] = mapped_column(
        String(16), server_default="supervisor", comment="one of those in api/rights/table.py"
    )
    windows: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True), comment="windows they work at themselves; null: none"
    )
    scope: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True), comment="units of the hall tree they answer for; null: the whole hall"
    )
    disabled: Mapped[bool] = mapped_column(server_default=false(), comment="true: cannot sign in")
    created_at: Mapped[datetime] = mapped_column(UtcTime, comment="server time")


class SessionRow(Table):
    """A browser that signed in."""

    __tablename__ = "session"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True, comment="of the cookie's value")
    username: Mapped[str] = mapped_column(ForeignKey("account.username"), index=True, comment="whose")
    created_at: Mapped[datetime] = mapped_column(UtcTime, comment="of signing in; ends 12 h later at most")
    seen_at: Mapped[datetime] = mapped_column(UtcTime, comment="last use, to the minute; ends 30 min later")
    address: Mapped[str | None] = mapped_column(String(64), comment="it came from; null: not known")
    agent: Mapped[str | None] = mapped_column(
        String(200), comment="what the browser called itself; null: not known"
    )


class AddressFailureRow(Table):
    """Failed tries that came from one address, whatever the user name."""

    __tablename__ = "sign_in_address"

    address: Mapped[str] = mapped_column(String(64), primary_key=True, comment="it came from")
    failures: Mapped[int] = mapped_column(Integer, comment="each within 15 min of the last")
    last_at: Mapped[datetime] = mapped_column(UtcTime, index=True, comment="of the last of them")


class SignInFailureRow(Table):
    """Failed tries at a user name, whether there is such an account or not."""

    __tablename__ = "sign_in_failure"

    username: Mapped[str] = mapped_column(String(64), primary_key=True, comment="as typed")
    failures: Mapped[int] = mapped_column(Integer, comment="in a row, each within 15 min of the last")
    last_at: Mapped[datetime] = mapped_column(UtcTime, index=True, comment="of the last of them")


class AuditHeadRow(Table):
    """Where the chain of the audit begins and ends; one row at most."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, comment="always 1")
    before_sha256: Mapped[str] = mapped_column(
        String(64), comment="hash of the row before the first one kept; zeros where none ever was"
    )
    last_id: Mapped[int] = mapped_column(BigInteger, comment="of the last row; 0: none yet")
    last_sha256: Mapped[str] = mapped_column(String(64), comment="of the last row; zeros: none yet")


class AuditRow(Table):
    """Who did what, when; rows are only ever added, each bound to the one before (api/audit/chain.py)."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
        comment="1, 2, …: order in which it was committed",
    )
    at: Mapped[datetime] = mapped_column(UtcTime, index=True, comment="server time")
    actor: Mapped[str] = mapped_column(String(64), comment="user name, as typed")
    action: Mapped[str] = mapped_column(String(32), comment="signed_in, clip_viewed, decided, …")
    subject: Mapped[str | None] = mapped_column(String(64), comment="event it was about; null: none")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, comment="more about it")
    sha256: Mapped[str] = mapped_column(String(64), comment="over its content and the hash of the row before")

    __table_args__ = (Index(None, "subject", "actor", "action", "at"),)
