"""Keys of other programs: `hw_`, what is shown of it, and 256 random bits that are stored only as a hash."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from api.rights.table import KEY_RIGHTS, Right
from api.rights.tables import ApiKeyRow
from api.services import Services

SHOWN = 8
USED_STEP = timedelta(minutes=1)
"""A use is written down at most this often."""

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def new_key() -> tuple[str, str, str]:
    """A key, what may be shown of it, and the hash to store."""
    shown = "hw_" + "".join(secrets.choice(_LETTERS) for _ in range(SHOWN))
    key = f"{shown}_{secrets.token_urlsafe(32)}"
    return key, shown, sha256_of(key)


def sha256_of(key: str) -> str:
    """A fast hash is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_in_force(parts: Services, key: str) -> ApiKeyRow | None:
    """The row of this key; None where there is none such, or it ended. Writes down that it was used."""
    now = parts.settings.clock()
    shown = key[: len("hw_") + SHOWN]
    with parts.database.read() as session:
        row = session.get(ApiKeyRow, shown)
    if row is None or not hmac.compare_digest(row.sha256, sha256_of(key)):
        return None
    if row.revoked_at is not None or (row.expires_at is not None and now >= row.expires_at):
        return None
    if row.used_at is None or now > row.used_at + USED_STEP:
        _write_used(parts, shown, now)
    return row


def rights_of_key(row: ApiKeyRow) -> frozenset[Right]:
    """What it may do; a right that keys no longer may have counts for nothing."""
    return frozenset(right for right in KEY_RIGHTS if right in row.rights)


def _write_used(parts: Services, shown: str, now: datetime) -> None:
    with parts.database.write() as session:
        row = session.get(ApiKeyRow, shown)
        if row is not None:
            row.used_at = now
