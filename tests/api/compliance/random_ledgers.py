"""Random ledgers: what one window's worker and reviewers tell, piece by piece, in any order and often."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.compliance.ledger import keep_hours
from api.compliance.stale import mark, touched_by
from api.event_store import MachineEvent, take
from api.hall import keep_hall
from api.ingest_models import EventIn, HallIn, LedgerHour
from api.tables import EventRow, PermitRow
from tests.api.messages import event, hall

NOW = datetime(2027, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEGINNINGS = (
    datetime(2024, 2, 28, 14, tzinfo=UTC),  # a leap day follows
    datetime(2026, 3, 28, 20, tzinfo=UTC),  # clocks go forward in Europe
    datetime(2026, 10, 24, 20, tzinfo=UTC),  # and back
    datetime(2026, 12, 31, 10, tzinfo=UTC),  # the year ends
    datetime(2026, 4, 30, 12, tzinfo=UTC),  # a month ends
)
BEHAVIOURS = ("absence", "arms_crossed", "phone_use")
CAUSES = ("offline", "not_running", "dark", "moved")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Somebody's decision on an event."""

    event_id: str
    state: str


@dataclass(frozen=True, slots=True)
class Permit:
    """A leave that was registered."""

    id: str
    window: str
    starts_at: datetime
    ends_at: datetime


Told = LedgerHour | MachineEvent | Verdict | Permit


def deliver(session: Session, messages: Sequence[Told]) -> list[Told]:
    """Keep what is told at once, as the API does; verdicts on events that are not known yet are left over."""
    keep_hours(session, [one for one in messages if isinstance(one, LedgerHour)])
    events = [one for one in messages if isinstance(one, MachineEvent)]
    take(session, events, NOW, lambda at: at + timedelta(days=1))
    for permit in messages:
        if isinstance(permit, Permit):
            _register(session, permit)
    verdicts = [one for one in messages if isinstance(one, Verdict)]
    return [verdict for verdict in verdicts if not _decide(session, verdict)]


def _decide(session: Session, verdict: Verdict) -> bool:
    row = session.get(EventRow, verdict.event_id)
    if row is None:
        return False
    row.state = verdict.state
    mark(session, [touched_by(row)])
    return True


def _register(session: Session, permit: Permit) -> None:
    if session.get(PermitRow, permit.id) is None:
        times = {"starts_at": permit.starts_at, "ends_at": permit.ends_at, "registered_at": NOW}
        told: dict[str, Any] = {"kind": "leave", "reason": "取件", "registered_by": "supervisor"}
        session.add(PermitRow(id=permit.id, window_id=permit.window, **times, **told))
        mark(session, [(permit.window, permit.starts_at, permit.ends_at)])


def tell_hall(session: Session, zone: str) -> None:
    """A hall in that time zone."""
    keep_hall(session, HallIn.model_validate(hall(time_zone=zone)))


def random_ledger(chance: random.Random, window: str, number: int) -> list[Told]:
    """Two days or less of one window: hours with later reports, events with revisions, verdicts, a permit."""
    first = chance.choice(BEGINNINGS)
    hours = sorted(chance.sample(range(40), chance.randint(1, 5)))
    messages: list[Told] = [
        report for hour in hours for report in _reports(chance, window, first + hour * HOUR)
    ]
    for index in range(chance.randint(0, 3)):
        messages += _event(chance, window, number * 10 + index, first)
    if chance.random() < 0.3:
        begin = first + timedelta(minutes=chance.randint(0, 2400))
        end = begin + timedelta(minutes=chance.randint(1, 90))
        messages.append(Permit(f"permit-{number}", window, begin, end))
    return messages


def in_any_order(chance: random.Random, messages: list[Told]) -> Iterator[Told]:
    """The messages shuffled, a third of them twice."""
    told = messages + chance.sample(messages, len(messages) // 3)
    chance.shuffle(told)
    yield from told


def _reports(chance: random.Random, window: str, hour: datetime) -> Iterator[LedgerHour]:
    for camera in ("cam1", "cam2")[: chance.randint(1, 2)]:
        open_s = chance.choice((3600.0, 1800.0, 0.0))
        for _ in range(chance.randint(1, 2)):
            observed_s = round(chance.uniform(0, open_s), 3)
            present_s = round(chance.uniform(0, observed_s), 3)
            yield LedgerHour.model_validate(
                {
                    "window": window,
                    "camera": camera,
                    "hour": hour,
                    "open_s": open_s,
                    "observed_s": observed_s,
                    "present_s": present_s,
                    "detail": _detail(chance, open_s, observed_s),
                }
            )


def _detail(chance: random.Random, open_s: float, observed_s: float) -> dict[str, Any] | None:
    if chance.random() < 0.2:
        return None
    unseen = open_s - observed_s
    return {
        "open_spans": [[3600 - open_s, 3600]] if open_s else [],
        "away_spans": [[begin := round(chance.uniform(0, 3000), 3), begin + 300]],
        "unknown_s": {chance.choice(CAUSES): round(chance.uniform(0, unseen), 3)},
        "assessable_s": {code: round(chance.uniform(0, observed_s), 3) for code in BEHAVIOURS[1:]},
        "queue": {
            "seen_s": observed_s,
            "person_s": round(chance.uniform(0, 4 * observed_s), 3),
            "waits": chance.randint(0, 5),
            "waits_s": round(chance.uniform(0, 900), 3),
            "longest": chance.randint(0, 9),
            "longest_wait_s": round(chance.uniform(0, 900), 3),
        },
    }


def _event(chance: random.Random, window: str, number: int, first: datetime) -> Iterator[Told]:
    at = first + timedelta(seconds=chance.randint(0, 140_000))
    behaviour = chance.choice(BEHAVIOURS)
    for revision in range(1, chance.randint(2, 3)):
        lasts_s = chance.randint(5, 8000) * revision
        told = event(
            number, at=at, lasts_s=lasts_s, window=window, behaviour=behaviour, revision=revision, evidence=[]
        )
        yield EventIn.model_validate(told).told()
    if chance.random() < 0.7:
        yield Verdict(told["id"], chance.choice(("confirmed", "dismissed", "expired", "withdrawn")))
