"""Events as reviewers are shown them: rows of several tables put together, a page at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.evidence.shown_copies import copies_of
from api.explain import explain
from api.leave import shown_permit
from api.permit_models import WithdrawalOut
from api.permit_rules import ANNOTATED, HELD_BACK
from api.permits import permits_for
from api.review_models import AppealOut, ClipOut, DecisionOut, EventOut, ReviewCopyOut
from api.tables import (
    AppealRow,
    ClipRow,
    DecisionRow,
    EventRow,
    PermitRow,
    SkeletonRow,
    WindowRow,
    WithdrawalRow,
)


def etag_of(row: EventRow) -> str:
    """The strong ETag of an event's present content."""
    return f'"{row.revision}.{row.version}"'


def show(session: Session, rows: Sequence[EventRow], *, hide_score: bool = False) -> list[EventOut]:
    """The events, with their evidence and decisions, in the given order.

    `hide_score` keeps the score of pending ones back, so that a number does not lead the reviewer.
    """
    ids = [row.id for row in rows]
    clips = {
        clip.event_id: clip for clip in session.scalars(select(ClipRow).where(ClipRow.event_id.in_(ids)))
    }
    copies = copies_of(session, ids)
    drawn = set(session.scalars(select(SkeletonRow.event_id).where(SkeletonRow.event_id.in_(ids))))
    appeals = {row.event_id: shown_appeal(row) for row in _appeals(session, ids)}
    names = {window.id: window for window in session.scalars(select(WindowRow))}
    histories = _histories(session, ids)
    permits = permits_for(session, [row for row in rows if row.behaviour in ANNOTATED])
    withdrawals = _withdrawals(session, [row.id for row in rows if row.behaviour == HELD_BACK])
    return [
        _one(
            row,
            _clip(clips.get(row.id), copies.get(row.id)),
            row.id in drawn,
            names.get(row.window_id),
            histories[row.id],
            permits.get(row.id, []),
            withdrawals[row.id],
            appeals.get(row.id),
            hide_score and row.state == "pending",
        )
        for row in rows
    ]


def shown_appeal(row: AppealRow) -> AppealOut:
    """An appeal as reviewers are shown it."""
    told = {name: getattr(row, name) for name in AppealOut.model_fields if name != "event"}
    return AppealOut(event=row.event_id, **told)


def _appeals(session: Session, ids: Sequence[str]) -> Iterable[AppealRow]:
    return session.scalars(select(AppealRow).where(AppealRow.event_id.in_(ids)))


def _withdrawals(session: Session, ids: Sequence[str]) -> defaultdict[str, list[WithdrawalOut]]:
    found: defaultdict[str, list[WithdrawalOut]] = defaultdict(list)
    if ids:
        wanted = select(WithdrawalRow).where(WithdrawalRow.event_id.in_(ids)).order_by(WithdrawalRow.id)
        for row in session.scalars(wanted):
            found[row.event_id].append(WithdrawalOut.model_validate(row, from_attributes=True))
    return found


def _histories(session: Session, ids: Sequence[str]) -> defaultdict[str, list[DecisionOut]]:
    found: defaultdict[str, list[DecisionOut]] = defaultdict(list)
    wanted = select(DecisionRow).where(DecisionRow.event_id.in_(ids)).order_by(DecisionRow.id)
    for row in session.scalars(wanted):
        found[row.event_id].append(DecisionOut.model_validate(row, from_attributes=True))
    return found


def _one(
    row: EventRow,
    clip: ClipOut | None,
    drawn: bool,
    window: WindowRow | None,
    history: list[DecisionOut],
    permits: Sequence[PermitRow],
    withdrawals: list[WithdrawalOut],
    appeal: AppealOut | None,
    score_hidden: bool,
) -> EventOut:
    seconds = (row.known_until - row.started_at).total_seconds()
    score = None if score_hidden else row.peak_score
    zh, en = explain(row.behaviour, row.variant, seconds, score, row.measures)
    machine = {name: getattr(row, name) for name in _MACHINE_FIELDS} | {"peak_score": score}
    return EventOut(
        **machine,
        window=row.window_id,
        camera=row.camera_id,
        decision=history[-1] if history and row.state != "pending" else None,
        history=history,
        permits=[shown_permit(permit) for permit in permits],
        withdrawals=withdrawals,
        appeal=appeal,
        clip=clip,
        has_skeleton=drawn,
        window_name=window.name if window else row.window_id,
        window_name_en=(window.name_en or window.name) if window else row.window_id,
        explanation_zh=zh,
        explanation_en=en,
        etag=etag_of(row),
    )


_MACHINE_FIELDS = tuple(name for name in EventOut.model_fields if name in EventRow.__table__.columns)


def _clip(row: ClipRow | None, copy: ReviewCopyOut | None) -> ClipOut | None:
    if row is None:
        return None
    same = {name: getattr(row, name) for name in ClipOut.model_fields if hasattr(row, name)}
    return ClipOut(**same, review=copy)
