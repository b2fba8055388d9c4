"""Events found by words: in what people wrote about them, or by the beginning of their id."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.tables import AppealRow, DecisionRow, EventRow

MOST = 500
"""More hits than this help nobody; the newest are kept."""


def found_by(session: Session, words: str) -> frozenset[str]:
    """Ids of the events that these words find; letters count alike in upper and lower case."""
    like = f"%{_escaped(words.strip())}%"
    noted = select(DecisionRow.event_id).where(DecisionRow.note.ilike(like, escape="!"))
    said = or_(AppealRow.text.ilike(like, escape="!"), AppealRow.answer.ilike(like, escape="!"))
    found = set(session.scalars(noted.order_by(DecisionRow.id.desc()).limit(MOST)))
    found |= set(session.scalars(select(AppealRow.event_id).where(said).limit(MOST)))
    begins = words.strip().lower()
    if len(begins) >= 4:
        # A range, since LIKE walks over all ids.
        named = select(EventRow.id).where(EventRow.id >= begins, EventRow.id < begins + "~")
        found |= set(session.scalars(named.limit(MOST)))
    return frozenset(found)


def _escaped(words: str) -> str:
    return words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
