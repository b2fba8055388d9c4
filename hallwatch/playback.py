"""Where a recording that is played as if live has got to: a restart does not wind it back.

A camera goes on while its worker is down, so a recording that stands in for one must too.
"""

from datetime import datetime
from pathlib import Path

from cameras.probe import probe
from cameras.source import Source

FILE = "played-since"


def resume_at_s(source: Source, folder: Path, now: datetime) -> float:
    """The second of the recording that is due now; it begins the first time that `folder` sees it.

    Raises `CameraError` when the recording cannot be read.
    """
    duration_s = probe(source).duration_s
    if not duration_s:
        return 0.0
    since = _since(folder / FILE, source, now)
    return max((now - since).total_seconds(), 0.0) % duration_s


def _since(record: Path, source: Source, now: datetime) -> datetime:
    """When this source was first played here; another source begins anew."""
    try:
        began, played = record.read_text(encoding="utf-8").split("\n", 1)
        if played == str(source):
            return datetime.fromisoformat(began)
    except (OSError, ValueError):
        pass
    record.write_text(f"{now.isoformat()}\n{source}", encoding="utf-8")
    return now
