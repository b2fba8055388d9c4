"""How far two reviewers agree beyond chance.

Gwet's AC1 for two raters and q categories: (p_a - p_e) / (1 - p_e), where p_a is the share of items on which
both say the same and p_e = 1/(q-1) · Σ π_k (1 - π_k), π_k being the mean of both raters' shares of
category k.
K. L. Gwet, "Computing inter-rater reliability and its variance in the presence of high agreement", British
Journal of Mathematical and Statistical Psychology 61 (2008) 29-48. Unlike Cohen's kappa it stays near the
plain agreement where nearly all items fall into one category, as flags do.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

CATEGORIES = ("confirmed", "dismissed")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Over `pairs` items reviewed twice; `share` and `ac1` are None where there are none."""

    pairs: int
    agreed: int
    share: float | None
    ac1: float | None


def agreement(pairs: Sequence[tuple[str, str]], categories: Sequence[str] = CATEGORIES) -> Agreement:
    """The agreement of (first, second) verdicts; `categories` are all that either could say, two or more."""
    if not pairs:
        return Agreement(0, 0, None, None)
    agreed = sum(first == second for first, second in pairs)
    said = Counter(verdict for pair in pairs for verdict in pair)
    means = [said[category] / (2 * len(pairs)) for category in categories]
    chance = sum(mean * (1 - mean) for mean in means) / (len(categories) - 1)
    share = agreed / len(pairs)
    return Agreement(len(pairs), agreed, share, (share - chance) / (1 - chance))
