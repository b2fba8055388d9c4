"""Who may sign in: the first accounts, and setting passwords."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from api import audit
from api.database import Database
from api.fields import Role
from api.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH, hash_password, one_time_password
from api.second_factor.codes import forget_factor
from api.settings import ApiSettings
from api.tables import AccountRow, SessionRow, SignInFailureRow


class RoleUnfitError(ValueError):
    """The role needs something that was not said."""


class PasswordUnfitError(ValueError):
    """The password is too short or too long."""


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """An account made at a start, and its one-time password, to be shown once."""

    username: str
    password: str


def ensure_first_accounts(settings: ApiSettings, *, demo: bool) -> list[FirstAccount]:
    """Make the account `administrator` where nobody is one; in a demo a `supervisor` too.

    Brings the database up to date first. Each must change the one-time password at the first sign-in. An
    account whose name is taken is not made; those that exist stay as they are.
    """
    wanted: list[Role] = ["administrator", "supervisor"] if demo else ["administrator"]
    made: list[FirstAccount] = []
    database = Database(settings.database_url)
    try:
        database.migrate()
        for role in wanted:
            password = one_time_password()
            hashed = hash_password(password)
            with database.write() as session:
                there = or_(AccountRow.role == role, AccountRow.username == role)
                if session.scalar(select(func.count()).select_from(AccountRow).where(there)):
                    continue
                account = _account(settings, role, hashed, must_change=True)
                account.role = role
                session.add(account)
                audit.record(session, settings.clock(), audit.CONSOLE, "account_made", role, role=role)
            made.append(FirstAccount(role, password))
        return made
    finally:
        database.close()


def set_password(
    settings: ApiSettings,
    username: str,
    password: str,
    *,
    role: Role | None = None,
    windows: Sequence[str] | None = None,
    without_second_factor: bool = False,
) -> None:
    """Give `username` this password, making the account if need be; ends their sessions and any lock.

    A new account is a supervisor's unless `role` says otherwise; `windows` are those at which this person
    works. Left out, an account that exists keeps both. `without_second_factor` forgets theirs. Raises
    PasswordUnfitError below 12 or above 256 characters, RoleUnfitError for window staff without a window.
    """
    check_fit(password)
    database = Database(settings.database_url)
    try:
        database.migrate()
        hashed = hash_password(password)
        with database.write() as session:
            account = session.get(AccountRow, username)
            if account is None:
                account = _account(settings, username, hashed, must_change=False)
                session.add(account)
            else:
                replace_password(session, account, hashed)
            _assign(account, role, windows)
            if without_second_factor:
                forget_factor(session, username)
            told = {"role": account.role, "windows": account.windows}
            audit.record(session, settings.clock(), audit.CONSOLE, "password_set", username, **told)
    finally:
        database.close()


def _assign(account: AccountRow, role: Role | None, windows: Sequence[str] | None) -> None:
    account.role = role or account.role or "supervisor"
    if windows is not None:
        account.windows = sorted(set(windows)) or None
    if account.role == "window_staff" and not account.windows:
        raise RoleUnfitError("window staff need the window at which they work")


def replace_password(session: Session, account: AccountRow, hashed: str, keep: str = "") -> None:
    """Store a new hash; whoever was signed in with the old password no longer is, but for session `keep`."""
    account.password_hash = hashed
    account.must_change_password = False
    theirs = delete(SessionRow).where(SessionRow.username == account.username)
    session.execute(theirs.where(SessionRow.token_sha256 != keep))
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.username == account.username))


def check_fit(password: str) -> None:
    """Raise PasswordUnfitError unless it has 12 to 256 characters."""
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
        raise PasswordUnfitError(f"a password has {MINIMUM_LENGTH} to {MAXIMUM_LENGTH} characters")


def _account(settings: ApiSettings, username: str, hashed: str, *, must_change: bool) -> AccountRow:
    return AccountRow(
        username=username,
        password_hash=hashed,
        must_change_password=must_change,
        created_at=settings.clock(),
    )
