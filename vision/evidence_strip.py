"""The strip of evidence over time that a reviewer sees: every sample for a while, then thinned evenly."""

from dataclasses import dataclass
from datetime import datetime

LONGEST = 400


@dataclass(frozen=True, slots=True)
class Strip:
    """Samples (time, score or None), oldest first; at most `LONGEST` of them.

    When it is full every second one goes, and from then on only every `stride`-th is taken in.
    """

    samples: tuple[tuple[datetime, float | None], ...] = ()
    stride: int = 1
    skipped: int = 0

    def taking(self, at: datetime, score: float | None) -> "Strip":
        """The strip with one more sample."""
        if self.skipped + 1 < self.stride:
            return Strip(self.samples, self.stride, self.skipped + 1)
        samples = (*self.samples, (at, None if score is None else round(score, 3)))
        if len(samples) > LONGEST:
            return Strip(samples[::2], self.stride * 2)
        return Strip(samples, self.stride)

    def since(self, moment: datetime) -> "Strip":
        """Without what is older than `moment`."""
        if not self.samples or self.samples[0][0] >= moment:
            return self
        kept = tuple(sample for sample in self.samples if sample[0] >= moment)
        return Strip(kept, self.stride if len(kept) > LONGEST // 4 else 1)

    def judged_share(self, since: datetime, until: datetime) -> float | None:
        """The share of the samples from `since` to `until` that could be judged; None where there is none."""
        scores = [score for at, score in self.samples if since <= at <= until]
        return sum(score is not None for score in scores) / len(scores) if scores else None

    def relative_to(self, moment: datetime) -> tuple[tuple[float, float | None], ...]:
        """(seconds since `moment`, score) for the page."""
        return tuple((round((at - moment).total_seconds(), 2), score) for at, score in self.samples)
