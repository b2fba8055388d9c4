"""Whether the API lives and is ready, and its numbers."""

from ipaddress import ip_address

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel
from sqlalchemy import text

from api.problems import Problem
from api.services import Parts
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
    return Response(parts.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
