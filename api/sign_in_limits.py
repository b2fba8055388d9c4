"""How often a password may be tried: by user name, and by the address that the tries come from.

Five failures at a name lock it for 15 minutes (P11). Ten from one address, at whatever names, make it wait
one second, then two, four, … up to 15 minutes; failures are forgotten 15 minutes after the last.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from api.problems import Problem
from api.services import Services
from api.tables import AddressFailureRow, SignInFailureRow

FAILURES = 5
LOCKED = timedelta(minutes=15)
FREE_OF_ADDRESS = 10
"""An office behind one address mistypes more often than one person."""


def count_attempt(parts: Services, username: str, address: str) -> None:
    """Count the try before it is judged, so that tries at the same moment are not free.

    Raises Problem `too_many_attempts` where the name or the address has to wait.
    """
    now = parts.settings.clock()
    with parts.database.write() as session:
        session.execute(delete(SignInFailureRow).where(SignInFailureRow.last_at < now - LOCKED))
        session.execute(delete(AddressFailureRow).where(AddressFailureRow.last_at < now - LOCKED))
        wait = max(_of_name(session, username, now), _of_address(session, address, now))
    if wait > timedelta():
        parts.metrics.sign_ins.labels("locked").inc()
        raise Problem("too_many_attempts", headers={"Retry-After": str(int(wait.total_seconds()) + 1)})


def forget(session: Session, username: str, address: str) -> None:
    """It was the right password: the name starts anew, and this try was no failure of the address."""
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.username == username))
    row = session.get(AddressFailureRow, address, with_for_update=True)
    if row is not None:
        row.failures = max(row.failures - 1, 0)


def wait_of_address(failures: int) -> timedelta:
    """How long an address waits after so many failures: doubling, up to 15 minutes."""
    over = failures - FREE_OF_ADDRESS
    return timedelta() if over < 0 else min(timedelta(seconds=2 ** min(over, 20)), LOCKED)


def _of_name(session: Session, username: str, now: datetime) -> timedelta:
    row = session.get(SignInFailureRow, username, with_for_update=True)
    if row is None:
        session.add(SignInFailureRow(username=username, failures=1, last_at=now))
        return timedelta()
    if row.failures >= FAILURES:
        return max(row.last_at + LOCKED - now, timedelta(microseconds=1))
    row.failures, row.last_at = row.failures + 1, now
    return timedelta()


def _of_address(session: Session, address: str, now: datetime) -> timedelta:
    row = session.get(AddressFailureRow, address, with_for_update=True)
    if row is None:
        session.add(AddressFailureRow(address=address, failures=1, last_at=now))
        return timedelta()
    due = wait_of_address(row.failures)
    wait = row.last_at + due - now if due else due
    if wait <= timedelta():
        row.failures, row.last_at = row.failures + 1, now
    return wait
