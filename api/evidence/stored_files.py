"""What files the database says there are: to be compared with what lies in the data folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from api.clip_store import ClipStore
from api.database import Database
from api.tables import ClipRow, ReviewCopyRow

PAGE = 500


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """A film that a row names: where it should be, how large, with which SHA-256 (hexadecimal)."""

    event_id: str
    path: Path
    size_bytes: int
    sha256: str


def expected_files(database: Database, store: ClipStore) -> Iterator[ExpectedFile]:
    """The originals and the review copies that rows name, by event; rows without a file name none."""
    after = ""
    while True:
        with database.read() as session:
            wanted = (
                select(ClipRow, ReviewCopyRow)
                .outerjoin(ReviewCopyRow, ReviewCopyRow.event_id == ClipRow.event_id)
                .where(ClipRow.event_id > after)
                .order_by(ClipRow.event_id)
                .limit(PAGE)
            )
            rows: list[tuple[ClipRow, ReviewCopyRow | None]] = [
                (row[0], row[1]) for row in session.execute(wanted)
            ]
        for clip, copy in rows:
            if clip.sha256 is not None and clip.size_bytes is not None:
                path = store.clip_path(clip.event_id, clip.sha256)
                yield ExpectedFile(clip.event_id, path, clip.size_bytes, clip.sha256)
            if copy is not None and copy.sha256 is not None and copy.size_bytes is not None:
                path = store.review_path(copy.event_id, copy.source_sha256, "film")
                yield ExpectedFile(copy.event_id, path, copy.size_bytes, copy.sha256)
        if len(rows) < PAGE:
            return
        after = rows[-1][0].event_id
