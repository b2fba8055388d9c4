"""What the routes of figures answer."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.compliance.buckets import Grain
from api.compliance.numbers import UNKNOWN_CAUSES, BehaviourNumbers, Numbers
from api.compliance.wilson import wilson


class IntervalOut(BaseModel):
    """A share and its 95 % Wilson interval; all 0..1."""

    share: float
    low: float
    high: float


class QueueOut(BaseModel):
    """What was seen of the public that waits; where nothing ended, the mean wait is null."""

    seen_s: float
    mean_length: float
    longest: int
    waits: int
    mean_wait_s: float | None
    longest_wait_s: float


class NumbersOut(BaseModel):
    """Figures with their denominators: seconds, events, shares 0..1 (null: nothing to take a share of)."""

    open_s: float
    observed_s: float
    coverage: float | None
    enough: bool = Field(description="half or more of the open time was observed; else grey, never green")
    compliance: float | None
    confirmed_s: float
    breach_s: float
    present_s: float
    away_permitted_s: float
    away_s: float
    unknown_s: float
    unknown: dict[str, float] = Field(description="cause -> seconds; causes without any are left out")
    confirmed: int
    pending: int
    dismissed: int
    expired: int
    hours_judged: int
    hours_clean: int
    clean: IntervalOut | None
    queue: QueueOut | None = Field(description="null: no queue could be measured")


class RowOut(NumbersOut):
    """One unit in one bucket. `revision` counts changes after its time was over."""

    unit: str
    bucket: str
    revision: int
    final: bool = Field(description="its time is over and what comes now is late")


class UnitTotal(NumbersOut):
    """One unit over the whole span."""

    unit: str


class UnitOut(BaseModel):
    """A window, hall, sub-district or district."""

    id: str
    name: str
    name_en: str


class BucketOut(BaseModel):
    """An hour, day, week or month; its times in the hall's offset."""

    bucket: str
    starts_at: datetime
    ends_at: datetime


class ChangeOut(BaseModel):
    """Now minus a week before; shares in percentage points."""

    compliance: float | None
    coverage: float | None
    confirmed: int


class ComparedOut(BaseModel):
    """The same span seven days earlier."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    totals: list[UnitTotal]
    total: NumbersOut
    change: ChangeOut


class ErrorOut(BaseModel):
    """How right the machine was about one behaviour when it was measured."""

    behaviour: str
    found: int
    missed: int
    false: int
    recall: IntervalOut | None
    precision: IntervalOut | None


class ErrorRateOut(BaseModel):
    """How right the machine was when it was measured, and on what."""

    clips: int
    minutes: int
    source_zh: str
    source_en: str
    behaviours: list[ErrorOut]


class TableOut(BaseModel):
    """Figures of each unit in each bucket, of each unit over all, and of all together."""

    grain: Grain
    level: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    time_zone: str
    units: list[UnitOut]
    buckets: list[BucketOut]
    rows: list[RowOut]
    totals: list[UnitTotal]
    total: NumbersOut
    compared: ComparedOut | None
    error_rate: ErrorRateOut


class BehaviourNumbersOut(BaseModel):
    """One behaviour: events, seconds, rates."""

    behaviour: str
    confirmed: int
    pending: int
    dismissed: int
    expired: int
    confirmed_s: float
    assessable_s: float | None = Field(description="time in which it could be judged; null: not told")
    per_100_hours: float | None = Field(description="confirmed per 100 observed hours; null: none observed")
    precision: IntervalOut | None


class BehaviourRow(BehaviourNumbersOut):
    """One behaviour of one unit in one bucket."""

    unit: str
    bucket: str


class BehavioursOut(BaseModel):
    """By behaviour: each unit in each bucket, and all together."""

    grain: Grain
    level: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    time_zone: str
    rows: list[BehaviourRow]
    totals: list[BehaviourNumbersOut]
    error_rate: ErrorRateOut


class DefinitionOut(BaseModel):
    """What one figure means."""

    key: str
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str


class DefinitionsOut(BaseModel):
    """What all figures mean, and how right the machine was when it was measured."""

    definitions: list[DefinitionOut]
    error_rate: ErrorRateOut


def interval(hits: int, cases: int) -> IntervalOut | None:
    """The share with its interval; null without any case."""
    found = wilson(hits, cases)
    return IntervalOut(share=found.share, low=found.low, high=found.high) if found else None


def numbers_out(numbers: Numbers) -> dict[str, object]:
    """The fields of `NumbersOut`."""
    unknown = {cause: getattr(numbers, f"{cause}_ms") / 1000 for cause in UNKNOWN_CAUSES}
    return {
        "open_s": numbers.open_ms / 1000,
        "observed_s": numbers.observed_ms / 1000,
        "coverage": numbers.coverage,
        "enough": numbers.enough,
        "compliance": numbers.compliance,
        "confirmed_s": numbers.confirmed_ms / 1000,
        "breach_s": numbers.breach_ms / 1000,
        "present_s": numbers.present_ms / 1000,
        "away_permitted_s": numbers.away_permitted_ms / 1000,
        "away_s": numbers.away_ms / 1000,
        "unknown_s": max(0, numbers.open_ms - numbers.observed_ms) / 1000,
        "unknown": {cause: seconds for cause, seconds in unknown.items() if seconds},
        "confirmed": numbers.confirmed,
        "pending": numbers.pending,
        "dismissed": numbers.dismissed,
        "expired": numbers.expired,
        "hours_judged": numbers.judged_hours,
        "hours_clean": numbers.clean_hours,
        "clean": interval(numbers.clean_hours, numbers.judged_hours),
        "queue": _queue(numbers),
    }


def behaviour_out(code: str, numbers: BehaviourNumbers, observed_ms: int) -> dict[str, object]:
    """The fields of `BehaviourNumbersOut`."""
    judged = numbers.confirmed + numbers.dismissed
    return {
        "behaviour": code,
        "confirmed": numbers.confirmed,
        "pending": numbers.pending,
        "dismissed": numbers.dismissed,
        "expired": numbers.expired,
        "confirmed_s": numbers.confirmed_ms / 1000,
        "assessable_s": numbers.assessable_ms / 1000 if numbers.assessable_ms else None,
        "per_100_hours": numbers.confirmed * 360_000_000 / observed_ms if observed_ms else None,
        "precision": interval(numbers.confirmed, judged),
    }


def _queue(numbers: Numbers) -> QueueOut | None:
    if numbers.queue_seen_ms <= 0:
        return None
    return QueueOut(
        seen_s=numbers.queue_seen_ms / 1000,
        mean_length=numbers.queue_person_ms / numbers.queue_seen_ms,
        longest=numbers.longest_queue,
        waits=numbers.waits,
        mean_wait_s=numbers.waits_ms / numbers.waits / 1000 if numbers.waits else None,
        longest_wait_s=numbers.longest_wait_ms / 1000,
    )
