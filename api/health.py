"""Whether the API lives and is ready, and its numbers."""

import shutil
from ipaddress import ip_address

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel
from sqlalchemy import func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.cameras import all_cameras
from api.problems import Problem
from api.services import Parts, Services
from api.supervision.tables import SupervisionMessageRow
from api.tables import EventRow
from api.webhooks.tables import DeliveryRow
from api.worker_access import carries_worker_key

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """Says only that it is well; otherwise the answer is a problem."""

    status: str = "ok"


@router.get("/livez", operation_id="livez")
async def livez() -> Health:
    """The process answers."""
    return Health()


@router.get("/readyz", operation_id="readyz")
def readyz(parts: Parts) -> Health:
    """The database answers too."""
    with parts.database.read() as session:
        session.execute(text("SELECT 1"))
    return Health()


def from_here_or_worker(request: Request, parts: Parts) -> None:
    """Guard: the request comes straight from this machine, or carries the worker's key."""
    if carries_worker_key(request, parts.settings.worker_key.get_secret_value()):
        return
    # Behind a proxy on this machine everybody seems to come from here.
    if not is_loopback(request) or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        raise Problem("not_from_here")


def is_loopback(request: Request) -> bool:
    """Whether the peer of the connection is this machine."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@router.get(
    "/metrics",
    operation_id="metrics",
    response_class=PlainTextResponse,
    dependencies=[Depends(from_here_or_worker)],
)
def metrics(parts: Parts) -> Response:
    """Numbers for Prometheus."""
    _measure_now(parts)
    return Response(parts.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _measure_waiting(parts: Services) -> None:
    pending = select(func.count(), func.min(EventRow.received_at)).where(EventRow.state == "pending")
    with parts.database.read() as session:
        number, oldest = session.execute(pending).one()
        waiting = {
            "webhooks": _waiting(session, DeliveryRow.state),
            "supervision": _waiting(session, SupervisionMessageRow.state),
        }
    parts.metrics.pending.set(number)
    age_s = (parts.settings.clock() - oldest).total_seconds() if number else 0.0
    parts.metrics.oldest_pending.set(max(age_s, 0.0))
    for name, count in waiting.items():
        parts.metrics.undelivered.labels(name).set(count)


def _waiting(session: Session, state: InstrumentedAttribute[str]) -> int:
    return session.scalar(select(func.count()).where(state == "waiting")) or 0


def _measure_now(parts: Services) -> None:
    """What is no count of happenings but a state, as it is at this moment."""
    disk = shutil.disk_usage(parts.settings.data_dir)
    parts.metrics.disk_free.set(disk.free)
    parts.metrics.disk_total.set(disk.total)
    _measure_waiting(parts)
    parts.metrics.camera_state.clear()
    for camera in all_cameras(parts):
        parts.metrics.camera_state.labels(camera.id, camera.state).set(1)
