"""What a worker tells the API: each message as a frozen value, and as the JSON that goes over the wire."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import Any

from hallwatch.saved_calibration import calibration_json
from hallwatch.site_models import Site
from vision.values import Event

Strip = tuple[tuple[float, float | None], ...]
"""Evidence over time: (seconds since the event began, score 0..1 or None where nothing could be judged)."""

MAX_STRIP = 400


class ClipState(StrEnum):
    """Whether an event's clip is whole, cut short by a fault, or could not be made."""

    READY = "ready"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class EventMessage:
    """One revision of an event, with the strip of evidence that led to it."""

    event: Event
    evidence: Strip = ()

    def as_json(self) -> dict[str, Any]:
        """The event as the ingest route takes it; a longer strip is thinned out evenly."""
        event = self.event
        return {
            "id": event.id,
            "revision": event.revision,
            "behaviour": event.behaviour,
            "variant": event.variant,
            "window": event.window,
            "camera": event.camera,
            "started_at": event.started_at.isoformat(),
            "flagged_at": event.flagged_at.isoformat(),
            "ended_at": event.ended_at.isoformat() if event.ended_at else None,
            "ending": event.ending.value if event.ending else None,
            "peak_score": _share(event.peak_score),
            "measures": {name: value for name, value in event.measures.items() if isfinite(value)},
            "parent": event.parent,
            "evidence": [[at_s, _share(score)] for at_s, score in _thinned(self.evidence)],
        }


def _share(score: float | None) -> float | None:
    """Rounding may carry a score past its end; the API would refuse it for good."""
    return None if score is None else min(max(score, 0.0), 1.0)


def _thinned(strip: Strip) -> Strip:
    step = -(-len(strip) // MAX_STRIP)
    return strip[:: max(step, 1)]


@dataclass(frozen=True, slots=True)
class ClipMessage:
    """The clip of an event: a file with its checksum, or why there is none.

    `delete_after` says that the file belongs to the spool and goes once the API has it.
    """

    event_id: str
    state: ClipState
    starts_at: datetime | None = None
    duration_s: float | None = None
    path: Path | None = None
    sha256: str | None = None
    reason: str | None = None
    delete_after: bool = True

    def as_query(self) -> dict[str, str]:
        """The query of the clip's route."""
        given = {
            "state": self.state.value,
            "starts_at": self.starts_at.isoformat() if self.starts_at else None,
            "duration_s": f"{self.duration_s:.3f}" if self.duration_s is not None else None,
            "sha256": self.sha256,
            "reason": self.reason,
        }
        return {name: value for name, value in given.items() if value is not None}


def clip_from_file(
    event_id: str, path: Path, starts_at: datetime, duration_s: float, *, partial: bool = False
) -> ClipMessage:
    """The message for a finished clip file; reads it once for its checksum. Raises OSError."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    state = ClipState.PARTIAL if partial else ClipState.READY
    return ClipMessage(event_id, state, starts_at, duration_s, path, digest)


@dataclass(frozen=True, slots=True)
class SkeletonMessage:
    """The drawn persons of an event's clip, already in the wire's format."""

    event_id: str
    skeleton: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """How long a window was open, observed and staffed within a UTC hour; absolute seconds, only growing.

    `detail` says more, as the ingest route takes it; `until` is the moment up to which it was counted, for
    the worker alone.
    """

    window: str
    camera: str
    hour: datetime
    open_s: float
    observed_s: float
    present_s: float
    detail: Mapping[str, Any] | None = None
    until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The row as the ingest route takes it."""
        return {
            "window": self.window,
            "camera": self.camera,
            "hour": self.hour.isoformat(),
            "open_s": self.open_s,
            "observed_s": self.observed_s,
            "present_s": self.present_s,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """How a camera is.

    `state` is one of live, connecting, stalled, dark, covered, frozen, blurred, moved, ended, off,
    not_enabled. `size` is its picture's (width, height) in pixels, None before the first; `calibration` the
    revision in use; `clock_ahead_s` how far its clock is before ours, None where it does not tell.
    """

    camera: str
    state: str
    since: datetime
    detail: str | None = None
    analysed_fps: float | None = None
    size: tuple[int, int] | None = None
    calibration: int = 0
    clock_ahead_s: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The status as the ingest route takes it."""
        return {
            "state": self.state,
            "since": self.since.isoformat(),
            "detail": self.detail,
            "analysed_fps": self.analysed_fps,
            "size": list(self.size) if self.size else None,
            "calibration": self.calibration,
            "clock_ahead_s": self.clock_ahead_s,
        }


def hall_json(site: Site) -> dict[str, Any]:
    """The hall, its windows and cameras as the ingest route takes them; no camera addresses."""
    hall, permits = site.hall, site.permits
    return {
        "id": hall.id,
        "name": hall.name,
        "name_en": hall.name_en,
        "time_zone": hall.time_zone,
        "windows": [{"id": w.id, "name": w.name, "name_en": w.name_en} for w in site.windows],
        "cameras": [
            {
                "id": c.id,
                "name": c.name,
                "windows": list(c.zones),
                "calibration": calibration_json(c),
                "record": c.record.model_dump(mode="json") if c.record else None,
            }
            for c in site.cameras
        ],
        "sub_district": hall.sub_district.model_dump() if hall.sub_district else None,
        "district": hall.district.model_dump() if hall.district else None,
        "permits": {
            "limit_s": permits.limit_min * 60,
            "leave": permits.leave,
            "stand_in": permits.stand_in,
            "suspended": permits.suspended,
        },
    }
