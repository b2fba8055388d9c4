"""A case as the platform reads it: codes of the city in a template of ours or the hall's own."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.supervision.rules import Grade, SupervisionRules
from api.tables import EventRow, HallRow, WindowRow
from vision.article27 import CATALOGUE

TEMPLATES = Path(__file__).resolve().parent / "templates"
SCHEMA = Path(__file__).resolve().parent / "message.xsd"


class SupervisionTemplateError(Exception):
    """The hall's template cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a template may name; times are RFC 3339 in the hall's zone."""

    message: str
    kind: str
    case: str
    revision: int
    region_code: str
    unit_code: str
    sent_at: str
    behaviour: str
    behaviour_code: str
    behaviour_name: str
    clause: str
    window: str
    window_name: str
    hall_name: str
    began_at: str
    ended_at: str
    grade: Grade | None
    grade_code: str | None
    withdrawn: bool


def message_id(event_id: str, revision: int) -> str:
    """The same however often and by whichever way it is sent."""
    return f"{event_id}-{revision}"


def told(
    session: Session,
    rules: SupervisionRules,
    event: EventRow,
    grade: Grade | None,
    revision: int,
    now: datetime,
) -> Told:
    """A case as it stands; `grade` None withdraws it."""
    hall = session.scalars(select(HallRow)).first()
    window = session.get(WindowRow, event.window_id)
    article = CATALOGUE.get(event.behaviour)
    zone = ZoneInfo(hall.time_zone if hall else "Asia/Shanghai")

    def local(at: datetime) -> str:
        return at.astimezone(zone).isoformat(timespec="seconds")

    return Told(
        message=message_id(event.id, revision),
        kind="withdraw" if grade is None else "report" if revision == 1 else "amend",
        case=event.id,
        revision=revision,
        region_code=rules.region_code,
        unit_code=rules.unit_codes.get(event.window_id, event.window_id),
        sent_at=local(now),
        behaviour=event.behaviour,
        behaviour_code=rules.behaviour_codes.get(event.behaviour, event.behaviour),
        behaviour_name=article.zh if article else event.behaviour,
        clause=article.clause if article else "-",
        window=event.window_id,
        window_name=window.name if window else event.window_id,
        hall_name=hall.name if hall else "-",
        began_at=local(event.started_at),
        ended_at=local(event.known_until),
        grade=grade,
        grade_code=None if grade is None else rules.grade_codes.get(grade, grade),
        withdrawn=grade is None,
    )


def written(rules: SupervisionRules, what: Told) -> str:
    """The message as text. Raises SupervisionTemplateError."""
    path = rules.template or TEMPLATES / f"message.{rules.format}.j2"
    environment = ImmutableSandboxedEnvironment(
        autoescape=rules.format == "xml", undefined=StrictUndefined, keep_trailing_newline=True
    )
    try:
        return environment.from_string(path.read_text(encoding="utf-8")).render(asdict(what))
    except (TemplateError, OSError, UnicodeDecodeError, ValueError, TypeError) as error:
        raise SupervisionTemplateError(f"{path}: {error}") from None


def check_template(rules: SupervisionRules) -> None:
    """Raise SupervisionTemplateError unless the template takes a case and its withdrawal."""
    for grade in ("red", None):
        written(rules, _example(rules, grade))


def _example(rules: SupervisionRules, grade: Grade | None) -> Told:
    at = "2026-03-02T09:30:00+08:00"
    return Told(
        message="example-1",
        kind="report",
        case="example",
        revision=1,
        region_code=rules.region_code,
        unit_code="1",
        sent_at=at,
        behaviour="smoking",
        behaviour_code="smoking",
        behaviour_name="吸烟",
        clause="27(1)",
        window="1",
        window_name="1号窗口",
        hall_name="大厅",
        began_at=at,
        ended_at=at,
        grade=grade,
        grade_code=grade,
        withdrawn=grade is None,
    )
