"""Review copies as people are told of them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.review_models import ReviewCopyOut
from api.tables import ReviewCopyRow


def copies_of(session: Session, ids: Sequence[str]) -> dict[str, ReviewCopyOut]:
    """The review copies of these events."""
    rows = session.scalars(select(ReviewCopyRow).where(ReviewCopyRow.event_id.in_(ids)))
    return {row.event_id: _shown(row) for row in rows}


def _shown(row: ReviewCopyRow) -> ReviewCopyOut:
    same = {name: getattr(row, name) for name in ReviewCopyOut.model_fields if hasattr(row, name)}
    root = f"/api/v1/events/{row.event_id}"
    ready = row.state == "ready"
    pictures = ready and row.has_pictures
    return ReviewCopyOut(
        **same,
        url=f"{root}/review-copy" if ready else None,
        poster_url=f"{root}/poster.jpg?of={row.source_sha256[:8]}" if pictures else None,
        filmstrip_url=f"{root}/filmstrip.jpg?of={row.source_sha256[:8]}" if pictures else None,
    )
