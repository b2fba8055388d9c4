"""Links by which the staff of a window see and appeal one event without an account.

A link is its open id and a signature over the id, the event and the time of its end, made with a key that is
stored for this link alone; ending the row ends the link. It travels behind the `#` of the page's address and
in a header, never in an address that servers log.
"""

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Header
from sqlalchemy.orm import Session

from api.problems import Problem
from api.services import Parts
from api.tables import AppealLinkRow


def make_link(
    session: Session, event_id: str, made_by: str, now: datetime, holds: timedelta
) -> tuple[str, datetime]:
    """A new link to this event, as text, and when it ends."""
    row = AppealLinkRow(
        id=str(uuid.uuid4()),
        event_id=event_id,
        key=secrets.token_hex(32),
        made_by=made_by,
        made_at=now,
        expires_at=(now + holds).replace(microsecond=0),
    )
    session.add(row)
    return f"{row.id}.{_signature(row)}", row.expires_at


def by_link(parts: Parts, link: Annotated[str | None, Header(alias="X-Appeal-Link")] = None) -> str:
    """Guard: a valid link was sent; the event that it shows."""
    name, _, signature = (link or "").partition(".")
    if not _is_uuid(name):
        raise Problem("link_invalid")
    with parts.database.read() as session:
        row = session.get(AppealLinkRow, name)
    if row is None or not hmac.compare_digest(signature.encode(), _signature(row).encode()):
        raise Problem("link_invalid")
    if parts.settings.clock() >= row.expires_at:
        raise Problem("link_invalid")
    return row.event_id


LinkedEvent = Annotated[str, Depends(by_link)]


def _signature(row: AppealLinkRow) -> str:
    said = f"{row.id}|{row.event_id}|{int(row.expires_at.timestamp())}"
    return hmac.new(bytes.fromhex(row.key), said.encode(), hashlib.sha256).hexdigest()


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
