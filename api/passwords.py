"""Passwords: argon2id hashes, two at a time, so that a storm of sign-ins leaves room for the review."""

import secrets
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 256

_hashing = PasswordHash((Argon2Hasher(),))
_at_once = BoundedSemaphore(2)
_nobody: list[str] = []


def hash_password(password: str) -> str:
    """The argon2id hash to store, parameters and salt included."""
    with _at_once:
        return _hashing.hash(password)


def password_matches(password: str, stored: str | None) -> bool:
    """Whether the password is the one; None (no such account) takes as long and is never a match."""
    with _at_once:
        if not _nobody:
            _nobody.append(_hashing.hash(secrets.token_hex()))
        return _hashing.verify(password, stored or _nobody[0]) and stored is not None


def one_time_password() -> str:
    """Sixteen characters that are easy to type off a screen: no look-alikes, in groups of four."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
