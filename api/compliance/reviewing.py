"""How reviewing goes: what waits, how soon flags are decided, which cameras flag what people confirm.

Precision by behaviour stands in the stored figures; by camera it does not, since no figure is cut by camera.
It is taken, as the time to a decision is, from the newest judged flags of the span: enough for a share and a
median, and as fast in a year's span as in a day's.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import quantiles
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.agreement import agreement
from api.compliance.backlog import read_backlog
from api.compliance.buckets import bounds
from api.compliance.models import IntervalOut, interval
from api.hall import hall_row
from api.tables import CameraRow, DecisionRow, EventRow, SecondReviewRow

JUDGED = ("confirmed", "dismissed")
SAMPLE = 1000
"""Judged flags that are looked at: a share of so many is known to ± 3.1 points."""

MOST_IDS = 500
"""Ids in one question; SQLite takes no endless list."""


class WaitingOut(BaseModel):
    """What waits for people now, whatever day it began on."""

    pending: int
    overdue: int = Field(description="of these, past their day; 10000: that many or more")
    oldest_at: datetime | None = Field(description="when the oldest of them began; null: none waits")
    open_appeals: int


class DecidedOut(BaseModel):
    """How long flags waited for their first decision, from their arrival; null where none was judged."""

    judged: int = Field(description="judged flags that this was taken from, the newest of the span")
    sampled: bool = Field(description="the span holds more")
    median_s: float | None
    slowest_tenth_s: float | None = Field(description="nine of ten were decided within this")


class CameraJudgedOut(BaseModel):
    """What became of one camera's flags, of those that were looked at."""

    camera: str
    name: str
    confirmed: int
    dismissed: int
    precision: IntervalOut | None


class ReviewersOut(BaseModel):
    """Second reviews of decisions made in the span; the numbers are null where none was."""

    pairs: int
    agreed: int
    share: float | None
    ac1: float | None = Field(description="Gwet's AC1, agreement beyond chance; 1 is perfect")


class ReviewingOut(BaseModel):
    """How reviewing goes, over flags that began on the local days from `from` to `to`."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    time_zone: str
    waiting: WaitingOut
    decided: DecidedOut
    cameras: list[CameraJudgedOut]
    reviewers: ReviewersOut


@dataclass(frozen=True, slots=True)
class _Judged:
    id: str
    camera: str
    state: str
    started_at: datetime
    received_at: datetime


def read_reviewing(session: Session, first: date, last: date, now: datetime) -> ReviewingOut:
    """How reviewing went in these days, both included, and what waits now."""
    hall = hall_row(session)
    zone = ZoneInfo(hall.time_zone)
    begin, end = bounds(first.isoformat(), "day", zone)[0], bounds(last.isoformat(), "day", zone)[1]
    waiting = read_backlog(session, now)
    judged = _newest_judged(session, begin, end)
    return ReviewingOut(
        first=first,
        last=last,
        time_zone=hall.time_zone,
        waiting=WaitingOut(
            pending=waiting.pending,
            overdue=waiting.overdue,
            oldest_at=waiting.oldest_at.astimezone(zone) if waiting.oldest_at else None,
            open_appeals=waiting.open_appeals,
        ),
        decided=_decided(session, judged),
        cameras=_by_camera(session, judged),
        reviewers=_reviewers(session, begin, end),
    )


def _newest_judged(session: Session, begin: datetime, end: datetime) -> list[_Judged]:
    """The newest flags of both verdicts together: each verdict's own index is walked from its end."""
    columns = (EventRow.id, EventRow.camera_id, EventRow.state, EventRow.started_at, EventRow.received_at)
    found: list[_Judged] = []
    for state in JUDGED:
        wanted = select(*columns).where(
            EventRow.state == state, EventRow.started_at >= begin, EventRow.started_at < end
        )
        newest = wanted.order_by(EventRow.started_at.desc(), EventRow.id.desc()).limit(SAMPLE + 1)
        found += [_Judged(*row) for row in session.execute(newest)]
    found.sort(key=lambda one: (one.started_at, one.id), reverse=True)
    return found[: SAMPLE + 1]


def _decided(session: Session, judged: Sequence[_Judged]) -> DecidedOut:
    looked_at = judged[:SAMPLE]
    first = _first_decisions(session, [one.id for one in looked_at])
    waits = [(first[one.id] - one.received_at).total_seconds() for one in looked_at if one.id in first]
    tenths = quantiles(waits, n=10, method="inclusive") if len(waits) > 1 else waits * 9
    return DecidedOut(
        judged=len(looked_at),
        sampled=len(judged) > SAMPLE,
        median_s=tenths[4] if tenths else None,
        slowest_tenth_s=tenths[8] if tenths else None,
    )


def _first_decisions(session: Session, ids: Sequence[str]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for start in range(0, len(ids), MOST_IDS):
        wanted = select(DecisionRow.event_id, func.min(DecisionRow.decided_at)).where(
            DecisionRow.event_id.in_(ids[start : start + MOST_IDS]), DecisionRow.verdict.in_(JUDGED)
        )
        found.update((row[0], row[1]) for row in session.execute(wanted.group_by(DecisionRow.event_id)))
    return found


def _by_camera(session: Session, judged: Sequence[_Judged]) -> list[CameraJudgedOut]:
    """Those whose flags are dismissed most come first: there a camera or a limit wants looking after."""
    counted = Counter((one.camera, one.state) for one in judged[:SAMPLE])
    names = {row.id: row.name for row in session.scalars(select(CameraRow))}
    found = []
    for camera in sorted({camera for camera, _ in counted}):
        confirmed, dismissed = (counted[camera, state] for state in JUDGED)
        found.append(
            CameraJudgedOut(
                camera=camera,
                name=names.get(camera, camera),
                confirmed=confirmed,
                dismissed=dismissed,
                precision=interval(confirmed, confirmed + dismissed),
            )
        )
    return sorted(found, key=lambda one: one.precision.share if one.precision else 1)


def _reviewers(session: Session, begin: datetime, end: datetime) -> ReviewersOut:
    wanted = select(SecondReviewRow.first_verdict, SecondReviewRow.second_verdict).where(
        SecondReviewRow.second_at.is_not(None),
        SecondReviewRow.first_at >= begin,
        SecondReviewRow.first_at < end,
    )
    result = agreement([(one, other or "") for one, other in session.execute(wanted)])
    return ReviewersOut(pairs=result.pairs, agreed=result.agreed, share=result.share, ac1=result.ac1)
