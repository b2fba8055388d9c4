"""Signing in and out: sessions live on the server, the browser holds a random cookie.

A session ends after 30 minutes without use and 12 hours after signing in. Every request that changes
something carries the CSRF token, which is derived from the cookie's value and so never stored.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api import audit
from api.accounts import replace_password
from api.fields import PlainText, Role
from api.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH, hash_password, password_matches
from api.problems import FieldError, Problem
from api.rights.scope import WHOLE, Scope
from api.rights.table import RIGHTS_OF, Right
from api.second_factor.codes import require_code
from api.second_factor.tables import SecondFactorRow
from api.services import Parts, Services
from api.sign_in_limits import count_attempt, forget
from api.tables import AccountRow, SessionRow

COOKIE = "hallwatch_session"
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_STEP = timedelta(minutes=1)
"""A use is written down at most this often; reading the queue need not write."""
ROLE: TypeAdapter[Role] = TypeAdapter(Role)

router = APIRouter(prefix="/api/v1/session", tags=["session"])


class Credentials(BaseModel):
    """What somebody types to sign in."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[PlainText, Field(min_length=1, max_length=64)]
    password: str = Field(min_length=1, max_length=MAXIMUM_LENGTH)
    code: Annotated[PlainText, Field(max_length=32)] | None = Field(
        default=None, description="of the second factor, where the account has one"
    )


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
    has_second_factor: bool
    must_add_second_factor: bool = Field(description="the hall demands one of this role: nothing else goes")
    role: Role
    rights: list[Right] = Field(description="what the role may do")
    windows: list[str] = Field(description="windows they work at themselves, and so do not judge")
    scope: list[str] | None = Field(description="units they answer for; null: the whole hall")


class OwnSession(BaseModel):
    """A browser in which this person is signed in."""

    id: str = Field(description="to end it by")
    signed_in_at: datetime
    seen_at: datetime = Field(description="last use, to the minute")
    address: str | None = Field(description="it came from")
    agent: str | None = Field(description="what the browser called itself")
    current: bool = Field(description="whether it is the one that asks")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person, or the other program, behind a request.

    `windows` are those at which this person works, `scope` those that they answer for. A program's user
    name is `key:` and what is shown of its key; it has no token.
    """

    username: str
    must_change_password: bool = False
    has_second_factor: bool = False
    must_add_second_factor: bool = False
    token: str = ""
    role: Role | None = None
    rights: frozenset[Right] = frozenset()
    windows: tuple[str, ...] = ()
    units: tuple[str, ...] | None = None
    scope: Scope = WHOLE


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


@router.post("", operation_id="signIn")
def sign_in(credentials: Credentials, request: Request, response: Response, parts: Parts) -> SessionOut:
    """Sign in. Any earlier session of this browser ends; the new one has a new id."""
    address = _address(request)
    count_attempt(parts, credentials.username, address)
    with parts.database.read() as session:
        account = session.get(AccountRow, credentials.username)
        factor = session.get(SecondFactorRow, credentials.username)
    has_factor = factor is not None and factor.since is not None
    matches = password_matches(credentials.password, account.password_hash if account else None)
    if not matches or account is None or account.disabled:
        _write_failure(parts, credentials.username)
        raise Problem("wrong_credentials")
    if has_factor:
        _use_code(parts, account.username, credentials.code)
    with parts.database.write() as session:
        now = parts.settings.clock()
        forget(session, account.username, address)
        session.execute(delete(SessionRow).where(SessionRow.created_at < now - ABSOLUTE))
        _end(session, request.cookies.get(COOKIE, ""))
        token = _begin(session, account.username, now, request)
        audit.record(session, now, account.username, "signed_in")
    parts.metrics.sign_ins.labels("signed_in").inc()
    _set_cookie(parts, response, token)
    return _session_out(_person(parts, account, token, has_factor=has_factor))


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
def change_password(change: PasswordChange, person: InSession, request: Request, parts: Parts) -> None:
    """Set a new password; all other sessions of this person end."""
    count_attempt(parts, person.username, _address(request))
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
        forget(session, person.username, _address(request))
        audit.record(session, now, person.username, "password_changed")


@router.get("/all", operation_id="listOwnSessions")
def list_own_sessions(person: InSession, parts: Parts) -> list[OwnSession]:
    """Every browser in which this person is signed in, the latest used first."""
    now = parts.settings.clock()
    with parts.database.read() as session:
        wanted = select(SessionRow).where(SessionRow.username == person.username)
        rows = session.scalars(wanted.order_by(SessionRow.seen_at.desc())).all()
    return [
        OwnSession(
            id=_shown_id(row),
            signed_in_at=row.created_at,
            seen_at=row.seen_at,
            address=row.address,
            agent=row.agent,
            current=row.token_sha256 == _digest(person.token),
        )
        for row in rows
        if not _is_over(row, now)
    ]


@router.delete("/all/{session_id}", operation_id="endOwnSession", status_code=204)
def end_own_session(
    session_id: Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="as listed")],
    person: InSession,
    parts: Parts,
) -> None:
    """End one of this person's sessions, as where a browser was left open; nothing where it is over."""
    with parts.database.write() as session:
        rows = session.scalars(select(SessionRow).where(SessionRow.username == person.username)).all()
        for row in rows:
            if _shown_id(row) == session_id:
                session.delete(row)
                audit.record(session, parts.settings.clock(), person.username, "session_ended", session_id)


def count_own_attempt(parts: Services, person: SignedIn, request: Request) -> None:
    """Count a try at this person's own code as one at their password; raises Problem `too_many_attempts`."""
    count_attempt(parts, person.username, _address(request))


def forget_own_attempts(session: Session, person: SignedIn, request: Request) -> None:
    """The code was right: what was tried before counts no more."""
    forget(session, person.username, _address(request))


def csrf_token(token: str) -> str:
    """The CSRF token that belongs to a session's cookie."""
    return hmac.new(token.encode(), b"hallwatch csrf", hashlib.sha256).hexdigest()


def still_signed_in(parts: Services, token: str, *, used: bool) -> SignedIn | None:
    """The person whose session this is, or None; `used` says that the person did something just now."""
    if not token:
        return None
    now = parts.settings.clock()
    with parts.database.read() as session:
        wanted = select(SessionRow, AccountRow, SecondFactorRow.since).where(
            SessionRow.token_sha256 == _digest(token)
        )
        wanted = wanted.join(AccountRow, AccountRow.username == SessionRow.username)
        wanted = wanted.outerjoin(SecondFactorRow, SecondFactorRow.username == SessionRow.username)
        found = session.execute(wanted).one_or_none()
    if found is None:
        return None
    row, account, since = found
    if account.disabled or _is_over(row, now):
        return None
    if used and now > row.seen_at + SEEN_STEP:
        _write_seen(parts, row.token_sha256, now)
    return _person(parts, account, token, has_factor=since is not None)


def _person(parts: Services, account: AccountRow, token: str, *, has_factor: bool) -> SignedIn:
    role = ROLE.validate_python(account.role)
    return SignedIn(
        username=account.username,
        must_change_password=account.must_change_password,
        has_second_factor=has_factor,
        must_add_second_factor=not has_factor and role in parts.settings.second_factor.roles,
        token=token,
        role=role,
        rights=RIGHTS_OF[role],
        windows=tuple(account.windows or ()),
        units=None if account.scope is None else tuple(account.scope),
    )


def _is_over(row: SessionRow, now: datetime) -> bool:
    return now > row.seen_at + IDLE or now > row.created_at + ABSOLUTE


def _shown_id(row: SessionRow) -> str:
    return row.token_sha256[:16]


def _write_seen(parts: Services, digest: str, now: datetime) -> None:
    with parts.database.write() as session:
        row = session.get(SessionRow, digest)
        if row is not None:
            row.seen_at = max(row.seen_at, now)


def _write_failure(parts: Services, username: str) -> None:
    parts.metrics.sign_ins.labels("failed").inc()
    with parts.database.write() as session:
        audit.record(session, parts.settings.clock(), username, "sign_in_failed")


def _use_code(parts: Services, username: str, code: str | None) -> None:
    try:
        with parts.database.write() as session:
            require_code(session, parts.seal, username, code, parts.settings.clock())
    except Problem as problem:
        if problem.code == "second_factor_wrong":
            _write_failure(parts, username)
        raise


def _begin(session: Session, username: str, now: datetime, request: Request) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        SessionRow(
            token_sha256=_digest(token),
            username=username,
            created_at=now,
            seen_at=now,
            address=_address(request),
            agent=request.headers.get("user-agent", "").replace("\0", "")[:200] or None,
        )
    )
    return token


def _address(request: Request) -> str:
    return request.client.host[:64] if request.client else ""


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
    assert person.role is not None
    return SessionOut(
        username=person.username,
        csrf_token=csrf_token(person.token),
        must_change_password=person.must_change_password,
        has_second_factor=person.has_second_factor,
        must_add_second_factor=person.must_add_second_factor,
        role=person.role,
        rights=sorted(person.rights),
        windows=list(person.windows),
        scope=None if person.units is None else list(person.units),
    )
