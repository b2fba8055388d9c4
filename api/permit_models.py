"""What is said of permits, and what of them is shown."""

from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.fields import Id, PlainText, Time
from api.permit_rules import Kind, Rule

LONGEST_PERMIT = timedelta(days=31)

Reason = Annotated[PlainText, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class PermitIn(BaseModel):
    """A permit to be registered.

    `leave`: leave registered with the shift supervisor (报备). `stand_in`: a neighbour serves (顶岗),
    named by `stand_in_window`. `suspended`: the sign *service suspended* (暂停服务) stands at the window.
    It may be registered after the fact; the times say what it covers, the server's clock when it was
    registered.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "leave",
                    "window": "1",
                    "starts_at": "2026-03-02T10:00:00+08:00",
                    "ends_at": "2026-03-02T10:30:00+08:00",
                    "reason": "到档案室取件",
                }
            ]
        },
    )

    kind: Kind
    window: Id
    starts_at: Time
    ends_at: Time
    reason: Reason
    stand_in_window: Id | None = Field(default=None, description="with stand_in: the window that serves")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at is not after starts_at")
        if self.ends_at - self.starts_at > LONGEST_PERMIT:
            raise ValueError("a permit lasts at most 31 days")
        if (self.kind == "stand_in") != (self.stand_in_window is not None):
            raise ValueError("stand_in_window goes with kind stand_in, and only with that")
        if self.stand_in_window == self.window:
            raise ValueError("a window cannot stand in for itself")
        return self


class RevocationIn(BaseModel):
    """Why a permit is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class PermitOut(BaseModel):
    """A permit; in force unless it was revoked. `late` says it was registered after it began."""

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


class WithdrawalOut(BaseModel):
    """That permits took an event out of what counts, and, where that ended, when it came back."""

    permits: list[str] = Field(description="ids of the permits that cover it")
    reason: Kind
    state_before: Literal["pending", "confirmed", "dismissed"]
    withdrawn_by: str = Field(description="user name; hallwatch where nobody acted")
    withdrawn_at: datetime
    restored_by: str | None
    restored_at: datetime | None
