"""One camera's way from a frame to events: perception and judgement, as its site describes them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hallwatch.measured_floor import ground_of, strip_of
from hallwatch.networks import Networks
from hallwatch.roster import post_rule_of, schedule_of
from hallwatch.site import limits_for
from hallwatch.site_models import Camera, Site
from vision.article27 import Limits
from vision.behaviours.catalogue import JUDGED
from vision.camera_moved import MoveWatch
from vision.close_look import CloseLook
from vision.event_ids import NewId
from vision.judge import Judge, Judgement, WindowRules, all_the_time, always_open, no_shifts
from vision.perception import COAST_S, Perception
from vision.schedule import Calendar
from vision.tracking import Tracker
from vision.values import Frame, Observation
from vision.zones import WindowZones


@dataclass(frozen=True, slots=True)
class Seen:
    """What one frame led to."""

    observation: Observation
    judgement: Judgement


@dataclass(slots=True)
class Pipeline:
    """Sees and judges one camera. Perception starts anew with the picture's size or the calibration."""

    site: Site
    camera: Camera
    networks: Networks
    judge: Judge
    rules: Sequence[WindowRules] = ()
    """Of all windows that the camera sees, also those whose zones nobody drew yet."""

    _perception: Perception | None = None
    _size: tuple[int, int] | None = field(default=None)

    def take(self, frame: Frame) -> Seen:
        """See and judge one frame; frames come in order of time."""
        size = (frame.image.shape[1], frame.image.shape[0])
        if not self.camera.drawn:
            observation = Observation(frame.camera, frame.captured_at, size)
            return Seen(observation, self.judge.observe(observation))
        if self._perception is None or size != self._size:
            self._perception = self._perception_for(size)
            self._size = size
        observation = self._perception.observe(frame)
        return Seen(observation, self.judge.observe(observation))

    def open_spans(self, begin: datetime, end: datetime) -> Iterator[tuple[str, datetime, datetime]]:
        """Each judged window's open stretches between two moments, by its roster."""
        for rules in self.judge.rules:
            for opens, closes in rules.open_between(begin, end):
                yield rules.window, opens, closes

    def calibrate(self, camera: Camera) -> None:
        """See and judge by this camera's zones and floor from the next frame on; what is open goes on.

        How the camera looks then counts as right. It must see the same windows.
        """
        self.camera = camera
        if self.rules:
            self.judge.rules = judged(self.rules, camera)
        self.judge.take_floor(strip_of(camera))
        self._size = None

    def _perception_for(self, size: tuple[int, int]) -> Perception:
        # No number twice: what is remembered of somebody must not become somebody else's.
        tracker = self._perception.tracker.begun_anew() if self._perception else Tracker(coast_s=COAST_S)
        return Perception(
            tracker=tracker,
            zones=zones_of(self.camera),
            pose=self.networks.pose,
            detector=self.networks.detector,
            ground=ground_of(self.camera, size),
            close_look=CloseLook(self.networks.held) if self.networks.held else None,
            move_watch=MoveWatch(),
        )


def pipeline_for(
    site: Site, camera: Camera, networks: Networks, new_id: NewId, calendar: Calendar
) -> Pipeline:
    """The pipeline of one camera of a site. Raises a `FloorError` when its floor points do not fit."""
    ground_of(camera)
    rules = [rules_of(site, camera, window, calendar) for window in camera.zones]
    return Pipeline(site, camera, networks, Judge(camera.id, judged(rules, camera), new_id), rules)


def judged(rules: Sequence[WindowRules], camera: Camera) -> list[WindowRules]:
    """The rules of the windows whose staff side was drawn: elsewhere an empty post would only be unseen."""
    return [one for one in rules if one.window in camera.drawn]


def zones_of(camera: Camera) -> tuple[WindowZones, ...]:
    """The zones that a camera sees, in shares of the picture."""
    return tuple(
        WindowZones(window, zones.staff or (), zones.public or ()) for window, zones in camera.drawn.items()
    )


def rules_of(site: Site, camera: Camera, window: str, calendar: Calendar) -> WindowRules:
    """What a window is judged by, through this camera."""
    limits: Mapping[str, Limits] = {
        code: found for code in JUDGED if (found := limits_for(site, window, code)) is not None
    }
    schedule = schedule_of(site, window, calendar)
    return WindowRules(
        window,
        limits,
        schedule.open_at if schedule else always_open,
        strip_of(camera),
        allowed_inside(site, window),
        schedule.shift_at if schedule else no_shifts,
        post_rule_of(site, window),
        next(entry for entry in site.windows if entry.id == window).served_at_once,
        schedule.open_between if schedule else all_the_time,
    )


def allowed_inside(site: Site, window: str) -> int:
    """How many may stand inside a window's 1-metre line: who is served at once, each with companions."""
    entry = next(entry for entry in site.windows if entry.id == window)
    return entry.served_at_once * (1 + entry.companions)
