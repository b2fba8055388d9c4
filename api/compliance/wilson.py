"""How sure a share is: the Wilson score interval.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
Statistical Association 22 (1927) 209-212. Unlike the textbook interval it stays within 0..1 and is honest
about few cases, also where all or none of them are hits.
"""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""Standard deviations to either side that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with the ends of its 95 % interval; all 0..1."""

    share: float
    low: float
    high: float


def wilson(hits: int, cases: int) -> Interval | None:
    """The share of `hits` in `cases` with its interval; None without any case."""
    if cases <= 0:
        return None
    share, z2 = hits / cases, Z_95 * Z_95
    middle = (share + z2 / (2 * cases)) / (1 + z2 / cases)
    half = Z_95 / (1 + z2 / cases) * sqrt(share * (1 - share) / cases + z2 / (4 * cases * cases))
    return Interval(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))
