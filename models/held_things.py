"""Our own small network: what a hand holds, or what is at a mouth, from a close crop.

Detectors of whole pictures do not see a cigarette of four pixels or a phone behind fingers. This one is shown
only the square about a hand or a mouth at the camera's full resolution. How it was made, on what, and how
right it is: `models/held_things.md`.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.onnx_network import OnnxNetwork

CLASSES = ("empty", "phone", "cigarette", "reading", "other", "cigarette_at_mouth")
SIDE_IN_SHOULDERS = 1.25
"""Side of the square that the network sees, in shoulder breadths: a hand with a phone, or a face."""

INPUT_PX = 96
FILE = Path(__file__).with_name("held_things.onnx")
GREY = (114, 114, 114)

Square = tuple[float, float, float]
"""Middle x, middle y and side of a square, pixels."""


class HeldThings:
    """Tells what hands hold. One network a process, one thread; not shared between threads.

    Raises:
        NetworkRefused: the network's file is damaged.
    """

    def __init__(self, path: Path = FILE, provider: str = "cpu") -> None:
        self._network = OnnxNetwork(path, provider)

    def tell(self, image: NDArray[np.uint8], squares: Sequence[Square]) -> list[dict[str, float] | None]:
        """The probability of each class for each square of a BGR picture (H, W, 3).

        None where the network's answer was no number.
        """
        told = self._network.run_each([_tensor(image, square) for square in squares])
        return [None if answer is None else _by_class(next(iter(answer.values()))[0]) for answer in told]


@lru_cache(maxsize=1)
def held_things() -> HeldThings | None:
    """The process's network, or None where its file was left out of the installation."""
    return HeldThings() if FILE.is_file() else None


def _tensor(image: NDArray[np.uint8], square: Square) -> NDArray[np.float32]:
    x, y, side = square
    scale = INPUT_PX / max(side, 1.0)
    low = np.floor([x - side / 2, y - side / 2]).astype(int)
    size = max(round(side), 2)
    height, width = image.shape[:2]
    x1, y1, x2, y2 = max(low[0], 0), max(low[1], 0), min(low[0] + size, width), min(low[1] + size, height)
    part = image[y1:y2, x1:x2]
    whole = np.full((size, size, 3), GREY, dtype=np.uint8)
    if part.size:
        whole[y1 - low[1] : y2 - low[1], x1 - low[0] : x2 - low[0]] = part
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(whole, (INPUT_PX, INPUT_PX), interpolation=how)
    return np.ascontiguousarray(small.transpose(2, 0, 1)[None], dtype=np.float32) / 255.0


def _by_class(probabilities: NDArray[np.float32]) -> dict[str, float]:
    return {name: float(share) for name, share in zip(CLASSES, probabilities, strict=True)}
