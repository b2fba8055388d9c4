"""A checked YAML file: every problem that a model finds, with its line and what may be meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hallwatch.yaml_lines import LinedYaml, Location


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a site file: its line (from 1), its place, what is wrong, what may be meant."""

    line: int
    where: str
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"; did you mean `{self.suggestion}`?" if self.suggestion else ""
        return f"{place}{self.message}{hint}"


def problems_of(error: ValidationError, lined: LinedYaml, model: type[BaseModel]) -> list[Problem]:
    """All that a model found wrong in a file."""
    details = error.errors(include_url=False, include_input=False)
    return _without_echoes([_problem(detail, lined, model) for detail in details], details)


def duplicate(location: Location, line: int) -> Problem:
    """A key that stands there a second time."""
    return Problem(line, written(location), f"the key `{location[-1]}` stands here a second time")


def written(location: Iterable[str | int]) -> str:
    """A location as people write it: `cameras[0].zones.1.staff`."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def closest(given: str, known: Iterable[str]) -> str | None:
    """The known word that is nearest to a given one; None where none is near."""
    matches = get_close_matches(given, tuple(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


_SENTENCES = {
    "missing": "`{name}` is missing",
    "extra_forbidden": "there is no key `{name}` here",
    "finite_number": "must be a finite number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "int_parsing": "must be a whole number",
    "bool_parsing": "must be true or false",
    "model_type": "must be a section of `key: value` lines",
    "mapping_type": "must be a section of `key: value` lines",
    "tuple_type": "must be a list",
    "string_type": "must be text",
    "timezone_aware": "needs its offset from UTC, as in 2026-03-02T09:00:00+08:00",
}


def _problem(detail: ErrorDetails, lined: LinedYaml, model: type[BaseModel]) -> Problem:
    location = tuple(part for part in detail["loc"] if part != "[key]")
    kind, context = detail["type"], detail.get("ctx") or {}
    name = str(location[-1]) if location else ""
    suggestion = None
    if kind == "extra_forbidden":
        suggestion = closest(name, _known_keys(model, location[:-1]))
    elif context.get("given"):
        suggestion = closest(context["given"], context["known"])
    message = _SENTENCES[kind].format(name=name) if kind in _SENTENCES else detail["msg"]
    if kind == "string_pattern_mismatch":
        message = _PATTERNS.get(name, "must be letters, digits, `-` or `_`")
    where = location[:-1] if kind in ("missing", "extra_forbidden") else location
    return Problem(lined.line_of(location), written(where), message, suggestion)


_PATTERNS = {
    "region_code": "must be the 6 digits of GB/T 2260, such as 450202",
    "unit_code": "must be the 18 characters of GB 32100",
}


def _without_echoes(problems: list[Problem], details: list[ErrorDetails]) -> list[Problem]:
    """Drop `staff is missing` where a misspelt `staf` already suggests it."""
    meant = {(p.where, p.suggestion) for p in problems if p.suggestion}
    return [
        problem
        for problem, detail in zip(problems, details, strict=True)
        if detail["type"] != "missing" or (problem.where, str(detail["loc"][-1])) not in meant
    ]


def _known_keys(model: type[BaseModel], location: Location) -> tuple[str, ...]:
    """The keys that the model at a location has."""
    kind: Any = model
    for part in location:
        kind = _stepped(kind, part)
    return tuple(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else ()


def _stepped(kind: Any, part: str | int) -> Any:
    """The type one step down: a model's field, a tuple's element or a mapping's value."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return _plain(field.annotation) if field else None
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return _plain(arguments[0])
    return _plain(arguments[1]) if len(arguments) == 2 else None


def _plain(kind: Any) -> Any:
    """A type without its `| None` and its annotations."""
    while hasattr(kind, "__metadata__"):
        kind = kind.__origin__
    options = [option for option in get_args(kind) if option is not type(None)]
    if type(None) in get_args(kind) and len(options) == 1:
        return _plain(options[0])
    return kind
