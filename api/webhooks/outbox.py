"""From changes to messages: each webhook goes through the changes behind its own position.

A change is written in the transaction of what it tells of, and a webhook's position moves in the transaction
that writes its messages: nothing is lost between the two, and nothing comes twice.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.changes.tables import ChangeRow
from api.database import Database
from api.hall import hall_id
from api.webhooks.envelope import envelope, written
from api.webhooks.tables import DeliveryRow, WebhookRow

AT_ONCE = 500


def write_messages(database: Database, now: datetime) -> int:
    """Write the messages of all new changes for all active webhooks; how many were written."""
    with database.read() as session:
        end = session.scalar(select(func.max(ChangeRow.number))) or 0
        behind = select(WebhookRow.id).where(WebhookRow.state == "active", WebhookRow.position < end)
        waiting = session.scalars(behind.order_by(WebhookRow.id)).all()
    number = 0
    for webhook_id in waiting:
        while True:
            written_now, more = _write_some(database, webhook_id, now)
            number += written_now
            if not more:
                break
    return number


def _write_some(database: Database, webhook_id: str, now: datetime) -> tuple[int, bool]:
    with database.write() as session:
        webhook = session.get(WebhookRow, webhook_id, with_for_update=True)
        if webhook is None or webhook.state != "active":
            return 0, False
        after = select(ChangeRow).where(ChangeRow.number > webhook.position)
        rows = session.scalars(after.order_by(ChangeRow.number).limit(AT_ONCE)).all()
        if not rows:
            return 0, False
        added = add_messages(session, webhook, rows, now)
        webhook.position = rows[-1].number
    return added, len(rows) == AT_ONCE


def add_messages(session: Session, webhook: WebhookRow, changes: Sequence[ChangeRow], now: datetime) -> int:
    """Add the messages of those of the changes that this webhook wants; how many that were."""
    wanted = [change for change in changes if wants(webhook, change)]
    hall = hall_id(session) if wanted else ""
    session.add_all(message(webhook, change, hall, now) for change in wanted)
    return len(wanted)


def message(webhook: WebhookRow, change: ChangeRow, hall: str, now: datetime) -> DeliveryRow:
    """What is to be sent of a change, as soon as can be."""
    return DeliveryRow(
        webhook_id=webhook.id,
        change=change.number,
        type=change.type,
        subject=change.subject,
        body=written(envelope(hall, change)),
        state="waiting",
        attempts=0,
        replays=0,
        made_at=now,
        next_at=now,
    )


def wants(webhook: WebhookRow, change: ChangeRow) -> bool:
    """Whether a webhook is to be told of a change.

    What nobody judged yet is told only to who subscribed to flags: whoever asked for `event.updated` alone
    learns of an event's end once somebody confirmed it.
    """
    if change.type not in webhook.types:
        return False
    if change.unreviewed and "event.flagged" not in webhook.types:
        return False
    if webhook.windows is not None and change.window_id not in webhook.windows:
        return False
    behaviour = change.data.get("behaviour")
    return webhook.behaviours is None or behaviour is None or behaviour in webhook.behaviours
