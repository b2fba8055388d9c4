"""One window's hour, computed from what the ledger, the events and the permits say of it, and nothing else.

An event counts in the hour it started; its seconds count in every hour they fall into, those at the same time
once. Of the time of breach only what lies in the opening hours counts, and never more than was observed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.compliance.buckets import HOUR
from api.compliance.numbers import STATES, UNKNOWN_CAUSES, BehaviourNumbers, Numbers

MILLISECOND = timedelta(milliseconds=1)
HOUR_MS = 3_600_000

Span = tuple[datetime, datetime]

SpanMs = tuple[int, int]
"""From and until, milliseconds since the hour began."""


@dataclass(frozen=True, slots=True)
class Episode:
    """An event as figures need it; it is known to have lasted from `started_at` to `until`."""

    behaviour: str
    state: str
    started_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class QueueTime:
    """What was seen of the public before a window; milliseconds."""

    seen_ms: int = 0
    person_ms: int = 0
    waits: int = 0
    waits_ms: int = 0
    longest: int = 0
    longest_wait_ms: int = 0


@dataclass(frozen=True, slots=True)
class HourOfTime:
    """What the best camera could say of a window's hour. `open_spans` None: it did not tell which time."""

    open_ms: int = 0
    observed_ms: int = 0
    present_ms: int = 0
    unknown_ms: Mapping[str, int] = field(default_factory=dict)
    assessable_ms: Mapping[str, int] = field(default_factory=dict)
    open_spans: Sequence[SpanMs] | None = None
    away_spans: Sequence[SpanMs] = ()
    queue: QueueTime = QueueTime()


Figures = tuple[Numbers, dict[str, BehaviourNumbers]]


def figures_of(
    hour: datetime,
    seen: HourOfTime,
    episodes: Sequence[Episode],
    permits: Sequence[Span],
) -> Figures:
    """The figures of the hour that begins at `hour` (UTC); `permits` are the spans in force there."""
    open_spans = seen.open_spans if seen.open_spans is not None else [(0, HOUR_MS)]
    confirmed = [episode for episode in episodes if episode.state == "confirmed"]
    confirmed_ms = _breach_ms(hour, confirmed, open_spans)
    breach_ms = min(confirmed_ms, seen.observed_ms)
    away = max(0, seen.observed_ms - seen.present_ms)
    covered = _joined(_within(hour, span) for span in permits)
    permitted = min(away, _length(_overlap(_joined(seen.away_spans), covered)))
    judged = seen.open_ms > 0 and 2 * seen.observed_ms >= seen.open_ms
    started = [episode for episode in episodes if hour <= episode.started_at < hour + HOUR]
    counts = {state: sum(episode.state == state for episode in started) for state in STATES}
    numbers = Numbers(
        open_ms=seen.open_ms,
        observed_ms=seen.observed_ms,
        present_ms=seen.present_ms,
        away_permitted_ms=permitted,
        away_ms=away - permitted,
        confirmed_ms=confirmed_ms,
        breach_ms=breach_ms,
        judged_hours=int(judged),
        clean_hours=int(judged and not confirmed_ms and not counts["confirmed"]),
        queue_seen_ms=seen.queue.seen_ms,
        queue_person_ms=seen.queue.person_ms,
        waits=seen.queue.waits,
        waits_ms=seen.queue.waits_ms,
        longest_queue=seen.queue.longest,
        longest_wait_ms=seen.queue.longest_wait_ms,
        **_unknown(seen),
        **counts,
    )
    return numbers, _behaviours(hour, seen, episodes, open_spans)


def _unknown(seen: HourOfTime) -> dict[str, int]:
    """The open time that was not observed, shared out to its causes as far as they are told."""
    left = max(0, seen.open_ms - seen.observed_ms)
    causes = {}
    for cause in UNKNOWN_CAUSES[:-1]:
        told = min(left, seen.unknown_ms.get(cause, 0))
        causes[f"{cause}_ms"] = told
        left -= told
    return causes | {"untold_ms": left}


def _behaviours(
    hour: datetime, seen: HourOfTime, episodes: Sequence[Episode], open_spans: Sequence[SpanMs]
) -> dict[str, BehaviourNumbers]:
    codes = {episode.behaviour for episode in episodes} | set(seen.assessable_ms)
    found = {}
    for code in codes:
        own = [episode for episode in episodes if episode.behaviour == code]
        started = [episode.state for episode in own if hour <= episode.started_at < hour + HOUR]
        confirmed = [episode for episode in own if episode.state == "confirmed"]
        found[code] = BehaviourNumbers(
            **{state: started.count(state) for state in STATES},
            confirmed_ms=_breach_ms(hour, confirmed, open_spans),
            assessable_ms=min(seen.observed_ms, seen.assessable_ms.get(code, 0)),
        )
    return {code: numbers for code, numbers in found.items() if numbers != BehaviourNumbers()}


def _breach_ms(hour: datetime, confirmed: Iterable[Episode], open_spans: Sequence[SpanMs]) -> int:
    spans = _joined(_within(hour, (episode.started_at, episode.until)) for episode in confirmed)
    return _length(_overlap(spans, _joined(open_spans)))


def _within(hour: datetime, span: Span) -> SpanMs:
    begin, end = ((at - hour) // MILLISECOND for at in span)
    return max(0, begin), min(HOUR_MS, end)


def _joined(spans: Iterable[SpanMs]) -> list[SpanMs]:
    """The spans in order, those that touch made one, empty ones left out."""
    joined: list[SpanMs] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return joined


def _overlap(some: Sequence[SpanMs], others: Sequence[SpanMs]) -> list[SpanMs]:
    pairs = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(begin, end) for begin, end in pairs if begin < end]


def _length(spans: Iterable[SpanMs]) -> int:
    return sum(end - begin for begin, end in spans)
