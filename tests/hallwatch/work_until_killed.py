"""A child of `test_killed_clips`: a camera at which something is flagged every second, until it is killed."""

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cameras.reader import read
from cameras.source import Source
from hallwatch.live_view import LiveView
from hallwatch.new_ids import new_id
from hallwatch.onlookers import Onlookers
from hallwatch.pipeline import Seen
from hallwatch.spool import Spool
from hallwatch.worker import CameraWork
from tests.hallwatch.camera_scenes import EmptyPost, empty_post
from vision.judge import Judge
from vision.values import Event, Frame, Observation

EVERY = 5
"""Pictures from one flag to the next."""


@dataclass(slots=True)
class OftenFlagged(EmptyPost):
    """Flags an absence every second, whatever is seen."""

    def take(self, frame: Frame) -> Seen:
        size = (frame.image.shape[1], frame.image.shape[0])
        observation = Observation(frame.camera, frame.captured_at, size)
        judgement = self.judge.observe(observation)
        at = frame.captured_at
        event = Event(new_id(at), "absence", "1", "1", at - timedelta(seconds=2), at, peak_score=0.9)
        fresh = (event,) if frame.sequence % EVERY == 0 else ()
        return Seen(observation, replace(judgement, events=fresh))


def main(video: str, folder: Path) -> None:
    scene = empty_post()
    Judge.strip_of = lambda _judge, _event: ()  # type: ignore[method-assign]
    pipeline = OftenFlagged(scene.site, scene.camera, scene.networks, scene.judge)
    with Spool(folder / "spool", now=datetime.now(UTC)) as spool:
        view = LiveView(lambda _: Onlookers(), ())
        work = CameraWork.resumed(pipeline, spool, folder / "clips", view)
        sys.stdout.write("working\n")
        sys.stdout.flush()
        source = Source.parse(video)
        for picture in read(
            source, rate=5, ring=work.clips.ring, pace="live", loop=True, sleep=lambda _: None
        ):
            work.take(picture)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
