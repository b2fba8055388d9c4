"""How a camera is doing, in a word, since when, and what was last wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cameras.redaction import redact


class CameraState(StrEnum):
    """The states of a connection."""

    CONNECTING = "connecting"
    LIVE = "live"
    STALLED = "stalled"
    ENDED = "ended"


@dataclass(frozen=True)
class Health:
    """The state of one camera, since when, and the last sentence that was said of it (no password in it)."""

    state: CameraState
    since: datetime
    last_error: str | None = None

    def to(self, state: CameraState, at: datetime, error: str | None = None) -> "Health":
        """The health after `state` was seen at `at`; staying in a state keeps its `since`."""
        since = self.since if state is self.state else at
        if state is CameraState.LIVE:
            return Health(state, since)
        return Health(state, since, redact(error) if error is not None else self.last_error)
