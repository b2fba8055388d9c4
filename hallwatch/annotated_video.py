"""The annotated video of an analysed file: what was seen, drawn over every picture that was analysed.

It is an extra: a disk that does not take it costs the video, never what the analysis finds.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from cameras.errors import ClipFailed
from cameras.write_video import VideoWriter
from hallwatch.overlay import drawn
from hallwatch.pipeline import Seen
from vision.values import Image
from vision.zones import WindowZones


@dataclass(slots=True)
class AnnotatedVideo:
    """Writes `path`, `fps` pictures a second of `size` (width, height) px; `faults` says what went wrong."""

    path: Path
    fps: float
    size: tuple[int, int]
    zones: Sequence[WindowZones]
    faults: list[str] = field(default_factory=list)
    _writer: VideoWriter | None = None

    def write(self, image: Image, seen: Seen) -> None:
        """Append one picture; after a fault nothing more is written."""
        if self._writer is None:
            return
        try:
            self._writer.write(drawn(image, seen.observation, seen.judgement.evidence, self.zones))
        except ClipFailed as error:
            self._give_up(error)

    def _give_up(self, error: ClipFailed) -> None:
        self.faults.append(str(error))
        self._discard()

    def _discard(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with contextlib.suppress(ClipFailed):
                writer.discard()

    def __enter__(self) -> Self:
        try:
            self._writer = VideoWriter(self.path, self.fps, self.size)
        except ClipFailed as error:
            self.faults.append(str(error))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None or self._writer is None:
            self._discard()
            return
        try:
            self._writer.close()
        except ClipFailed as fault:
            self._give_up(fault)
