"""`hallwatch analyze`: the whole pipeline over recorded files, as fast as the machine goes.

The same perception, judgement and clips as in the worker; only time comes from the file alone, and what is
found is answered instead of spooled.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cameras.errors import CameraError, NoPicture
from cameras.probe import StreamInfo, probe
from cameras.reader import Damage, Picture, read
from cameras.ring import PacketRing
from cameras.source import Source
from hallwatch.annotated_video import AnnotatedVideo
from hallwatch.calendar_seed import china_calendar
from hallwatch.evidence_clips import Cut, EvidenceClips
from hallwatch.networks import Networks
from hallwatch.new_ids import new_id
from hallwatch.pipeline import Pipeline, Seen, pipeline_for, zones_of
from hallwatch.site_models import Camera, Site
from hallwatch.skeleton_trail import SkeletonTrail
from vision.values import Event, Frame, Observation

SMALLEST_SIDE_PX = 32
"""Nobody can be seen in less."""


@dataclass(frozen=True, slots=True)
class Found:
    """One event of an analysed file; times in seconds of the file."""

    source: str
    event: Event
    started_s: float
    flagged_s: float
    ended_s: float
    clip: Path | None = None

    def as_json(self) -> dict[str, Any]:
        """The line that `--json` prints."""
        event = self.event
        return {
            "source": self.source,
            "behaviour": event.behaviour,
            "variant": event.variant,
            "window": event.window,
            "started_s": round(self.started_s, 2),
            "flagged_s": round(self.flagged_s, 2),
            "ended_s": round(self.ended_s, 2),
            "ending": event.ending.value if event.ending else None,
            "score": event.peak_score,
            "measures": dict(event.measures),
            "clip": str(self.clip) if self.clip else None,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Analysed:
    """What a file showed: its events in order of time, and how long it was.

    `faults` are sentences: what of the file could not be read, and what could not be written.
    """

    source: str
    events: tuple[Found, ...]
    pictures: int
    duration_s: float
    faults: tuple[str, ...] = ()


Progress = Callable[[float], None]
"""Is told how many seconds of the file are done."""

Watcher = Callable[[Observation], None]
"""Is shown every observation (the measuring harness wants the joints)."""


@dataclass(slots=True)
class FileAnalysis:
    """One file on its way through the pipeline. `out`, where given, takes clips and an annotated video."""

    camera: Camera
    pipeline: Pipeline
    out: Path | None = None
    _events: dict[str, Event] = field(default_factory=dict)
    _clips: dict[str, Path] = field(default_factory=dict)
    _began: datetime | None = None
    _last: datetime | None = None
    _pictures: int = 0
    _damage: Damage = field(default_factory=Damage)
    _faults: list[str] = field(default_factory=list)

    def run(self, progress: Progress, watcher: Watcher) -> Analysed:
        """Read the file to its end. Raises `CameraError` when it cannot be read at all."""
        source = Source.parse(self.camera.source)
        info = _large_enough(source, probe(source))
        ring = PacketRing()
        clips = EvidenceClips(ring, SkeletonTrail(), self.out / "clips") if self.out else None
        with self._annotated(info) or nullcontext() as video:
            for picture in self._pictures_of(source, ring):
                seen = self._take(picture)
                watcher(seen.observation)
                self._collect(seen.judgement.events)
                if clips is not None:
                    self._keep_clips(clips, seen)
                if video is not None:
                    video.write(picture.image, seen)
                progress(picture.at_s)
        self._faults += video.faults if video is not None else ()
        return self._end(clips, self.camera.source)

    def _pictures_of(self, source: Source, ring: PacketRing) -> Iterator[Picture]:
        """The file's pictures; where it breaks off after some, what they showed still counts."""
        camera = self.camera
        try:
            yield from read(
                source, rate=camera.analysis_fps, starts_at=camera.starts_at, ring=ring, damage=self._damage
            )
        except CameraError as error:
            if not self._pictures:
                raise
            self._faults.append(str(error))
            return
        if self._damage.packets or self._damage.broken_off:
            self._faults.append(
                f"{source} is damaged: what could be read was analysed; for the rest copy the file again."
            )

    def _take(self, picture: Picture) -> Seen:
        self._began = self._began or picture.captured_at - timedelta(seconds=picture.at_s)
        self._last = picture.captured_at
        self._pictures += 1
        frame = Frame(self.camera.id, picture.sequence, picture.captured_at, picture.image)
        return self.pipeline.take(frame)

    def _collect(self, events: tuple[Event, ...]) -> None:
        self._events.update((event.id, event) for event in events)

    def _keep_clips(self, clips: EvidenceClips, seen: Seen) -> None:
        clips.trail.remember(seen.observation)
        born = [event for event in seen.judgement.events if event.revision == 1]
        self._note(cut for event in born if (cut := clips.begin(event)))
        self._note(clips.advance())

    def _note(self, cuts: Iterable[Cut]) -> None:
        for cut in cuts:
            if cut.clip.path:
                self._clips[cut.clip.event_id] = cut.clip.path
            elif cut.clip.reason and cut.clip.reason not in self._faults:
                self._faults.append(cut.clip.reason)

    def _end(self, clips: EvidenceClips | None, source: str) -> Analysed:
        if self._began is None or self._last is None:
            return Analysed(source, (), 0, 0.0, tuple(self._faults))
        ends_at = self._last + timedelta(seconds=1 / self.camera.analysis_fps)
        self._collect(self.pipeline.judge.finish(ends_at))
        if clips is not None:
            self._note(clips.finish())
        found = sorted((self._found(event, source) for event in self._events.values()), key=_by_time)
        return Analysed(source, tuple(found), self._pictures, self._second(ends_at), tuple(self._faults))

    def _found(self, event: Event, source: str) -> Found:
        ended = event.ended_at or self._last
        assert ended is not None
        return Found(
            source,
            event,
            self._second(event.started_at),
            self._second(event.flagged_at),
            self._second(ended),
            self._clips.get(event.id),
        )

    def _second(self, at: datetime) -> float:
        assert self._began is not None
        return (at - self._began).total_seconds()

    def _annotated(self, info: StreamInfo) -> AnnotatedVideo | None:
        if self.out is None:
            return None
        path = self.out / f"{Path(self.camera.source).stem}.annotated.mp4"
        size = (info.width, info.height)
        return AnnotatedVideo(path, self.camera.analysis_fps, size, zones_of(self.camera))


def _large_enough(source: Source, info: StreamInfo) -> StreamInfo:
    if min(info.width, info.height) < SMALLEST_SIDE_PX:
        raise NoPicture(
            f"{source} has pictures of {info.width}×{info.height}: give a recording of at least"
            f" {SMALLEST_SIDE_PX}×{SMALLEST_SIDE_PX} pixels."
        )
    return info


def analyze(
    site: Site,
    camera: Camera,
    networks: Networks,
    *,
    out: Path | None = None,
    progress: Progress = lambda _: None,
    watcher: Watcher = lambda _: None,
) -> Analysed:
    """Run one camera of a site over its recorded source. Raises `CameraError` or `FloorError`.

    `out` is a folder for clips and an annotated video; raises `OSError` where it cannot be made.
    """
    if out is not None:
        (out / "clips").mkdir(parents=True, exist_ok=True)
    pipeline = pipeline_for(site, camera, networks, new_id, china_calendar())
    return FileAnalysis(camera, pipeline, out).run(progress, watcher)


def _by_time(found: Found) -> tuple[float, str]:
    return found.started_s, found.event.behaviour
