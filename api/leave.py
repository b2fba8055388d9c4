"""Leave (报备), stand-ins (顶岗) and *service suspended* (暂停服务): weigh, register, list, revoke."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from api import audit
from api.event_queue import BadCursorError, Cursor
from api.fields import Id, Time
from api.permit_effects import effects_of, told_rules
from api.permit_models import (
    PermitChange,
    PermitEffects,
    PermitIn,
    PermitOut,
    PermitPlan,
    PermitRulesOut,
    PermitsPage,
    RevocationIn,
)
from api.permits import WITHDRAWN, Reconsidered, reconsider_around, rules_of
from api.problems import FieldError, Problem
from api.rights.guard import Permitted
from api.services import Parts, Services
from api.tables import PermitRow, UtcTime, WindowRow

router = APIRouter(prefix="/api/v1/permits", tags=["permits"])

A_MINUTE = timedelta(minutes=1)
"""People tell times in minutes: what begins in the minute in which it is registered is in time."""

PermitPath = Annotated[uuid.UUID, Path(description="the permit's id")]
RequestKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        description="any text of the caller's own; a second request with it changes nothing",
    ),
]


@router.get("", operation_id="listPermits")
def list_permits(
    parts: Parts,
    person: Permitted,
    window: Annotated[Id | None, Query(description="only this window")] = None,
    first: Annotated[Time | None, Query(alias="from", description="ending after this time")] = None,
    end: Annotated[Time | None, Query(alias="to", description="beginning before this time")] = None,
    revoked: Annotated[bool, Query(description="those that were revoked too")] = False,
    cursor: Annotated[str | None, Query(max_length=500, description="next_cursor of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="permits on a page")] = 50,
) -> PermitsPage:
    """The permits, those that begin last first."""
    query = select(PermitRow).order_by(PermitRow.starts_at.desc(), PermitRow.id.desc()).limit(limit + 1)
    query = query.where(*person.scope.condition(PermitRow.window_id))
    if window is not None:
        person.scope.require(window)
        query = query.where(PermitRow.window_id == window)
    if first is not None:
        query = query.where(PermitRow.ends_at > first)
    if end is not None:
        query = query.where(PermitRow.starts_at < end)
    if not revoked:
        query = query.where(PermitRow.revoked_at.is_(None))
    if cursor is not None:
        after = _cursor(cursor)
        shown = tuple_(literal(after.started_at, UtcTime()), literal(after.id))
        query = query.where(tuple_(PermitRow.starts_at, PermitRow.id) < shown)
    with parts.database.read() as session:
        rows = session.scalars(query).all()
    page = rows[:limit]
    more = len(rows) > limit
    return PermitsPage(
        items=[shown_permit(row) for row in page],
        next_cursor=Cursor(page[-1].starts_at, page[-1].id).text() if more else None,
    )


@router.post("", operation_id="registerPermit", status_code=201)
def register_permit(
    permit: PermitIn, response: Response, person: Permitted, parts: Parts, request_key: RequestKey = None
) -> PermitChange:
    """Register a permit. Empty posts that it covers are withdrawn, also those flagged or confirmed before.

    The same request under the same Idempotency-Key answers 200 with the permit that exists; another request
    under it is a conflict.
    """
    now = parts.settings.clock()
    person.scope.require(permit.window)
    with parts.database.write() as session:
        known = _registered_before(session, person.username, request_key)
        if known is not None:
            if not _same(known, permit):
                raise Problem("idempotency_conflict")
            response.status_code = 200
            return PermitChange(permit=shown_permit(known), withdrawn=[], restored=[])
        _check_windows(session, permit)
        row = _row(permit, permit.reason, person.username, now, request_key)
        session.add(row)
        session.flush()
        audit.record(
            session, now, person.username, "permit_registered", row.id, kind=row.kind, window=row.window_id
        )
        changed = reconsider_around(session, row, now, person.username)
    _tell(parts, row.id, changed)
    return _change(row, changed)


@router.get("/rules", operation_id="readPermitRules")
def read_rules(parts: Parts) -> PermitRulesOut:
    """How long a post may be empty without a permit, and what permits do; set in the site file."""
    with parts.database.read() as session:
        return told_rules(rules_of(session))


@router.post("/preview", operation_id="previewPermit")
def preview_permit(plan: PermitPlan, person: Permitted, parts: Parts) -> PermitEffects:
    """What registering this permit now would do to the empty posts that it touches; changes nothing."""
    person.scope.require(plan.window)
    with parts.database.read() as session:
        _check_windows(session, plan)
        return effects_of(session, _row(plan, "", person.username, parts.settings.clock(), None))


@router.get("/{permit_id}", operation_id="readPermit")
def read_permit(permit_id: PermitPath, parts: Parts) -> PermitOut:
    """One permit."""
    with parts.database.read() as session:
        return shown_permit(_permit(session, permit_id))


@router.get("/{permit_id}/events", operation_id="listPermitEvents")
def list_permit_events(permit_id: PermitPath, parts: Parts) -> PermitEffects:
    """The empty posts that a permit touches, and what it does to each."""
    with parts.database.read() as session:
        return effects_of(session, _permit(session, permit_id))


@router.post("/{permit_id}/revocation", operation_id="revokePermit")
def revoke_permit(
    permit_id: PermitPath, revocation: RevocationIn, person: Permitted, parts: Parts
) -> PermitChange:
    """Take a permit back: it stays on record, and events that only it covered stand as they did before."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        row = _permit(session, permit_id, locked=True)
        if row.revoked_at is not None:
            raise Problem("permit_revoked")
        row.revoked_by, row.revoked_at, row.revoke_reason = person.username, now, revocation.reason
        session.flush()
        audit.record(session, now, person.username, "permit_revoked", row.id, reason=revocation.reason)
        changed = reconsider_around(session, row, now, person.username)
    _tell(parts, row.id, changed)
    return _change(row, changed)


def shown_permit(row: PermitRow) -> PermitOut:
    """The permit as people are shown it."""
    return PermitOut(
        id=row.id,
        kind=row.kind,
        window=row.window_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        reason=row.reason,
        stand_in_window=row.stand_in_window,
        registered_by=row.registered_by,
        registered_at=row.registered_at,
        late=row.registered_at - row.starts_at >= A_MINUTE,
        revoked_by=row.revoked_by,
        revoked_at=row.revoked_at,
        revoke_reason=row.revoke_reason,
    )


def _row(permit: PermitPlan, reason: str, username: str, now: datetime, request_key: str | None) -> PermitRow:
    return PermitRow(
        id=str(uuid.uuid4()),
        kind=permit.kind,
        window_id=permit.window,
        starts_at=permit.starts_at,
        ends_at=permit.ends_at,
        reason=reason,
        stand_in_window=permit.stand_in_window,
        registered_by=username,
        registered_at=now,
        request_key=request_key,
    )


def _registered_before(session: Session, username: str, request_key: str | None) -> PermitRow | None:
    if request_key is None:
        return None
    wanted = select(PermitRow).where(
        PermitRow.registered_by == username, PermitRow.request_key == request_key
    )
    return session.scalars(wanted).first()


def _same(row: PermitRow, permit: PermitIn) -> bool:
    asked = (permit.kind, permit.window, permit.starts_at, permit.ends_at, permit.reason)
    return (row.kind, row.window_id, row.starts_at, row.ends_at, row.reason) == asked and (
        row.stand_in_window == permit.stand_in_window
    )


def _check_windows(session: Session, permit: PermitPlan) -> None:
    for pointer, window in (("/window", permit.window), ("/stand_in_window", permit.stand_in_window)):
        if window is not None and session.get(WindowRow, window) is None:
            raise Problem("invalid", FieldError(pointer, "没有这个窗口", "There is no such window"))


def _permit(session: Session, permit_id: uuid.UUID, *, locked: bool = False) -> PermitRow:
    row = session.get(PermitRow, str(permit_id), with_for_update=locked)
    if row is None:
        raise Problem("permit_unknown")
    return row


def _change(row: PermitRow, changed: list[Reconsidered]) -> PermitChange:
    return PermitChange(
        permit=shown_permit(row),
        withdrawn=[one.id for one in changed if one.state == WITHDRAWN],
        restored=[one.id for one in changed if one.state != WITHDRAWN],
    )


def _tell(parts: Services, permit_id: str, changed: list[Reconsidered]) -> None:
    parts.broadcaster.publish("permit", {"id": permit_id})
    for one in changed:
        parts.broadcaster.publish("event", {"id": one.id, "revision": one.revision, "state": one.state})
    if changed:
        parts.broadcaster.publish("figures", {})


def _cursor(text: str) -> Cursor:
    try:
        return Cursor.parse(text)
    except BadCursorError as error:
        raise Problem(
            "invalid", FieldError("/query/cursor", "不是有效的游标", "Not a cursor of this list")
        ) from error
