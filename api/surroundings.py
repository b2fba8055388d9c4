"""What was around an event at its window: flags before and after, and how the hour stood."""

from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.compliance.ledger import hours_between
from api.event_store import LISTED
from api.statistics import HOUR
from api.tables import EventRow

AROUND = timedelta(hours=2)
EACH = 3


class Neighbour(BaseModel):
    """Another event at the same window."""

    id: str
    behaviour: str
    variant: str | None
    started_at: datetime
    ended_at: datetime | None
    state: str


class HourThere(BaseModel):
    """The seconds of the hour in which the event began, as its window's cameras could say."""

    open_s: float
    observed_s: float
    present_s: float


class Surroundings(BaseModel):
    """What was around an event."""

    before: list[Neighbour] = Field(description="at most three within two hours, in order of time")
    after: list[Neighbour]
    staff_required: int | None = Field(description="people that the post needs by the roster; null: not told")
    hour: HourThere | None = Field(description="null: no camera reported that hour yet")


def surroundings_of(session: Session, row: EventRow) -> Surroundings:
    """What was around this event."""
    near = _near(session, row)
    place = row.started_at, row.id
    before = [one for one in near if (one.started_at, one.id) < place][-EACH:]
    after = [one for one in near if (one.started_at, one.id) > place][:EACH]
    required = row.measures.get("staff_required")
    return Surroundings(
        before=[_shown(one) for one in before],
        after=[_shown(one) for one in after],
        staff_required=int(required) if required is not None else None,
        hour=_hour(session, row),
    )


def _near(session: Session, row: EventRow) -> list[EventRow]:
    found: list[EventRow] = []
    for state in LISTED:  # each state has an index of its own that is walked in order of time
        wanted = select(EventRow).where(EventRow.state == state, EventRow.window_id == row.window_id)
        earlier = wanted.where(
            EventRow.started_at <= row.started_at, EventRow.started_at > row.started_at - AROUND
        )
        later = wanted.where(
            EventRow.started_at > row.started_at, EventRow.started_at < row.started_at + AROUND
        )
        found += session.scalars(earlier.order_by(EventRow.started_at.desc()).limit(EACH + 1))
        found += session.scalars(later.order_by(EventRow.started_at).limit(EACH))
    return sorted(found, key=lambda one: (one.started_at, one.id))


def _hour(session: Session, row: EventRow) -> HourThere | None:
    hour = row.started_at.replace(minute=0, second=0, microsecond=0)
    rows = hours_between(session, hour, hour + HOUR, row.window_id)
    if not rows:
        return None
    best = max(rows, key=lambda one: (one.observed_s, one.open_s))
    return HourThere(open_s=best.open_s, observed_s=best.observed_s, present_s=best.present_s)


def _shown(row: EventRow) -> Neighbour:
    return Neighbour.model_validate(row, from_attributes=True)
