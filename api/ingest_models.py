"""The messages of workers."""

from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, Field, field_validator

from api.calibration_content import CalibrationContent
from api.event_store import MachineEvent, Outcome
from api.fields import Code, Day, EventId, Finite, Id, PlainText, Seconds, Share, Time
from api.permit_rules import Rule

CameraState = Literal[
    "live",
    "connecting",
    "stalled",
    "dark",
    "covered",
    "frozen",
    "blurred",
    "moved",
    "ended",
    "off",
    "not_enabled",
]
Name = Annotated[PlainText, Field(max_length=200)]


class WindowIn(BaseModel):
    """One service position."""

    id: Id
    name: Name
    name_en: Name = ""


class CameraIn(BaseModel):
    """One camera and the ids of the windows that it sees."""

    id: Id
    name: Name
    windows: list[Id] = Field(default_factory=list, max_length=1000)


class CameraRecord(BaseModel):
    """Why a camera may watch people (P1)."""

    purpose: Annotated[PlainText, Field(min_length=1, max_length=500)]
    legal_basis: Annotated[PlainText, Field(min_length=1, max_length=500)]
    sign_since: Day = Field(description="since when a sign at the place tells of it")
    approved_by: Name
    review_by: Day = Field(description="by then somebody asks again whether it is still needed")


class CameraTold(CameraIn):
    """The same with the floor and zones that the site file gives it, and the record of why it may watch."""

    calibration: CalibrationContent | None = None
    record: CameraRecord | None = None


class PermitRulesIn(BaseModel):
    """What permits do in this hall: the limit of an unreported absence, and the rule for each kind."""

    limit_s: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] = 900.0
    leave: Rule = "hold_back"
    stand_in: Rule = "hold_back"
    suspended: Rule = "hold_back"


class UnitIn(BaseModel):
    """A sub-district or district."""

    id: Id
    name: Name
    name_en: Name = ""


class HallIn(BaseModel):
    """The hall as its site file describes it; what is not listed any more is gone."""

    id: Id
    name: Name
    name_en: Name = ""
    time_zone: Annotated[str, Field(description="IANA name, such as Asia/Shanghai")]
    windows: list[WindowIn] = Field(max_length=1000)
    cameras: list[CameraTold] = Field(max_length=1000)
    permits: PermitRulesIn | None = None
    sub_district: UnitIn | None = None
    district: UnitIn | None = None

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("is no time zone that this machine knows")
        return name


class EventIn(BaseModel):
    """One event as its worker knows it by now."""

    id: EventId
    revision: int = Field(ge=1, le=2**31 - 1)
    behaviour: Code
    variant: Code | None = None
    window: Id
    camera: Id
    started_at: Time
    flagged_at: Time
    ended_at: Time | None = None
    ending: Literal["ceased", "interrupted", "window_closed", "source_ended"] | None = None
    peak_score: Share
    measures: dict[Annotated[str, Field(max_length=64)], Finite] = Field(
        default_factory=dict, max_length=64, description="name with its unit -> number"
    )
    parent: EventId | None = None
    evidence: list[tuple[Finite, Share | None]] = Field(
        default_factory=list, max_length=400, description="[[seconds since started_at, score or null], …]"
    )

    def told(self) -> MachineEvent:
        """The same, as the event store takes it."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return MachineEvent(window_id=fields.pop("window"), camera_id=fields.pop("camera"), **fields)


class EventsIn(BaseModel):
    """A delivery of 1 to 200 events."""

    events: list[EventIn] = Field(min_length=1, max_length=200)


class EventResult(BaseModel):
    """What became of one of them."""

    id: str
    outcome: Outcome


class EventsResult(BaseModel):
    """What became of a delivery, in its order."""

    results: list[EventResult]


Corners = tuple[Finite, Finite, Finite, Finite]
Joint = tuple[Finite, Finite, Finite]


class PersonDrawn(BaseModel):
    """Somebody in one picture: box and 17 COCO keypoints in pixels, each with its confidence."""

    track: int
    box: Corners
    zone: Annotated[str, Field(max_length=16)] | None = None
    keypoints: list[Joint] | None = Field(default=None, min_length=17, max_length=17)


class ThingDrawn(BaseModel):
    """An object in one picture."""

    kind: Code
    box: Corners
    score: Share


class FrameDrawn(BaseModel):
    """What was seen at `t_s` seconds after the clip's start."""

    t_s: Finite
    persons: list[PersonDrawn] = Field(default_factory=list, max_length=100)
    things: list[ThingDrawn] = Field(default_factory=list, max_length=100)


class SkeletonIn(BaseModel):
    """The poses of a clip, in pixels of a picture of `size` (width, height)."""

    format: Literal[1]
    size: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]
    frames: list[FrameDrawn] = Field(max_length=20_000)


SpanOfHour = tuple[Annotated[float, Field(ge=0, le=3600)], Annotated[float, Field(ge=0, le=3600)]]
"""From and until, seconds since the hour began."""

Cause = Literal["offline", "not_running", "dark", "covered", "frozen", "blurred", "moved"]
HourSeconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]


class QueueIn(BaseModel):
    """What was seen of the public that waits; `person_s` is waiting people times seconds."""

    seen_s: HourSeconds = Field(description="time in which the queue could be measured")
    person_s: Seconds
    waits: int = Field(ge=0, le=100_000, description="waits that ended by being served")
    waits_s: Seconds
    longest: int = Field(ge=0, le=1000, description="most people waiting at once")
    longest_wait_s: Seconds


class LedgerDetail(BaseModel):
    """More about an hour: which time was open and away, why time was not observed, what could be judged."""

    open_spans: list[SpanOfHour] | None = Field(default=None, max_length=100)
    away_spans: list[SpanOfHour] = Field(default_factory=list, max_length=400)
    unknown_s: dict[Cause, HourSeconds] = Field(default_factory=dict)
    assessable_s: dict[Code, HourSeconds] = Field(default_factory=dict, max_length=64)
    queue: QueueIn | None = None


class LedgerHour(BaseModel):
    """What one camera could say about one window in one hour; absolute seconds."""

    window: Id
    camera: Id
    hour: Time
    open_s: Seconds
    observed_s: Seconds
    present_s: Seconds
    detail: LedgerDetail | None = None

    @field_validator("hour")
    @classmethod
    def _whole(cls, hour: Time) -> Time:
        if hour.minute or hour.second or hour.microsecond:
            raise ValueError("is not the start of a UTC hour")
        return hour


class LedgerIn(BaseModel):
    """Hours that were counted."""

    rows: list[LedgerHour] = Field(max_length=5000)


class CameraStatusIn(BaseModel):
    """How a camera is, and since when."""

    state: CameraState
    since: Time
    detail: Annotated[PlainText, Field(max_length=1000)] | None = None
    analysed_fps: Seconds | None = None
    clock_ahead_s: Finite | None = Field(
        default=None, description="how far the camera's own clock is before ours, seconds"
    )
    size: tuple[Annotated[int, Field(ge=1, le=100_000)], Annotated[int, Field(ge=1, le=100_000)]] | None = (
        Field(default=None, description="of its picture, width and height in pixels")
    )
    calibration: int | None = Field(
        default=None, ge=0, le=2**31 - 1, description="the revision of its calibration that it works with"
    )


class Watchers(BaseModel):
    """How many people watch a camera now; while it is above zero, pictures may come faster.

    `still_wanted`: somebody waits for a picture with nothing drawn on it.
    """

    watchers: int
    still_wanted: bool
