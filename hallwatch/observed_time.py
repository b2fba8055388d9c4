"""The ledger of time: for each window and UTC hour what was open, observed, manned and judged, or why not.

What was not observed is not counted, neither as presence nor as absence. A frame stands for the time until
the next one, at most `LONGEST_SAMPLE`; open time beyond that is unknown, with its cause where that is known.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hallwatch.hour_of_window import HourOfWindow, WindowMoment
from hallwatch.wire import LedgerRow
from vision.episodes import LONGEST_SAMPLE_S
from vision.judge import Judgement
from vision.values import Observation, Side, ViewQuality

LONGEST_SAMPLE = timedelta(seconds=LONGEST_SAMPLE_S)

LONGEST_GAP = timedelta(days=31)
"""What lies farther back than this when watching begins again is no gap but another life."""

OFFLINE, NOT_RUNNING = "offline", "not_running"

Known = Callable[[str, str, datetime], LedgerRow | None]
"""What was counted earlier for (window, camera, hour), by a process before this one."""

OpenSpans = Callable[[datetime, datetime], Iterable[tuple[str, datetime, datetime]]]
"""Each window's open stretches between two moments, by the roster."""


def no_roster(_begin: datetime, _end: datetime) -> Iterable[tuple[str, datetime, datetime]]:
    """Where no roster is at hand, time without pictures is not counted at all."""
    return ()


@dataclass(slots=True)
class ObservedTime:
    """Counts the time of one camera's windows; `until` is up to when it was counted before."""

    camera: str
    known: Known
    open_spans: OpenSpans = no_roster
    until: datetime | None = None
    _rows: dict[tuple[str, datetime], HourOfWindow] = field(default_factory=dict)
    _changed: set[tuple[str, datetime]] = field(default_factory=set)
    _last: Observation | None = None
    _open: frozenset[str] = frozenset()
    _moments: Mapping[str, WindowMoment] = field(default_factory=dict)
    _cause: str | None = NOT_RUNNING

    def take(
        self, observation: Observation, open_windows: Iterable[str], judged: Judgement | None = None
    ) -> None:
        """Count the time from the last observation to this one as the last one showed it."""
        self._count_until(observation.captured_at)
        self._last, self._open, self._cause = observation, frozenset(open_windows), None
        self._moments = moments_of(judged) if judged else {}
        for window, moment in self._moments.items():
            if moment.queue is not None and moment.queue.ended_waits_s and window in self._open:
                hour = _hour(observation.captured_at)
                self._row(window, hour).count_waits(moment.queue.ended_waits_s)
                self._changed.add((window, hour))

    def interrupt(self, at: datetime) -> None:
        """No picture comes from `at` on: the last one stands for the time until then, and no longer."""
        self._count_until(at)
        self._last, self._cause = None, OFFLINE

    def changed(self) -> tuple[LedgerRow, ...]:
        """The rows that grew since this was last asked, in absolute seconds."""
        rows = tuple(self._rows[key].row() for key in sorted(self._changed))
        self._changed.clear()
        return rows

    def _count_until(self, at: datetime) -> None:
        if self._last is not None:
            until = min(at, self._last.captured_at + LONGEST_SAMPLE)
            for begin, end in _by_hour(self._last.captured_at, until):
                self._count(self._last, begin, end)
            self.until = max(self._last.captured_at, until)
        if self.until is not None and timedelta() < at - self.until <= LONGEST_GAP:
            self._count_gap(self.until, at)
        self.until = at if self.until is None else max(self.until, at)
        self._last = None

    def _count_gap(self, since: datetime, at: datetime) -> None:
        for window, opens, closes in self.open_spans(since, at):
            for begin, end in _by_hour(opens, closes):
                self._row(window, _hour(begin)).count_unknown(begin, end, self._cause)
                self._changed.add((window, _hour(begin)))

    def _count(self, seen: Observation, begin: datetime, end: datetime) -> None:
        hour = _hour(begin)
        manned = {person.window for person in seen.persons if person.zone is Side.STAFF}
        for window in self._open:
            row = self._row(window, hour)
            if seen.view is ViewQuality.OK:
                moment = self._moments.get(window, WindowMoment())
                row.count_seen(begin, end, moment, seen=window in manned)
            else:
                row.count_unknown(begin, end, seen.view.value)
            self._changed.add((window, hour))

    def _row(self, window: str, hour: datetime) -> HourOfWindow:
        key = (window, hour)
        if key not in self._rows:
            earlier = self.known(window, self.camera, hour)
            kept = {k for k in self._rows if hour - k[1] <= timedelta(hours=2)} | self._changed
            self._rows = {k: row for k, row in self._rows.items() if k in kept}
            self._rows[key] = HourOfWindow.of(earlier) if earlier else HourOfWindow(window, self.camera, hour)
        return self._rows[key]


def moments_of(judged: Judgement) -> dict[str, WindowMoment]:
    """What a judgement says of each open window: its post, its queue, and what could be judged there."""
    return {
        window: WindowMoment(
            judged.posts[window],
            tuple(e.behaviour for e in judged.evidence if e.window == window and e.score is not None),
            judged.queues.get(window),
        )
        for window in judged.open_windows
        if window in judged.posts
    }


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _by_hour(begin: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
    """The stretch cut at each full UTC hour."""
    while begin < end:
        cut = min(end, _hour(begin) + timedelta(hours=1))
        yield begin, cut
        begin = cut
