"""The files behind a recorded source: one, or those of a folder in the order of their names."""

import re

from cameras.errors import NoPicture
from cameras.libav import open_video, translated
from cameras.source import Kind, Source

SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".avi", ".ts", ".m2ts", ".mpg", ".mpeg", ".webm", ".flv"}
)
"""What recorders write; anything else in the folder is passed over."""


def parts_of(source: Source) -> tuple[Source, ...]:
    """What is read one after the other: a folder's videos, else the source itself.

    Numbers in names count as numbers: `2.mp4` comes before `10.mp4`. Raises `NoPicture` for a folder
    without a video, `NotVideo` for one that may not be read.
    """
    if source.kind is not Kind.FILE or not source.path.is_dir():
        return (source,)
    with translated(source, opening=True):
        found = [path for path in source.path.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file()]
    if not found:
        raise NoPicture(f"{source} is a folder without a video: put MP4, MKV, AVI or TS files into it.")
    found.sort(key=lambda path: _natural(path.name))
    return tuple(Source(Kind.FILE, str(path)) for path in found)


def duration_s(source: Source) -> float:
    """How long a file says it is; 0 where it says nothing, as a camera. Raises a `CameraError`."""
    with open_video(source) as video:
        duration = video.container.duration
    return duration / 1_000_000 if duration and duration > 0 and not source.is_live else 0.0


def _natural(name: str) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", name.lower())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
