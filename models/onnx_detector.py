"""What all detectors share: a picture is fitted, the network asked, and its boxes told in the picture."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.class_names import kind_of
from models.coco_classes import COCO_CLASSES
from models.detections import Detection
from models.engines import Look
from models.export_metadata import exported_names
from models.letterbox import PLAIN, Box, Feed, Floats, Image, Letterbox, blob, letterbox_of
from models.onnx_network import Answers, OnnxNetwork

MIN_SCORE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """What stands, best first: (K, 4) x1, y1, x2, y2 in the square's px, (K,) scores, (K,) class indices."""

    corners: Floats
    scores: Floats
    classes: NDArray[np.intp]


class OnnxDetector(ABC):
    """A detector of some family; a family says how it is fed (`feed`) and what it answers (`decode`)."""

    feed: Feed = PLAIN

    def __init__(self, network: OnnxNetwork, labels: Sequence[str] | None, classes: int | None) -> None:
        """`classes` is how many the outputs hold, None where they do not tell.

        Raises `NetworkRefused` when labels and classes differ in number.
        """
        self.network = network
        self.labels = named_classes(network, labels, classes)
        self._kinds = tuple(kind_of(label) for label in self.labels)

    @abstractmethod
    def decode(self, answers: Answers, min_score: float) -> Boxes:
        """The boxes in one picture's answers that reach `min_score`, doubles left out."""

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = MIN_SCORE
    ) -> tuple[Detection, ...]:
        """Things in a picture (H, W, 3) BGR, or in a crop of it, best first; boxes in the whole picture's px.

        A small crop is enlarged to the network's square, which is how small things are found. A picture on
        which the network answers NaN or infinity shows nothing, and is counted.

        Raises:
            NetworkRefused: the network fails on this picture.
        """
        return self.detect_each([(image, crop)], min_score=min_score)[0]

    def detect_each(
        self, looks: Sequence[Look], *, min_score: float = MIN_SCORE
    ) -> tuple[tuple[Detection, ...], ...]:
        """`detect` for several pictures or crops: one call of the network where that gains."""
        fits = [self._fit(image, crop) for image, crop in looks]
        blobs = [
            blob(image, fit, self.network.square, self.feed)
            for (image, _), fit in zip(looks, fits, strict=True)
            if fit is not None
        ]
        answers = iter(self.network.run_each(blobs))
        return tuple(
            self._told(next(answers), fit, image, min_score) if fit else ()
            for (image, _), fit in zip(looks, fits, strict=True)
        )

    def _fit(self, image: Image, crop: Box | None) -> Letterbox | None:
        size = (image.shape[1], image.shape[0])
        return letterbox_of(size, crop, self.network.square, self.feed.placing)

    def _told(
        self, answers: Answers | None, fit: Letterbox, image: Image, min_score: float
    ) -> tuple[Detection, ...]:
        if answers is None:
            return ()
        boxes = self.decode(answers, min_score)
        size = (image.shape[1], image.shape[0])
        corners = fit.to_picture(boxes.corners)
        return tuple(
            Detection(self._kind(int(label)), _in_picture(box, size), float(score))
            for box, score, label in zip(corners, boxes.scores, boxes.classes, strict=True)
        )

    def _kind(self, index: int) -> str:
        return self._kinds[index] if 0 <= index < len(self._kinds) else f"class {index}"


def named_classes(network: OnnxNetwork, labels: Sequence[str] | None, classes: int | None) -> tuple[str, ...]:
    """The class names: those given, else those in the file, else COCO's where the number of classes fits.

    Raises `NetworkRefused` when their number is another than the network's, or nobody names them.
    """
    names = tuple(labels) if labels is not None else exported_names(network.metadata)
    if names is None:
        if classes is not None and classes != len(COCO_CLASSES):
            raise network.refused(
                f"knows {classes} classes, not COCO's 80: name them, one a line, in a file for --labels"
            )
        names = COCO_CLASSES
    if classes is not None and len(names) != classes:
        raise network.refused(f"knows {classes} classes, and {len(names)} labels are given for them")
    return names


def _in_picture(box: Floats, size: tuple[int, int]) -> Box:
    x1, x2 = np.clip(box[[0, 2]], 0, size[0])
    y1, y2 = np.clip(box[[1, 3]], 0, size[1])
    return float(x1), float(y1), float(x2), float(y2)
