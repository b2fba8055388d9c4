"""Which windows somebody answers for: units of the hall tree, resolved to windows (P10).

The tree is district, sub-district, hall and window; the upper ones are those that the site file names.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.originals.tables import OriginalRequestRow
from api.problems import FieldError, Problem
from api.tables import AppealRow, CameraRow, EventRow, HallRow, PermitRow, WindowRow


@dataclass(frozen=True, slots=True)
class Scope:
    """The windows somebody answers for; None: all there are and ever will be."""

    windows: frozenset[str] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the hall lies outside."""
        return self.windows is None

    def holds(self, window: str | None) -> bool:
        """Whether this window lies inside; what belongs to no window is for who answers for all."""
        return self.windows is None or window in self.windows

    def holds_some(self, windows: Collection[str]) -> bool:
        """Whether any of these does."""
        return self.windows is None or not self.windows.isdisjoint(windows)

    def condition(self, column: InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
        """What narrows a statement to it, by the column that names the window."""
        return [] if self.windows is None else [column.in_(sorted(self.windows))]

    def require(self, window: str | None) -> None:
        """Raise Problem `out_of_scope` unless this window lies inside."""
        if not self.holds(window):
            raise Problem("out_of_scope")

    def require_whole(self) -> None:
        """Raise Problem `out_of_scope` unless it is the whole hall."""
        if not self.is_whole:
            raise Problem("out_of_scope")


WHOLE = Scope()


def scope_of(session: Session, units: Sequence[str] | None) -> Scope:
    """The windows below these units; a unit that is not there any more holds none."""
    if units is None:
        return WHOLE
    hall = session.scalars(select(HallRow)).first()
    if hall is not None and _above(hall) & set(units):
        return WHOLE
    return Scope(frozenset(units))


def check_units(session: Session, units: Sequence[str] | None, pointer: str) -> None:
    """Raise Problem unless every unit is a window, the hall, or one above it."""
    hall = session.scalars(select(HallRow)).first()
    known = set(session.scalars(select(WindowRow.id))) | (_above(hall) if hall else set())
    for unit in units or ():
        if unit not in known:
            zh, en = f"没有窗口或单位“{unit}”", f"there is no window or unit {unit!r}"
            raise Problem("invalid", FieldError(pointer, zh, en))


def require_path(session: Session, scope: Scope, path: dict[str, Any]) -> None:
    """Raise Problem unless what the address names lies in the scope; what is not there is let through.

    The answer is that of something unknown: who may not see an event learns not even that there is one.
    """
    if scope.is_whole:
        return
    if "event_id" in path:
        event = session.get(EventRow, path["event_id"])
        _refuse(event is not None and not scope.holds(event.window_id), "event_unknown")
    if "appeal_id" in path:
        appeal = session.get(AppealRow, _uuid(path["appeal_id"]))
        judged = session.get(EventRow, appeal.event_id) if appeal else None
        _refuse(judged is not None and not scope.holds(judged.window_id), "appeal_unknown")
    if "original_id" in path:
        asked = session.get(OriginalRequestRow, _uuid(path["original_id"]))
        shown = session.get(EventRow, asked.event_id) if asked else None
        _refuse(shown is not None and not scope.holds(shown.window_id), "original_unknown")
    if "permit_id" in path:
        permit = session.get(PermitRow, _uuid(path["permit_id"]))
        _refuse(permit is not None and not scope.holds(permit.window_id), "permit_unknown")
    if "camera_id" in path:
        camera = session.get(CameraRow, path["camera_id"])
        _refuse(camera is not None and not scope.holds_some(camera.windows), "camera_unknown")


def _refuse(outside: bool, code: str) -> None:
    if outside:
        raise Problem(code)


def _uuid(text: str) -> str:
    """As it is stored: the route takes a UUID however it is written."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return text


def _above(hall: HallRow) -> set[str]:
    return {hall.id, *(unit["id"] for unit in (hall.above or {}).values())}
