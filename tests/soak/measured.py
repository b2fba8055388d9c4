"""What the processes of a running hall hold over time, and whether that grows."""

import csv
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.process_use import ProcessUse, process_use

ENDS_SHARE = 0.2
"""Of the time that is measured, how much at its beginning is held against as much at its end."""

SHARE_A_HALF_HOUR = 0.05
SLACK_MB = 12.0
"""What an allocator may keep without anything leaking."""


@dataclass(frozen=True)
class Sample:
    """One look at one process; `at_s` seconds after the soak began."""

    at_s: float
    process: str
    use: ProcessUse


@dataclass(frozen=True)
class Growth:
    """One process: its median use after it settled and at the end."""

    process: str
    settled: ProcessUse
    ended: ProcessUse

    @property
    def is_flat(self) -> bool:
        """Whether nothing grew beyond what an allocator may keep."""
        most_mb = self.settled.memory_mb * (1 + SHARE_A_HALF_HOUR) + SLACK_MB
        return (
            self.ended.memory_mb <= most_mb
            and self.ended.threads <= self.settled.threads + 2
            and self.ended.files <= self.settled.files + 4
        )

    def __str__(self) -> str:
        before, after = self.settled, self.ended
        return (
            f"{self.process}: {before.memory_mb:.0f} → {after.memory_mb:.0f} MB, "
            f"{before.threads} → {after.threads} threads, {before.files} → {after.files} files"
        )


def look(at_s: float, processes: dict[str, int]) -> list[Sample]:
    """What each of the processes (name → id) holds now; one that just ended is left out."""
    samples = []
    for name, pid in processes.items():
        try:
            samples.append(Sample(at_s, name, process_use(pid)))
        except (OSError, KeyError):
            continue
    return samples


def growth(samples: Sequence[Sample], from_s: float, until_s: float) -> list[Growth]:
    """How each process ended against how it was once settled, between two times of the soak.

    Raises ValueError where a process was not seen in both stretches.
    """
    looks: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        looks[sample.process].append(sample)
    stretch_s = (until_s - from_s) * ENDS_SHARE
    return [
        Growth(
            name,
            _median([s.use for s in seen if from_s <= s.at_s < from_s + stretch_s]),
            _median([s.use for s in seen if s.at_s >= until_s - stretch_s]),
        )
        for name, seen in looks.items()
    ]


def _median(uses: list[ProcessUse]) -> ProcessUse:
    if not uses:
        raise ValueError("a process was not seen long enough to tell whether it grew")
    return ProcessUse(
        round(statistics.median(use.files for use in uses)),
        round(statistics.median(use.threads for use in uses)),
        statistics.median(use.memory_mb for use in uses),
    )


def write_csv(samples: Sequence[Sample], path: Path) -> None:
    """All samples as a table."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["at_s", "process", "memory_mb", "threads", "files"])
        for one in samples:
            writer.writerow(
                [f"{one.at_s:.1f}", one.process, f"{one.use.memory_mb:.1f}", one.use.threads, one.use.files]
            )
