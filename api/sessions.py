"""Signing in and out: sessions live on the server, the browser holds a random cookie.

A session ends after 30 minutes without use and 12 hours after signing in. Five failed tries at a user name
lock it for 15 minutes. Every request that changes something carries the CSRF token, which is derived from the
cookie's value and so never stored.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete
from sqlalchemy.orm import Session

from api import audit
from api.accounts import replace_password
from api.fields import PlainText, Role
from api.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH, hash_password, password_matches
from api.problems import FieldError, Problem
from api.services import Parts, Services
from api.tables import AccountRow, SessionRow, SignInFailureRow

COOKIE = "hallwatch_session"
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_STEP = timedelta(minutes=1)
"""A use is written down at most this often; reading the queue need not write."""
FAILURES = 5
LOCKED = timedelta(minutes=15)

router = APIRouter(prefix="/api/v1/session", tags=["session"])


class Credentials(BaseModel):
    """What somebody types to sign in."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[PlainText, Field(min_length=1, max_length=64)]
    password: str = Field(min_length=1, max_length=MAXIMUM_LENGTH)


class PasswordChange(BaseModel):
    """The password in force and the one to come."""

    model_config = ConfigDict(extra="forbid")

    current: str = Field(min_length=1, max_length=MAXIMUM_LENGTH)
    new: str = Field(min_length=MINIMUM_LENGTH, max_length=MAXIMUM_LENGTH)


class SessionOut(BaseModel):
    """Who is signed in, and the token that every changing request must carry as X-CSRF-Token."""

    username: str
    csrf_token: str
    must_change_password: bool
    role: Role
    windows: list[str] = Field(description="windows they work at themselves, and so do not judge")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request."""

    username: str
    must_change_password: bool
    token: str
    role: Role = "supervisor"
    windows: tuple[str, ...] = ()


def in_session(request: Request, parts: Parts) -> SignedIn:
    """Guard: somebody is signed in, and a changing request carries the CSRF token."""
    person = still_signed_in(parts, request.cookies.get(COOKIE, ""), used=True)
    if person is None:
        raise Problem("not_signed_in")
    if request.method not in ("GET", "HEAD"):
        sent = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(sent.encode(), csrf_token(person.token).encode()):
            raise Problem("csrf")
    return person


InSession = Annotated[SignedIn, Depends(in_session)]


def signed_in(person: InSession) -> SignedIn:
    """Guard: as `in_session`, and the one-time password is no longer in use."""
    if person.must_change_password:
        raise Problem("password_change_required")
    if person.role != "supervisor":
        raise Problem("not_permitted")
    return person


def window_staff(person: InSession) -> SignedIn:
    """Guard: somebody who works at a window and may see and appeal what was confirmed there."""
    if person.must_change_password:
        raise Problem("password_change_required")
    if person.role != "window_staff":
        raise Problem("not_permitted")
    return person


Reviewer = Annotated[SignedIn, Depends(signed_in)]
WindowStaff = Annotated[SignedIn, Depends(window_staff)]


@router.post("", operation_id="signIn")
def sign_in(credentials: Credentials, request: Request, response: Response, parts: Parts) -> SessionOut:
    """Sign in. Any earlier session of this browser ends; the new one has a new id."""
    _count_attempt(parts, credentials.username)
    with parts.database.read() as session:
        account = session.get(AccountRow, credentials.username)
    if not password_matches(credentials.password, account.password_hash if account else None) or not account:
        _write_failure(parts, credentials.username)
        raise Problem("wrong_credentials")
    with parts.database.write() as session:
        now = parts.settings.clock()
        session.execute(delete(SignInFailureRow).where(SignInFailureRow.username == account.username))
        session.execute(delete(SessionRow).where(SessionRow.created_at < now - ABSOLUTE))
        _end(session, request.cookies.get(COOKIE, ""))
        token = _begin(session, account.username, now)
        audit.record(session, now, account.username, "signed_in")
    parts.metrics.sign_ins.labels("signed_in").inc()
    _set_cookie(parts, response, token)
    return _session_out(_person(account, token))


@router.get("", operation_id="readSession")
def read_session(person: InSession) -> SessionOut:
    """Who is signed in in this browser."""
    return _session_out(person)


@router.delete("", operation_id="signOut", status_code=204)
def sign_out(person: InSession, response: Response, parts: Parts) -> None:
    """Sign out; the session is gone on the server."""
    with parts.database.write() as session:
        _end(session, person.token)
        audit.record(session, parts.settings.clock(), person.username, "signed_out")
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


@router.post("/password", operation_id="changePassword", status_code=204)
def change_password(change: PasswordChange, person: InSession, parts: Parts) -> None:
    """Set a new password; all other sessions of this person end."""
    _count_attempt(parts, person.username)
    with parts.database.read() as session:
        account = session.get(AccountRow, person.username)
    if account is None or not password_matches(change.current, account.password_hash):
        raise Problem("wrong_credentials")
    if change.new == change.current:
        raise Problem(
            "invalid", FieldError("/new", "新密码不能与旧密码相同", "The new password is the old one")
        )
    hashed = hash_password(change.new)
    with parts.database.write() as session:
        now = parts.settings.clock()
        stored = session.get_one(AccountRow, person.username)
        replace_password(session, stored, hashed, keep=_digest(person.token))
        audit.record(session, now, person.username, "password_changed")


def csrf_token(token: str) -> str:
    """The CSRF token that belongs to a session's cookie."""
    return hmac.new(token.encode(), b"hallwatch csrf", hashlib.sha256).hexdigest()


def still_signed_in(parts: Services, token: str, *, used: bool) -> SignedIn | None:
    """The person whose session this is, or None; `used` says that the person did something just now."""
    if not token:
        return None
    now = parts.settings.clock()
    with parts.database.read() as session:
        row = session.get(SessionRow, _digest(token))
        account = session.get(AccountRow, row.username) if row else None
    if row is None or account is None or now > row.seen_at + IDLE or now > row.created_at + ABSOLUTE:
        return None
    if used and now > row.seen_at + SEEN_STEP:
        _write_seen(parts, row.token_sha256, now)
    return _person(account, token)


def _person(account: AccountRow, token: str) -> SignedIn:
    role: Role = "window_staff" if account.role == "window_staff" else "supervisor"
    windows = tuple(account.windows or ())
    return SignedIn(account.username, account.must_change_password, token, role, windows)


def _write_seen(parts: Services, digest: str, now: datetime) -> None:
    with parts.database.write() as session:
        row = session.get(SessionRow, digest)
        if row is not None:
            row.seen_at = max(row.seen_at, now)


def _count_attempt(parts: Services, username: str) -> None:
    """Count the try before it is judged, so that tries at the same moment are not free."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        session.execute(delete(SignInFailureRow).where(SignInFailureRow.last_at < now - LOCKED))
        row = session.get(SignInFailureRow, username, with_for_update=True)
        if row is None:
            session.add(SignInFailureRow(username=username, failures=1, last_at=now))
            return
        wait = row.last_at + LOCKED - now
        locked = row.failures >= FAILURES
        if not locked:
            row.failures, row.last_at = row.failures + 1, now
    if locked:
        parts.metrics.sign_ins.labels("locked").inc()
        raise Problem("too_many_attempts", headers={"Retry-After": str(int(wait.total_seconds()) + 1)})


def _write_failure(parts: Services, username: str) -> None:
    parts.metrics.sign_ins.labels("failed").inc()
    with parts.database.write() as session:
        audit.record(session, parts.settings.clock(), username, "sign_in_failed")


def _begin(session: Session, username: str, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.add(SessionRow(token_sha256=_digest(token), username=username, created_at=now, seen_at=now))
    return token


def _end(session: Session, token: str) -> None:
    session.execute(delete(SessionRow).where(SessionRow.token_sha256 == _digest(token)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _set_cookie(parts: Services, response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=parts.settings.cookie_secure,
        max_age=int(ABSOLUTE.total_seconds()),
    )


def _session_out(person: SignedIn) -> SessionOut:
    return SessionOut(
        username=person.username,
        csrf_token=csrf_token(person.token),
        must_change_password=person.must_change_password,
        role=person.role,
        windows=list(person.windows),
    )
