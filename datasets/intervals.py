"""How sure a share is, from how few tries it was taken."""

import math
from dataclasses import dataclass

CERTAIN = 1.959964
"""The normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a share lies with 95 % confidence."""

    low: float
    high: float

    def as_json(self) -> list[float]:
        """As [low, high]."""
        return [round(self.low, 4), round(self.high, 4)]


def wilson(successes: int, tries: int) -> Interval:
    """Wilson's score interval (E. B. Wilson 1927, JASA 22, 209-212); nothing tried is nothing known.

    Raises `ValueError` when there are more successes than tries, or fewer than none.
    """
    if not 0 <= successes <= tries:
        raise ValueError(f"{successes} successes of {tries} tries")
    if tries == 0:
        return Interval(0.0, 1.0)
    share, square = successes / tries, CERTAIN**2
    middle = (share + square / (2 * tries)) / (1 + square / tries)
    half = CERTAIN * math.sqrt(share * (1 - share) / tries + square / (4 * tries**2)) / (1 + square / tries)
    # At 0 and 1 the formula gives the share itself, but for rounding.
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == tries else min(1.0, middle + half)
    return Interval(low, high)
