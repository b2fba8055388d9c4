"""The clip of each flag: begun at the moment of the flag, complete five seconds later.

Around the flag lie ten seconds before the behaviour began and five after the rule was met. A rule that waits
longer than the ring remembers (an absence) shows its last part.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from cameras.clips import Clip, ClipWriter
from cameras.clips import ClipState as Completeness
from cameras.errors import CameraError, ClipFailed
from cameras.ring import PacketRing
from hallwatch.main_stream import MainStream
from hallwatch.skeleton_trail import SkeletonTrail
from hallwatch.wire import ClipMessage, ClipState, SkeletonMessage
from vision.values import Event

BEFORE = timedelta(seconds=10)
AFTER = timedelta(seconds=5)
LONGEST_LEAD = timedelta(seconds=45)
"""How much of what went on before the flag is shown at most."""

CUT_SHORT = "录像中断,只有一部分。 Recording broke off: the connection, or the watching process, ended early"
"""Why a clip is partial, in the words that reviewers are told."""

NO_MAIN = "主码流当时中断,画面取自子码流。 The main stream was down: these pictures are the sub-stream's"
"""What reviewers are told of a clip that shows less than the camera could."""

OVERDUE = timedelta(seconds=15)
"""After a clip's end, how long its stream is waited for."""

WHY_NONE = {
    "disk_full": "磁盘已满,没有录像。 The disk was full: nothing could be recorded",
    "not_writable": "录像目录不可写,没有录像。 The folder of clips could not be written",
    "no_packets": "摄像机没有送来画面,请检查连接。 The camera sent nothing to record: check its connection",
    "unreadable": "摄像机的视频无法录制。 What the camera sent could not be recorded",
}
"""Why there is no clip, by the reason of a `ClipFailed`."""


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
    main: MainStream | None = None
    """What clips are cut from while it lasts, where the camera offers more than is analysed."""

    _writers: dict[str, ClipWriter] = field(default_factory=dict)
    _ends: dict[str, datetime] = field(default_factory=dict)
    _from_sub: set[str] = field(default_factory=set)

    def begin(self, event: Event) -> Cut | None:
        """Begin the clip of an event that was just flagged; answers at once when it cannot be made."""
        lead = max(event.started_at, event.flagged_at - LONGEST_LEAD)
        path = self.folder / f"{event.id}.mp4"
        begin, end = lead - BEFORE, event.flagged_at + AFTER
        try:
            self._writers[event.id] = ClipWriter(self._ring_for(event, lead), path, begin=begin, end=end)
        except CameraError as error:
            return _failed(event.id, error)
        self._ends[event.id] = end
        return None

    def _ring_for(self, event: Event, lead: datetime) -> PacketRing:
        """The main stream's packets, unless it lacks what the clip must show."""
        if self.main is None:
            return self.ring
        if self.main.holds(lead, event.flagged_at):
            return self.main.ring
        self._from_sub.add(event.id)
        return self.ring

    def advance(self, at: datetime | None = None) -> Iterator[Cut]:
        """Write what has come since; answers the clips that are done with it.

        `at` is now by the camera's pictures: a main stream that falls silent does not hold its clip up.
        """
        for event_id, writer in list(self._writers.items()):
            try:
                late = at is not None and at > self._ends[event_id] + OVERDUE
                clip = writer.advance() or (writer.finish(Completeness.PARTIAL) if late else None)
            except CameraError as error:
                self._forget(event_id)
                yield _failed(event_id, error)
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
                self._forget(event_id)
                yield _failed(event_id, error)
                continue
            yield self._cut(event_id, clip)

    def _cut(self, event_id: str, clip: Clip) -> Cut:
        skeleton = self.trail.over(clip.starts_at, clip.duration_s)
        told = message_of(event_id, clip)
        if event_id in self._from_sub and told.reason is None:
            told = replace(told, reason=NO_MAIN)
        self._forget(event_id)
        return Cut(told, SkeletonMessage(event_id, skeleton))

    def _forget(self, event_id: str) -> None:
        self._writers.pop(event_id, None)
        self._ends.pop(event_id, None)
        self._from_sub.discard(event_id)


def message_of(event_id: str, clip: Clip) -> ClipMessage:
    """What the API is told of a finished clip."""
    return ClipMessage(
        event_id=event_id,
        state=ClipState(clip.state.value),
        starts_at=clip.starts_at,
        duration_s=clip.duration_s,
        reason=CUT_SHORT if clip.state is Completeness.PARTIAL else None,
        path=clip.path,
        sha256=clip.sha256,
    )


def _failed(event_id: str, error: CameraError) -> Cut:
    known = WHY_NONE.get(error.reason) if isinstance(error, ClipFailed) else None
    reason = known or str(error)
    return Cut(ClipMessage(event_id, ClipState.FAILED, reason=reason))
