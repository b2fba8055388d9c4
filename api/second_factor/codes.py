"""Codes of a second factor: six digits of an authenticator, or one of ten recovery codes.

A code counts once (RFC 6238, 5.2): the time step of the last one accepted is kept, and earlier ones are
refused. The step before and the step after are accepted too, for clocks that are half a minute off.
"""

import hashlib
import hmac
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from api.passwords import one_time_password
from api.problems import Problem
from api.sealing import Seal
from api.second_factor.tables import SecondFactorRow

STEP_S = 30
STEPS_OFF = (-1, 0, 1)
RECOVERY_CODES = 10
ISSUER = "hallwatch"


def new_secret() -> str:
    """160 random bits in base32 (RFC 4226, 4 recommends 160)."""
    return pyotp.random_base32(32)


def address_of(secret: str, username: str) -> str:
    """What an authenticator takes in, as `otpauth://`."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def new_recovery_codes() -> tuple[list[str], list[str]]:
    """Ten codes to show once, and their hashes to store; 79 random bits each, so a fast hash is enough."""
    codes = [one_time_password() for _ in range(RECOVERY_CODES)]
    return codes, [_sha256(code) for code in codes]


def require_code(session: Session, seal: Seal, username: str, code: str | None, now: datetime) -> None:
    """Use up a code of this person, who has a second factor.

    Raises Problem `second_factor_needed` where none was given, `second_factor_missing` where they have no
    second factor, `second_factor_wrong` otherwise.
    """
    factor = session.get(SecondFactorRow, username, with_for_update=True)
    if factor is None or factor.since is None:
        raise Problem("second_factor_missing")
    if not code:
        raise Problem("second_factor_needed")
    if not (confirms(factor, seal, code, now) or _is_of_recovery(factor, code)):
        raise Problem("second_factor_wrong")


def confirms(factor: SecondFactorRow, seal: Seal, code: str, now: datetime) -> bool:
    """Whether a code is the authenticator's; uses it up."""
    told = code.strip().replace(" ", "")
    digits = pyotp.TOTP(seal.open_up(factor.sealed_secret))
    current = int(now.timestamp()) // STEP_S
    matching = [
        step
        for step in (current + off for off in STEPS_OFF)
        if hmac.compare_digest(digits.generate_otp(step).encode(), told.encode())
    ]
    fresh = [step for step in matching if factor.last_step is None or step > factor.last_step]
    if not fresh:
        return False
    factor.last_step = max(fresh)
    return True


def forget_factor(session: Session, username: str) -> bool:
    """Without a second factor from now on; whether there was one."""
    factor = session.get(SecondFactorRow, username, with_for_update=True)
    if factor is not None:
        session.delete(factor)
    return factor is not None


def _is_of_recovery(factor: SecondFactorRow, code: str) -> bool:
    told = _sha256(code.strip().lower())
    left = factor.recovery_sha256s
    if told not in left:
        return False
    factor.recovery_sha256s = [one for one in left if one != told]
    return True


def _sha256(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
