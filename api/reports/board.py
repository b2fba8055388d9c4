"""表扬台 and 曝光台: windows without a breach, and final breaches by window. Windows only, never people.

Article 30 has the electronic-supervision platform follow, warn and supervise; what hangs in the hall must be
certain, so a breach is listed only when it was confirmed and can no longer be appealed, or an appeal against
it was rejected.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.compliance.models import UnitOut
from api.reports.content import Report, WindowPart
from api.review_rules import ReviewRules
from api.tables import AppealRow, DecisionRow, EventRow, WindowRow

MOST_IMPROVED = 3
LEAST_RISE = 0.05
"""Points; a smaller rise reads as 0.0."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmed event: when that was last said, and where an appeal against it stands (None: none)."""

    window: str
    behaviour: str
    decided_at: datetime
    appeal: str | None


@dataclass(frozen=True, slots=True)
class Breaches:
    """A window's final breaches by behaviour."""

    unit: UnitOut
    by_behaviour: Mapping[str, int]

    @property
    def number(self) -> int:
        """All of them."""
        return sum(self.by_behaviour.values())


@dataclass(frozen=True, slots=True)
class Board:
    """What may hang in the hall about one span.

    `open_appeals` and `appealable` count confirmed events that are left out, because of an open appeal or
    because one may still come; `pending` those that nobody judged yet.
    """

    praised: Sequence[WindowPart]
    improved: Sequence[WindowPart]
    breaches: Sequence[Breaches]
    open_appeals: int
    appealable: int
    pending: int


def make_board(
    windows: Sequence[WindowPart],
    confirmed: Iterable[Confirmed],
    names: Mapping[str, UnitOut],
    now: datetime,
    appeal_days: int,
) -> Board:
    """The board; pure."""
    counts: dict[str, Counter[str]] = {}
    left: Counter[str] = Counter()
    for one in confirmed:
        standing = _standing(one, now, appeal_days)
        left[standing] += 1
        if standing == "final":
            counts.setdefault(one.window, Counter())[one.behaviour] += 1
    breaches = [
        Breaches(names.get(key, UnitOut(id=key, name=key, name_en=key)), dict(found.most_common()))
        for key, found in counts.items()
    ]
    rising = [part for part in windows if part.change is not None and part.change >= LEAST_RISE]
    return Board(
        praised=[p for p in windows if p.numbers.enough and _is_clean(p)],
        improved=sorted(rising, key=lambda part: -(part.change or 0))[:MOST_IMPROVED],
        breaches=sorted(breaches, key=lambda one: (-one.number, one.unit.id)),
        open_appeals=left["open"],
        appealable=left["appealable"],
        pending=sum(part.numbers.pending for part in windows),
    )


def read_board(session: Session, report: Report, now: datetime, rules: ReviewRules) -> Board:
    """The board of the report's span."""
    units = session.scalars(select(WindowRow))
    names = {row.id: UnitOut(id=row.id, name=row.name, name_en=row.name_en) for row in units}
    confirmed = _confirmed(session, report.starts_at, report.ends_at)
    return make_board(report.windows, confirmed, names, now, rules.appeal_days)


def _is_clean(part: WindowPart) -> bool:
    # Also no breach time: an episode of the day before may reach into this one.
    return part.numbers.confirmed == 0 and part.numbers.confirmed_s == 0


def _standing(one: Confirmed, now: datetime, appeal_days: int) -> str:
    if one.appeal == "open":
        return "open"
    if one.appeal is None and now <= one.decided_at + timedelta(days=appeal_days):
        return "appealable"
    return "final"


def _confirmed(session: Session, begin: datetime, end: datetime) -> list[Confirmed]:
    decided_at = (
        select(func.max(DecisionRow.decided_at))
        .where(DecisionRow.event_id == EventRow.id, DecisionRow.verdict == "confirmed")
        .scalar_subquery()
    )
    wanted = (
        select(EventRow.window_id, EventRow.behaviour, decided_at, AppealRow.state)
        .join(AppealRow, AppealRow.event_id == EventRow.id, isouter=True)
        .where(EventRow.state == "confirmed", EventRow.started_at >= begin, EventRow.started_at < end)
    )
    return [Confirmed(*row) for row in session.execute(wanted)]
