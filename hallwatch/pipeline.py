"""One camera's way from a frame to events: perception and judgement, as its site describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hallwatch.measured_floor import ground_of, strip_of
from hallwatch.networks import Networks
from hallwatch.roster import schedule_of
from hallwatch.site import limits_for
from hallwatch.site_models import Camera, Site
from vision.article27 import Limits
from vision.behaviours.catalogue import BEHAVIOURS
from vision.event_ids import NewId
from vision.judge import Judge, Judgement, OpenAt, WindowRules, always_open
from vision.perception import Perception
from vision.schedule import Calendar
from vision.values import Frame, Observation
from vision.zones import WindowZones


@dataclass(frozen=True, slots=True)
class Seen:
    """What one frame led to."""

    observation: Observation
    judgement: Judgement


@dataclass(slots=True)
class Pipeline:
    """Sees and judges one camera. Perception starts anew when the picture's size changes."""

    site: Site
    camera: Camera
    networks: Networks
    judge: Judge
    _perception: Perception | None = None
    _size: tuple[int, int] | None = field(default=None)

    def take(self, frame: Frame) -> Seen:
        """See and judge one frame; frames come in order of time."""
        size = (frame.image.shape[1], frame.image.shape[0])
        if self._perception is None or size != self._size:
            self._perception = self._perception_for(size)
            self._size = size
        observation = self._perception.observe(frame)
        return Seen(observation, self.judge.observe(observation))

    def _perception_for(self, size: tuple[int, int]) -> Perception:
        return Perception(
            zones=zones_of(self.camera),
            pose=self.networks.pose,
            detector=self.networks.detector,
            ground=ground_of(self.camera, size),
        )


def pipeline_for(
    site: Site, camera: Camera, networks: Networks, new_id: NewId, calendar: Calendar
) -> Pipeline:
    """The pipeline of one camera of a site. Raises a `FloorError` when its floor points do not fit."""
    ground_of(camera, (1, 1))
    rules = [rules_of(site, camera, window, calendar) for window in camera.zones]
    return Pipeline(site, camera, networks, Judge(camera.id, rules, new_id))


def zones_of(camera: Camera) -> tuple[WindowZones, ...]:
    """The zones that a camera sees, in shares of the picture."""
    return tuple(
        WindowZones(window, zones.staff, zones.public or ()) for window, zones in camera.zones.items()
    )


def rules_of(site: Site, camera: Camera, window: str, calendar: Calendar) -> WindowRules:
    """What a window is judged by, through this camera."""
    limits: Mapping[str, Limits] = {
        code: found for code in BEHAVIOURS if (found := limits_for(site, window, code)) is not None
    }
    return WindowRules(window, limits, _open_at(site, window, calendar), strip_of(camera))


def _open_at(site: Site, window: str, calendar: Calendar) -> OpenAt:
    schedule = schedule_of(site, window, calendar)

    def open_at(at: datetime) -> bool | None:
        return schedule.open_at(at) if schedule else always_open(at)

    return open_at
