"""A stage instead of networks: people stand where the test puts them, and both protocols see them there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.blazepose import FoundBody
from models.detections import Detection, PoseEstimate, Region
from tests.vision.builders import at, body, box_around, pose
from vision.boxes import centre, coverage
from vision.perception import Perception
from vision.values import Box, Frame, Image, Observation, Point, Pose
from vision.zones import WHOLE_PICTURE, WindowZones

ZONES = [WindowZones("1", WHOLE_PICTURE)]
SIDE_PER_UNIT = 7.0
HIPS_BELOW = 1.4


@dataclass(slots=True)
class Actor:
    """Somebody on the stage; `score` is the detector's, `presence` the pose engine's."""

    at: Point = (320.0, 120.0)
    unit_px: float = 40.0
    score: float = 0.9
    presence: float = 0.95
    confidence: float = 0.95

    @property
    def pose(self) -> Pose:
        drawn = pose(body(), self.at, self.unit_px).keypoints.copy()
        drawn[:, 2] = self.confidence
        return Pose(drawn)

    @property
    def box(self) -> Box:
        return box_around(self.pose)

    @property
    def region(self) -> Region:
        hips = (self.at[0], self.at[1] + HIPS_BELOW * self.unit_px)
        return Region(*hips, SIDE_PER_UNIT * self.unit_px)


@dataclass(slots=True)
class Stage:
    """Who can be seen now; change it between frames. It is detector and pose engine in one."""

    actors: list[Actor] = field(default_factory=list)
    ghosts: list[Detection] = field(default_factory=list)
    found_by_body_finder: bool = True
    labels: tuple[str, ...] = ("person",)

    def detect(
        self, image: Image, crop: Box | None = None, *, min_score: float = 0.3
    ) -> tuple[Detection, ...]:
        seen = [Detection("person", actor.box, actor.score) for actor in self.actors]
        inside = (one for one in (*seen, *self.ghosts) if crop is None or coverage(one.box, crop) > 0.5)
        return tuple(one for one in inside if one.score >= min_score)

    def find(self, image: Image, crop: Box | None = None, min_score: float = 0.5) -> tuple[FoundBody, ...]:
        if not self.found_by_body_finder:
            return ()
        inside = [actor for actor in self.actors if crop is None or coverage(actor.box, crop) > 0.5]
        return tuple(FoundBody(0.9, actor.region) for actor in inside)

    def estimate(self, image: Image, region: Region) -> PoseEstimate | None:
        """Whoever has their hips nearest to the region's middle; an empty region shows nobody."""
        near = [(_from(actor, region), index) for index, actor in enumerate(self.actors)]
        distance, index = min(near, default=(math.inf, -1))
        if distance > region.side / 2:
            return PoseEstimate(np.zeros((17, 3), dtype=np.float32), 0.01, region)
        actor = self.actors[index]
        return PoseEstimate(actor.pose.keypoints, actor.presence, actor.region)


def _from(actor: Actor, region: Region) -> float:
    return math.dist((actor.region.cx, actor.region.cy), (region.cx, region.cy))


_RANDOM = np.random.default_rng(8)
PICTURES = [_RANDOM.integers(0, 255, (360, 640, 3), dtype=np.uint8) for _ in range(2)]


def watch(seeing: Perception, seconds: float, from_s: float = 0.0, fps: float = 5.0) -> list[Observation]:
    """What is seen of the stage as it stands now."""
    moments = range(round(from_s * fps), round((from_s + seconds) * fps))
    frames = (Frame("c1", index, at(index / fps), PICTURES[index % 2]) for index in moments)
    return [seeing.observe(frame) for frame in frames]


def tracks(observations: Sequence[Observation]) -> list[list[int]]:
    """Whom each observation showed."""
    return [sorted(person.track for person in one.persons) for one in observations]


def middle_of(observation: Observation) -> list[Point]:
    """Where everybody's box is."""
    return [centre(person.box) for person in observation.persons]
