"""What a site file may say: the hall, its windows, its cameras. Pure data, frozen, nothing extra.

Positions in the picture are shares of its width and height (0..1, origin at the top left), so that a camera's
main and sub stream need no two zones. Positions on the floor are metres.
"""

from collections.abc import Iterator, Mapping, Sized
from datetime import date
from itertools import combinations, pairwise
from typing import Annotated, Literal, Self, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

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
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
PicturePoint = tuple[Share, Share]
FloorPoint = tuple[Finite, Finite]


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


def _turn(a: PicturePoint, b: PicturePoint, c: PicturePoint) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cross(a: PicturePoint, b: PicturePoint, c: PicturePoint, d: PicturePoint) -> bool:
    """Whether segments ab and cd cross at a point inside both."""
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _edges(corners: tuple[PicturePoint, ...]) -> Iterator[tuple[PicturePoint, PicturePoint]]:
    return zip(corners, corners[1:] + corners[:1], strict=True)


def _area(corners: tuple[PicturePoint, ...]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(corners))) / 2


def _zone(corners: tuple[PicturePoint, ...]) -> tuple[PicturePoint, ...]:
    if len(corners) < 3:
        raise wrong(f"a zone needs at least 3 corners, this one has {len(corners)}")
    if len(corners) > 100:
        raise wrong(f"a zone has at most 100 corners, this one has {len(corners)}")
    if any(_cross(*one, *other) for one, other in combinations(tuple(_edges(corners)), 2)):
        raise wrong("the zone's outline crosses itself; list its corners in order around it")
    if _area(corners) < 1e-5:
        raise wrong("the zone has no area; its corners lie on a line")
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


Minutes = Annotated[int, BeforeValidator(_minutes)]


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
    unless given). `days` fixes single dates and wins over everything.
    """

    monday: DayHours = ()
    tuesday: DayHours = ()
    wednesday: DayHours = ()
    thursday: DayHours = ()
    friday: DayHours = ()
    saturday: DayHours = ()
    sunday: DayHours = ()
    makeup: DayHours | None = None
    calendar: Literal["china", "none"] = "china"
    days: Mapping[date, DayHours] = {}


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


class Hall(_Part):
    """One service hall; region code by GB/T 2260, unit code by GB 32100."""

    id: Identifier
    name: Name
    name_en: Name
    time_zone: TimeZone
    region_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = None
    unit_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")] | None = None


class Window(_Part):
    """One service position; without a schedule of its own the hall's holds."""

    id: Identifier
    name: Name
    name_en: Name
    schedule: WeekSchedule | None = None
    limits: LimitTable = {}


class WindowZones(_Part):
    """Where a camera sees a window's staff side and its public side."""

    staff: Zone
    public: Zone | None = None


class MeasuredPoint(_Part):
    """A spot on the floor, in the picture (0..1) and measured in metres."""

    at: PicturePoint
    m: FloorPoint


def _spread(points: tuple[MeasuredPoint, ...]) -> tuple[MeasuredPoint, ...]:
    if len(points) < 4:
        raise wrong(f"the floor needs at least 4 measured points, there are {len(points)}")
    for spots in (tuple(p.at for p in points), tuple(p.m for p in points)):
        if all(abs(_turn(*three)) < 1e-6 for three in combinations(spots, 3)):
            raise wrong("the measured points lie on one line; measure points that span the floor")
    return points


class Floor(_Part):
    """The floor plane and what is drawn on it, in metres of the hall's own axes."""

    points: Annotated[tuple[MeasuredPoint, ...], AfterValidator(_spread)]
    counter_edge_m: tuple[FloorPoint, FloorPoint] | None = None
    line_m: tuple[FloorPoint, FloorPoint] | None = None


class Camera(_Part):
    """One camera: where its picture comes from, and which windows it sees where."""

    id: Identifier
    name: Name
    source: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = Field(repr=False)
    starts_at: AwareDatetime | None = None
    zones: Annotated[Mapping[str, WindowZones], NotEmpty]
    floor: Floor | None = None
    analysis_fps: Annotated[float, Field(ge=0.5, le=30, allow_inf_nan=False)] = 5.0

    @model_validator(mode="after")
    def _only_recordings_start(self) -> Self:
        if self.starts_at is not None and ("://" in self.source or self.source.isdecimal()):
            raise wrong("starts_at is for recorded files; a live camera's time is its own")
        return self


class Site(_Part):
    """A whole hall as its site file describes it. `limits` hold for all windows; a window's own win."""

    hall: Hall
    windows: Annotated[tuple[Window, ...], NotEmpty]
    cameras: Annotated[tuple[Camera, ...], NotEmpty]
    schedule: WeekSchedule | None = None
    limits: LimitTable = {}
