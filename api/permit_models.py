"""What is said of permits, and what of them is shown."""

from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from api.fields import Id, PlainText, Time, refused
from api.permit_rules import Kind, Rule

LONGEST_PERMIT = timedelta(days=31)

Reason = Annotated[PlainText, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


_PLAN: JsonDict = {
    "kind": "leave",
    "window": "1",
    "starts_at": "2026-03-02T10:00:00+08:00",
    "ends_at": "2026-03-02T10:30:00+08:00",
}


class PermitPlan(BaseModel):
    """What a permit would cover.

    `leave`: leave registered with the shift supervisor (报备). `stand_in`: a neighbour serves (顶岗),
    named by `stand_in_window`. `suspended`: the sign *service suspended* (暂停服务) stands at the window.
    It may be registered after the fact; the times say what it covers, the server's clock when it was
    registered.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_PLAN]})

    kind: Kind
    window: Id
    starts_at: Time
    ends_at: Time
    stand_in_window: Id | None = Field(default=None, description="with stand_in: the window that serves")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise refused("结束时间须晚于开始时间", "The end is not after the beginning")
        if self.ends_at - self.starts_at > LONGEST_PERMIT:
            raise refused("一次报备最长 31 天", "A permit lasts at most 31 days")
        if self.kind == "stand_in" and self.stand_in_window is None:
            raise refused("顶岗须写明由哪个窗口顶岗", "Say which window stands in")
        if self.kind != "stand_in" and self.stand_in_window is not None:
            raise refused("只有顶岗才写明顶岗窗口", "Only a stand-in names the window that serves")
        if self.stand_in_window == self.window:
            raise refused("窗口不能为自己顶岗", "A window cannot stand in for itself")
        return self


class PermitIn(PermitPlan):
    """A permit to be registered: what it covers, and why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [_PLAN | {"reason": "到档案室取件"}]}
    )

    reason: Reason


class RevocationIn(BaseModel):
    """Why a permit is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class PermitOut(BaseModel):
    """A permit; in force unless it was revoked. `late`: registered a minute or more after it began."""

    id: str
    kind: Kind
    window: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    stand_in_window: str | None
    registered_by: str
    registered_at: datetime
    late: bool
    revoked_by: str | None
    revoked_at: datetime | None
    revoke_reason: str | None


class PermitChange(BaseModel):
    """A permit, and the ids of events that were withdrawn or given back because of it."""

    permit: PermitOut
    withdrawn: list[str]
    restored: list[str]


class PermitsPage(BaseModel):
    """Some permits, and where the list goes on."""

    items: list[PermitOut]
    next_cursor: str | None


class PermitRulesOut(BaseModel):
    """The hall's rules, from its site file: the limit of an unreported absence, what each permit does."""

    limit_s: float
    leave: Rule
    stand_in: Rule
    suspended: Rule
    explanation_zh: str
    explanation_en: str


class PermitEffectOut(BaseModel):
    """What becomes of an empty post that a permit touches, and why.

    `outcome` is what holds with all permits in force; `uncovered_s` the longest stretch without one, which
    stays below `limit_s` where the event does not count.
    """

    event: str = Field(description="the event's id")
    started_at: datetime
    ended_at: datetime | None
    known_until: datetime
    state: Literal["pending", "confirmed", "withdrawn"] = Field(description="where it stands now")
    outcome: Literal["withdrawn", "stays"]
    uncovered_s: float
    limit_s: float
    explanation_zh: str
    explanation_en: str


class PermitEffects(BaseModel):
    """The empty posts that a permit touches, earliest first."""

    items: list[PermitEffectOut]


class WithdrawalOut(BaseModel):
    """That permits took an event out of what counts, and, where that ended, when it came back."""

    permits: list[str] = Field(description="ids of the permits that cover it")
    reason: Kind
    state_before: Literal["pending", "confirmed", "dismissed"]
    withdrawn_by: str = Field(description="user name; hallwatch where nobody acted")
    withdrawn_at: datetime
    restored_by: str | None
    restored_at: datetime | None
