"""What a camera's sensor does to light: exposure, colour of white, softness, noise that grows with light."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

FIELD = 256
"""Pixels by which the stored noise is larger than the picture, so that it can be shifted each frame."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """`exposure` 1 is as rendered; `noise` mid grey's deviation (1 is white); `warmth` red to blue."""

    exposure: float
    noise: float
    softness_px: float
    warmth: float
    seed: int

    def expose(self, image: NDArray[np.uint8], frame: int) -> NDArray[np.uint8]:
        """The picture (H, W, 3) BGR as this sensor gives it; the same for the same frame number."""
        soft = cv2.GaussianBlur(image, (0, 0), self.softness_px) if self.softness_px > 0 else image
        gains = self.exposure * np.array([1 / self.warmth, 1.0, self.warmth])
        ramp = np.arange(256)[:, None] * gains[None]
        table = (255 * np.tanh(ramp / 255 * 1.15) / np.tanh(1.15)).clip(0, 255).astype(np.uint8)
        toned = cv2.LUT(soft, table[None])
        height, width = toned.shape[:2]
        random = np.random.default_rng([self.seed, frame])
        y, x = random.integers(0, FIELD, 2)
        grain = _grain(self.seed, height + FIELD, width + FIELD)[y : y + height, x : x + width]
        shot = cv2.LUT(toned, _shot(self.noise))
        return np.asarray(
            cv2.add(toned, cv2.multiply(grain, shot, scale=1 / 2048, dtype=cv2.CV_16S), dtype=cv2.CV_8U)
        )


@lru_cache(maxsize=4)
def _grain(seed: int, height: int, width: int) -> NDArray[np.int16]:
    """Unit noise × 128, of two sizes, half of it common to the colours."""
    random = np.random.default_rng([seed, 5])
    fine = random.standard_normal((height, width, 3), dtype=np.float32)
    common = random.standard_normal((height, width, 1), dtype=np.float32)
    noise = cv2.GaussianBlur(0.6 * fine + 0.8 * common, (0, 0), 0.6)
    return np.asarray(noise / noise.std() * 128, dtype=np.int16)


def _shot(noise: float) -> NDArray[np.int16]:
    """How strong the noise is at each grey level × 16: dark parts show more of it after gamma."""
    level = np.arange(256) / 255
    return np.asarray(noise * 255 * (1.25 - 0.6 * level) * 16, dtype=np.int16)
