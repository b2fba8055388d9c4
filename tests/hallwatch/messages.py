"""Builders of messages for tests."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hallwatch.wire import ClipMessage, EventMessage, LedgerRow, clip_from_file
from vision.values import Event

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def event(number: int = 1, revision: int = 1, **changes: object) -> EventMessage:
    plain = Event(
        id=f"00000000-0000-7000-8000-{number:012d}",
        behaviour="absence",
        window="1",
        camera="1",
        started_at=NOW,
        flagged_at=NOW,
        peak_score=0.9,
        revision=revision,
        measures={"empty_s": 180.0},
    )
    return EventMessage(replace(plain, **changes), ((0.0, 0.5), (1.0, None)))  # type: ignore[arg-type]


def clip(folder: Path, number: int = 1) -> ClipMessage:
    path = folder / f"{number}.mp4"
    path.write_bytes(b"picture" * 1000)
    return clip_from_file(event(number).event.id, path, NOW, 15.0)


def hour(observed_s: float = 60.0, window: str = "1") -> LedgerRow:
    return LedgerRow(window, "1", NOW, 3600.0, observed_s, observed_s)
