"""Memory over time as a picture: a line for each process."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tests.soak.measured import Sample

WIDTH, HEIGHT, MARGIN = 960, 420, 60
COLOURS = [(180, 90, 20), (40, 40, 200), (30, 140, 30), (160, 40, 160), (0, 140, 200)]
GREY = (120, 120, 120)


def draw(samples: Sequence[Sample], path: Path) -> None:
    """Write the picture (PNG) of the memory (MB) of each process over the minutes of the soak."""
    image = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    last_s = max(sample.at_s for sample in samples) or 1.0
    most_mb = 1.15 * max(sample.use.memory_mb for sample in samples)
    lines: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in samples:
        x = MARGIN + one.at_s / last_s * (WIDTH - 2 * MARGIN)
        y = HEIGHT - MARGIN - one.use.memory_mb / most_mb * (HEIGHT - 2 * MARGIN)
        lines[one.process].append((round(x), round(y)))
    _axes(image, last_s / 60, most_mb)
    for number, (process, points) in enumerate(sorted(lines.items())):
        colour = COLOURS[number % len(COLOURS)]
        cv2.polylines(image, [np.array(points, np.int32)], False, colour, 2, cv2.LINE_AA)
        _write(image, process, (MARGIN + 10 + 170 * number, 28), colour)
    cv2.imwrite(str(path), image)


def _axes(image: np.ndarray, minutes: float, most_mb: float) -> None:
    floor, left, right = HEIGHT - MARGIN, MARGIN, WIDTH - MARGIN
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = round(floor - share * (HEIGHT - 2 * MARGIN))
        cv2.line(image, (left, y), (right, y), (225, 225, 225), 1)
        _write(image, f"{share * most_mb:.0f} MB", (4, y + 4), GREY)
        _write(
            image, f"{share * minutes:.1f} min", (round(left + share * (right - left)) - 24, floor + 22), GREY
        )


def _write(image: np.ndarray, text: str, at: tuple[int, int], colour: tuple[int, int, int]) -> None:
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, colour, 1, cv2.LINE_AA)
