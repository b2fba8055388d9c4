"""The clip of each flag: begun at the moment of the flag, complete five seconds later.

Around the flag lie ten seconds before the behaviour began and five after the rule was met. A rule that waits
longer than the ring remembers (an absence) shows its last part.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cameras.clips import Clip, ClipWriter
from cameras.clips import ClipState as Completeness
from cameras.errors import CameraError
from cameras.ring import PacketRing
from hallwatch.skeleton_trail import SkeletonTrail
from hallwatch.wire import ClipMessage, ClipState, SkeletonMessage
from vision.values import Event

BEFORE = timedelta(seconds=10)
AFTER = timedelta(seconds=5)
LONGEST_LEAD = timedelta(seconds=45)
"""How much of what went on before the flag is shown at most."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A clip that is done, or could not be made, with what was seen in it."""

    clip: ClipMessage
    skeleton: SkeletonMessage | None = None


@dataclass(slots=True)
class EvidenceClips:
    """The clips of one camera that are being written, into `folder`."""

    ring: PacketRing
    trail: SkeletonTrail
    folder: Path
    _writers: dict[str, ClipWriter] = field(default_factory=dict)

    def begin(self, event: Event) -> Cut | None:
        """Begin the clip of an event that was just flagged; answers at once when it cannot be made."""
        lead = max(event.started_at, event.flagged_at - LONGEST_LEAD)
        path = self.folder / f"{event.id}.mp4"
        try:
            self._writers[event.id] = ClipWriter(
                self.ring, path, begin=lead - BEFORE, end=event.flagged_at + AFTER
            )
        except CameraError as error:
            return _failed(event.id, str(error))
        return None

    def advance(self) -> Iterator[Cut]:
        """Write what has come since; answers the clips that are done with it."""
        for event_id, writer in list(self._writers.items()):
            try:
                clip = writer.advance()
            except CameraError as error:
                del self._writers[event_id]
                yield _failed(event_id, str(error))
                continue
            if clip is not None:
                del self._writers[event_id]
                yield self._cut(event_id, clip)

    def finish(self, *, cut_short: bool = False) -> Iterator[Cut]:
        """The source ended: every clip is closed with what it has, `partial` where a stop cut it short."""
        state = Completeness.PARTIAL if cut_short else Completeness.READY
        for event_id, writer in list(self._writers.items()):
            del self._writers[event_id]
            try:
                clip = writer.finish(state)
            except CameraError as error:
                yield _failed(event_id, str(error))
                continue
            yield self._cut(event_id, clip)

    def _cut(self, event_id: str, clip: Clip) -> Cut:
        skeleton = self.trail.over(clip.starts_at, clip.duration_s)
        return Cut(message_of(event_id, clip), SkeletonMessage(event_id, skeleton))


def message_of(event_id: str, clip: Clip) -> ClipMessage:
    """What the API is told of a finished clip."""
    return ClipMessage(
        event_id=event_id,
        state=ClipState(clip.state.value),
        starts_at=clip.starts_at,
        duration_s=clip.duration_s,
        path=clip.path,
        sha256=clip.sha256,
    )


def _failed(event_id: str, reason: str) -> Cut:
    return Cut(ClipMessage(event_id, ClipState.FAILED, reason=reason))
