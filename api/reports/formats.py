"""Numbers as people read them in reports; `–` where there is none."""

from datetime import date, datetime

from api.compliance.models import IntervalOut
from api.reports.spans import Span
from api.reports.words import Language, day_label

NONE = "–"


def percent(share: float | None, digits: int = 1) -> str:
    """`98.3%`; what is not quite all never reads as all."""
    if share is None:
        return NONE
    shown = f"{100 * share:.{digits}f}"
    if share < 1 and float(shown) == 100:
        shown = f"{100 - 10**-digits:.{digits}f}"
    return f"{shown}%"


def with_interval(interval: IntervalOut | None) -> str:
    """`83% (71–91)`."""
    if interval is None:
        return NONE
    return f"{100 * interval.share:.0f}% ({100 * interval.low:.0f}–{100 * interval.high:.0f})"


def hours(seconds: float) -> str:
    """Hours with one decimal."""
    return f"{seconds / 3600:.1f}"


def minutes(seconds: float) -> str:
    """Minutes with one decimal."""
    return f"{seconds / 60:.1f}"


def points(change: float | None) -> str:
    """`+0.5`, `−1.2`, `0.0`."""
    if change is None:
        return NONE
    shown = f"{abs(change):.1f}"
    return shown if float(shown) == 0 else ("+" if change > 0 else "−") + shown


def signed(number: int) -> str:
    """`+3`, `−2`, `0`."""
    return "0" if number == 0 else ("+" if number > 0 else "−") + str(abs(number))


def clock(at: datetime) -> str:
    """`2026-03-02 09:30`."""
    return at.strftime("%Y-%m-%d %H:%M")


def step_label(span: Span, bucket: str, starts_at: datetime, language: Language) -> str:
    """`09` for an hour of a day, `2 一` for a day of a week or month."""
    if span.kind == "daily":
        return starts_at.strftime("%H")
    return day_label(date.fromisoformat(bucket), language)
