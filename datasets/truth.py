"""The truth beside a clip: what went on in it, from second to second, as its maker knows it.

The same format serves rendered and filmed clips: `NAME.truth.json` beside `NAME.mp4`. This reads format 1;
a later one is refused, and so is any key that the format does not have, so that a slip of the pen is no
silent loss.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError, from_json

from vision.article27 import CATALOGUE

FORMAT = 1
ENDING = ".truth.json"
SITE_ENDING = ".site.yaml"

Finite = Annotated[float, Field(allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Spot = tuple[Finite, Finite]
Beside = Annotated[str, StringConstraints(pattern=r"^[^/\\]+$", max_length=255)]
"""A file in the truth's own folder."""


class TruthError(Exception):
    """Truth that cannot be read; the text is one sentence with the file and the place in it."""


class Part(BaseModel):
    """A frozen piece of truth that has no keys but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _known(code: str) -> str:
    if code not in CATALOGUE:
        raise PydanticCustomError("truth", "there is no behaviour of that code")
    return code


Behaviour = Annotated[str, AfterValidator(_known)]


class Span(Part):
    """A stretch of the clip in seconds from its first frame."""

    start_s: Seconds
    end_s: Seconds

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end_s < self.start_s:
            raise PydanticCustomError("truth", "it ends before it starts")
        return self

    @property
    def duration_s(self) -> float:
        """How long it lasts."""
        return self.end_s - self.start_s


class TrueEpisode(Span):
    """A behaviour as it truly went on, whether or not it lasts long enough to be flagged."""

    behaviour: Behaviour
    window: str
    variant: str | None = None


class NearMiss(Span):
    """Innocent conduct that looks like a behaviour; nothing may be flagged here."""

    like: Behaviour
    what: str
    window: str | None = None


class TrueWindow(Part):
    """Where a window's two sides are in the picture: polygons in shares of its width and height."""

    staff_zone: tuple[Spot, ...] | None = None
    public_zone: tuple[Spot, ...] | None = None


class TrueCamera(Part):
    """The camera in OpenCV's convention: pixels from metres by K, distortion, R and t."""

    K: tuple[tuple[Finite, ...], ...]
    distortion: tuple[Finite, ...] = ()
    R: tuple[tuple[Finite, ...], ...]
    t: tuple[Finite, ...]


class FloorSpot(Part):
    """A spot on the floor in pixels and in metres."""

    px: Spot
    m: Spot


class TrueFloor(Part):
    """The floor, the counter's edge and the 1-metre line, in metres."""

    points: tuple[FloorSpot, ...] = ()
    counter_edge_m: tuple[Spot, Spot] | None = None
    line_m: tuple[Spot, Spot] | None = None


class Truth(Part):
    """What is true of one clip. `folder` is where its files lie; it is no part of the format."""

    format: Literal[1]
    clip: Beside
    frames: Beside | None = None
    site: Beside | None = None
    origin: Literal["rendered", "filmed"]
    fps: Positive
    width: Annotated[int, Field(gt=0, le=16384)]
    height: Annotated[int, Field(gt=0, le=16384)]
    duration_s: Positive
    starts_at: AwareDatetime
    windows: Annotated[dict[str, TrueWindow], Field(min_length=1)]
    episodes: tuple[TrueEpisode, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    camera: TrueCamera | None = None
    floor: TrueFloor | None = None
    hall: str | int | None = None
    camera_kind: str | int | None = None
    figures: tuple[str | int, ...] = ()
    folder: Path = Field(default=Path(), exclude=True)

    @model_validator(mode="after")
    def _windows_are_known(self) -> Self:
        named = {episode.window for episode in self.episodes}
        named |= {near.window for near in self.near_misses if near.window is not None}
        if named - set(self.windows):
            raise PydanticCustomError("truth", "an episode or near miss names a window that is not there")
        return self

    @property
    def name(self) -> str:
        """The clip's name without its ending."""
        return Path(self.clip).stem

    @property
    def clip_path(self) -> Path:
        """The video."""
        return self.folder / self.clip

    @property
    def frames_path(self) -> Path | None:
        """What is true of each frame, where the maker wrote it down."""
        return self.folder / self.frames if self.frames else None

    @property
    def site_path(self) -> Path | None:
        """The site file beside the clip, where there is one."""
        path = self.folder / (self.site or f"{self.name}{SITE_ENDING}")
        return path if self.site or path.is_file() else None

    def second_of(self, at: AwareDatetime) -> float:
        """Seconds of the clip at an instant of camera time."""
        return (at - self.starts_at) / timedelta(seconds=1)


def load_truth(path: Path) -> Truth:
    """Read one truth file. Raises `TruthError`."""
    try:
        given = from_json(path.read_bytes())
    except OSError as error:
        raise TruthError(f"{path}: the truth cannot be read ({error.strerror}).") from None
    except ValueError as error:
        raise TruthError(f"{path}: this is no JSON ({error}).") from None
    if not isinstance(given, dict):
        raise TruthError(f"{path}: truth is a JSON object with `format`, `clip`, `episodes` and so on.")
    _check_format(path, given.get("format"))
    try:
        return Truth.model_validate({**given, "folder": path.parent})
    except ValidationError as error:
        raise TruthError(f"{path}: {told(error)}.") from None


def find_truths(folder: Path) -> tuple[Path, ...]:
    """The truth files of a folder, by name (a truth file itself stands for itself).

    Raises `TruthError` when there is none.
    """
    if folder.is_file():
        return (folder,)
    found = tuple(sorted(folder.glob(f"*{ENDING}")))
    if not found:
        raise TruthError(
            f"{folder}: no truth here; clips lie as NAME.mp4 beside NAME{ENDING}"
            " (`make truth` renders some, its parts are in folders of their own)."
        )
    return found


def told(error: ValidationError) -> str:
    """The first problem of a pydantic error, and where it is."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if first["type"] == "extra_forbidden":
        return f"there is no key `{place}` in format {FORMAT}{more}"
    return f"{place + ': ' if place else ''}{first['msg'][:1].lower()}{first['msg'][1:]}{more}"


def _check_format(path: Path, given: object) -> None:
    if given is None:
        raise TruthError(f'{path}: `format` is missing; write `"format": {FORMAT}`.')
    if isinstance(given, int) and given > FORMAT:
        raise TruthError(
            f"{path}: this truth has format {given}; this hallwatch reads up to {FORMAT}, update it."
        )
    if given != FORMAT or isinstance(given, bool):
        raise TruthError(f"{path}: `format` must be {FORMAT}, not {given!r}.")
