"""What a site file may say: the hall, its windows, its cameras. Pure data, frozen, nothing extra.

Positions in the picture are shares of its width and height (0..1, origin at the top left), so that a camera's
main and sub stream need no two zones. Positions on the floor are metres.
"""

from collections.abc import Mapping, Sized
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from calibration.described_floor import measured_at
from calibration.polygons import ZoneError, on_one_line, require_zone
from vision.article27 import CATALOGUE

T = TypeVar("T", bound=Sized)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def wrong(message: str, *, given: str | None = None, known: tuple[str, ...] = ()) -> PydanticCustomError:
    """A problem in our own words; `given` and `known` are what a suggestion is made from."""
    context = {"message": message, "given": given, "known": known}
    return PydanticCustomError("site", "{message}", context)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


Finite = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
PositiveSeconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
PicturePoint = tuple[Share, Share]
FloorPoint = tuple[Finite, Finite]
PositiveMetres = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]


def _known_behaviour(code: str) -> str:
    if code not in CATALOGUE:
        raise wrong(f"there is no behaviour `{code}`", given=code, known=tuple(CATALOGUE))
    return code


def _known_zone(name: str) -> str:
    zones = available_timezones()
    if name not in zones:
        message = f"there is no time zone `{name}`; write one such as `Asia/Shanghai`"
        raise wrong(message, given=name, known=tuple(sorted(zones)))
    return name


BehaviourCode = Annotated[str, AfterValidator(_known_behaviour)]
TimeZone = Annotated[str, AfterValidator(_known_zone)]


def _zone(corners: tuple[PicturePoint, ...]) -> tuple[PicturePoint, ...]:
    try:
        require_zone(corners)
    except ZoneError as error:
        raise wrong(str(error)) from None
    return corners


Zone = Annotated[tuple[PicturePoint, ...], AfterValidator(_zone)]


def _not_empty(entries: T) -> T:
    if not entries:
        raise wrong("must have at least one entry")
    return entries


NotEmpty = AfterValidator(_not_empty)


def _minutes(text: object) -> int:
    hours, colon, minutes = str(text).strip().partition(":")
    if colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2 and int(minutes) < 60:
        total = int(hours) * 60 + int(minutes)
        if total <= 24 * 60:
            return total
    raise wrong(f'`{text}` is not a time of day; write it as in "08:30" (up to "24:00")')


def _time_of_day(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


Minutes = Annotated[
    int,
    BeforeValidator(_minutes),
    PlainSerializer(_time_of_day, return_type=str, when_used="json"),
]


def _interval(interval: tuple[int, int]) -> tuple[int, int]:
    if interval[0] >= interval[1]:
        raise wrong("the opening ends before it starts; split hours that run past midnight into two days")
    return interval


Interval = Annotated[tuple[Minutes, Minutes], AfterValidator(_interval)]


def _apart(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    ordered = tuple(sorted(intervals))
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        raise wrong("two of the day's opening hours overlap")
    return ordered


DayHours = Annotated[tuple[Interval, ...], AfterValidator(_apart)]
"""Openings of one day, in minutes after local midnight, in order."""


class WeekSchedule(_Part):
    """Opening hours by weekday; what is not named is closed.

    `calendar: china` closes public holidays and opens make-up workdays (调休) with `makeup` hours (Monday's
    unless given). `lunch` is added on working days for windows with `lunch_service` (clause 18). `days` fixes
    single dates and wins over everything. `early_min` is how many minutes before opening the post must be
    taken (clause 25(2): 10).
    """

    monday: DayHours = ()
    tuesday: DayHours = ()
    wednesday: DayHours = ()
    thursday: DayHours = ()
    friday: DayHours = ()
    saturday: DayHours = ()
    sunday: DayHours = ()
    makeup: DayHours | None = None
    lunch: DayHours = ()
    calendar: Literal["china", "none"] = "china"
    days: Mapping[date, DayHours] = {}
    early_min: Annotated[int, Field(ge=0, le=180)] = 10


class CalendarChanges(_Part):
    """What the hall knows beyond the installed table of public holidays and make-up workdays (调休).

    A year in `years` is complete with what stands here: its other days go by their weekday.
    """

    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    years: tuple[Annotated[int, Field(ge=2000, le=2100)], ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        both = sorted(set(self.holidays) & set(self.workdays))
        if both:
            raise wrong(f"{both[0]} is listed as a holiday and as a workday; keep one of them")
        return self


class PostSettings(_Part):
    """When a post counts as taken or left; seconds.

    Seen for most of `enter_s` it is taken, unseen for most of `leave_s` it is left. Who vanishes at the seat
    is taken to be ducking for `duck_s`. An empty post stays the same absence over an interruption of the view
    up to `bridge_s`.
    """

    enter_s: Annotated[float, Field(ge=0.5, le=60, allow_inf_nan=False)] = 2.0
    leave_s: Annotated[float, Field(ge=0.5, le=60, allow_inf_nan=False)] = 3.0
    duck_s: Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)] = 60.0
    bridge_s: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 300.0


PermitRule = Literal["hold_back", "annotate"]


class PermitSettings(_Part):
    """What registered leave (报备), stand-ins (顶岗) and the sign *service suspended* (暂停服务) do.

    `limit_min` is how long a post may be empty without one (clause 25(4): 15; some districts: 30). A permit
    holds an `empty_post` back, or stands beside it as a note.
    """

    limit_min: Annotated[float, Field(gt=0, le=240, allow_inf_nan=False)] = 15.0
    leave: PermitRule = "hold_back"
    stand_in: PermitRule = "hold_back"
    suspended: PermitRule = "hold_back"


class LimitChanges(_Part):
    """What a hall or window sets differently from the catalogue for one behaviour; seconds, score 0..1."""

    hold_s: PositiveSeconds | None = None
    window_s: PositiveSeconds | None = None
    gap_s: Seconds | None = None
    cooldown_s: Seconds | None = None
    score: Share | None = None
    enabled: bool | None = None

    @model_validator(mode="after")
    def _hold_fits(self) -> Self:
        if self.hold_s is not None and self.window_s is not None and self.hold_s > self.window_s:
            raise wrong(f"hold_s ({self.hold_s:g}) is longer than window_s ({self.window_s:g})")
        return self


LimitTable = Mapping[BehaviourCode, LimitChanges]


class Unit(_Part):
    """A sub-district or district that halls belong to."""

    id: Identifier
    name: Name
    name_en: Name


class Hall(_Part):
    """One service hall; region code by GB/T 2260, unit code by GB 32100.

    `camera_records: optional` lets cameras watch without a record of why they may: for trials only.
    """

    id: Identifier
    name: Name
    name_en: Name
    time_zone: TimeZone
    sub_district: Unit | None = None
    district: Unit | None = None
    region_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = None
    unit_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")] | None = None
    camera_records: Literal["required", "optional"] = "required"


class Window(_Part):
    """One service position; without a schedule of its own the hall's holds.

    `served_at_once` people with `companions` each may stand inside the 1-metre line.
    """

    id: Identifier
    name: Name
    name_en: Name
    schedule: WeekSchedule | None = None
    lunch_service: bool = False
    staff_required: Annotated[int, Field(ge=1, le=20)] = 1
    served_at_once: Annotated[int, Field(ge=1, le=20)] = 1
    companions: Annotated[int, Field(ge=0, le=10)] = 0
    limits: LimitTable = {}


class WindowZones(_Part):
    """Where a camera sees a window's staff side and its public side.

    Without a staff side nobody is judged at this window by this camera until one is drawn in the browser.
    """

    staff: Zone | None = None
    public: Zone | None = None


class MeasuredPoint(_Part):
    """A spot on the floor: in the picture (0..1), and in metres or as a tile's corner counted in tiles."""

    at: PicturePoint
    m: FloorPoint | None = None
    tile: FloorPoint | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.m is None) == (self.tile is None):
            raise wrong("a floor point needs either `m: [x, y]` in metres or `tile: [across, away]`")
        return self


def _spread(at: tuple[PicturePoint, ...], metres: tuple[FloorPoint, ...]) -> None:
    if len(at) < 4:
        raise wrong(f"the floor needs at least 4 measured points, there are {len(at)}")
    for spots in (at, metres):
        if on_one_line(spots):
            raise wrong("the measured points lie on one line; measure points that span the floor")


class LensModel(_Part):
    """A calibrated lens in shares of the picture; without `focal` only the bend of lines was measured."""

    focal: Annotated[float, Field(gt=0.05, le=50, allow_inf_nan=False)] | None = None
    centre: PicturePoint = (0.5, 0.5)
    distortion: tuple[Finite, Finite, Finite, Finite, Finite] = (0.0, 0.0, 0.0, 0.0, 0.0)


class Floor(_Part):
    """The floor plane and what is drawn on it, in metres of the hall's own axes.

    `straight_lines` are points along edges that are straight in the hall; without a `lens` they tell how it
    bends them.
    """

    points: Annotated[tuple[MeasuredPoint, ...], Field(max_length=500)]
    tile_m: tuple[PositiveMetres, PositiveMetres] | None = None
    lens: LensModel | None = None
    straight_lines: Annotated[tuple[tuple[PicturePoint, ...], ...], Field(max_length=50)] = ()
    counter_edge_m: tuple[FloorPoint, FloorPoint] | None = None
    line_m: tuple[FloorPoint, FloorPoint] | None = None

    @model_validator(mode="after")
    def _spans_the_floor(self) -> Self:
        if self.tile_m is None and any(point.tile for point in self.points):
            raise wrong("points counted in tiles need `tile_m: [width, depth]`, one tile's size in metres")
        _spread(tuple(point.at for point in self.points), tuple(metres for _, metres in self.measured))
        return self

    @property
    def measured(self) -> tuple[tuple[PicturePoint, FloorPoint], ...]:
        """Each point's place in the picture and its metres."""
        return tuple((point.at, measured_at(point.m, point.tile, self.tile_m)) for point in self.points)


class CameraRecord(_Part):
    """Why a camera may watch people (P1): without it, it stays off in a hall that demands it.

    `sign_since` is the day since which a sign at the place tells of it; `review_by` the day by which somebody
    asks again whether it is still needed.
    """

    purpose: Words
    legal_basis: Words
    sign_since: date
    approved_by: Name
    review_by: date

    @model_validator(mode="after")
    def _review_comes_later(self) -> Self:
        if self.review_by <= self.sign_since:
            raise wrong(f"review_by ({self.review_by}) must be later than sign_since ({self.sign_since})")
        return self


class Camera(_Part):
    """One camera: where its picture comes from, and which windows it sees where.

    `source` is what is analysed. Where a camera offers a larger stream too, `evidence_source` names it: clips
    are cut from it, and it is never decoded. `transport` is how an RTSP camera sends: `udp` only where it
    will not do `tcp`.
    """

    id: Identifier
    name: Name
    source: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = Field(repr=False)
    evidence_source: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = Field(
        default=None, repr=False
    )
    transport: Literal["tcp", "udp"] = "tcp"
    starts_at: AwareDatetime | None = None
    zones: Annotated[Mapping[str, WindowZones], NotEmpty]
    floor: Floor | None = None
    record: CameraRecord | None = None
    analysis_fps: Annotated[float, Field(ge=0.5, le=30, allow_inf_nan=False)] = 5.0

    @model_validator(mode="after")
    def _only_recordings_start(self) -> Self:
        live = "://" in self.source or self.source.isdecimal() or self.source.startswith("/dev/")
        if self.starts_at is not None and live:
            raise wrong("starts_at is for recorded files; a live camera's time is its own")
        return self

    @model_validator(mode="after")
    def _evidence_is_of_a_camera(self) -> Self:
        if self.evidence_source is not None and not all(
            address.startswith(("rtsp://", "rtsps://")) for address in (self.source, self.evidence_source)
        ):
            raise wrong("evidence_source is for a camera's second RTSP stream; remove it")
        return self

    @property
    def drawn(self) -> Mapping[str, "WindowZones"]:
        """The zones of the windows whose staff side was drawn: only there is anybody judged."""
        return {window: zones for window, zones in self.zones.items() if zones.staff}


class Site(_Part):
    """A whole hall as its site file describes it. `limits` hold for all windows; a window's own win."""

    hall: Hall
    windows: Annotated[tuple[Window, ...], NotEmpty]
    cameras: Annotated[tuple[Camera, ...], NotEmpty]
    schedule: WeekSchedule | None = None
    calendar: CalendarChanges = CalendarChanges()
    post: PostSettings = PostSettings()
    permits: PermitSettings = PermitSettings()
    limits: LimitTable = {}
