"""What is due to be deleted now."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from api.retention.rules import RetentionRules
from api.retention.tables import LegalHoldRow
from api.review_rules import ReviewRules
from api.tables import AppealRow, ClipRow, DecisionRow, EventRow, ReviewCopyRow

CLASSES = ("confirmed", "dismissed", "withdrawn", "expired")
"""States of events that are deleted by age; pending ones never are."""


def events_due(rules: RetentionRules, review: ReviewRules, now: datetime, state: str) -> Select[Any]:
    """Ids of the events of that class that are due, the oldest first; never one held or under appeal."""
    query = select(EventRow.id).where(EventRow.state == state, *_free())
    return query.where(*_AGE[state](rules, review, now)).order_by(EventRow.flagged_at, EventRow.id)


def originals_due(rules: RetentionRules, now: datetime) -> Select[Any]:
    """Ids of the events whose original clip is due; not while the review copy is still being made of it."""
    limit = now - timedelta(days=rules.original_days)
    being_made = select(ReviewCopyRow.event_id).where(
        ReviewCopyRow.event_id == EventRow.id, ReviewCopyRow.state == "pending"
    )
    return (
        select(EventRow.id)
        .join(ClipRow, ClipRow.event_id == EventRow.id)
        .where(ClipRow.sha256.is_not(None), EventRow.flagged_at < limit, ~being_made.exists(), *_free())
        .order_by(EventRow.flagged_at, EventRow.id)
    )


def is_due(session: Session, query: Select[Any], event_id: str) -> bool:
    """Whether it still is, asked again in the transaction that deletes it."""
    return session.scalar(query.where(EventRow.id == event_id)) is not None


def number_due(session: Session, query: Select[Any]) -> int:
    """How many are."""
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _free() -> tuple[Any, ...]:
    held = select(LegalHoldRow.event_id).where(LegalHoldRow.event_id == EventRow.id)
    appealed = select(AppealRow.id).where(AppealRow.event_id == EventRow.id, AppealRow.state == "open")
    return (~held.exists(), ~appealed.exists())


def _dismissed(rules: RetentionRules, _review: ReviewRules, now: datetime) -> Sequence[Any]:
    last = select(func.max(DecisionRow.decided_at)).where(DecisionRow.event_id == EventRow.id)
    return (last.scalar_subquery() < now - timedelta(days=rules.dismissed_days),)


def _expired(rules: RetentionRules, review: ReviewRules, now: datetime) -> Sequence[Any]:
    return (EventRow.due_at < now - timedelta(days=review.expire_after_days + rules.expired_days),)


def _withdrawn(rules: RetentionRules, _review: ReviewRules, now: datetime) -> Sequence[Any]:
    return (EventRow.flagged_at < now - timedelta(days=rules.withdrawn_days),)


def _confirmed(rules: RetentionRules, _review: ReviewRules, now: datetime) -> Sequence[Any]:
    return (EventRow.flagged_at < now - timedelta(days=rules.confirmed_days),)


_AGE: dict[str, Callable[[RetentionRules, ReviewRules, datetime], Sequence[Any]]] = {
    "confirmed": _confirmed,
    "dismissed": _dismissed,
    "withdrawn": _withdrawn,
    "expired": _expired,
}
