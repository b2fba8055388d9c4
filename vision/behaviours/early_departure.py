"""早退, clause 27(1)1: the post is left for good before its window closes.

Known only at closing time, looking back: the post had been taken for this opening, is empty when the window
closes, and has been since longer than the rule's hold. Must not: a post nobody took (that is `absence`), a
post that the camera last saw more than two minutes before closing (somebody may have come back).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vision.article27 import Limits
from vision.posts import Post, PostState
from vision.shifts import Watch

CODE = "early_departure"

UNSEEN_BEFORE_CLOSING = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Departure:
    """When the post was left, and how many minutes of the opening were missed."""

    left_at: datetime
    early_min: float


def departure(watch: Watch, post: Post, limits: Limits) -> Departure | None:
    """What the closing of a shift shows, `post` being what was last known of it before."""
    closes = watch.shift.closes
    if watch.taken_at is None or post.state is not PostState.AWAY or post.since is None or post.at is None:
        return None
    left_at = max(post.since, watch.shift.opens)
    early_s = (closes - left_at).total_seconds()
    if early_s < limits.hold_s or post.at < closes - UNSEEN_BEFORE_CLOSING:
        return None
    return Departure(left_at, round(early_s / 60, 1))
