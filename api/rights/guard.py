"""The guard of every route for people and programs: who asks, and whether the table of rights lets them."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request

from api.problems import Problem
from api.rights.keys import key_in_force, rights_of_key
from api.rights.scope import require_path, scope_of
from api.rights.table import ROUTES, Access, Reach, Right
from api.services import Parts
from api.sessions import SignedIn, in_session


def permitted(request: Request, parts: Parts) -> SignedIn:
    """Guard: a session or a key, with the right that this route needs, for windows that they answer for."""
    person = _who(request, parts)
    if person.must_change_password:
        raise Problem("password_change_required")
    if person.must_add_second_factor:
        raise Problem("second_factor_required")
    access = access_of(request)
    if access is None or access.right not in person.rights:
        raise Problem("not_permitted")
    if person.units is None:
        return person
    with parts.database.read() as session:
        scope = scope_of(session, person.units)
        if access.reach == Reach.WHOLE_HALL:
            scope.require_whole()
        elif access.reach == Reach.BY_PATH:
            require_path(session, scope, request.path_params)
    return replace(person, scope=scope)


def access_of(request: Request) -> Access | None:
    """What the route of this request needs; None where nobody declared it."""
    return ROUTES.get(getattr(request.scope.get("route"), "operation_id", None) or "")


def may(person: SignedIn, right: Right) -> bool:
    """Whether somebody has this right too."""
    return right in person.rights


Permitted = Annotated[SignedIn, Depends(permitted)]


def _who(request: Request, parts: Parts) -> SignedIn:
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not sent.startswith("hw_"):
        return in_session(request, parts)
    row = key_in_force(parts, sent.strip())
    if row is None:
        raise Problem("wrong_key", headers={"WWW-Authenticate": "Bearer"})
    units = None if row.scope is None else tuple(row.scope)
    return SignedIn(username=f"key:{row.id}", rights=rights_of_key(row), units=units)
