"""What must be written in the order in which transactions end: the chain of the audit, the list of changes.

A number that is drawn while a transaction runs says nothing of when it ends: who drew 7 may end after who
drew 8, and a reader who was at 8 never sees 7. So these rows wait until all else is written, and are then
numbered under one lock that is held until the commit, which comes at once.
"""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

LOCK = 0x68616C6D
"""The advisory lock on PostgreSQL; SQLite has one writer at any rate."""

_WAITING = "hallwatch at end"


def at_end(session: Session, write: Callable[[], None]) -> None:
    """Call `write` right before this transaction commits, one transaction at a time, in the order asked."""
    session.info.setdefault(_WAITING, []).append(write)


def finish(session: Session) -> None:
    """Write what waits for the end. `Database.write` calls it; nothing else may be written afterwards."""
    waiting = session.info.pop(_WAITING, None)
    if not waiting:
        return
    # First all that could wait for somebody's row, so that who holds the lock waits for nobody.
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    for write in waiting:
        write()
