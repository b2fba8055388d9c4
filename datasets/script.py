"""Scripts: YAML files that say who does what, where, from second to second.

A mistake in one is a `ScriptError` with the file, the line and what was probably meant.
"""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from datasets.bystanders import ON_FOOT
from datasets.places import CAMERAS, HALLS
from datasets.repertoire import ACTIVITIES

LONGEST_S = 3600.0
Point = tuple[float, float]


class ScriptError(Exception):
    """A script cannot be played; the message says where and why in one sentence."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _known(value: str, names: tuple[str, ...], what: str) -> str:
    if value in names:
        return value
    close = difflib.get_close_matches(value, names, 1)
    hint = f"did you mean {close[0]!r}" if close else f"known are {', '.join(names)}"
    raise ValueError(f"no {what} is called {value!r}; {hint}")


class Walking(_Part):
    """On foot along points on the floor, metres; ends looking at the counter, away from it, or onwards."""

    walk: Annotated[tuple[Point, ...], Field(min_length=1)]
    speed: Annotated[float, Field(gt=0.2, lt=2.5)] = 1.1
    facing: Literal["counter", "hall", "onwards"] = "onwards"


class Leaving(_Part):
    """A clerk gets up and goes out of sight."""

    leave: Literal["left", "right"]


class Returning(_Part):
    """A clerk comes back and sits down."""

    back: Literal["left", "right"]


Doing = str | Walking | Leaving | Returning
STAFF_ACTS = (*ACTIVITIES, *ON_FOOT)
PUBLIC_ACTS = tuple(ON_FOOT)


class Someone(_Part):
    """One person: `side`, the window they belong to, the seed of their looks, and what they do when."""

    side: Literal["staff", "public"] = "staff"
    window: Annotated[int, Field(ge=1, le=3)] = 1
    figure: Annotated[int, Field(ge=0)] = 1
    sex: Literal["female", "male"] | None = None
    hand: Literal["left", "right"] | None = None
    start: Point | None = None
    away: bool = False
    does: dict[Annotated[float, Field(ge=0, le=LONGEST_S)], Doing]

    @field_validator("does", mode="before")
    @classmethod
    def _one_doing_each(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or not value:
            raise ValueError("write at least one line 'second: what is done', for example '0: type'")
        return {key: _doing(doing) for key, doing in value.items()}

    @model_validator(mode="after")
    def _only_what_the_side_can(self) -> "Someone":
        names = STAFF_ACTS if self.side == "staff" else PUBLIC_ACTS
        for doing in self.does.values():
            if isinstance(doing, str):
                _known(doing, names, f"activity of the {self.side}")
            elif isinstance(doing, Leaving | Returning) and self.side == "public":
                raise ValueError("only staff leave and come back; the public walks: {walk: [[x, y], …]}")
        if self.side == "public" and self.start is None:
            raise ValueError("the public needs a place to start from, for example 'start: [0.5, 5.0]'")
        if self.side == "staff":
            _possible_order(
                "away" if self.away else "seat", [doing for _, doing in sorted(self.does.items())]
            )
        return self


def _possible_order(place: str, doings: list[Doing]) -> None:
    """Raise ValueError where a clerk would work without having come back to the seat."""
    for doing in doings:
        if isinstance(doing, Returning):
            place = "seat"
        elif place == "away":
            raise ValueError("who is away first comes back: {back: left} or {back: right}")
        elif isinstance(doing, Leaving):
            if place == "floor":
                raise ValueError("only from the seat can a clerk leave; use {walk: …} out of the picture")
            place = "away"
        elif isinstance(doing, Walking):
            place = "floor"
        elif place == "floor" and doing not in ON_FOOT:
            raise ValueError(f"a clerk who has walked off the seat stands: not {doing!r}, but 'stand'")


def _doing(value: Any) -> Any:
    if isinstance(value, str | Walking | Leaving | Returning):
        return value
    if isinstance(value, Mapping):
        kinds: dict[str, type[_Part]] = {"walk": Walking, "leave": Leaving, "back": Returning}
        for key, kind in kinds.items():
            if key in value:
                return kind.model_validate(dict(value))
        raise ValueError(f"{_known(str(next(iter(value), '')), tuple(kinds), 'movement')} is not complete")
    raise ValueError("an activity's name, or a movement such as {walk: [[x, y], …]}")


class Script(_Part):
    """One clip. `camera` is a kind of `datasets.places.CAMERAS`; `crf` the quality of the video (18 … 32)."""

    name: str = ""
    hall: str
    camera: str
    seed: Annotated[int, Field(ge=0)] = 0
    duration_s: Annotated[float, Field(gt=0, le=LONGEST_S)]
    fps: Annotated[float, Field(gt=0, le=60)] = 10
    width: Annotated[int, Field(ge=64, le=1920)] = 640
    height: Annotated[int, Field(ge=64, le=1080)] = 360
    crf: Annotated[int, Field(ge=10, le=40)] = 23
    starts_at: str = "2026-03-02T09:30:00+08:00"
    people: Annotated[dict[str, Someone], Field(max_length=12)] = {}

    @field_validator("hall")
    @classmethod
    def _a_hall(cls, value: str) -> str:
        return _known(value, tuple(HALLS), "hall")

    @field_validator("camera")
    @classmethod
    def _a_camera(cls, value: str) -> str:
        return _known(value, CAMERAS, "camera")


def read_script(path: Path) -> Script:
    """The script in a file; raises ScriptError."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path} cannot be read: name a script in YAML, written in UTF-8.") from error
    return parse_script(text, path.name)


def parse_script(text: str, name: str) -> Script:
    """The script in a text; `name` is the file's, for messages and as the clip's name."""
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScriptError(f"{name}, line {line}: not YAML ({error.problem}); mend this line.") from error
    if not isinstance(tree, dict):
        raise ScriptError(f"{name}, line 1: a script is a list of keys such as 'hall: willow'.")
    try:
        script = Script.model_validate(_plain(tree))
    except ValidationError as error:
        raise ScriptError(_sentence(error, tree, name)) from error
    return script if script.name else script.model_copy(update={"name": Path(name).stem})


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node


def _sentence(error: ValidationError, tree: Any, name: str) -> str:
    first = error.errors()[0]
    way = [step for step in first["loc"] if step != "[key]"]
    line, known = _line(tree, way)
    where = ".".join(str(step) for step in way[:known]) or "the script"
    if first["type"] == "extra_forbidden":
        fields = tuple(Someone.model_fields if way[0] == "people" else Script.model_fields)
        close = difflib.get_close_matches(str(way[-1]), fields, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(fields)}."
        return f"{name}, line {line}: no key is called {way[-1]!r}; {hint}"
    if first["type"] == "missing":
        return f"{name}, line {line}: {'.'.join(str(step) for step in way)} is missing; add it."
    named = re.search(r"called '([^']*)'", first["msg"])
    line = _line_of(tree, way[:known], named.group(1)) or line if named else line
    return f"{name}, line {line}: {where}: {first['msg'].removeprefix('Value error, ')}."


def _line_of_key(node: Any, wanted: Any) -> int | None:
    """The line of the first such key somewhere below."""
    if not isinstance(node, CommentedMap):
        return None
    if wanted in node:
        return int(node.lc.key(wanted)[0]) + 1
    return next((line for below in node.values() if (line := _line_of_key(below, wanted))), None)


def _line_of(tree: Any, way: list[Any], value: str) -> int | None:
    """The line of the first entry below a key whose value that is."""
    node: Any = tree
    for step in way:
        node = node[step]
    if isinstance(node, CommentedMap):
        for key, below in node.items():
            if below == value:
                return int(node.lc.key(key)[0]) + 1
            found = _line_of(node, [key], value) if isinstance(below, Mapping) else None
            if found:
                return found
    return None


def _line(tree: Any, way: list[Any]) -> tuple[int, int]:
    """The line (from 1) of the deepest key on the way that the text has, and how many steps that are."""
    line = 1
    node: Any = tree
    for known, step in enumerate(way):
        try:
            line = (node.lc.key(step) if isinstance(node, CommentedMap) else node.lc.item(step))[0] + 1
            node = node[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            return _line_of_key(node, step) or line, known
    return line, len(way)
