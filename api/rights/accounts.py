"""Accounts over HTTP: who may sign in, as what, and which windows they answer for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api import audit
from api.accounts import replace_password
from api.fields import Id, Role
from api.passwords import hash_password, one_time_password
from api.problems import FieldError, Problem
from api.rights.guard import Permitted
from api.rights.scope import check_units
from api.second_factor.codes import forget_factor
from api.second_factor.tables import SecondFactorRow
from api.services import Parts
from api.tables import AccountRow, SessionRow

router = APIRouter(prefix="/api/v1/accounts", tags=["accounts"])

ADMINISTRATOR = "administrator"
MOST_UNITS = 200
RESERVED = ("console", "hallwatch")
"""Names that the audit gives to what no person did."""

Username = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        pattern=r"^[^\s:/\\\x00-\x1f\x7f]+$",
        description="as it is typed at sign-in; without spaces, colons and slashes",
    ),
]
UserPath = Annotated[str, Path(min_length=1, max_length=64, description="the user name")]
Units = Annotated[list[Id], Field(max_length=MOST_UNITS)]


class AccountIn(BaseModel):
    """A new account."""

    model_config = ConfigDict(extra="forbid")

    username: Username
    role: Role
    windows: Units = Field(default=[], description="windows they work at themselves, and so do not judge")
    scope: Units | None = Field(
        default=None, min_length=1, description="units they answer for; null: the whole hall"
    )


class AccountChange(BaseModel):
    """What changes; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    windows: Units | None = None
    scope: Units | None = Field(
        default=None, min_length=1, description="units they answer for; null: the whole hall"
    )
    disabled: bool | None = None


class AccountOut(BaseModel):
    """An account; never its password."""

    username: str
    role: Role
    windows: list[str]
    scope: list[str] | None
    disabled: bool
    must_change_password: bool
    has_second_factor: bool
    created_at: datetime
    seen_at: datetime | None = Field(description="last use of a session that still goes on; null: none")


class OneTimePassword(BaseModel):
    """Shown once: nothing can show it again."""

    account: AccountOut
    one_time_password: str = Field(description="must be changed at the first sign-in")


@router.get("", operation_id="listAccounts")
def list_accounts(person: Permitted, parts: Parts) -> list[AccountOut]:
    """All accounts by name."""
    with parts.database.read() as session:
        seen, second = _seen(session), _with_second_factor(session)
        rows = session.scalars(select(AccountRow).order_by(AccountRow.username)).all()
    return [_shown(row, seen.get(row.username), row.username in second) for row in rows]


@router.post("", operation_id="makeAccount", status_code=201)
def make_account(told: AccountIn, person: Permitted, parts: Parts) -> OneTimePassword:
    """Make an account with a one-time password, which is in this answer and nowhere else."""
    password = one_time_password()
    hashed = hash_password(password)
    now = parts.settings.clock()
    if told.username.lower() in RESERVED:
        raise Problem("account_exists")
    with parts.database.write() as session:
        if session.get(AccountRow, told.username) is not None:
            raise Problem("account_exists")
        row = AccountRow(
            username=told.username,
            password_hash=hashed,
            must_change_password=True,
            role=told.role,
            windows=sorted(set(told.windows)) or None,
            scope=_scope(told.scope),
            disabled=False,
            created_at=now,
        )
        _check(session, row)
        session.add(row)
        audit.record(session, now, person.username, "account_made", row.username, **_told(row))
        shown = _shown(row, None, False)
    return OneTimePassword(account=shown, one_time_password=password)


@router.patch("/{username}", operation_id="changeAccount")
def change_account(username: UserPath, change: AccountChange, person: Permitted, parts: Parts) -> AccountOut:
    """Change an account. Holds from its next request on; who is disabled is signed out."""
    now = parts.settings.clock()
    said = change.model_fields_set
    with parts.database.write() as session:
        row = _known(session, username)
        before = _told(row)
        if change.role is not None:
            row.role = change.role
        if change.windows is not None:
            row.windows = sorted(set(change.windows)) or None
        if "scope" in said:
            row.scope = _scope(change.scope)
        if change.disabled is not None:
            row.disabled = change.disabled
        _check(session, row)
        session.flush()
        _keep_one_administrator(session)
        if row.disabled:
            session.execute(delete(SessionRow).where(SessionRow.username == username))
        if _told(row) != before:
            audit.record(
                session, now, person.username, "account_changed", username, before=before, after=_told(row)
            )
        return _shown(row, _seen(session).get(username), username in _with_second_factor(session))


@router.post("/{username}/one-time-password", operation_id="giveOneTimePassword")
def give_one_time_password(username: UserPath, person: Permitted, parts: Parts) -> OneTimePassword:
    """Replace a password that was forgotten; whoever was signed in with the old one no longer is."""
    password = one_time_password()
    hashed = hash_password(password)
    with parts.database.write() as session:
        row = _known(session, username)
        replace_password(session, row, hashed)
        row.must_change_password = True
        audit.record(session, parts.settings.clock(), person.username, "password_replaced", username)
        shown = _shown(row, None, username in _with_second_factor(session))
    return OneTimePassword(account=shown, one_time_password=password)


@router.delete("/{username}/second-factor", operation_id="forgetSecondFactor", status_code=204)
def forget_second_factor(username: UserPath, person: Permitted, parts: Parts) -> None:
    """Let somebody who lost their authenticator sign in without it; nothing where they have none."""
    with parts.database.write() as session:
        _known(session, username)
        if forget_factor(session, username):
            at = parts.settings.clock()
            audit.record(session, at, person.username, "second_factor_forgotten", username)


def _known(session: Session, username: str) -> AccountRow:
    row = None if "\x00" in username else session.get(AccountRow, username, with_for_update=True)
    if row is None:
        raise Problem("account_unknown")
    return row


def _check(session: Session, row: AccountRow) -> None:
    check_units(session, row.windows, "/windows")
    check_units(session, row.scope, "/scope")
    if row.role == "window_staff" and not row.windows:
        zh, en = "窗口人员须指定本人所在窗口", "Window staff need the window at which they work"
        raise Problem("invalid", FieldError("/windows", zh, en))


def _keep_one_administrator(session: Session) -> None:
    """Raise Problem where nobody could make accounts any more; administrators wait for each other here."""
    wanted = select(AccountRow.username).where(AccountRow.role == ADMINISTRATOR, ~AccountRow.disabled)
    if not session.scalars(wanted.with_for_update()).all():
        raise Problem("last_administrator")


def _scope(units: Sequence[str] | None) -> list[str] | None:
    return None if units is None else sorted(set(units))


def _seen(session: Session) -> dict[str, datetime]:
    wanted = select(SessionRow.username, func.max(SessionRow.seen_at)).group_by(SessionRow.username)
    return dict(session.execute(wanted).all())


def _with_second_factor(session: Session) -> set[str]:
    return set(
        session.scalars(select(SecondFactorRow.username).where(SecondFactorRow.since.is_not(None))).all()
    )


def _told(row: AccountRow) -> dict[str, object]:
    return {"role": row.role, "windows": row.windows, "scope": row.scope, "disabled": bool(row.disabled)}


def _shown(row: AccountRow, seen_at: datetime | None, has_factor: bool) -> AccountOut:
    return AccountOut.model_validate(
        {
            "username": row.username,
            "role": row.role,
            "windows": row.windows or [],
            "scope": row.scope,
            "disabled": row.disabled,
            "must_change_password": row.must_change_password,
            "has_second_factor": has_factor,
            "created_at": row.created_at,
            "seen_at": seen_at,
        }
    )
