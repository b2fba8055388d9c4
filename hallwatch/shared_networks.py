"""One set of networks for all cameras of a process: they take turns.

LiteRT keeps a picture's answer inside the network until it is fetched, so two threads at once would mix them
up. A process has one core anyway: turns cost nothing, and a session per camera would cost memory.
"""

from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from hallwatch.networks import Networks
from models.detections import Detection, FoundBody, PoseEstimate, Region
from models.engines import Detector, Look, PoseEngine
from models.held_things import HeldThings, Square
from models.letterbox import Box, Image


def in_turns(networks: Networks) -> Networks:
    """The same networks, safe to use from many threads."""
    turn = Lock()
    return Networks(
        pose=_PoseInTurns(networks.pose, turn),
        detector=_DetectorInTurns(networks.detector, turn) if networks.detector else None,
        detector_file=networks.detector_file,
        held=_HeldThingsInTurns(networks.held, turn) if networks.held else None,
    )


class _PoseInTurns:
    def __init__(self, engine: PoseEngine, turn: Lock) -> None:
        self._engine = engine
        self._turn = turn

    def find(self, image: Image, crop: Box | None = None, min_score: float = 0.5) -> tuple[FoundBody, ...]:
        with self._turn:
            return self._engine.find(image, crop, min_score)

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        with self._turn:
            return self._engine.estimate(image, region)


class _DetectorInTurns:
    def __init__(self, engine: Detector, turn: Lock) -> None:
        self._engine = engine
        self._turn = turn

    @property
    def labels(self) -> tuple[str, ...]:
        return self._engine.labels

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = 0.3
    ) -> tuple[Detection, ...]:
        with self._turn:
            return self._engine.detect(image, crop, min_score=min_score)

    def detect_each(
        self, looks: Sequence[Look], *, min_score: float = 0.3
    ) -> tuple[tuple[Detection, ...], ...]:
        with self._turn:
            return self._engine.detect_each(looks, min_score=min_score)


class _HeldThingsInTurns(HeldThings):
    def __init__(self, engine: HeldThings, turn: Lock) -> None:
        self._engine = engine
        self._turn = turn

    def tell(self, image: NDArray[np.uint8], squares: Sequence[Square]) -> list[dict[str, float] | None]:
        with self._turn:
            return self._engine.tell(image, squares)
