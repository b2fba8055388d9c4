"""Keys of other programs over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from api import audit
from api.fields import Id, PlainText, Time
from api.problems import FieldError, Problem
from api.rights.guard import Permitted
from api.rights.keys import new_key
from api.rights.scope import check_units
from api.rights.table import KEY_RIGHTS, Right
from api.rights.tables import ApiKeyRow
from api.services import Parts

router = APIRouter(prefix="/api/v1/keys", tags=["keys"])

KeyPath = Annotated[str, Path(pattern="^hw_[a-z2-9]{8}$", description="what the key begins with")]


class KeyIn(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[PlainText, Field(min_length=1, max_length=64, description="what it is for")]
    rights: Annotated[list[Right], Field(min_length=1, max_length=len(Right))]
    scope: Annotated[list[Id], Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="units it may read of; null: the whole hall"
    )
    expires_at: Time | None = Field(default=None, description="null: never by itself")


class KeyOut(BaseModel):
    """A key; never the key itself."""

    id: str = Field(description="what the key begins with")
    name: str
    rights: list[str]
    scope: list[str] | None
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    used_at: datetime | None = Field(description="to the minute; null: never used")
    revoked_at: datetime | None
    revoked_by: str | None


class MadeKey(BaseModel):
    """Shown once: nothing can show it again."""

    details: KeyOut
    key: str = Field(description="to be sent as Authorization: Bearer")


@router.get("", operation_id="listKeys")
def list_keys(person: Permitted, parts: Parts) -> list[KeyOut]:
    """All keys, the latest first; those that ended too."""
    with parts.database.read() as session:
        rows = session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.made_at.desc(), ApiKeyRow.id)).all()
    return [_shown(row) for row in rows]


@router.post("", operation_id="makeKey", status_code=201)
def make_key(told: KeyIn, person: Permitted, parts: Parts) -> MadeKey:
    """Make a key, which is in this answer and nowhere else."""
    now = parts.settings.clock()
    _check(told, now)
    key, shown, hashed = new_key()
    with parts.database.write() as session:
        check_units(session, told.scope, "/scope")
        row = ApiKeyRow(
            id=shown,
            name=told.name,
            sha256=hashed,
            rights=sorted(set(told.rights)),
            scope=None if told.scope is None else sorted(set(told.scope)),
            made_by=person.username,
            made_at=now,
            expires_at=told.expires_at,
        )
        session.add(row)
        session.flush()
        given = {"name": row.name, "rights": row.rights, "scope": row.scope}
        audit.record(session, now, person.username, "key_made", shown, **given)
        details = _shown(row)
    return MadeKey(details=details, key=key)


@router.post("/{key_id}/revocation", operation_id="revokeKey")
def revoke_key(key_id: KeyPath, person: Permitted, parts: Parts) -> KeyOut:
    """End a key at once, and for good; again: nothing changes."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        row = session.get(ApiKeyRow, key_id, with_for_update=True)
        if row is None:
            raise Problem("key_unknown")
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by = now, person.username
            audit.record(session, now, person.username, "key_revoked", key_id)
        return _shown(row)


def _check(told: KeyIn, now: datetime) -> None:
    for number, right in enumerate(told.rights):
        if right not in KEY_RIGHTS:
            zh = "密钥不能有此权限"
            en = f"a key may have: {', '.join(sorted(KEY_RIGHTS))}"
            raise Problem("invalid", FieldError(f"/rights/{number}", zh, en))
    if told.expires_at is not None and told.expires_at <= now:
        raise Problem("invalid", FieldError("/expires_at", "须在将来", "It must lie in the future"))


def _shown(row: ApiKeyRow) -> KeyOut:
    return KeyOut.model_validate(row, from_attributes=True)
