"""One window's hour as one camera counts it: seconds, by what they were, and when they were.

Absolute seconds that only grow, so that the same row can be told as often as anybody likes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from hallwatch.wire import LedgerRow
from vision.posts import PostState
from vision.queueing import Queue

SpanS = tuple[float, float]
"""From and until, seconds since the hour began."""

SAME_S = 0.05
"""Stretches that follow each other so closely are one: clocks are told in milliseconds."""

BRIEF_S = 1.0
"""Somebody lost for so short a time was not back: away spans around it are one."""

MOST_SPANS = 400


@dataclass(frozen=True, slots=True)
class WindowMoment:
    """What a moment showed of a window, beside whom: which behaviours could be judged, and its queue."""

    post: PostState = PostState.UNKNOWN
    assessable: tuple[str, ...] = ()
    queue: Queue | None = None

    def manned(self, *, seen: bool) -> bool:
        """Whether the post was taken; where nothing is known of it yet, whether anybody was `seen` there."""
        if self.post is PostState.UNKNOWN:
            return seen
        return self.post is not PostState.AWAY


@dataclass(slots=True)
class HourOfWindow:
    """Grows with each stretch of time; `until` is the moment up to which it was counted."""

    window: str
    camera: str
    hour: datetime
    open_s: float = 0.0
    observed_s: float = 0.0
    present_s: float = 0.0
    until: datetime | None = None
    open_spans: list[SpanS] = field(default_factory=list)
    away_spans: list[SpanS] = field(default_factory=list)
    unknown_s: dict[str, float] = field(default_factory=dict)
    assessable_s: dict[str, float] = field(default_factory=dict)
    queue: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, row: LedgerRow) -> Self:
        """Go on from a row that was stored."""
        told: Mapping[str, Any] = row.detail or {}
        return cls(
            row.window,
            row.camera,
            row.hour,
            row.open_s,
            row.observed_s,
            row.present_s,
            row.until,
            [(begin, end) for begin, end in told.get("open_spans") or ()],
            [(begin, end) for begin, end in told.get("away_spans", ())],
            dict(told.get("unknown_s", {})),
            dict(told.get("assessable_s", {})),
            dict(told.get("queue") or {}),
        )

    def count_unknown(self, begin: datetime, end: datetime, cause: str | None) -> None:
        """Open, but not observed; `cause` as the ledger names it, None where nobody knows."""
        self._count_open(begin, end)
        if cause is not None:
            seconds = (end - begin).total_seconds()
            self.unknown_s[cause] = self.unknown_s.get(cause, 0.0) + seconds

    def count_seen(self, begin: datetime, end: datetime, moment: WindowMoment, *, seen: bool) -> None:
        """Open and observed, as a moment showed it."""
        self._count_open(begin, end)
        seconds = (end - begin).total_seconds()
        self.observed_s += seconds
        if moment.manned(seen=seen):
            self.present_s += seconds
        else:
            _add(self.away_spans, self._span(begin, end), BRIEF_S)
        for code in moment.assessable:
            self.assessable_s[code] = self.assessable_s.get(code, 0.0) + seconds
        if moment.queue is not None:
            self._grow("seen_s", seconds)
            self._grow("person_s", seconds * moment.queue.waiting)
            self.queue["longest"] = max(self.queue.get("longest", 0), moment.queue.waiting)

    def count_waits(self, waits_s: tuple[float, ...]) -> None:
        """People who came to be served at a moment of this hour, each after so many seconds."""
        self._grow("waits", len(waits_s))
        self._grow("waits_s", sum(waits_s))
        self.queue["longest_wait_s"] = max(self.queue.get("longest_wait_s", 0.0), *waits_s)

    def row(self) -> LedgerRow:
        """As it is told by now, to the millisecond."""
        return LedgerRow(
            self.window,
            self.camera,
            self.hour,
            round(self.open_s, 3),
            round(self.observed_s, 3),
            round(self.present_s, 3),
            self._detail(),
            self.until,
        )

    def _detail(self) -> dict[str, Any]:
        whole = {"seen_s": 0.0, "person_s": 0.0, "waits": 0, "waits_s": 0.0, "longest": 0} | self.queue
        queue = {name: round(value, 3) for name, value in ({"longest_wait_s": 0.0} | whole).items()}
        return {
            "open_spans": [_rounded(span) for span in self.open_spans],
            "away_spans": [_rounded(span) for span in self.away_spans],
            "unknown_s": {cause: _hour_s(seconds) for cause, seconds in self.unknown_s.items()},
            "assessable_s": {code: _hour_s(seconds) for code, seconds in self.assessable_s.items()},
            "queue": queue | {"seen_s": _hour_s(queue["seen_s"])} if self.queue else None,
        }

    def _count_open(self, begin: datetime, end: datetime) -> None:
        self.open_s += (end - begin).total_seconds()
        _add(self.open_spans, self._span(begin, end), SAME_S)
        self.until = end if self.until is None else max(self.until, end)

    def _span(self, begin: datetime, end: datetime) -> SpanS:
        return (begin - self.hour) / timedelta(seconds=1), (end - self.hour) / timedelta(seconds=1)

    def _grow(self, name: str, by: float) -> None:
        self.queue[name] = self.queue.get(name, 0) + by


def _add(spans: list[SpanS], span: SpanS, apart_s: float) -> None:
    """Put a stretch behind the others, or make it one with the last; of too many the last one grows."""
    if spans and (0 <= span[0] - spans[-1][1] <= apart_s or len(spans) >= MOST_SPANS):
        spans[-1] = spans[-1][0], max(spans[-1][1], span[1])
    else:
        spans.append(span)


def _rounded(span: SpanS) -> list[float]:
    return [_hour_s(span[0]), _hour_s(span[1])]


def _hour_s(seconds: float) -> float:
    return min(3600.0, round(seconds, 3))
