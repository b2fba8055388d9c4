"""What an hour's figures are made of, read from the database: the ledger, the events, the permits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from api.compliance.buckets import HOUR
from api.compliance.numbers import STATES
from api.compliance.tables import LedgerRow
from api.compliance.window_hour import Episode, Figures, HourOfTime, QueueTime, SpanMs, figures_of
from api.retention.tables import DeletedEventRow
from api.tables import EventRow, PermitRow

LOOK_BACK = timedelta(hours=24)
"""Episodes that began this long before may reach into an hour; closing time ends each."""

NOTHING_SEEN = HourOfTime()


@dataclass(slots=True)
class Sources:
    """All that is known of some windows from `first` up to `end`."""

    time: dict[tuple[str, datetime], HourOfTime] = field(default_factory=dict)
    episodes: defaultdict[str, list[Episode]] = field(default_factory=lambda: defaultdict(list))
    permits: defaultdict[str, list[tuple[datetime, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def figures(self, window: str, hour: datetime) -> Figures:
        """The figures of one window's hour."""
        end = hour + HOUR
        earliest = hour - LOOK_BACK
        episodes = [e for e in self.episodes[window] if earliest <= e.started_at < end and e.until >= hour]
        return figures_of(hour, self.time.get((window, hour), NOTHING_SEEN), episodes, self.permits[window])

    def hours(self) -> Iterator[tuple[str, datetime]]:
        """Each window and hour of which anything is known."""
        found = set(self.time)
        for window, episodes in self.episodes.items():
            for episode in episodes:
                found |= {(window, hour) for hour in hours_of_span(episode.started_at, episode.until)}
        yield from sorted(found)


def hours_of_span(begin: datetime, end: datetime) -> Iterator[datetime]:
    """The UTC hours that a stretch touches; the one of its beginning at any rate."""
    hour = begin.replace(minute=0, second=0, microsecond=0)
    yield hour
    while (hour := hour + HOUR) < end:
        yield hour


def read_sources(
    session: Session, first: datetime, end: datetime, windows: Collection[str] | None = None
) -> Sources:
    """What is known from `first` up to `end`, of these windows or of all."""
    found = Sources()
    _read_time(session, first, end, windows, found)
    _read_episodes(session, first, end, windows, found)
    permits = select(PermitRow.window_id, PermitRow.starts_at, PermitRow.ends_at).where(
        PermitRow.revoked_at.is_(None), PermitRow.starts_at < end, PermitRow.ends_at > first
    )
    if windows is not None:
        permits = permits.where(PermitRow.window_id.in_(windows))
    for window, starts_at, ends_at in session.execute(permits):
        found.permits[window].append((starts_at, ends_at))
    return found


def _read_time(
    session: Session, first: datetime, end: datetime, windows: Collection[str] | None, found: Sources
) -> None:
    wanted = select(
        LedgerRow.window_id,
        LedgerRow.hour,
        LedgerRow.open_s,
        LedgerRow.observed_s,
        LedgerRow.present_s,
        LedgerRow.detail,
        LedgerRow.camera_id,
    ).where(LedgerRow.hour >= first, LedgerRow.hour < end)
    if windows is not None:
        wanted = wanted.where(LedgerRow.window_id.in_(windows))
    best: dict[tuple[str, datetime], tuple[float, float, str]] = {}
    for window, hour, open_s, observed_s, present_s, detail, camera in session.execute(wanted):
        # Two cameras on one window: when they saw it is not known, so the better of them is what is certain.
        weight = (observed_s, open_s, camera)
        if (window, hour) not in best or weight > best[window, hour]:
            best[window, hour] = weight
            found.time[window, hour] = hour_of_time(open_s, observed_s, present_s, detail)


def _read_episodes(
    session: Session, first: datetime, end: datetime, windows: Collection[str] | None, found: Sources
) -> None:
    columns = (EventRow.window_id, EventRow.behaviour, EventRow.started_at, EventRow.known_until)
    for state in STATES:
        # The state is written out: only so does SQLite use its partial indexes, and each the right one.
        wanted = select(*columns).where(
            EventRow.state == literal_column(f"'{state}'"),
            EventRow.started_at >= first - LOOK_BACK,
            EventRow.started_at < end,
            EventRow.known_until >= first,
        )
        if windows is not None:
            wanted = wanted.where(EventRow.window_id.in_(windows))
        for window, behaviour, started_at, until in session.execute(wanted):
            found.episodes[window].append(Episode(behaviour, state, started_at, until))
    _read_deleted(session, first, end, windows, found)


def _read_deleted(
    session: Session, first: datetime, end: datetime, windows: Collection[str] | None, found: Sources
) -> None:
    """What was deleted by age stays in the figures: those that were published do not change."""
    gone = DeletedEventRow
    wanted = select(gone.window_id, gone.behaviour, gone.state, gone.started_at, gone.known_until).where(
        gone.state.in_(STATES),
        gone.started_at >= first - LOOK_BACK,
        gone.started_at < end,
        gone.known_until >= first,
    )
    if windows is not None:
        wanted = wanted.where(gone.window_id.in_(windows))
    for window, behaviour, state, started_at, until in session.execute(wanted):
        found.episodes[window].append(Episode(behaviour, state, started_at, until))


def hour_of_time(
    open_s: float, observed_s: float, present_s: float, detail: dict[str, Any] | None
) -> HourOfTime:
    """A row of the ledger in milliseconds; more cannot be observed than was open, nor more than that seen."""
    told = detail or {}
    queue = told.get("queue") or {}
    open_ms = _ms(open_s)
    observed_ms = min(open_ms, _ms(observed_s))
    spans = told.get("open_spans")
    return HourOfTime(
        open_ms=open_ms,
        observed_ms=observed_ms,
        present_ms=min(observed_ms, _ms(present_s)),
        unknown_ms={cause: _ms(seconds) for cause, seconds in told.get("unknown_s", {}).items()},
        assessable_ms={code: _ms(seconds) for code, seconds in told.get("assessable_s", {}).items()},
        open_spans=None if spans is None else _spans(spans),
        away_spans=_spans(told.get("away_spans", ())),
        queue=QueueTime(
            seen_ms=_ms(queue.get("seen_s", 0)),
            person_ms=_ms(queue.get("person_s", 0)),
            waits=queue.get("waits", 0),
            waits_ms=_ms(queue.get("waits_s", 0)),
            longest=queue.get("longest", 0),
            longest_wait_ms=_ms(queue.get("longest_wait_s", 0)),
        ),
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _spans(spans: Iterable[Iterable[float]]) -> list[SpanMs]:
    return [(_ms(begin), _ms(end)) for begin, end in spans]
