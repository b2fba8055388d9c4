"""`hallwatch doctor --security`: is this installation as closed as it can be? Each check says what to do."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from api.standing import Standing, StandingError, read_standing
from api.standing import database_line as line_of
from hallwatch.doctor import Finding
from hallwatch.settings import Settings

RETENTION_WITHIN = timedelta(days=2)
FILES = ("hallwatch.db", "worker.key", "secrets.key")


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
    line = line_of(settings.database.get_secret_value())
    if not line.host or _is_loopback(line.host):
        return Finding("database", line.backend)
    if line.sslmode in ("require", "verify-ca", "verify-full"):
        return Finding("database", f"{line.host}, encrypted ({line.sslmode})")
    advice = "add ?sslmode=verify-full to HALLWATCH_DATABASE_URL"
    return Finding("database", f"{line.host}, not surely encrypted", advice)


def stored(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What the database says of accounts, keys, deletion and the audit."""
    try:
        standing = read_standing(settings.database.get_secret_value(), now)
    except StandingError as error:
        yield Finding("database", f"cannot be read ({error})", "see that it runs")
        return
    yield administrators(standing)
    yield second_factors(standing)
    yield one_time_passwords(standing)
    yield keys(standing)
    yield deletion(standing, now)
    yield audit(standing)


def administrators(standing: Standing) -> Finding:
    """Somebody must be able to disable an account; many who can are many to watch."""
    if standing.administrators:
        return Finding("administrators", ", ".join(standing.administrators))
    return Finding("administrators", "none", "start hallwatch once: it makes one")


def second_factors(standing: Standing) -> Finding:
    """A password is read over a shoulder; who makes accounts should need more."""
    if not standing.without_second_factor:
        return Finding("second factor", "every administrator has one")
    names = ", ".join(standing.without_second_factor)
    return Finding("second factor", f"none: {names}", "add an authenticator under “Sign-in and security”")


def one_time_passwords(standing: Standing) -> Finding:
    """A password that was on a screen or a slip of paper is nobody's secret for long."""
    if not standing.old_one_time:
        return Finding("one-time passwords", "none older than a week")
    names = ", ".join(standing.old_one_time)
    return Finding("one-time passwords", f"never changed: {names}", "disable these accounts")


def keys(standing: Standing) -> Finding:
    """A key that nobody uses opens a door that nobody watches."""
    if standing.unused_keys:
        names = ", ".join(standing.unused_keys)
        return Finding("API keys", f"not used for 90 days: {names}", "revoke them")
    return Finding("API keys", f"{standing.keys_in_force} in force")


def deletion(standing: Standing, now: datetime) -> Finding:
    """What is due goes every night; where it does not, films stay longer than the hall promised."""
    last = standing.last_deletion
    if last is None:
        return Finding("deletion by age", "not done yet; it runs at night")
    if last >= (now - RETENTION_WITHIN).date():
        return Finding("deletion by age", f"last on {last}")
    advice = "let the service run at night, or run `hallwatch retention run`"
    return Finding("deletion by age", f"last on {last}", advice)


def audit(standing: Standing) -> Finding:
    """Whether the chain holds."""
    fault = standing.audit_fault
    if fault is None:
        return Finding("audit", f"{standing.audit_rows} rows, the chain holds")
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
