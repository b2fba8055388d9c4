"""A camera without a network: its pictures come from a film, and what they show from a script."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from cameras.reader import Picture, read
from cameras.ring import PacketRing
from cameras.source import Source
from hallwatch.networks import Networks
from hallwatch.pipeline import Pipeline, Seen
from hallwatch.site import whole_frame_site
from vision.article27 import Limits
from vision.judge import Judge, WindowRules
from vision.values import Event, Frame, Observation, ViewQuality

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
EMPTY_FOR_2_S = Limits(hold_s=2, window_s=3, gap_s=1, cooldown_s=1)


def event_id(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012d}"


@dataclass(slots=True)
class EmptyPost(Pipeline):
    """Nobody is ever there: an absence is flagged after two seconds."""

    view: ViewQuality = field(default=ViewQuality.OK)

    def take(self, frame: Frame) -> Seen:
        size = (frame.image.shape[1], frame.image.shape[0])
        observation = Observation(frame.camera, frame.captured_at, size, view=self.view)
        return Seen(observation, self.judge.observe(observation))


def empty_post() -> EmptyPost:
    site = whole_frame_site("film.mp4")
    numbers = count(1)
    rules = [WindowRules("1", {"absence": EMPTY_FOR_2_S})]
    judge = Judge("1", rules, lambda _: event_id(next(numbers)))
    networks = Networks(None, None)  # type: ignore[arg-type]
    return EmptyPost(site, site.cameras[0], networks, judge)


def pictures(film: Path, ring: PacketRing, starts_at: datetime = NOON) -> Iterator[Picture]:
    return read(Source.parse(str(film)), rate=5, ring=ring, starts_at=starts_at)


def flagged(at_s: float, started_s: float | None = None, number: int = 1) -> Event:
    """An event of the film, in its seconds."""
    began = at_s if started_s is None else started_s
    return Event(
        id=event_id(number),
        behaviour="absence",
        window="1",
        camera="1",
        started_at=NOON + timedelta(seconds=began),
        flagged_at=NOON + timedelta(seconds=at_s),
        peak_score=0.9,
    )
