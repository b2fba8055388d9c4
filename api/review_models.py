"""What reviewers see of an event, and what they say about it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from api.fields import PlainText
from api.permit_models import PermitOut, WithdrawalOut

StateName = Literal["pending", "confirmed", "dismissed", "withdrawn", "expired"]
Verdict = Literal["confirmed", "dismissed"]
CONFIRMED_REASONS = frozenset({"real_breach"})
DISMISSED_REASONS = frozenset(
    {
        "permitted_leave",
        "stand_in_present",
        "occlusion",
        "wrong_person",
        "camera_fault",
        "rule_too_strict",
        "ordinary_work",
        "other",
    }
)
Reason = Literal[
    "real_breach",
    "permitted_leave",
    "stand_in_present",
    "occlusion",
    "wrong_person",
    "camera_fault",
    "rule_too_strict",
    "ordinary_work",
    "other",
]


class DecisionIn(BaseModel):
    """A human's judgement. `real_breach` goes with confirmed, all other reasons with dismissed."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    reason: Reason | None = None
    note: Annotated[PlainText, Field(max_length=1000)] | None = None


class DecisionOut(BaseModel):
    """One decision, or that the one before was taken back (`undone`), or fell on appeal (`retracted`)."""

    verdict: Literal["confirmed", "dismissed", "undone", "retracted"]
    reason: str | None
    note: str | None
    decided_by: str
    decided_at: datetime


class ReviewCopyOut(BaseModel):
    """What may be looked at of a clip: faces of the public blurred, H.264. `pending`: it is being made."""

    state: Literal["pending", "ready", "failed"]
    reason: str | None
    size_bytes: int | None
    sha256: str | None
    url: str | None
    poster_url: str | None
    filmstrip_url: str | None


class ClipOut(BaseModel):
    """The clip of an event; without a file, `reason` says why. Originals are asked for."""

    state: Literal["ready", "partial", "failed"]
    reason: str | None
    starts_at: datetime | None
    duration_s: float | None
    size_bytes: int | None
    sha256: str | None
    review: ReviewCopyOut | None = Field(description="null: there is no clip to copy")


class AppealOut(BaseModel):
    """An appeal against a confirmed event; `made_by` is null where it came by a link."""

    id: str
    event: str
    text: str
    made_by: str | None
    made_at: datetime
    state: Literal["open", "upheld", "rejected"]
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None


class EventOut(BaseModel):
    """An event: what the machine said, the evidence, and how humans judged it."""

    id: str
    revision: int
    behaviour: str
    variant: str | None
    window: str
    camera: str
    started_at: datetime
    flagged_at: datetime
    ended_at: datetime | None
    ending: str | None
    peak_score: float | None = Field(description="null: hidden until it is decided, as this hall wants it")
    measures: dict[str, float]
    parent: str | None
    evidence: SkipValidation[list[list[float | None]]] = Field(
        description="[[seconds since started_at, score or null], …]; checked when it came in"
    )
    state: StateName
    due_at: datetime | None = Field(description="until when it should be decided")
    decision: DecisionOut | None
    history: list[DecisionOut] = Field(description="all decisions and undos, oldest first")
    permits: list[PermitOut] = Field(description="permits in force that overlap it (presence only)")
    withdrawals: list[WithdrawalOut] = Field(
        description="each time permits took it out of what counts, oldest first"
    )
    appeal: AppealOut | None = Field(description="what the window's staff said against it")
    clip: ClipOut | None
    has_skeleton: bool
    window_name: str
    window_name_en: str
    explanation_zh: str
    explanation_en: str
    etag: str = Field(description="to be sent as If-Match with a decision")


class Counts(BaseModel):
    """Events of each state, of the window and behaviour asked for, over all time."""

    pending: int = 0
    confirmed: int = 0
    dismissed: int = 0
    withdrawn: int = 0
    expired: int = 0


class EventsPage(BaseModel):
    """Some events, and where the list goes on."""

    items: list[EventOut]
    next_cursor: str | None
    counts: Counts
