"""How a hall reviews: deadlines, claims, second reviews, appeals, pauses. Pure; times are aware UTC."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.statistics import day_bounds


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """What a hall may set.

    An event is due at the end of the hall's day, `decide_within_days` after the day on which it was flagged,
    and expires `expire_after_days` later if nobody decided. `double_share` (0..1) of the decided events are
    reviewed a second time, blindly, within `second_within_days`. A window may appeal for `appeal_days` after
    a confirmation; a link to one event holds for `link_days`.
    """

    decide_within_days: int = 1
    expire_after_days: int = 30
    double_share: float = 0.05
    second_within_days: int = 7
    hide_score: bool = True
    claim_s: int = 90
    appeal_days: int = 15
    link_days: int = 7
    pause_after_min: int = 30
    pause_after_decisions: int = 300


BREAK = timedelta(minutes=5)
"""So long without a decision is a pause."""


def due_at(flagged_at: datetime, zone: ZoneInfo, rules: ReviewRules) -> datetime:
    """Until when an event should be decided."""
    day = flagged_at.astimezone(zone).date() + timedelta(days=rules.decide_within_days)
    return day_bounds(day, zone)[1]


def drawn_for_second(event_id: str, share: float) -> bool:
    """Whether that event is reviewed twice; always the same for the same event, whoever asks."""
    drawn = int.from_bytes(hashlib.sha256(event_id.encode()).digest()[:8])
    return drawn < share * 2**64


@dataclass(frozen=True, slots=True)
class Stint:
    """How long somebody has been reviewing without a pause; `began_at` is None between stints."""

    began_at: datetime | None
    decisions: int
    pause_suggested: bool


def stint(decided_at: Sequence[datetime], now: datetime, rules: ReviewRules) -> Stint:
    """The present stint, from the times of somebody's decisions, the newest first."""
    began, number, later = None, 0, now
    for at in decided_at:
        if later - at > BREAK:
            break
        began, later, number = at, at, number + 1
    long = began is not None and now - began >= timedelta(minutes=rules.pause_after_min)
    return Stint(began, number, long or number >= rules.pause_after_decisions)
