"""The API, put together: `create_app` is the only place that knows all its parts."""

import gc
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool

from api import (
    appeals,
    behaviours,
    bulk_review,
    calibrations,
    cameras,
    claims,
    clips,
    day_views,
    figures,
    hall,
    health,
    ingest,
    leave,
    live_changes,
    own_window,
    page,
    problems,
    review,
    review_queue,
    saved_views,
    second_reviews,
    sessions,
)
from api.appeal_links import by_link
from api.audit import routes as audit
from api.changes import routes as changes
from api.changes.hours import tell_hours_now_and_then
from api.chores import Chore, doing
from api.clip_store import DiskFullError, DiskReadOnlyError
from api.compliance import routes as compliance
from api.compliance.settling import settle_now_and_then
from api.description import describe
from api.evidence import own_copies, review_copies
from api.evidence.disk_room import keep_room
from api.expiry import expire_now_and_then
from api.health import from_here_or_worker
from api.http_guard import HttpGuard
from api.mqtt.telling import tell_broker
from api.originals import making
from api.originals import requests as originals
from api.originals.expiry import end_originals
from api.reports import routes as reports
from api.reports.sending import send_reports
from api.retention import routes as retention
from api.retention.nightly import delete_nightly
from api.rights import accounts, key_routes
from api.rights.guard import permitted
from api.sealing import SealError
from api.second_factor import routes as second_factor
from api.services import Services, assemble
from api.sessions import in_session
from api.settings import ApiSettings
from api.supervision import routes as supervision
from api.supervision.sending import tell_supervision
from api.webhooks import routes as webhooks
from api.webhooks.sending import send_webhooks
from api.worker_access import from_worker

__all__ = ["ApiSettings", "create_app"]

log = logging.getLogger(__name__)

FOR_PEOPLE = (
    hall,
    behaviours,
    review_queue,
    saved_views,
    bulk_review,
    claims,
    review,
    second_reviews,
    appeals,
    clips,
    review_copies,
    originals,
    figures,
    compliance,
    reports,
    day_views,
    cameras,
    calibrations,
    leave,
    live_changes,
    changes,
    retention,
    own_window,
    own_copies,
    audit,
    accounts,
    key_routes,
    webhooks,
    supervision,
)
"""Rooms whose routes stand in the table of rights."""

GUARDS = frozenset({in_session, permitted, by_link, from_worker, from_here_or_worker})
OPEN_TO_ALL = frozenset({"signIn", "livez", "readyz"})

CHORES: tuple[Chore, ...] = (
    expire_now_and_then,
    keep_room,
    end_originals,
    settle_now_and_then,
    tell_hours_now_and_then,
    delete_nightly,
    send_reports,
    send_webhooks,
    tell_supervision,
    tell_broker,
)

DESCRIPTION = """
Review queue, evidence, decisions and hourly figures of one service hall.

Times are RFC 3339 in UTC unless said otherwise; ids are strings. Errors are RFC 9457 problems with a stable
`code`. People sign in with a session cookie and send its CSRF token with whatever changes something; workers
send their key as a bearer token.
"""


def create_app(settings: ApiSettings) -> FastAPI:
    """The API as an ASGI application; the database is opened and brought up to date when it starts."""
    services = assemble(settings)
    app = FastAPI(
        title="hallwatch",
        version="1",
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.services = services
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    problems.install(app)
    app.add_exception_handler(DiskFullError, _on_disk_full)
    app.add_exception_handler(DiskReadOnlyError, _on_disk_read_only)
    app.add_exception_handler(SealError, _on_sealed)
    app.add_middleware(HttpGuard, allowed_hosts=settings.allowed_hosts, metrics=services.metrics)
    _include_all(app)
    return app


def description() -> dict[str, Any]:
    """The API's description, without a database."""
    app = create_app(ApiSettings("sqlite:///never-opened", Path(), SecretStr("")))
    services: Services = app.state.services
    services.database.close()
    return app.openapi()


def _include_all(app: FastAPI) -> None:
    for room in FOR_PEOPLE:
        app.include_router(room.router, dependencies=[Depends(permitted)])
    app.include_router(_described(app), dependencies=[Depends(permitted)])
    guarding_themselves = (
        health.router,
        sessions.router,
        second_factor.router,
        own_window.by_link,
        ingest.router,
        clips.intake,
        review_copies.intake,
        making.intake,
        own_copies.by_link,
        calibrations.intake,
    )
    for router in guarding_themselves:
        refuse_undeclared(router)
        app.include_router(router)
    app.include_router(page.router)


def _described(app: FastAPI) -> APIRouter:
    router = APIRouter(prefix="/api", include_in_schema=False)

    @router.get("/openapi.json", operation_id="readDescription")
    def read_description() -> dict[str, Any]:
        """The API's own description, OpenAPI 3.1."""
        return app.openapi()

    return router


def refuse_undeclared(router: APIRouter) -> None:
    """Stop the program if a route would be open because somebody forgot to say who may use it."""
    for route in router.routes:
        assert isinstance(route, APIRoute)
        guarded = not GUARDS.isdisjoint(_calls(route.dependant))
        if not guarded and route.operation_id not in OPEN_TO_ALL:
            raise RuntimeError(f"{route.path} does not say who may use it; give it a guard")


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any] | None]:
    yield dependant.call
    for below in dependant.dependencies:
        yield from _calls(below)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    services.settings.data_dir.mkdir(parents=True, exist_ok=True)
    await run_in_threadpool(services.database.migrate)
    await run_in_threadpool(services.clips.sweep)
    _settle()
    async with doing(CHORES, services):
        yield
    services.database.close()


@cache
def _settle() -> None:
    """Take what was loaded at the start out of every later garbage collection; once a process.

    A full collection walks over all of it and stops a request for a tenth of a second; a page of the queue
    makes enough short-lived objects to call for one every thirty requests.
    """
    gc.collect()
    gc.freeze()


def _on_disk_full(request: Request, _error: Exception) -> Response:
    language = problems.preferred_language(request.headers.get("accept-language", ""))
    return problems.answer(language, "disk_full")


def _on_disk_read_only(request: Request, _error: Exception) -> Response:
    language = problems.preferred_language(request.headers.get("accept-language", ""))
    return problems.answer(language, "disk_read_only")


def _on_sealed(request: Request, error: Exception) -> Response:
    log.error("%s", error)
    language = problems.preferred_language(request.headers.get("accept-language", ""))
    return problems.answer(language, "sealed")
