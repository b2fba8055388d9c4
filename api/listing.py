"""What the lists of events are asked for over HTTP."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from api.event_queue import BadCursorError, Cursor, Filter, Order
from api.fields import Code, Id, Share, Time
from api.problems import FieldError, Problem
from api.rights.scope import Scope


@dataclass(frozen=True, slots=True)
class AskedFilter:
    """The query by which both the queue and the list of events are narrowed."""

    window: Annotated[Id | None, Query(description="only this window")] = None
    behaviour: Annotated[Code | None, Query(description="only this behaviour")] = None
    first: Annotated[Time | None, Query(alias="from", description="begun at this time or later")] = None
    end: Annotated[Time | None, Query(alias="to", description="begun before this time")] = None
    score_from: Annotated[Share | None, Query(description="peak score at least this")] = None
    score_to: Annotated[Share | None, Query(description="peak score at most this")] = None

    def filter(self, state: str | None, scope: Scope, order: Order = "newest") -> Filter:
        """As the database is asked; raises Problem for a window outside of the scope."""
        if self.window is not None:
            scope.require(self.window)
        return Filter(
            state,
            self.window,
            self.behaviour,
            self.first,
            self.end,
            order,
            self.score_from,
            self.score_to,
            scope=scope,
        )


Asked = Annotated[AskedFilter, Depends()]
CursorText = Annotated[str | None, Query(max_length=500, description="next_cursor of the page before")]
Limit = Annotated[int, Query(ge=1, le=200, description="events on a page")]


def parsed_cursor(text: str) -> Cursor:
    """The cursor that came over the wire; raises Problem where it is none."""
    try:
        return Cursor.parse(text)
    except BadCursorError as error:
        raise bad_cursor() from error


def bad_cursor() -> Problem:
    """What is said of a cursor that is none."""
    return Problem("invalid", FieldError("/query/cursor", "不是有效的游标", "Not a cursor of this list"))
