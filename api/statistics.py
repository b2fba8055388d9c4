"""Hourly figures, computed from rows and nothing else.

An hour is a UTC hour, written in the hall's zone. An event counts in the hour it started; its seconds count
in every hour they fall into. Compliance is the share of *observed* time without a confirmed breach; time that
was not observed is neither compliance nor breach.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Episode:
    """An event as the figures need it; it is known to have lasted from `started_at` to `until`."""

    window: str
    behaviour: str
    state: str
    started_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Observed:
    """What one camera could say about one window in the UTC hour that begins at `hour`; seconds."""

    window: str
    hour: datetime
    open_s: float
    observed_s: float
    present_s: float


@dataclass(frozen=True, slots=True)
class WindowHour:
    """The figures of one window in one hour; seconds, and events by state and by behaviour."""

    window: str
    open_s: float = 0.0
    observed_s: float = 0.0
    present_s: float = 0.0
    confirmed_s: float = 0.0
    numbers: Mapping[str, int] = field(default_factory=dict)
    by_behaviour: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def compliance(self) -> float | None:
        """1 − confirmed breach seconds ÷ observed seconds, 0..1; None where nothing was observed."""
        if self.observed_s <= 0:
            return None
        return max(0.0, 1.0 - self.confirmed_s / self.observed_s)


def hours_of(day: date, zone: ZoneInfo) -> list[datetime]:
    """The UTC hours that begin on that day in that zone: 24, or 23 or 25 where clocks are changed.

    Where the zone is off by half an hour, the first of them begins at half past midnight.
    """
    begin, end = day_bounds(day, zone)
    hour = begin.replace(minute=0, second=0, microsecond=0)
    if hour < begin:
        hour += HOUR
    hours = []
    while hour < end:
        hours.append(hour)
        hour += HOUR
    return hours


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of that day in that zone and of the next one, in UTC."""
    first = datetime.combine(day, time(), zone).astimezone(UTC)
    return first, datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def hourly(
    hours: Sequence[datetime],
    windows: Sequence[str],
    observed: Iterable[Observed],
    episodes: Sequence[Episode],
) -> list[list[WindowHour]]:
    """For each hour the figures of each window, in the order given."""
    seen = _best_view(observed)
    breaches = _confirmed_spans(episodes)
    numbers = _numbers(episodes)
    return [
        [
            _figures(window, hour, seen.get((window, hour)), breaches[window], numbers[window, hour])
            for window in windows
        ]
        for hour in hours
    ]


def union_s(spans: Iterable[tuple[datetime, datetime]], begin: datetime, end: datetime) -> float:
    """Seconds of [begin, end) that at least one of the spans covers."""
    clipped = sorted(
        (max(first, begin), min(last, end)) for first, last in spans if first < end and last > begin
    )
    covered, reached = timedelta(), begin
    for first, last in clipped:
        if last > reached:
            covered += last - max(first, reached)
            reached = last
    return covered.total_seconds()


def _best_view(observed: Iterable[Observed]) -> dict[tuple[str, datetime], Observed]:
    # Two cameras on one window: when they saw it is not known, so the better of them is what is certain.
    best: dict[tuple[str, datetime], Observed] = {}
    for row in observed:
        known = best.get((row.window, row.hour))
        if known is None or (row.observed_s, row.open_s) > (known.observed_s, known.open_s):
            best[row.window, row.hour] = row
    return best


def _confirmed_spans(episodes: Iterable[Episode]) -> defaultdict[str, list[tuple[datetime, datetime]]]:
    spans: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for episode in episodes:
        if episode.state == "confirmed":
            spans[episode.window].append((episode.started_at, episode.until))
    return spans


Numbers = dict[str, dict[str, int]]
"""Behaviour -> state -> events."""


def _numbers(episodes: Iterable[Episode]) -> defaultdict[tuple[str, datetime], Numbers]:
    numbers: defaultdict[tuple[str, datetime], Numbers] = defaultdict(dict)
    for episode in episodes:
        hour = episode.started_at.replace(minute=0, second=0, microsecond=0)
        of_behaviour = numbers[episode.window, hour].setdefault(
            episode.behaviour, {"confirmed": 0, "pending": 0, "dismissed": 0}
        )
        of_behaviour[episode.state] += 1
    return numbers


def _figures(
    window: str,
    hour: datetime,
    seen: Observed | None,
    breaches: Sequence[tuple[datetime, datetime]],
    numbers: Numbers,
) -> WindowHour:
    states = ("confirmed", "pending", "dismissed") if numbers else ()
    totals = {state: sum(of_behaviour[state] for of_behaviour in numbers.values()) for state in states}
    confirmed_s = union_s(breaches, hour, hour + HOUR) if breaches else 0.0
    if seen is None:
        return WindowHour(window, 0.0, 0.0, 0.0, confirmed_s, totals, numbers)
    return WindowHour(window, seen.open_s, seen.observed_s, seen.present_s, confirmed_s, totals, numbers)
