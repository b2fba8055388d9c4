"""A human's judgement of an event: who may, on what, and what it changes."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import audit
from api.changes.recording import record_event
from api.claims import let_go, refuse_held_by_other
from api.compliance.stale import mark, touched_by
from api.event_store import CountKey, count
from api.event_view import etag_of
from api.permits import WITHDRAWN
from api.problems import FieldError, Problem
from api.review_models import CONFIRMED_REASONS, DISMISSED_REASONS, DecisionOut
from api.review_rules import drawn_for_second
from api.services import Services
from api.sessions import SignedIn
from api.tables import DecisionRow, EventRow, SecondReviewRow

CHANGE_OF = {
    "confirmed": "event.confirmed",
    "dismissed": "event.dismissed",
    "undone": "event.reopened",
    "retracted": "event.retracted",
}
"""What followers of the hall are told of each verdict."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody says; `undone` takes the last word back, `retracted` follows an appeal."""

    verdict: str
    reason: str | None = None
    note: str | None = None

    @property
    def state(self) -> str:
        """Where the event stands after it."""
        return {"undone": "pending", "retracted": "dismissed"}.get(self.verdict, self.verdict)


def known_event(session: Session, event_id: str, *, locked: bool = False) -> EventRow:
    """The event; raises Problem where it never arrived."""
    row = session.get(EventRow, event_id, with_for_update=locked)
    if row is None:
        raise Problem("event_unknown")
    return row


def unchanged(session: Session, event_id: str, if_match: str | None) -> EventRow:
    """The event, locked, if it still is what the reviewer saw; `*` would decide on something unseen."""
    if if_match is None or if_match.strip() in ("", "*"):
        raise Problem("precondition_required")
    row = known_event(session, event_id, locked=True)
    sent = {tag.strip().strip('"') for tag in if_match.split(",")}
    if etag_of(row).strip('"') not in sent:
        raise changed(session, row)
    return row


def changed(session: Session, row: EventRow) -> Problem:
    """What somebody is told who saw an event as it no longer is: who decided what, where that is why."""
    last = last_decision(session, row.id)
    more = {"event": row.id, "state": row.state}
    if last is None:
        return Problem("event_changed", more=more)
    decision = DecisionOut.model_validate(last, from_attributes=True)
    who, verdict = last.decided_by, last.verdict
    words = {"confirmed": "确认", "dismissed": "排除", "undone": "撤销裁定", "retracted": "撤回"}
    said = (
        f"{who} 已将其{words.get(verdict, verdict)},请查看最新内容。",
        f"{who} has {verdict} it; look at it again.",
    )
    return Problem("event_changed", said=said, more=more | {"decision": decision.model_dump(mode="json")})


def last_decision(session: Session, event_id: str) -> DecisionRow | None:
    """The latest word on an event; None where nobody judged it yet."""
    wanted = select(DecisionRow).where(DecisionRow.event_id == event_id).order_by(DecisionRow.id.desc())
    return session.scalars(wanted.limit(1)).first()


def refuse_unfit(session: Session, parts: Services, row: EventRow, person: SignedIn) -> None:
    """Raise Problem where this person may not judge this event, or nobody may."""
    if row.state == WITHDRAWN:
        # What permits cover is nobody's breach; whoever thinks otherwise revokes the permit.
        raise Problem("event_withdrawn")
    if row.state == "expired":
        raise Problem("event_expired")
    if row.window_id in person.windows:
        raise Problem("own_window")
    refuse_held_by_other(session, row.id, person.username, parts.settings.clock())


def check_reason(verdict: str, reason: str | None) -> None:
    """Raise Problem where the reason does not go with the verdict."""
    fitting = CONFIRMED_REASONS if verdict == "confirmed" else DISMISSED_REASONS
    if reason is not None and reason not in fitting:
        raise Problem(
            "invalid",
            FieldError("/reason", "该理由与裁定不符", "This reason does not go with the verdict"),
        )


def judge(session: Session, parts: Services, row: EventRow, said: Judgement, username: str) -> None:
    """Change the state, the counters, the history and the audit: all of it or nothing."""
    now = parts.settings.clock()
    changes: Counter[CountKey] = Counter()
    changes[row.window_id, row.behaviour, row.state] -= 1
    changes[row.window_id, row.behaviour, said.state] += 1
    _draw(session, parts, row, said, username)
    before = row.state
    row.state, row.version = said.state, row.version + 1
    session.add(
        DecisionRow(
            event_id=row.id,
            verdict=said.verdict,
            reason=said.reason,
            note=said.note,
            decided_by=username,
            decided_at=now,
        )
    )
    count(session, changes)
    mark(session, [touched_by(row)])
    let_go(session, row.id, username)
    audit.record(session, now, username, "decided", row.id, verdict=said.verdict, before=before)
    record_event(session, now, CHANGE_OF[said.verdict], row)


def announce(parts: Services, row: EventRow, verdict: str) -> None:
    """Tell open pages and the metrics; to be called after the commit."""
    parts.metrics.decisions.labels(verdict).inc()
    parts.broadcaster.publish("decision", {"id": row.id, "state": row.state})
    parts.broadcaster.publish("figures", {})


def _draw(session: Session, parts: Services, row: EventRow, said: Judgement, username: str) -> None:
    """Keep the second reviews in step with the first word: drawn with it, and gone when it is taken back."""
    drawn = session.get(SecondReviewRow, row.id)
    if drawn is not None:
        if said.verdict == "undone" and drawn.second_at is None:
            session.delete(drawn)
        return
    first = row.state == "pending" and said.verdict in ("confirmed", "dismissed")
    if first and drawn_for_second(row.id, parts.settings.review.double_share):
        now = parts.settings.clock()
        session.add(
            SecondReviewRow(event_id=row.id, first_verdict=said.verdict, first_by=username, first_at=now)
        )
