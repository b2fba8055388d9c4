"""`hallwatch doctor --security`: is this installation as closed as it can be? Each check says what to do."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from sqlalchemy import make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.audit.chain import first_fault, read_entries, read_head
from api.database import Database
from api.retention.tables import RetentionRunRow
from api.rights.tables import ApiKeyRow
from api.tables import AccountRow
from hallwatch.doctor import Finding
from hallwatch.settings import Settings

ONE_TIME_FOR = timedelta(days=7)
UNUSED_FOR = timedelta(days=90)
RETENTION_WITHIN = timedelta(days=2)
FILES = ("hallwatch.db", "worker.key")


def examine_security(settings: Settings, now: datetime, uid: int) -> Iterator[Finding]:
    """All findings, one after the other; `uid` is the user that this process runs as."""
    yield user(uid)
    yield private_files(settings.data_dir)
    yield address(settings)
    yield host_names(settings)
    yield database_line(settings)
    yield from stored(settings, now)


def user(uid: int) -> Finding:
    """A service that is broken into should own nothing else."""
    if uid != 0:
        return Finding("user", f"uid {uid}")
    return Finding("user", "root", "run hallwatch as a user of its own")


def private_files(folder: Path) -> Finding:
    """Films show faces, and the key lets a program in: for the owner alone."""
    places = [folder, *(folder / name for name in FILES), folder / "clips"]
    open_to_others = [place for place in places if place.exists() and _mode(place) & 0o077]
    if not open_to_others:
        return Finding("files", f"{folder} is for its owner alone")
    if _mode(folder) & 0o077 == 0:
        return Finding("files", f"{folder} is for its owner alone, and so is all in it")
    names = " ".join(str(place) for place in open_to_others)
    return Finding("files", f"others may read {names}", f"chmod 700 {folder}")


def address(settings: Settings) -> Finding:
    """Over a network only by HTTPS: a session's cookie is as good as the password."""
    if _is_loopback(settings.host):
        return Finding("address", f"{settings.host}, this machine only")
    if settings.cookie_secure:
        return Finding("address", f"{settings.host}, cookies by HTTPS only")
    advice = "listen on 127.0.0.1 behind a proxy with a certificate, and set HALLWATCH_COOKIE_SECURE=true"
    return Finding("address", f"{settings.host}, without HTTPS", advice)


def host_names(settings: Settings) -> Finding:
    """A name that anybody may choose lets a foreign page speak to us (DNS rebinding)."""
    names = [name.strip() for name in settings.allowed_hosts.split(",") if name.strip()]
    if "*" in names:
        return Finding("host names", "any", "name those that people use in HALLWATCH_ALLOWED_HOSTS")
    return Finding("host names", ", ".join(names) or "this machine's own")


def database_line(settings: Settings) -> Finding:
    """What travels to a database elsewhere must be encrypted."""
    url = make_url(settings.database.get_secret_value())
    if not url.host or _is_loopback(url.host):
        return Finding("database", url.get_backend_name())
    mode = url.query.get("sslmode")
    if mode in ("require", "verify-ca", "verify-full"):
        return Finding("database", f"{url.host}, encrypted ({mode})")
    advice = "add ?sslmode=verify-full to HALLWATCH_DATABASE_URL"
    return Finding("database", f"{url.host}, not surely encrypted", advice)


def stored(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What the database says of accounts, keys, deletion and the audit."""
    database = Database(settings.database.get_secret_value())
    try:
        database.migrate()
        with database.read() as session:
            yield administrators(session)
            yield one_time_passwords(session, now)
            yield keys(session, now)
            yield deletion(session, now)
            yield audit(session)
    except (SQLAlchemyError, OSError) as error:
        yield Finding("database", f"cannot be read ({type(error).__name__})", "see that it runs")
    finally:
        database.close()


def administrators(session: Session) -> Finding:
    """Somebody must be able to disable an account; many who can are many to watch."""
    wanted = select(AccountRow.username).where(AccountRow.role == "administrator", ~AccountRow.disabled)
    names = session.scalars(wanted.order_by(AccountRow.username)).all()
    if names:
        return Finding("administrators", ", ".join(names))
    return Finding("administrators", "none", "start hallwatch once: it makes one")


def one_time_passwords(session: Session, now: datetime) -> Finding:
    """A password that was on a screen or a slip of paper is nobody's secret for long."""
    old = select(AccountRow.username).where(
        AccountRow.must_change_password, ~AccountRow.disabled, AccountRow.created_at < now - ONE_TIME_FOR
    )
    names = session.scalars(old.order_by(AccountRow.username)).all()
    if not names:
        return Finding("one-time passwords", "none older than a week")
    return Finding("one-time passwords", f"never changed: {', '.join(names)}", "disable these accounts")


def keys(session: Session, now: datetime) -> Finding:
    """A key that nobody uses opens a door that nobody watches."""
    rows = session.scalars(select(ApiKeyRow).where(ApiKeyRow.revoked_at.is_(None)).order_by(ApiKeyRow.id))
    live = [row for row in rows if row.expires_at is None or row.expires_at > now]
    unused = [row for row in live if (row.used_at or row.made_at) < now - UNUSED_FOR]
    if unused:
        names = ", ".join(f"{row.id} ({row.name})" for row in unused)
        return Finding("API keys", f"not used for 90 days: {names}", "revoke them")
    return Finding("API keys", f"{len(live)} in force")


def deletion(session: Session, now: datetime) -> Finding:
    """What is due goes every night; where it does not, films stay longer than the hall promised."""
    row = session.get(RetentionRunRow, 1)
    if row is None:
        return Finding("deletion by age", "not done yet; it runs at night")
    if datetime.fromisoformat(row.day).replace(tzinfo=now.tzinfo) >= now - RETENTION_WITHIN:
        return Finding("deletion by age", f"last on {row.day}")
    advice = "let the service run at night, or run `hallwatch retention run`"
    return Finding("deletion by age", f"last on {row.day}", advice)


def audit(session: Session) -> Finding:
    """Whether the chain holds."""
    head = read_head(session)
    fault = first_fault(read_entries(session, until=head.id), head)
    if fault is None:
        return Finding("audit", f"{head.id} rows, the chain holds")
    return Finding("audit", f"broken at row {fault.id}: {fault.why}", "see `hallwatch audit verify`")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def own_uid() -> int:
    """The user that this process runs as."""
    return os.getuid()
