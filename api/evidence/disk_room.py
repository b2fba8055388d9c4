"""Room on the disk: below the low mark evidence goes, least needed first, until the high mark is free.

First goes what nobody decided in time, then what was dismissed or withdrawn, oldest first; at last the review
copies of the oldest that still wait, which are made again once there is room. What was confirmed never goes,
nor anything under appeal: rather the disk fills, and events go on without clips.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api import audit
from api.chores import stopped_within
from api.event_store import bump_version
from api.permits import MACHINE
from api.services import Services
from api.tables import AppealRow, ClipRow, EventRow, ReviewCopyRow, SkeletonRow

EVERY_S = 30
AT_ONCE = 20
EVICTED = "The disk ran low on room; this film was deleted to keep newer ones."
SET_ASIDE = "The disk ran low on room; the copy is made again when there is some."

Free = Callable[[], int]
"""Bytes that are free where clips are kept."""


async def keep_room(parts: Services, stopping: asyncio.Event) -> None:
    """Look now and then, and make room where it is needed."""
    while parts.settings.watermarks.low and not stopping.is_set():
        try:
            number = await run_in_threadpool(make_room, parts, lambda: free_bytes(parts))
        except OSError:  # a disk that went read-only: the alarm stands, and the next round tries again
            number = 0
        if number:
            parts.broadcaster.publish("event", {})
        await stopped_within(EVERY_S, stopping)


def free_bytes(parts: Services) -> int:
    """What an ordinary process may still write where clips are kept."""
    return shutil.disk_usage(parts.settings.data_dir).free


def make_room(parts: Services, free: Free) -> int:
    """Delete evidence while less than the low mark is free; of how many events. With room, copies come back.

    Every deletion is written to the audit trail with its event. Raises OSError where a file cannot go.
    """
    marks = parts.settings.watermarks
    parts.metrics.disk_low.set(free() < marks.low)
    if free() >= marks.low:
        if free() >= marks.high:
            _ask_again(parts)
        return 0
    number = 0
    for evict in (_evict_films, _set_copies_aside):
        while free() < marks.high and (done := evict(parts)):
            number += done
    parts.metrics.disk_low.set(free() < marks.low)
    return number


def _evict_films(parts: Services) -> int:
    now = parts.settings.clock()
    with parts.database.write() as session:
        ids = list(_least_needed(session))
        for event_id in ids:
            parts.clips.delete_event(event_id)
            _forget(session, event_id, now)
    parts.metrics.evicted.labels("film").inc(len(ids))
    return len(ids)


def _least_needed(session: Session) -> Iterator[str]:
    """Events whose film may go: expired before dismissed and withdrawn, each oldest first."""
    for states in (["expired"], ["dismissed", "withdrawn"]):
        appealed = select(AppealRow.event_id).where(
            AppealRow.event_id == EventRow.id, AppealRow.state == "open"
        )
        wanted = (
            select(EventRow.id)
            .join(ClipRow, ClipRow.event_id == EventRow.id)
            .where(EventRow.state.in_(states), ClipRow.sha256.is_not(None), ~appealed.exists())
            .order_by(EventRow.flagged_at)
            .limit(AT_ONCE)
        )
        found = session.scalars(wanted).all()
        if found:
            yield from found
            return


def _forget(session: Session, event_id: str, now: datetime) -> None:
    clip = session.get(ClipRow, event_id)
    assert clip is not None
    clip.state, clip.reason, clip.sha256, clip.size_bytes = "failed", EVICTED, None, None
    for row in (session.get(ReviewCopyRow, event_id), session.get(SkeletonRow, event_id)):
        if row is not None:
            session.delete(row)
    bump_version(session, event_id)
    audit.record(session, now, MACHINE, "film_evicted", event_id)


def _set_copies_aside(parts: Services) -> int:
    now = parts.settings.clock()
    wanted = (
        select(ReviewCopyRow)
        .join(EventRow, EventRow.id == ReviewCopyRow.event_id)
        .where(EventRow.state == "pending", ReviewCopyRow.state == "ready")
        .order_by(EventRow.flagged_at)
        .limit(AT_ONCE)
    )
    with parts.database.write() as session:
        rows = session.scalars(wanted).all()
        for row in rows:
            parts.clips.delete_review(row.event_id)
            row.state, row.reason, row.sha256, row.size_bytes = "failed", SET_ASIDE, None, None
            row.has_pictures = False
            bump_version(session, row.event_id)
            audit.record(session, now, MACHINE, "review_copy_evicted", row.event_id)
    parts.metrics.evicted.labels("review_copy").inc(len(rows))
    return len(rows)


def _ask_again(parts: Services) -> None:
    aside = (ReviewCopyRow.state == "failed", ReviewCopyRow.reason == SET_ASIDE)
    with parts.database.read() as session:
        if session.scalar(select(ReviewCopyRow.event_id).where(*aside).limit(1)) is None:
            return
    with parts.database.write() as session:
        again = {"state": "pending", "reason": None, "asked_at": parts.settings.clock()}
        session.execute(update(ReviewCopyRow).where(*aside).values(**again))
