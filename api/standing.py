"""How closed an installation stands, as its database tells: who signs in, which keys live, what went."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.audit.chain import Fault, first_fault, read_entries, read_head
from api.database import Database
from api.retention.tables import RetentionRunRow
from api.rights.tables import ApiKeyRow
from api.second_factor.tables import SecondFactorRow
from api.tables import AccountRow

ONE_TIME_FOR = timedelta(days=7)
UNUSED_FOR = timedelta(days=90)


class StandingError(Exception):
    """The database cannot be read; the text names the kind of failure."""


@dataclass(frozen=True, slots=True)
class DatabaseLine:
    """Which database, and whether the way to it is encrypted (`sslmode` as PostgreSQL names it)."""

    backend: str
    host: str | None
    sslmode: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database says; names are sorted, times are UTC."""

    administrators: tuple[str, ...]
    without_second_factor: tuple[str, ...]
    """Administrators who chose a password, and have that alone."""
    old_one_time: tuple[str, ...]
    """Accounts whose one-time password was not changed for a week."""
    keys_in_force: int
    unused_keys: tuple[str, ...]
    """Keys in force that nobody used for 90 days: `shown (name)`."""
    last_deletion: date | None
    audit_rows: int
    audit_fault: Fault | None


def database_line(url: str) -> DatabaseLine:
    """Where the database of this URL is; its user and password are left out."""
    found = make_url(url)
    mode = found.query.get("sslmode")
    return DatabaseLine(found.get_backend_name(), found.host, mode if isinstance(mode, str) else None)


def read_standing(url: str, now: datetime) -> Standing:
    """What the database of this URL says at `now`; makes its tables where there are none.

    Raises `StandingError` where it cannot be opened or read.
    """
    database = Database(url)
    try:
        database.migrate()
        with database.read() as session:
            return _read(session, now)
    except (SQLAlchemyError, OSError) as error:
        raise StandingError(type(error).__name__) from error
    finally:
        database.close()


def _read(session: Session, now: datetime) -> Standing:
    head = read_head(session)
    live = _keys_in_force(session, now)
    run = session.get(RetentionRunRow, 1)
    return Standing(
        administrators=_administrators(session),
        without_second_factor=_without_second_factor(session),
        old_one_time=_old_one_time(session, now),
        keys_in_force=len(live),
        unused_keys=tuple(
            f"{row.id} ({row.name})" for row in live if (row.used_at or row.made_at) < now - UNUSED_FOR
        ),
        last_deletion=None if run is None else datetime.fromisoformat(run.day).replace(tzinfo=UTC).date(),
        audit_rows=head.id,
        audit_fault=first_fault(read_entries(session, until=head.id), head),
    )


def _administrators(session: Session) -> tuple[str, ...]:
    wanted = select(AccountRow.username).where(AccountRow.role == "administrator", ~AccountRow.disabled)
    return tuple(session.scalars(wanted.order_by(AccountRow.username)))


def _without_second_factor(session: Session) -> tuple[str, ...]:
    having = select(SecondFactorRow.username).where(SecondFactorRow.since.is_not(None))
    wanted = select(AccountRow.username).where(
        AccountRow.role == "administrator",
        ~AccountRow.disabled,
        ~AccountRow.must_change_password,
        AccountRow.username.not_in(having),
    )
    return tuple(session.scalars(wanted.order_by(AccountRow.username)))


def _old_one_time(session: Session, now: datetime) -> tuple[str, ...]:
    wanted = select(AccountRow.username).where(
        AccountRow.must_change_password, ~AccountRow.disabled, AccountRow.created_at < now - ONE_TIME_FOR
    )
    return tuple(session.scalars(wanted.order_by(AccountRow.username)))


def _keys_in_force(session: Session, now: datetime) -> list[ApiKeyRow]:
    rows = session.scalars(select(ApiKeyRow).where(ApiKeyRow.revoked_at.is_(None)).order_by(ApiKeyRow.id))
    return [row for row in rows if row.expires_at is None or row.expires_at > now]
