"""Asking for a code once more, before what shows faces leaves the house."""

from fastapi import Request

from api.second_factor.codes import require_code
from api.services import Services
from api.sessions import SignedIn, count_own_attempt, forget_own_attempts


def identify_again(parts: Services, request: Request, person: SignedIn, code: str | None) -> None:
    """Use up a code of this person; tries count as at their password. Raises Problem as `require_code`."""
    count_own_attempt(parts, person, request)
    with parts.database.write() as session:
        require_code(session, parts.seal, person.username, code, parts.settings.clock())
        forget_own_attempts(session, person, request)
