"""Events as reviewers are shown them: rows of several tables put together, a page at a time."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.explain import explain
from api.leave import shown_permit
from api.permit_models import WithdrawalOut
from api.permit_rules import ANNOTATED, HELD_BACK
from api.permits import permits_for
from api.review_models import ClipOut, DecisionOut, EventOut
from api.tables import ClipRow, DecisionRow, EventRow, PermitRow, SkeletonRow, WindowRow, WithdrawalRow


def etag_of(row: EventRow) -> str:
    """The strong ETag of an event's present content."""
    return f'"{row.revision}.{row.version}"'


def show(session: Session, rows: Sequence[EventRow]) -> list[EventOut]:
    """The events, with their evidence and decisions, in the given order."""
    ids = [row.id for row in rows]
    clips = {
        clip.event_id: clip for clip in session.scalars(select(ClipRow).where(ClipRow.event_id.in_(ids)))
    }
    drawn = set(session.scalars(select(SkeletonRow.event_id).where(SkeletonRow.event_id.in_(ids))))
    names = {window.id: window for window in session.scalars(select(WindowRow))}
    histories = _histories(session, ids)
    permits = permits_for(session, [row for row in rows if row.behaviour in ANNOTATED])
    withdrawals = _withdrawals(session, [row.id for row in rows if row.behaviour == HELD_BACK])
    return [
        _one(
            row,
            clips.get(row.id),
            row.id in drawn,
            names.get(row.window_id),
            histories[row.id],
            permits.get(row.id, []),
            withdrawals[row.id],
        )
        for row in rows
    ]


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
    clip: ClipRow | None,
    drawn: bool,
    window: WindowRow | None,
    history: list[DecisionOut],
    permits: Sequence[PermitRow],
    withdrawals: list[WithdrawalOut],
) -> EventOut:
    seconds = (row.known_until - row.started_at).total_seconds()
    zh, en = explain(row.behaviour, row.variant, seconds, row.peak_score, row.measures)
    machine = {name: getattr(row, name) for name in _MACHINE_FIELDS}
    return EventOut(
        **machine,
        window=row.window_id,
        camera=row.camera_id,
        decision=history[-1] if history and row.state != "pending" else None,
        history=history,
        permits=[shown_permit(permit) for permit in permits],
        withdrawals=withdrawals,
        clip=_clip(clip),
        has_skeleton=drawn,
        window_name=window.name if window else row.window_id,
        window_name_en=(window.name_en or window.name) if window else row.window_id,
        explanation_zh=zh,
        explanation_en=en,
        etag=etag_of(row),
    )


_MACHINE_FIELDS = tuple(name for name in EventOut.model_fields if name in EventRow.__table__.columns)


def _clip(row: ClipRow | None) -> ClipOut | None:
    if row is None:
        return None
    url = f"/api/v1/events/{row.event_id}/clip" if row.sha256 else None
    return ClipOut.model_validate({name: getattr(row, name, url) for name in ClipOut.model_fields})
