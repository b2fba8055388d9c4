"""The truth of single frames: `NAME.frames.jsonl`, also gzipped, one JSON object a line.

Whatever a maker does not know is left out. Clips of the first days write short joint names.
"""

import gzip
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, ValidationError

from datasets.truth import Finite, Part, Seconds, Spot, TruthError, told
from vision.values import COCO_JOINTS, JOINT, Side

SHORT = {"ear": "ear", "eye": "eye", "sh": "shoulder", "el": "elbow", "wr": "wrist"} | {
    "hip": "hip",
    "kn": "knee",
    "an": "ankle",
}
SHORT_NAMES = MappingProxyType(
    {f"{short}{letter}": f"{side}_{long}" for short, long in SHORT.items()
     for letter, side in (("L", "left"), ("R", "right"))}
)  # fmt: skip
"""`shL` and its like; L is the person's own left, as everywhere."""


def _long_names(joints: object) -> object:
    if not isinstance(joints, Mapping):
        return joints
    named = {SHORT_NAMES.get(str(name), str(name)): value for name, value in joints.items()}
    unknown = sorted(set(named) - set(COCO_JOINTS))
    if unknown:
        raise ValueError(f"there is no joint `{unknown[0]}`; joints have COCO's names")
    return named


Named = BeforeValidator(_long_names)
Corners = tuple[Finite, Finite, Finite, Finite]


class TruePerson(Part):
    """Somebody in a frame. `seen` is the share of the skin in view, where the maker measured it."""

    id: str
    side: Side
    box_px: Corners | None = None
    seen: Finite | None = None
    joints_px: Annotated[dict[str, Spot], Named] = Field(default_factory=dict)
    visible: Annotated[dict[str, bool], Named] | None = None
    joints_m: Annotated[dict[str, tuple[Finite, Finite, Finite]], Named] | None = None
    floor_m: Spot | None = None

    @cached_property
    def joints(self) -> NDArray[np.float64]:
        """(17, 2) pixels in COCO's order, NaN where not known."""
        points = np.full((len(COCO_JOINTS), 2), np.nan)
        for name, spot in self.joints_px.items():
            points[JOINT[name]] = spot
        return points

    def in_view(self, width: int, height: int) -> NDArray[np.bool_]:
        """(17,) which joints can be seen: as told, else those inside the picture."""
        told = self.visible
        flags = [
            bool(0 <= x < width and 0 <= y < height) and (told is None or told.get(name, False))
            for name, (x, y) in zip(COCO_JOINTS, self.joints.tolist(), strict=True)
        ]
        return np.array(flags, dtype=np.bool_)


class TrueThing(Part):
    """A thing in a frame, and whose hand holds it. Some makers give its middle a third number, the depth."""

    kind: str
    box_px: Corners | None = None
    center_px: Spot | tuple[Finite, Finite, Finite] | None = None
    seen: Finite | None = None
    person: str | None = None
    hand: str | None = None


class TrueFrame(Part):
    """What is true of one frame."""

    t_s: Seconds
    persons: tuple[TruePerson, ...] = ()
    things: tuple[TrueThing, ...] = ()


@dataclass(frozen=True, slots=True)
class TrueFrames:
    """All frames of a clip in order of time."""

    frames: tuple[TrueFrame, ...] = ()
    _times: tuple[float, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, frames: tuple[TrueFrame, ...]) -> "TrueFrames":
        """From frames in any order."""
        ordered = tuple(sorted(frames, key=lambda frame: frame.t_s))
        return cls(ordered, tuple(frame.t_s for frame in ordered))

    def at(self, second: float, within_s: float) -> TrueFrame | None:
        """The frame nearest to a second of the clip; None when none is within `within_s`."""
        place = bisect_left(self._times, second)
        near = range(max(0, place - 1), min(len(self._times), place + 1))
        best = min(near, key=lambda index: abs(self._times[index] - second), default=None)
        if best is None or abs(self._times[best] - second) > within_s:
            return None
        return self.frames[best]


def read_frames(path: Path) -> TrueFrames:
    """Read a clip's frames; a missing `NAME.jsonl` is looked for as `NAME.jsonl.gz`. Raises `TruthError`."""
    packed = path.with_name(f"{path.name}.gz")
    if not path.is_file() and packed.is_file():
        path = packed
    try:
        return TrueFrames.of(tuple(_frames(path)))
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise TruthError(f"{path}: the frames' truth cannot be read ({error}).") from None


def _frames(path: Path) -> Iterator[TrueFrame]:
    with (
        gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as f
    ):
        for number, line in enumerate(f, 1):
            if line.strip():
                try:
                    yield TrueFrame.model_validate_json(line)
                except ValidationError as error:
                    raise TruthError(f"{path}:{number}: {told(error)}.") from None
