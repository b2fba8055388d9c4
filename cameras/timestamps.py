"""Media time that only moves forward, and the anchor that lays it on the calendar.

Two times, two names: `at_s` is media seconds since the connection's (or file's) beginning; `captured_at` is
aware UTC. The anchor between the two lives here and nowhere else.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

MAX_GAP_S = 10.0
"""A step forward beyond this is a broken clock and not a pause: cameras that pause longer are reconnected."""

MAX_REORDER_S = 5.0
"""How far presentation may lie after decoding; H.264 holds back 16 pictures at most."""

DEFAULT_STEP_S = 0.04


@dataclass(frozen=True)
class Times:
    """When a packet is to be shown and to be decoded, in ticks of its stream; `pts` ≥ `dts`."""

    pts: int
    dts: int


class TimestampFilter:
    """Gives every packet times such that decoding time strictly grows, whatever the camera says.

    Missing times are continued by the packet's duration; a step backward (a wrap at 2³³, a camera that
    restarts its clock, a file that begins again) or a jump forward beyond `MAX_GAP_S` is closed up: what
    follows goes on one step after what came before.
    """

    def __init__(self, time_base: Fraction, origin: int | None = None) -> None:
        """`origin` is the tick that becomes 0; without it, the first packet's."""
        self._time_base = time_base
        self._shift: int | None = None if origin is None else -origin
        self._last_dts: int | None = None
        self._step = max(1, self._ticks(DEFAULT_STEP_S))

    def rebase(self, time_base: Fraction) -> None:
        """Another file follows, whose ticks may be of another length: it goes on where this one ended."""
        scale = self._time_base / time_base
        if self._last_dts is not None:
            self._last_dts = math.ceil(self._last_dts * scale)
            self._shift = None
        self._step = max(1, round(self._step * scale))
        self._time_base = time_base

    def _ticks(self, seconds: float) -> int:
        return round(seconds / float(self._time_base))

    def next(self, pts: int | None, dts: int | None, duration: int | None = None) -> Times:
        """The times to use for the packet that claims these."""
        raw = dts if dts is not None else pts
        if self._shift is None and raw is not None:
            begin = 0 if self._last_dts is None else self._last_dts + self._step
            self._shift = begin - (pts if pts is not None and self._last_dts is None else raw)
        shown_after = self._reorder(pts, dts)
        ticks = self._continued(raw)
        if self._last_dts is not None and not duration:
            self._step = max(1, min(ticks - self._last_dts, self._ticks(1.0)))
        elif duration and duration > 0:
            self._step = duration
        self._last_dts = ticks
        return Times(ticks + shown_after, ticks)

    def _reorder(self, pts: int | None, dts: int | None) -> int:
        if pts is None or dts is None:
            return 0
        return pts - dts if 0 <= pts - dts <= self._ticks(MAX_REORDER_S) else 0

    def _continued(self, raw: int | None) -> int:
        """The tick for a packet that claims `raw`, shifting the time line where the claim is absurd."""
        expected = 0 if self._last_dts is None else self._last_dts + self._step
        if raw is None or self._shift is None:
            return expected
        claimed = raw + self._shift
        if self._last_dts is None:
            return claimed
        if self._last_dts < claimed <= expected + self._ticks(MAX_GAP_S):
            return claimed
        self._shift += expected - claimed
        return expected


@dataclass(frozen=True)
class Anchor:
    """Which instant media time 0 was."""

    starts_at: datetime

    def captured_at(self, at_s: float) -> datetime:
        """The instant (aware UTC) of media time `at_s`."""
        return self.starts_at + timedelta(seconds=at_s)


def anchor_of_file(starts_at: datetime | None, creation_time: str | None, opened_at: datetime) -> Anchor:
    """Where a file's time begins: as the caller says, else as the file says, else at its opening.

    A file's modification time is no source: copying changes it.
    """
    if starts_at is not None:
        return Anchor(starts_at.astimezone(UTC))
    return Anchor(_parsed(creation_time) or opened_at.astimezone(UTC))


def _parsed(text: str | None) -> datetime | None:
    try:
        told = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    # Cameras without a clock write the epoch of Unix or of QuickTime (1904).
    return told.astimezone(UTC) if told.year > 1971 else None
