"""The ledger of time: how long each window was open, seen, and manned within each UTC hour.

What was not observed is not counted, neither as presence nor as absence. A frame stands for the time until
the next one, at most `LONGEST_SAMPLE`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hallwatch.wire import LedgerRow
from vision.episodes import LONGEST_SAMPLE_S
from vision.values import Observation, Side, ViewQuality

LONGEST_SAMPLE = timedelta(seconds=LONGEST_SAMPLE_S)

Known = Callable[[str, str, datetime], LedgerRow | None]
"""What was counted earlier for (window, camera, hour), by a process before this one."""


@dataclass(slots=True)
class ObservedTime:
    """Counts the time of one camera's windows."""

    camera: str
    known: Known
    _rows: dict[tuple[str, datetime], LedgerRow] = field(default_factory=dict)
    _changed: set[tuple[str, datetime]] = field(default_factory=set)
    _last: Observation | None = None
    _open: frozenset[str] = frozenset()

    def take(self, observation: Observation, open_windows: Iterable[str]) -> None:
        """Count the time from the last observation to this one as the last one showed it."""
        self.interrupt(observation.captured_at)
        self._last, self._open = observation, frozenset(open_windows)

    def interrupt(self, at: datetime) -> None:
        """No picture comes from `at` on: the last one stands for the time until then, and no longer."""
        if self._last is not None:
            until = min(at, self._last.captured_at + LONGEST_SAMPLE)
            for begin, end in _by_hour(self._last.captured_at, until):
                self._count(self._last, begin, end)
        self._last = None

    def changed(self) -> tuple[LedgerRow, ...]:
        """The rows that grew since this was last asked, in absolute seconds."""
        rows = tuple(self._rounded(key) for key in sorted(self._changed))
        self._changed.clear()
        return rows

    def _count(self, seen: Observation, begin: datetime, end: datetime) -> None:
        seconds = (end - begin).total_seconds()
        hour = begin.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        observed = seconds if seen.view is ViewQuality.OK else 0.0
        manned = {person.window for person in seen.persons if person.zone is Side.STAFF}
        for window in self._open:
            row = self._row(window, hour)
            self._rows[window, hour] = replace(
                row,
                open_s=row.open_s + seconds,
                observed_s=row.observed_s + observed,
                present_s=row.present_s + (observed if window in manned else 0.0),
            )
            self._changed.add((window, hour))

    def _row(self, window: str, hour: datetime) -> LedgerRow:
        key = (window, hour)
        if key not in self._rows:
            earlier = self.known(window, self.camera, hour)
            self._rows = {k: row for k, row in self._rows.items() if hour - k[1] <= timedelta(hours=2)}
            self._rows[key] = earlier or LedgerRow(window, self.camera, hour, 0.0, 0.0, 0.0)
        return self._rows[key]

    def _rounded(self, key: tuple[str, datetime]) -> LedgerRow:
        row = self._rows[key]
        return replace(
            row,
            open_s=round(row.open_s, 3),
            observed_s=round(row.observed_s, 3),
            present_s=round(row.present_s, 3),
        )


def _by_hour(begin: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
    """The stretch cut at each full UTC hour."""
    while begin < end:
        hour = begin.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        cut = min(end, hour)
        yield begin, cut
        begin = cut
