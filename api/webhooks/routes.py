"""Webhooks over HTTP: who is told of what, how it went, and sending again."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api import audit
from api.changes.tables import ChangeRow
from api.changes.types import TYPES
from api.fields import Code, Id, PlainText, Time
from api.hall import hall_id
from api.outbound import PlaceError, require_reachable
from api.problems import FieldError, Problem
from api.rights.guard import Permitted
from api.rights.scope import check_units
from api.services import Parts, Services
from api.webhooks.envelope import PING, ping, written
from api.webhooks.outbox import message, wants
from api.webhooks.secrets import renew_secret
from api.webhooks.tables import DeliveryRow, WebhookRow
from vision.article27 import CATALOGUE

router = APIRouter(prefix="/api/v1/webhooks", tags=["integration"])

CONFIRMED_ONLY = ("event.confirmed", "event.retracted", "event.reopened")
"""What is told unless somebody chooses: what people confirmed, and what takes it back."""

MOST_REPLAYED = 10_000
WebhookPath = Annotated[uuid.UUID, Path(description="the webhook's id")]
DeliveryPath = Annotated[int, Path(ge=1, le=2**53, description="the delivery's id")]
Types = Annotated[list[str], Field(min_length=1, max_length=len(TYPES))]
Behaviours = Annotated[list[Code], Field(min_length=1, max_length=len(CATALOGUE))]
Windows = Annotated[list[Id], Field(min_length=1, max_length=1000)]
Address = Annotated[PlainText, Field(min_length=8, max_length=2000, description="https://… to POST to")]
Name = Annotated[PlainText, Field(min_length=1, max_length=64, description="what it is for")]


class WebhookIn(BaseModel):
    """Somebody to be told."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    address: Address
    types: Types = Field(
        default=list(CONFIRMED_ONLY),
        description="as in `/api/v1/changes/types`; `event.flagged` tells of what nobody judged yet",
    )
    behaviours: Behaviours | None = Field(default=None, description="null: all")
    windows: Windows | None = Field(default=None, description="null: all")


class WebhookChange(BaseModel):
    """What changes; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    address: Address | None = None
    types: Types | None = None
    behaviours: Behaviours | None = None
    windows: Windows | None = None
    state: Literal["active", "paused"] | None = Field(
        default=None, description="`active` goes on from where it stood, also after it was disabled"
    )


class WebhookOut(BaseModel):
    """A webhook; never its secret."""

    id: str
    name: str
    address: str
    types: list[str]
    behaviours: list[str] | None
    windows: list[str] | None
    state: Literal["active", "paused", "disabled"]
    said: str | None = Field(description="why it was disabled")
    failing_since: datetime | None
    waiting: int = Field(description="messages still to be taken")
    made_by: str
    made_at: datetime


class MadeWebhook(BaseModel):
    """Shown once: nothing can show the secret again."""

    details: WebhookOut
    secret: str = Field(description="whsec_…, to verify signatures with")


class DeliveryOut(BaseModel):
    """A message and how it went."""

    id: int
    change: int | None = Field(description="number in `/api/v1/changes`; null: a test")
    type: str
    subject: str
    state: Literal["waiting", "delivered", "given_up"]
    attempts: int
    replays: int
    made_at: datetime
    next_at: datetime | None
    tried_at: datetime | None
    status: int | None
    error: str | None
    took_ms: int | None


class DeliveriesPage(BaseModel):
    """Messages of a webhook, the latest first."""

    items: list[DeliveryOut]
    next_before: int | None = Field(description="`before` of the next page; null: there is none")


class ReplayIn(BaseModel):
    """What happened in this time is sent once more, taken or not."""

    model_config = ConfigDict(extra="forbid")

    since: Time
    until: Time


class Replayed(BaseModel):
    """How many messages wait again."""

    messages: int


@router.get("", operation_id="listWebhooks")
def list_webhooks(person: Permitted, parts: Parts) -> list[WebhookOut]:
    """All webhooks, the oldest first."""
    with parts.database.read() as session:
        rows = session.scalars(
            select(WebhookRow)
            .where(WebhookRow.state != "deleted")
            .order_by(WebhookRow.made_at, WebhookRow.id)
        ).all()
        return [_shown(session, row) for row in rows]


@router.post("", operation_id="makeWebhook", status_code=201)
def make_webhook(told: WebhookIn, person: Permitted, parts: Parts) -> MadeWebhook:
    """Have changes told from now on. The secret is in this answer and nowhere else."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        row = WebhookRow(
            id=str(uuid.uuid4()),
            **told.model_dump(),
            sealed_secrets=[],
            position=session.scalar(select(func.max(ChangeRow.number))) or 0,
            state="active",
            made_by=person.username,
            made_at=now,
        )
        _check(session, parts, row)
        secret = renew_secret(parts.seal, row, now)
        session.add(row)
        session.flush()
        audit.record(session, now, person.username, "webhook_made", row.id, **told.model_dump())
        return MadeWebhook(details=_shown(session, row), secret=secret)


@router.patch("/{webhook_id}", operation_id="changeWebhook")
def change_webhook(
    webhook_id: WebhookPath, change: WebhookChange, person: Permitted, parts: Parts
) -> WebhookOut:
    """Change a webhook; once active again it goes on with what it missed."""
    now, said = parts.settings.clock(), change.model_dump(exclude_unset=True)
    with parts.database.write() as session:
        row = _known(session, webhook_id)
        for name, value in said.items():
            if value is not None or name in ("behaviours", "windows"):
                setattr(row, name, value)
        if change.state == "active":
            row.said = row.failing_since = None
        _check(session, parts, row)
        audit.record(session, now, person.username, "webhook_changed", row.id, **said)
        session.flush()
        return _shown(session, row)


@router.delete("/{webhook_id}", operation_id="deleteWebhook", status_code=204)
def delete_webhook(webhook_id: WebhookPath, person: Permitted, parts: Parts) -> None:
    """Tell it nothing any more; its secret is forgotten."""
    with parts.database.write() as session:
        row = _known(session, webhook_id)
        row.state, row.sealed_secrets = "deleted", []
        audit.record(session, parts.settings.clock(), person.username, "webhook_deleted", row.id)


@router.post("/{webhook_id}/secret", operation_id="renewWebhookSecret")
def renew_webhook_secret(webhook_id: WebhookPath, person: Permitted, parts: Parts) -> MadeWebhook:
    """A new secret; for a day messages bear a signature by the old one too."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        row = _known(session, webhook_id)
        secret = renew_secret(parts.seal, row, now)
        audit.record(session, now, person.username, "webhook_secret_renewed", row.id)
        return MadeWebhook(details=_shown(session, row), secret=secret)


@router.post("/{webhook_id}/ping", operation_id="pingWebhook", status_code=202)
def ping_webhook(webhook_id: WebhookPath, person: Permitted, parts: Parts) -> DeliveryOut:
    """Send a test the usual way; its row tells how it went."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        row = _known(session, webhook_id)
        if row.state != "active":
            raise Problem("webhook_not_active")
        body = written(ping(hall_id(session), str(uuid.uuid4()), now))
        sent = DeliveryRow(
            webhook_id=row.id,
            change=None,
            type=PING,
            subject=row.id,
            body=body,
            state="waiting",
            attempts=0,
            replays=0,
            made_at=now,
            next_at=now,
        )
        session.add(sent)
        session.flush()
        audit.record(session, now, person.username, "webhook_pinged", row.id)
        return _delivery(sent)


@router.get("/{webhook_id}/deliveries", operation_id="listDeliveries")
def list_deliveries(
    webhook_id: WebhookPath,
    person: Permitted,
    parts: Parts,
    state: Annotated[Literal["waiting", "delivered", "given_up"] | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="next_before of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DeliveriesPage:
    """What was sent to it in the last 30 days, and what waits."""
    query = select(DeliveryRow).where(DeliveryRow.webhook_id == str(webhook_id))
    if state is not None:
        query = query.where(DeliveryRow.state == state)
    if before is not None:
        query = query.where(DeliveryRow.id < before)
    with parts.database.read() as session:
        _known(session, webhook_id)
        rows = session.scalars(query.order_by(DeliveryRow.id.desc()).limit(limit + 1)).all()
    shown = [_delivery(row) for row in rows[:limit]]
    return DeliveriesPage(items=shown, next_before=shown[-1].id if len(rows) > limit else None)


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay", operation_id="replayDelivery")
def replay_delivery(
    webhook_id: WebhookPath, delivery_id: DeliveryPath, person: Permitted, parts: Parts
) -> DeliveryOut:
    """Send one message once more, by the schedule from its beginning."""
    now = parts.settings.clock()
    with parts.database.write() as session:
        _known(session, webhook_id)
        row = session.get(DeliveryRow, delivery_id, with_for_update=True)
        if row is None or row.webhook_id != str(webhook_id):
            raise Problem("delivery_unknown")
        _again(row, now)
        audit.record(session, now, person.username, "webhook_replayed", row.webhook_id, messages=1)
        return _delivery(row)


@router.post("/{webhook_id}/replay", operation_id="replayDeliveries")
def replay_deliveries(webhook_id: WebhookPath, told: ReplayIn, person: Permitted, parts: Parts) -> Replayed:
    """Send what happened in a time once more, also what happened before the webhook was made."""
    now = parts.settings.clock()
    within = select(ChangeRow).where(ChangeRow.at >= told.since, ChangeRow.at < told.until)
    with parts.database.write() as session:
        webhook = _known(session, webhook_id)
        number = session.scalar(select(func.count()).select_from(within.subquery())) or 0
        if number > MOST_REPLAYED:
            zh = f"至多 {MOST_REPLAYED} 条变更,请缩短时段"
            en = f"At most {MOST_REPLAYED} changes; ask for less"
            raise Problem("invalid", FieldError("/until", zh, en))
        rows = session.scalars(within.order_by(ChangeRow.number))
        wanted = [change for change in rows if wants(webhook, change)]
        known = _by_change(session, webhook, [change.number for change in wanted])
        hall = hall_id(session)
        for change in wanted:
            if (sent := known.get(change.number)) is not None:
                _again(sent, now)
            elif change.number <= webhook.position:
                session.add(message(webhook, change, hall, now))
        told_of = {"since": told.since.isoformat(), "until": told.until.isoformat(), "messages": len(wanted)}
        audit.record(session, now, person.username, "webhook_replayed", webhook.id, **told_of)
    return Replayed(messages=len(wanted))


def _by_change(session: Session, webhook: WebhookRow, numbers: list[int]) -> dict[int, DeliveryRow]:
    found: dict[int, DeliveryRow] = {}
    for first in range(0, len(numbers), 500):
        some = DeliveryRow.change.in_(numbers[first : first + 500])
        rows = session.scalars(select(DeliveryRow).where(DeliveryRow.webhook_id == webhook.id, some))
        found |= {row.change: row for row in rows if row.change is not None}
    return found


def _again(row: DeliveryRow, now: datetime) -> None:
    row.state, row.attempts, row.next_at = "waiting", 0, now
    row.replays += 1


def _known(session: Session, webhook_id: uuid.UUID) -> WebhookRow:
    row = session.get(WebhookRow, str(webhook_id), with_for_update=True)
    if row is None or row.state == "deleted":
        raise Problem("webhook_unknown")
    return row


def _check(session: Session, parts: Services, row: WebhookRow) -> None:
    try:
        require_reachable(row.address, parts.settings.outbound)
    except PlaceError as error:
        zh = f"不能向此地址发送:{error}"
        raise Problem("invalid", FieldError("/address", zh, str(error))) from None
    for number, name in enumerate(row.types):
        if name not in TYPES:
            raise Problem(
                "invalid", FieldError(f"/types/{number}", "没有此类型", f"types are: {', '.join(TYPES)}")
            )
    for number, code in enumerate(row.behaviours or ()):
        if code not in CATALOGUE:
            raise Problem(
                "invalid", FieldError(f"/behaviours/{number}", "没有此行为", "there is no such behaviour")
            )
    check_units(session, row.windows, "/windows")


def _shown(session: Session, row: WebhookRow) -> WebhookOut:
    waiting = select(func.count()).where(DeliveryRow.webhook_id == row.id, DeliveryRow.state == "waiting")
    same = {name: getattr(row, name) for name in WebhookOut.model_fields if hasattr(row, name)}
    return WebhookOut(**same, waiting=session.scalar(waiting) or 0)


def _delivery(row: DeliveryRow) -> DeliveryOut:
    return DeliveryOut.model_validate(row, from_attributes=True)
