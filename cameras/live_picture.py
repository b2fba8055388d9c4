"""The small JPEG of a camera that the page shows."""

import cv2
import numpy as np
from numpy.typing import NDArray

from cameras.errors import Corrupt


def live_jpeg(image: NDArray[np.uint8], max_width: int = 960, quality: int = 75) -> bytes:
    """`image` (H, W, 3 BGR) as JPEG, no wider than `max_width` pixels."""
    height, width = image.shape[:2]
    if width > max_width:
        size = (max_width, max(1, round(height * max_width / width)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    done, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise Corrupt(f"A picture of {width}×{height} cannot be coded as JPEG: choose a smaller stream.")
    return bytes(coded.tobytes())
