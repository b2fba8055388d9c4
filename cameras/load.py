"""How many pictures a second this machine can keep up with, from how long each took.

A worker that falls behind looks less often, evenly, rather than late or in bursts: rules count in seconds, so
a lower rate costs certainty and nothing else. Nothing is queued: what is not looked at is not decoded either.
"""

from dataclasses import dataclass, field

BUSY, SPARE = 0.9, 0.65
"""Shares of the time between two pictures: above the first the rate is lowered, below the second raised."""

LEAST_RATE = 1.0
LOWERED, RAISED = 0.8, 1.25
SETTLING = 15
"""Pictures after a change before the next one: searches come once a second and take longer."""

FADE = 1 / 12
"""How much the newest picture weighs in the mean time a picture takes."""


@dataclass(slots=True)
class Load:
    """Follows one camera's reader. `asked` is the rate it should have, `rate` the one it can have."""

    asked: float
    rate: float = field(init=False)
    took_s: float | None = field(default=None, init=False)
    _since: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.rate = self.asked

    def took(self, seconds: float) -> None:
        """Take in how long one picture took, from its being given until the next was asked for."""
        self.took_s = seconds if self.took_s is None else self.took_s + FADE * (seconds - self.took_s)
        self._since += 1
        if self._since < SETTLING:
            return
        busy = self.took_s * self.rate
        if busy > BUSY and self.rate > LEAST_RATE:
            self._change(max(LEAST_RATE, min(self.rate * LOWERED, BUSY / self.took_s)))
        elif busy * RAISED < SPARE and self.rate < self.asked:
            self._change(min(self.asked, self.rate * RAISED))

    def _change(self, rate: float) -> None:
        self.rate, self._since = min(rate, self.asked), 0
