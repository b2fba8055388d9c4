"""The networks of one process: opened once, shared by every camera it watches."""

from dataclasses import dataclass
from pathlib import Path

import structlog

from models.blazepose import BlazePose
from models.detectors import find_detector, open_detector
from models.storage import Store
from models.yolox import YoloX

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Networks:
    """The pose engine, and the detector where there is one."""

    pose: BlazePose
    detector: YoloX | None
    detector_file: Path | None = None


def open_networks(detector: str | None = None) -> Networks:
    """Open the networks of the user's store; `detector` names an ONNX file or an imported one.

    Without a detector everything runs on pose alone, which is said in the log. Raises `ModelsError`.
    """
    store = Store.default()
    pose = BlazePose(store.path("pose_detection"), store.path("pose_landmark_full"))
    file = find_detector(store, detector)
    if file is None:
        _log.warning(
            "no detector is installed: people are found by the pose network alone, and held phones are not"
            " seen; `hallwatch models import FILE.onnx` adds one"
        )
        return Networks(pose, None)
    return Networks(pose, open_detector(file), file)
