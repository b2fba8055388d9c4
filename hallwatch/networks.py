"""The networks of one process: opened once, shared by every camera it watches."""

from dataclasses import dataclass
from pathlib import Path

import structlog

from hallwatch.settings import Settings, read_settings
from models.blazepose import BlazePose
from models.detectors import find_detector, find_pose, open_detector, open_pose
from models.engines import Detector, PoseEngine
from models.held_things import HeldThings, held_things
from models.storage import Store

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Networks:
    """The pose engine, the detector where there is one, and our own network for what hands hold."""

    pose: PoseEngine
    detector: Detector | None
    detector_file: Path | None = None
    held: HeldThings | None = None


def open_networks(detector: str | None = None, settings: Settings | None = None) -> Networks:
    """Open the networks of the user's store; `detector` names an ONNX file or an imported one.

    The settings (by default this process's own) say which pose network runs, and on what: BlazePose on the
    CPU where they say nothing. Without a detector everything runs on pose alone, which is said in the log.
    Raises `ModelsError`.
    """
    chosen = settings or read_settings()
    store = Store.default()
    file = find_detector(store, detector)
    things = open_detector(file, provider=chosen.provider) if file else None
    if things is None:
        _log.warning(
            "no detector is installed: people are found by the pose network alone;"
            " `hallwatch models import FILE.onnx` adds one"
        )
    return Networks(_pose(store, chosen, things), things, file, held_things())


def _pose(store: Store, settings: Settings, detector: Detector | None) -> PoseEngine:
    if settings.pose is not None:
        return open_pose(find_pose(store, settings.pose), detector, provider=settings.provider)
    return BlazePose(store.path("pose_detection"), store.path("pose_landmark_full"))
