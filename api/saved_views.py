"""Filters of the queue that somebody gave a name; each account has its own."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, func, select

from api.fields import Code, Id, PlainText, Share, Time
from api.problems import FieldError, Problem
from api.rights.guard import Permitted
from api.services import Parts
from api.tables import SavedViewRow

router = APIRouter(prefix="/api/v1/review/views", tags=["review"])

MOST = 30
ViewName = Annotated[
    PlainText, Path(min_length=1, max_length=64, description="the view's name, in anybody's words")
]


class ViewFilter(BaseModel):
    """What the queue is narrowed to; as the query of `readQueue`."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    window: Id | None = None
    behaviour: Code | None = None
    first: Annotated[Time | None, Field(alias="from")] = None
    end: Annotated[Time | None, Field(alias="to")] = None
    score_from: Share | None = None
    score_to: Share | None = None


class ViewOut(BaseModel):
    """A named filter."""

    name: str
    filter: ViewFilter


@router.get("", operation_id="listViews")
def list_views(person: Permitted, parts: Parts) -> list[ViewOut]:
    """This person's views, by name."""
    with parts.database.read() as session:
        mine = select(SavedViewRow).where(SavedViewRow.username == person.username)
        rows = session.scalars(mine.order_by(SavedViewRow.name)).all()
    return [ViewOut(name=row.name, filter=ViewFilter.model_validate(row.filter)) for row in rows]


@router.put("/{view_name}", operation_id="saveView")
def save_view(view_name: ViewName, wanted: ViewFilter, person: Permitted, parts: Parts) -> ViewOut:
    """Keep a filter under a name; what stood under it before is replaced."""
    with parts.database.write() as session:
        number = session.scalar(select(func.count()).where(SavedViewRow.username == person.username)) or 0
        known = session.get(SavedViewRow, (person.username, view_name))
        if known is None and number >= MOST:
            raise Problem(
                "invalid",
                FieldError(
                    "", f"最多保存 {MOST} 个视图,请先删除一个", f"At most {MOST} views; delete one first"
                ),
            )
        session.merge(
            SavedViewRow(
                username=person.username,
                name=view_name,
                filter=wanted.model_dump(mode="json", by_alias=True, exclude_none=True),
                saved_at=parts.settings.clock(),
            )
        )
    return ViewOut(name=view_name, filter=wanted)


@router.delete("/{view_name}", operation_id="deleteView", status_code=204)
def delete_view(view_name: ViewName, person: Permitted, parts: Parts) -> None:
    """Forget a view; nothing happens where there is none of that name."""
    with parts.database.write() as session:
        mine = delete(SavedViewRow).where(SavedViewRow.username == person.username)
        session.execute(mine.where(SavedViewRow.name == view_name))
