"""The chore that sends reports by themselves, once each, soon after their time has come."""

import asyncio
import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.chores import stopped_within
from api.compliance.rolling_up import HALL_LEVEL
from api.compliance.settling import settle
from api.compliance.tables import FigureRow
from api.reports import deliveries
from api.reports.deliveries import FOLDER, Delivery
from api.reports.files import MEDIA_TYPES, file_name, make_file
from api.reports.folder import drop
from api.reports.fonts import FontMissingError
from api.reports.mail import Attachment, MailRefusedError, message_of, send
from api.reports.reading import read_report
from api.reports.settings import ReportSettings
from api.reports.spans import Span, latest_ready
from api.reports.typesetting import PrintError
from api.services import Services
from api.tables import HallRow

EVERY_S = 30.0

log = logging.getLogger(__name__)


async def send_reports(parts: Services, stopping: asyncio.Event) -> None:
    """Send what is due, and try again what could not be sent; ends at once where nothing is asked for."""
    if not parts.settings.reports.kinds:
        return
    while not stopping.is_set():
        await run_in_threadpool(plan_due, parts)
        while not stopping.is_set() and await run_in_threadpool(send_next, parts):
            pass
        await stopped_within(EVERY_S, stopping)


def plan_due(parts: Services) -> None:
    """Let the last report of each kind wait for its targets, unless that was done before."""
    settings, now = parts.settings.reports, parts.settings.clock()
    targets = targets_of(settings)
    settle(parts)
    with parts.database.read() as session:
        spans = [
            span
            for span in _due_spans(session, settings, now)
            if not deliveries.is_planned(session, span, targets)
        ]
    if spans:
        with parts.database.write() as session:
            deliveries.plan(session, spans, targets, now)


def send_next(parts: Services) -> bool:
    """Try the delivery that waits longest; whether there was one."""
    now, targets = parts.settings.clock(), targets_of(parts.settings.reports)
    with parts.database.read() as session:
        if not deliveries.next_due(session, targets, now):
            return False
    with parts.database.write() as session:
        delivery = deliveries.claim(session, targets, now)
    if delivery is not None:
        _try(parts, delivery)
    return delivery is not None


def targets_of(settings: ReportSettings) -> list[str]:
    """The folder and everybody who gets mail."""
    return [*([FOLDER] if settings.folder else []), *settings.mail_to]


def _due_spans(session: Session, settings: ReportSettings, now: datetime) -> list[Span]:
    hall = session.scalars(select(HallRow)).first()
    days = select(func.min(FigureRow.bucket)).where(FigureRow.grain == "day", FigureRow.level == HALL_LEVEL)
    first_known = session.scalar(days)
    if hall is None or first_known is None:
        return []
    zone = ZoneInfo(hall.time_zone)
    spans = [latest_ready(kind, settings.at, now, zone) for kind in settings.kinds]
    # Of what lies before the first day of all there is nothing to say.
    return [span for span in spans if span.last.isoformat() >= first_known]


def _try(parts: Services, delivery: Delivery) -> None:
    kind, way = delivery.span.kind, delivery.way
    try:
        _deliver(parts, delivery)
    except (MailRefusedError, FontMissingError, PrintError, OSError) as error:
        with parts.database.write() as session:
            wait = deliveries.failed(session, delivery, parts.settings.clock(), str(error))
        parts.metrics.reports.labels(kind, way, "failed" if wait else "given_up").inc()
        told = (kind, delivery.span.first, delivery.target, delivery.attempt, error)
        if wait is None:
            log.error("the %s report of %s to %s is given up after %d tries: %s", *told)
        else:
            minutes = wait.total_seconds() / 60
            log.warning(
                "the %s report of %s to %s could not be sent (try %d): %s; again in %g min", *told, minutes
            )
        return
    with parts.database.write() as session:
        deliveries.delivered(session, delivery, parts.settings.clock())
    parts.metrics.reports.labels(kind, way, "delivered").inc()
    log.info("the %s report of %s went to %s", kind, delivery.span.first, delivery.target)


def _deliver(parts: Services, delivery: Delivery) -> None:
    settings, now = parts.settings.reports, parts.settings.clock()
    settle(parts)
    with parts.database.read() as session:
        report = read_report(session, delivery.span, now)
        files = _files(session, parts, delivery.span, now)
    if delivery.target == FOLDER:
        assert settings.folder is not None
        for name, _, body in files:
            drop(settings.folder, name, body)
        return
    assert settings.server is not None
    sender = settings.server.sender
    send(settings.server, message_of(report, settings.language, sender, delivery.target, files))


def _files(session: Session, parts: Services, span: Span, now: datetime) -> list[Attachment]:
    settings = parts.settings.reports
    language = settings.language
    return [
        (
            file_name(span, one, language),
            MEDIA_TYPES[one],
            make_file(session, span, one, language, now, parts.settings.review, settings.font),
        )
        for one in settings.formats
    ]
