"""Figures as they are stored: sums of sums, and what a change of one hour changes in them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.compliance.buckets import LONGER, Grain, begins, ends, hour_name, local_day, names_between
from api.compliance.numbers import BehaviourNumbers, Numbers, added, added_behaviours
from api.compliance.window_hour import Figures

HALL = ""
"""The unit of the hall's own figures."""

Key = tuple[Grain, str, str, str]
"""Grain, level, bucket, unit."""

Group = tuple[Grain, str, str]
"""Grain, level and bucket: rows that are computed together."""

WINDOW_LEVEL, HALL_LEVEL = "window", "hall"


@dataclass(slots=True)
class RolledUp:
    """All figures, made anew out of the figures of every window's hour."""

    figures: dict[Key, Figures] = field(default_factory=dict)

    def take(self, window: str, hour: datetime, figures: Figures, zone: ZoneInfo) -> None:
        """Add the figures of one window's hour to all that it is a part of."""
        if is_nothing(figures):
            return
        for key in (key_of_hour(window, hour), *keys_above(window, hour, zone)):
            self.figures[key] = joined([self.figures[key], figures]) if key in self.figures else figures


def key_of_hour(window: str, hour: datetime) -> Key:
    """Where one window's hour is stored."""
    return "hour", WINDOW_LEVEL, hour_name(hour), window


def keys_above(window: str, hour: datetime, zone: ZoneInfo) -> list[Key]:
    """What one window's hour is a part of."""
    day = local_day(hour, zone)
    names: dict[Grain, str] = {grain: begins(day, grain).isoformat() for grain in LONGER}
    windows: list[Key] = [(grain, WINDOW_LEVEL, name, window) for grain, name in names.items()]
    halls: list[Key] = [(grain, HALL_LEVEL, name, HALL) for grain, name in names.items()]
    return [*windows, ("hour", HALL_LEVEL, hour_name(hour), HALL), *halls]


def is_nothing(figures: Figures) -> bool:
    """Whether an hour was closed and nothing happened in it; such hours have no row."""
    numbers, behaviours = figures
    return numbers == Numbers() and not behaviours


def joined(parts: Sequence[Figures]) -> Figures:
    """All of them as one."""
    found: defaultdict[str, list[BehaviourNumbers]] = defaultdict(list)
    for _, behaviours in parts:
        for code, numbers in behaviours.items():
            found[code].append(numbers)
    sums = {code: added_behaviours(numbers) for code, numbers in found.items()}
    return added(numbers for numbers, _ in parts), sums


def parts_of(grain: Grain, level: str, bucket: str, zone: ZoneInfo) -> tuple[Grain, str, str]:
    """What a row is the sum of: windows' rows of that grain, from the first bucket to the last.

    The hall's are those of its windows; a window's weeks and months are made of its days, days of its hours.
    """
    if level == HALL_LEVEL or grain == "hour":
        return grain, bucket, bucket
    first = date.fromisoformat(bucket)
    last = ends(first, grain) - timedelta(days=1)
    if grain == "day":
        names = names_between(first, last, "hour", zone)
        return "hour", names[0], names[-1]
    return "day", first.isoformat(), last.isoformat()


def in_order(groups: Iterable[Group]) -> list[Group]:
    """So that each comes after what it is the sum of: windows' days, weeks and months, then the hall."""
    return sorted(groups, key=lambda group: (group[1] == HALL_LEVEL, group[0] != "day", group))
