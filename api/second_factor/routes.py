"""A person's own second factor over HTTP: begin, confirm, remove."""

from typing import Annotated

import segno
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from api import audit
from api.fields import PlainText
from api.problems import Problem
from api.second_factor.codes import (
    address_of,
    confirms,
    forget_factor,
    new_recovery_codes,
    new_secret,
    require_code,
)
from api.second_factor.tables import SecondFactorRow
from api.services import Parts
from api.sessions import InSession, count_own_attempt, forget_own_attempts

router = APIRouter(prefix="/api/v1/session/second-factor", tags=["session"])

Code = Annotated[PlainText, Field(min_length=6, max_length=32, description="six digits, or a recovery code")]


class CodeIn(BaseModel):
    """A code, typed off an authenticator."""

    model_config = ConfigDict(extra="forbid")

    code: Code


class BegunFactor(BaseModel):
    """To be taken in by an authenticator, and confirmed by a code of it; shown only now."""

    secret: str = Field(description="base32, to be typed where no picture can be taken")
    address: str = Field(description="otpauth://, the same")
    picture: str = Field(description="the address as a QR code, an SVG in a data URL")


class ConfirmedFactor(BaseModel):
    """The second factor holds; each recovery code opens once in place of the authenticator."""

    recovery_codes: list[str] = Field(description="shown only now")


@router.post("", operation_id="beginSecondFactor", status_code=201)
def begin_second_factor(person: InSession, parts: Parts) -> BegunFactor:
    """Make a secret for this person's authenticator; it holds once a code confirmed it."""
    secret = new_secret()
    with parts.database.write() as session:
        factor = session.get(SecondFactorRow, person.username, with_for_update=True)
        if factor is not None and factor.since is not None:
            raise Problem("second_factor_there")
        session.merge(
            SecondFactorRow(
                username=person.username,
                sealed_secret=parts.seal.close_up(secret),
                since=None,
                last_step=None,
                recovery_sha256s=[],
            )
        )
    address = address_of(secret, person.username)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
    return BegunFactor(secret=secret, address=address, picture=picture)


@router.put("", operation_id="confirmSecondFactor")
def confirm_second_factor(told: CodeIn, person: InSession, request: Request, parts: Parts) -> ConfirmedFactor:
    """Show by a code that the authenticator took the secret in. Signing in asks for one from now on."""
    count_own_attempt(parts, person, request)
    now = parts.settings.clock()
    with parts.database.write() as session:
        factor = session.get(SecondFactorRow, person.username, with_for_update=True)
        if factor is None:
            raise Problem("second_factor_missing")
        if factor.since is not None:
            raise Problem("second_factor_there")
        if not confirms(factor, parts.seal, told.code, now):
            raise Problem("second_factor_wrong")
        factor.since = now
        codes, factor.recovery_sha256s = new_recovery_codes()
        forget_own_attempts(session, person, request)
        audit.record(session, now, person.username, "second_factor_added")
    return ConfirmedFactor(recovery_codes=codes)


@router.post("/removal", operation_id="removeSecondFactor", status_code=204)
def remove_second_factor(told: CodeIn, person: InSession, request: Request, parts: Parts) -> None:
    """Go without it again, by a code of it; where the role demands one, another must be added first thing."""
    count_own_attempt(parts, person, request)
    now = parts.settings.clock()
    with parts.database.write() as session:
        require_code(session, parts.seal, person.username, told.code, now)
        forget_factor(session, person.username)
        forget_own_attempts(session, person, request)
        audit.record(session, now, person.username, "second_factor_removed")
